"""One transaction that writes some documents, all or none of each.

Statements run for all documents at once, on rows sorted by their keys: two transactions that write the same rows lock
them in the same order and cannot wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from pipeline.schema import Document, Extraction
from pipeline.store import rows
from pipeline.store import tables as t
from pipeline.store.inserting import put
from pipeline.store.store import Store, now

CHILDREN = (t.mentions, t.relations, t.cases, t.events, t.warnings, t.summaries)


@dataclass(frozen=True, slots=True)
class Item:
    """What a source offered: where, and the hash of the bytes as they came."""

    uri: str
    raw_sha256: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a document: ``new`` to the store, a new version (``changed``) of a known one, or neither.

    ``before`` is the extraction that was current, ``reviewed`` whether people have decided on the document.
    """

    document_id: str
    version: int
    new: bool
    changed: bool
    before: str | None = None
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """A document, what was found in it, where it came from, and the seconds that it took."""

    document: Document
    found: Extraction
    item: Item
    seconds: float


class Writing:
    """A transaction under way."""

    def __init__(self, store: Store, connection: Connection, run: int | None) -> None:
        self.store, self.connection, self.run = store, connection, run
        self.moment = now()

    def all(self, finished: Sequence[Finished]) -> list[Saved]:
        """Writes the documents; what became of each."""
        keys = [rows.content_key(one.document) for one in finished]
        self._contents(finished, keys)
        ids = self._ids(finished, keys)
        saved = self._versions(finished, keys, ids)
        self._extractions(finished, keys, saved)
        self._items(finished, saved)
        self._claims(finished, keys)
        return saved

    def _contents(self, finished: Sequence[Finished], keys: Sequence[str]) -> None:
        contents = {
            key: {
                "key": key,
                "text_sha256": one.document.source.sha256,
                "text": one.document.text,
                "layout": rows.layout(one.document),
                "words": len(one.document.text.split()),
            }
            for key, one in zip(keys, finished, strict=True)
        }
        known = set(self._select(t.contents.c.key, contents))
        self._put(t.contents, [contents[key] for key in sorted(contents) if key not in known])

    def _ids(self, finished: Sequence[Finished], keys: Sequence[str]) -> list[str]:
        """The documents' ids; a file has its path where another file with another text has its name already."""
        plain = [one for one in finished if not _carried(one.document)]
        own = self._pairs(t.items.c.uri, t.items.c.document_id, [one.item.uri for one in plain])
        taken = self._pairs(t.items.c.document_id, t.items.c.uri, [one.document.id for one in plain])
        same = self._pairs(
            t.versions.c.document_id, t.versions.c.content_key, [one.document.id for one in plain]
        )
        ids = []
        for one, key in zip(finished, keys, strict=True):
            id, uri = one.document.id, one.item.uri
            if not _carried(one.document):
                if before := [known for known in own.get(uri, ()) if known is not None]:
                    id = before[0]
                elif set(taken.get(id, ())) - {uri} and key not in same.get(id, ()):
                    id = uri
                taken.setdefault(id, []).append(uri)
                same.setdefault(id, []).append(key)
            ids.append(id)
        return ids

    def _versions(self, finished: Sequence[Finished], keys: Sequence[str], ids: Sequence[str]) -> list[Saved]:
        """The version of each that has this content, made where there is none; it becomes the current one."""
        facts: dict[str, dict[str, Any]] = {}
        for id, one in zip(ids, finished, strict=True):
            source = one.document.source
            facts[id] = {"title": source.title, "pmcid": source.pmcid, "pmid": source.pmid, "doi": source.doi}
        ordered = sorted(facts)
        old = set(self._select(t.documents.c.id, ordered))
        self._put(
            t.documents,
            [{"id": id, "state": "current", "version": 0, **facts[id]} for id in ordered if id not in old],
        )
        # Whoever writes the same documents waits here until this transaction has ended.
        lock = select(t.documents.c.id).where(t.documents.c.id.in_(ordered)).order_by(t.documents.c.id)
        self.connection.execute(lock.with_for_update()).all()
        c = t.versions.c
        known: dict[str, dict[str, int]] = {id: {} for id in ordered}
        for id, number, content in self.connection.execute(
            select(c.document_id, c.number, c.content_key).where(c.document_id.in_(ordered))
        ):
            known[id][content] = max(number, known[id].get(content, 0))
        before, reviewed = self._before(ordered)
        saved, added = [], []
        for id, key, one in zip(ids, keys, finished, strict=True):
            versions = known[id]
            new, first = key not in versions, not versions
            if new:
                versions[key] = max(versions.values(), default=0) + 1
                text = one.document.source.model_dump_json()
                added.append(
                    {
                        "document_id": id,
                        "number": versions[key],
                        "content_key": key,
                        "source": text,
                        "added": self.moment,
                        "run_id": self.run,
                    }
                )
            changed = new and not first
            saved.append(Saved(id, versions[key], new and first, changed, before.get(id), id in reviewed))
        self._put(t.versions, added)
        current = [
            {
                "state": "current", **facts[one.document_id], "id": one.document_id, "version": one.version,
                "extraction_id": rows.extraction_id(one.document_id, one.version, what.found.produced_by.config),
            }
            for one, what in sorted(zip(saved, finished, strict=True), key=lambda pair: pair[0].document_id)
        ]  # fmt: skip
        insert = self.store.insert(t.documents)
        updates = {name: insert.excluded[name] for name in (*facts[ids[0]], "version", "extraction_id")}
        self.connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=updates), current)
        return saved

    def _before(self, ids: Sequence[str]) -> tuple[dict[str, str], set[str]]:
        """The current extraction of each document, and the documents on which people have decided."""
        d, y = t.documents.c, t.layers.c
        current = select(d.id, d.extraction_id).where(d.id.in_(ids), d.extraction_id.is_not(None))
        decided = select(y.document_id).where(y.document_id.in_(ids), y.revision > 0)
        before = {id: extraction for id, extraction in self.connection.execute(current)}
        return before, set(self.connection.execute(decided).scalars())

    def _extractions(self, finished: Sequence[Finished], keys: Sequence[str], saved: Sequence[Saved]) -> None:
        extractions: dict[str, dict[str, Any]] = {}
        found: dict[str, Extraction] = {}
        for one, key, where in zip(finished, keys, saved, strict=True):
            fingerprint = one.found.produced_by.config
            id = rows.extraction_id(where.document_id, where.version, fingerprint)
            found[id] = one.found
            extractions[id] = {
                "id": id, "document_id": where.document_id, "version": where.version, "fingerprint": fingerprint,
                "content_key": key, "record": rows.record(one.found), "seconds": round(one.seconds, 4),
                "added": self.moment, "run_id": self.run,
            }  # fmt: skip
        known = set(self._select(t.extractions.c.id, extractions))
        fresh = [id for id in sorted(extractions) if id not in known]
        self._put(t.extractions, [extractions[id] for id in fresh])
        children = [rows.of(id, found[id]) for id in fresh]
        for table in CHILDREN:
            self._put(table, [line for tables in children for line in tables[table.name]])

    def _items(self, finished: Sequence[Finished], saved: Sequence[Saved]) -> None:
        items = {
            one.item.uri: {
                "uri": one.item.uri, "raw_sha256": one.item.raw_sha256, "document_id": where.document_id,
                "version": where.version, "state": "done", "seen": self.moment, "run_id": self.run,
            }
            for one, where in zip(finished, saved, strict=True)
        }  # fmt: skip
        insert = self.store.insert(t.items)
        changed = {column.name: insert.excluded[column.name] for column in t.items.c if column.name != "uri"}
        self.connection.execute(
            insert.on_conflict_do_update(index_elements=["uri"], set_=changed),
            [items[uri] for uri in sorted(items)],
        )
        self.connection.execute(delete(t.failures).where(t.failures.c.uri.in_(sorted(items))))

    def _claims(self, finished: Sequence[Finished], keys: Sequence[str]) -> None:
        for fingerprint in {one.found.produced_by.config for one in finished}:
            c = t.claims.c
            done = (c.fingerprint == fingerprint, c.content_key.in_(sorted(set(keys))))
            self.connection.execute(delete(t.claims).where(*done))

    def _select(self, column: Any, values: Iterable[str]) -> list[str]:
        return list(self.connection.execute(select(column).where(column.in_(list(values)))).scalars())

    def _pairs(self, key: Any, other: Any, values: Sequence[str]) -> dict[str, list[Any]]:
        pairs: dict[str, list[Any]] = {}
        if values:
            for one, two in self.connection.execute(select(key, other).where(key.in_(values))):
                pairs.setdefault(one, []).append(two)
        return pairs

    def _put(self, table: Table, lines: Sequence[dict[str, Any]]) -> None:
        """Inserts rows that may be there already by the hand of another."""
        put(self.connection, table, lines, twice=table not in CHILDREN)


def _carried(document: Document) -> bool:
    source = document.source
    return bool(source.pmcid or source.pmid or source.doi)
