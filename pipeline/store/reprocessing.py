"""What an earlier pipeline has made and a later one may make otherwise; what is carried over as it is.

An extraction that the later pipeline would make again just so is *carried*: one row says so, nothing is copied.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import and_, func, select

from pipeline.store import tables as t
from pipeline.store.reading import carried_to
from pipeline.store.store import Store

BATCH = 500


@dataclass(frozen=True, slots=True)
class Made:
    """A current document with the extraction that counts, and the item that it came from."""

    id: str
    extraction_id: str
    fingerprint: str
    format: str
    has_table: bool
    uri: str
    raw_sha256: str


def outdated(store: Store, fingerprint: str) -> list[Made]:
    """The current documents that have neither an extraction under this fingerprint nor one carried over to it."""
    d, x, v, i = t.documents.c, t.extractions.c, t.versions.c, t.items.c
    same = and_(x.document_id == d.id, x.version == d.version)
    valid = select(x.id).where(same, (x.fingerprint == fingerprint) | carried_to(fingerprint))
    first = select(i.document_id, i.version, func.min(i.uri).label("uri")).group_by(i.document_id, i.version)
    item = first.subquery()
    current = t.extractions.alias("current")
    query = (
        select(
            d.id, current.c.id, current.c.fingerprint, v.source,
            current.c.record.not_like('%"tables":[]%'), i.uri, i.raw_sha256,
        )
        .join(current, current.c.id == d.extraction_id)
        .join(t.versions, and_(v.document_id == d.id, v.number == d.version))
        .join(item, and_(item.c.document_id == d.id, item.c.version == d.version))
        .join(t.items, i.uri == item.c.uri)
        .where(d.state == "current", ~valid.exists())
        .order_by(d.id)
    )  # fmt: skip
    with store.read() as connection:
        return [
            Made(id, extraction, mark, json.loads(source)["format"], bool(table), uri, sha)
            for id, extraction, mark, source, table, uri, sha in connection.execute(query)
        ]


def components(store: Store, fingerprints: Collection[str]) -> dict[str, dict[str, str]]:
    """The components of each fingerprint, as they were when it was first used."""
    query = select(t.fingerprints.c.fingerprint, t.fingerprints.c.components)
    with store.read() as connection:
        found = connection.execute(query.where(t.fingerprints.c.fingerprint.in_(fingerprints)))
        return {mark: json.loads(parts) for mark, parts in found}


def keep_lexicons(store: Store, lexicons: Mapping[str, bytes]) -> None:
    """Keeps the words of lexicons, by hash, for comparison with those of a later pipeline."""
    c = t.lexicons.c
    with store.read() as connection:
        known = set(connection.execute(select(c.hash)).scalars())
    lines = [
        {"hash": key, "data": zlib.compress(data)}
        for key, data in sorted(lexicons.items())
        if key not in known
    ]
    if lines:
        with store.write() as connection:
            connection.execute(store.insert(t.lexicons).on_conflict_do_nothing(), lines)


def lexicon(store: Store, hash: str) -> bytes | None:
    """The words of a lexicon that was in use once; None where the store was made before they were kept."""
    with store.read() as connection:
        found = connection.execute(select(t.lexicons.c.data).where(t.lexicons.c.hash == hash)).scalar()
    return None if found is None else zlib.decompress(found)


def naming(store: Store, names: Iterable[str]) -> set[str]:
    """The current documents in which something was found under one of these names, in lower case."""
    m, d = t.mentions.c, t.documents.c
    found: set[str] = set()
    waiting = iter(sorted(set(names)))
    with store.read() as connection:
        while some := list(islice(waiting, BATCH)):
            query = select(d.id).distinct().join(t.mentions, m.extraction_id == d.extraction_id)
            found.update(connection.execute(query.where(func.lower(m.name).in_(some))).scalars())
    return found


def carry(store: Store, extractions: Iterable[str], fingerprint: str) -> None:
    """Writes down that a later pipeline would make these extractions again just so."""
    waiting = iter(sorted(set(extractions)))
    while some := list(islice(waiting, BATCH)):
        lines = [{"extraction_id": id, "fingerprint": fingerprint} for id in some]
        with store.write() as connection:
            connection.execute(store.insert(t.carried).on_conflict_do_nothing(), lines)
