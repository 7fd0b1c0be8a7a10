"""Writing what was found, each document in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from pipeline.schema import Document, Extraction
from pipeline.store import rows
from pipeline.store import tables as t
from pipeline.store.errors import StoreError
from pipeline.store.store import Store, now

FailureKind = Literal["read", "time_limit", "crash", "error", "fetch"]
CHILDREN = (t.mentions, t.relations, t.cases, t.events, t.warnings)


@dataclass(frozen=True, slots=True)
class Item:
    """What a source offered: where, and the hash of the bytes as they came."""

    uri: str
    raw_sha256: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a document: ``new`` to the store, a new version (``changed``) of a known one, or neither."""

    document_id: str
    version: int
    new: bool
    changed: bool


def use(store: Store, fingerprint: str, caseline: str, components: Mapping[str, str]) -> None:
    """Makes a fingerprint known, before anything is written under it."""
    values = {
        "fingerprint": fingerprint,
        "caseline": caseline,
        "components": json.dumps(dict(sorted(components.items()))),
        "first_used": now(),
    }
    with store.write() as connection:
        connection.execute(store.insert(t.fingerprints).values(values).on_conflict_do_nothing())


def save(
    store: Store, document: Document, found: Extraction, item: Item, *, run: int | None, seconds: float = 0.0
) -> Saved:
    """Writes a document with its extraction; writing the same again changes nothing.

    Raises:
        StoreError: an offset of the extraction does not lie where its text is.
    """
    try:
        found.check()
    except ValueError as error:
        raise StoreError(str(error)) from error
    if found.text != document.text:
        raise StoreError(f"{document.id}: the extraction is of another text")
    key, fingerprint = rows.content_key(document), found.produced_by.config
    with store.write() as connection:
        _content(store, connection, document, key)
        saved = _version(store, connection, document, key, item, run)
        id = rows.extraction_id(saved.document_id, saved.version, fingerprint)
        _extraction(store, connection, saved, found, key, id, run, seconds)
        connection.execute(
            update(t.documents).where(t.documents.c.id == saved.document_id).values(extraction_id=id)
        )
        _done(store, connection, item, saved, run)
        connection.execute(
            delete(t.claims).where(t.claims.c.content_key == key, t.claims.c.fingerprint == fingerprint)
        )
    return saved


def fail(
    store: Store, item: Item, fingerprint: str, kind: FailureKind, reason: str, *, run: int | None
) -> None:
    """Writes down that an item could not be done; what the store has of it stays."""
    moment = now()
    values = {
        "uri": item.uri, "raw_sha256": item.raw_sha256, "fingerprint": fingerprint, "kind": kind, "reason": reason,
        "attempts": 1, "first": moment, "last": moment, "run_id": run,
    }  # fmt: skip
    again = {**values, "attempts": t.failures.c.attempts + 1}
    del again["uri"], again["first"]
    state = {"uri": item.uri, "raw_sha256": item.raw_sha256, "state": "failed", "seen": moment, "run_id": run}
    with store.write() as connection:
        put = store.insert(t.failures).values(values)
        connection.execute(put.on_conflict_do_update(index_elements=["uri"], set_=again))
        put = store.insert(t.items).values(state)
        connection.execute(put.on_conflict_do_update(index_elements=["uri"], set_=state))


def note(store: Store, item: Item, state: Literal["not_open", "withdrawn"], *, run: int | None) -> None:
    """Writes down that a source has an article, but no full text of it, or no more."""
    values = {"uri": item.uri, "raw_sha256": item.raw_sha256, "state": state, "seen": now(), "run_id": run}
    with store.write() as connection:
        put = store.insert(t.items).values(values)
        connection.execute(put.on_conflict_do_update(index_elements=["uri"], set_=values))


def withdraw(store: Store, document_id: str, reason: str) -> bool:
    """Takes a retracted document's events out of every answer; false where it is unknown or withdrawn already."""
    known = (t.documents.c.id == document_id, t.documents.c.state != "withdrawn")
    with store.write() as connection:
        done = connection.execute(update(t.documents).where(*known).values(state="withdrawn", reason=reason))
        return done.rowcount > 0


def _content(store: Store, connection: Connection, document: Document, key: str) -> None:
    values = {
        "key": key,
        "text_sha256": document.source.sha256,
        "text": document.text,
        "layout": rows.layout(document),
        "words": len(document.text.split()),
    }
    connection.execute(store.insert(t.contents).values(values).on_conflict_do_nothing())


def _version(
    store: Store, connection: Connection, document: Document, key: str, item: Item, run: int | None
) -> Saved:
    """The version that has this content, made where there is none; it becomes the current one."""
    source = document.source
    facts = {"title": source.title, "pmcid": source.pmcid, "pmid": source.pmid, "doi": source.doi}
    id = _id(connection, document, key, item)
    made = connection.execute(
        store.insert(t.documents).values(id=id, state="current", version=0, **facts).on_conflict_do_nothing()
    )
    # Whoever writes the same document waits here until this transaction has ended.
    connection.execute(select(t.documents.c.id).where(t.documents.c.id == id).with_for_update())
    known = connection.execute(
        select(t.versions.c.number, t.versions.c.content_key)
        .where(t.versions.c.document_id == id)
        .order_by(t.versions.c.number)
    ).all()
    number = next((number for number, content in reversed(known) if content == key), None)
    added = number is None
    if number is None:
        number = max((number for number, _ in known), default=0) + 1
        connection.execute(
            insert(t.versions).values(
                document_id=id,
                number=number,
                content_key=key,
                source=source.model_dump_json(),
                added=now(),
                run_id=run,
            )
        )
    connection.execute(update(t.documents).where(t.documents.c.id == id).values(version=number, **facts))
    return Saved(id, number, new=made.rowcount > 0, changed=added and made.rowcount == 0)


def _id(connection: Connection, document: Document, key: str, item: Item) -> str:
    """The document's id, or the place of its file where another file with another text has that id already."""
    source = document.source
    if source.pmcid or source.pmid or source.doi:
        return document.id
    same = select(t.versions.c.content_key).where(t.versions.c.document_id == document.id)
    others = (
        select(t.items.c.uri).where(t.items.c.document_id == document.id, t.items.c.uri != item.uri).limit(1)
    )
    own = select(t.items.c.document_id).where(t.items.c.uri == item.uri)
    if (before := connection.execute(own).scalar()) is not None:
        return str(before)
    if connection.execute(others).scalar() and key not in connection.execute(same).scalars().all():
        return item.uri
    return document.id


def _extraction(
    store: Store,
    connection: Connection,
    saved: Saved,
    found: Extraction,
    key: str,
    id: str,
    run: int | None,
    seconds: float,
) -> None:
    values = {
        "id": id,
        "document_id": saved.document_id,
        "version": saved.version,
        "fingerprint": found.produced_by.config,
        "content_key": key,
        "record": rows.record(found),
        "seconds": round(seconds, 4),
        "added": now(),
        "run_id": run,
    }
    made = connection.execute(store.insert(t.extractions).values(values).on_conflict_do_nothing())
    if not made.rowcount:
        return
    children = rows.of(found)
    for table in CHILDREN:
        if lines := children[table.name]:
            connection.execute(insert(table), [{"extraction_id": id, **line} for line in lines])


def _done(store: Store, connection: Connection, item: Item, saved: Saved, run: int | None) -> None:
    values = {
        "uri": item.uri, "raw_sha256": item.raw_sha256, "document_id": saved.document_id,
        "version": saved.version, "state": "done", "seen": now(), "run_id": run,
    }  # fmt: skip
    put = store.insert(t.items).values(values)
    connection.execute(put.on_conflict_do_update(index_elements=["uri"], set_=values))
    connection.execute(delete(t.failures).where(t.failures.c.uri == item.uri))
