"""What the store has: records, documents, failures, runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Exists, Row, Select, desc, func, or_, select

from pipeline.schema import Document, Extraction
from pipeline.store import rows
from pipeline.store import tables as t
from pipeline.store.errors import StoreError
from pipeline.store.store import Store

BATCH = 200  # documents read at a time


def _records() -> Select[Any]:
    return (
        select(t.extractions.c.document_id, t.versions.c.source, t.contents.c.text, t.extractions.c.record)
        .join(
            t.versions,
            (t.versions.c.document_id == t.extractions.c.document_id)
            & (t.versions.c.number == t.extractions.c.version),
        )
        .join(t.contents, t.contents.c.key == t.extractions.c.content_key)
    )


def by_id(store: Store, extraction_id: str) -> Extraction:
    """One extraction by its own id.

    Raises:
        StoreError: there is none.
    """
    with store.read() as connection:
        row = connection.execute(_records().where(t.extractions.c.id == extraction_id)).first()
    if row is None:
        raise StoreError(f"no extraction {extraction_id}")
    return rows.extraction(*row)


def extraction(store: Store, document_id: str) -> Extraction:
    """The current extraction of a document, by its id, PMCID, PMID or DOI.

    Raises:
        StoreError: the store has no such document, or no extraction of it.
    """
    known = document(store, document_id)
    if known.extraction_id is None:
        raise StoreError(f"{known.id}: not extracted")
    return by_id(store, known.extraction_id)


def extractions(store: Store, *, withdrawn: bool = False) -> Iterator[Extraction]:
    """The current extractions of all documents, sorted by document; those of withdrawn ones on request."""
    last = ""
    while True:
        query = _records().join(t.documents, t.documents.c.extraction_id == t.extractions.c.id)
        if not withdrawn:
            query = query.where(t.documents.c.state == "current")
        query = query.where(t.documents.c.id > last).order_by(t.documents.c.id).limit(BATCH)
        with store.read() as connection:
            found = connection.execute(query).all()
        for row in found:
            yield rows.extraction(*row)
        if len(found) < BATCH:
            return
        last = found[-1][0]


@dataclass(frozen=True, slots=True)
class Known:
    """A document of the store; ``state`` is current or withdrawn (``reason``)."""

    id: str
    title: str | None
    pmcid: str | None
    pmid: str | None
    doi: str | None
    state: str
    reason: str | None
    version: int
    extraction_id: str | None


def document(store: Store, id: str) -> Known:
    """A document by its id, PMCID, PMID or DOI.

    Raises:
        StoreError: there is none.
    """
    c = t.documents.c
    with store.read() as connection:
        row = connection.execute(select(t.documents).where(c.id == id)).first()
        if row is None:
            same = or_(c.pmcid == id, c.pmid == id, c.doi == id)
            row = connection.execute(select(t.documents).where(same).order_by(c.id)).first()
    if row is None:
        raise StoreError(f"{id}: no such document in the store")
    return Known(*row)


def documents(store: Store) -> list[Known]:
    """All documents, sorted by id."""
    with store.read() as connection:
        return [Known(*row) for row in connection.execute(select(t.documents).order_by(t.documents.c.id))]


def versions(store: Store, document_id: str) -> list[Row[Any]]:
    """The versions of a document, oldest first, without their texts."""
    query = select(t.versions).where(t.versions.c.document_id == document_id)
    with store.read() as connection:
        return list(connection.execute(query.order_by(t.versions.c.number)))


def as_read(store: Store, document_id: str) -> Document:
    """The current version of a document as its reader gave it, ready to be extracted again.

    Raises:
        StoreError: there is none.
    """
    query = (
        select(t.documents.c.id, t.versions.c.source, t.contents.c.text, t.contents.c.layout)
        .join(
            t.versions,
            (t.versions.c.document_id == t.documents.c.id) & (t.versions.c.number == t.documents.c.version),
        )
        .join(t.contents, t.contents.c.key == t.versions.c.content_key)
        .where(t.documents.c.id == document_id)
    )
    with store.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise StoreError(f"{document_id}: no such document in the store")
    id, source, text, layout = row
    sections, blocks, tables = json.loads(layout)
    parts = {"sections": sections, "blocks": blocks, "tables": tables}
    return Document.model_validate({"id": id, "source": json.loads(source), "text": text, **parts})


def finished(store: Store, content_keys: Iterable[str], fingerprint: str) -> dict[str, Extraction]:
    """Extractions of these very contents under this fingerprint, of whichever documents, by content."""
    c = t.extractions.c
    query = _records().add_columns(c.content_key).order_by(c.document_id)
    query = query.where(c.content_key.in_(sorted(set(content_keys))), c.fingerprint == fingerprint)
    with store.read() as connection:
        return {key: rows.extraction(*parts) for *parts, key in connection.execute(query)}


def carried_to(fingerprint: str) -> Exists:
    """Whether an extraction is what a later pipeline would make too."""
    c = t.carried.c
    of = select(c.extraction_id).where(c.extraction_id == t.extractions.c.id, c.fingerprint == fingerprint)
    return of.exists()


def settled(store: Store, uris: Iterable[str], fingerprint: str) -> dict[str, tuple[str, str]]:
    """The items that need nothing done while their bytes stay the same: (hash of the bytes, state), by uri.

    ``done`` with an extraction under this fingerprint or carried over to it, or ``failed`` under it.
    """
    named = (t.items.c.uri, t.items.c.raw_sha256, t.items.c.state)
    of_item = (t.extractions.c.document_id == t.items.c.document_id) & (
        t.extractions.c.version == t.items.c.version
    )
    valid = or_(t.extractions.c.fingerprint == fingerprint, carried_to(fingerprint))
    done = select(*named).join(t.extractions, of_item & valid)
    failed = select(*named).join(t.failures, t.failures.c.uri == t.items.c.uri)
    failed = failed.where(t.items.c.state == "failed", t.failures.c.fingerprint == fingerprint)
    found: dict[str, tuple[str, str]] = {}
    waiting = iter(uris)
    with store.read() as connection:
        while some := list(islice(waiting, BATCH)):
            for query in (done.where(t.items.c.state == "done"), failed):
                for uri, sha, state in connection.execute(query.where(t.items.c.uri.in_(some))):
                    found[uri] = (sha, state)
    return found


def failures(store: Store) -> list[Row[Any]]:
    """What could not be done, with its reason, sorted by place."""
    with store.read() as connection:
        return list(connection.execute(select(t.failures).order_by(t.failures.c.uri)))


def counts(store: Store) -> dict[str, int]:
    """How many rows the tables have, by table."""
    names = ("documents", "versions", "contents", "extractions", "mentions", "relations", "cases", "events")
    with store.read() as connection:
        numbers = {
            name: connection.execute(select(func.count()).select_from(t.metadata.tables[name])).scalar_one()
            for name in (*names, "failures", "decisions")
        }
        state = select(func.count()).where(t.documents.c.state == "withdrawn")
        return numbers | {"withdrawn": connection.execute(state).scalar_one()}


def runs(store: Store, limit: int = 10) -> list[Row[Any]]:
    """The last runs, newest first."""
    with store.read() as connection:
        return list(connection.execute(select(t.runs).order_by(desc(t.runs.c.id)).limit(limit)))
