"""Writing what was found, each document in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import update

from pipeline.schema import Document, Extraction
from pipeline.store import tables as t
from pipeline.store.errors import StoreError
from pipeline.store.store import Store, now
from pipeline.store.transaction import Finished, Item, Saved, Writing

__all__ = ["Finished", "Item", "Saved", "fail", "note", "save", "save_all", "use", "withdraw"]
FailureKind = Literal["read", "time_limit", "crash", "error", "fetch"]


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
    [saved] = save_all(store, [Finished(document, found, item, seconds)], run=run)
    return saved


def save_all(store: Store, finished: Sequence[Finished], *, run: int | None) -> list[Saved]:
    """The same for several documents in one transaction, which costs a quarter of one each.

    Raises:
        StoreError: an offset lies wrong; nothing was written.
    """
    for one in finished:
        try:
            one.found.check()
        except ValueError as error:
            raise StoreError(str(error)) from error
        if one.found.text != one.document.text:
            raise StoreError(f"{one.document.id}: the extraction is of another text")
    with store.write() as connection:
        return Writing(store, connection, run).all(finished)


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
        put = store.insert(t.items).values(state)
        connection.execute(put.on_conflict_do_update(index_elements=["uri"], set_=state))
        put = store.insert(t.failures).values(values)
        connection.execute(put.on_conflict_do_update(index_elements=["uri"], set_=again))


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
