"""Review decisions: what people changed, who, when, on which version.

A document has layers: one an annotator (their own view, blind to the others) and ``adjudicated``. A layer is a list
of decisions, numbered from 1 (``revision``), never changed and never deleted: undoing is a decision too. Whoever adds
decisions says which revision they saw; where somebody else was faster, nothing is written (``StaleReviewError``).

What a decision changes is in ``before`` and ``after``, plain JSON in the terms of the record::

    Decision("edit_mention", "m41", {"label": "DRUG"}, {"label": "PROCEDURE"})
    Decision("edit_event", "e17", {"time": {"day_low": 24}}, {"time": {"day_low": 28}}, note="see table 2")
    Decision("accept", "e17")
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.store import tables as t
from pipeline.store.errors import StaleReviewError, StoreError
from pipeline.store.store import Store, now

Kind = Literal[
    "add_mention", "edit_mention", "remove_mention",  # span, label, attributes, assertion, codes
    "add_relation", "edit_relation", "remove_relation",
    "add_event", "edit_event", "remove_event", "merge_events", "split_event",
    "edit_case", "accept", "reject", "unsure", "comment", "document_done", "undo",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)
ADJUDICATED = "adjudicated"
Role = Literal["annotator", "adjudicator"]
State = Literal["open", "started", "done"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One change, or one opinion; ``target`` is the id of a mention, event, case or relation, or null."""

    kind: Kind
    target: str | None = None
    before: Any = None
    after: Any = None
    note: str | None = None
    batch: str | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as the store has it."""

    document_id: str
    layer: str
    revision: int
    version: int
    extraction_id: str
    author: str
    at: str
    decision: Decision


def revision(store: Store, document_id: str, layer: str) -> int:
    """The number of the last decision of a layer; 0 where there is none."""
    query = select(t.layers.c.revision).where(
        t.layers.c.document_id == document_id, t.layers.c.layer == layer
    )
    with store.read() as connection:
        return int(connection.execute(query).scalar() or 0)


def decide(
    store: Store,
    document_id: str,
    layer: str,
    author: str,
    decisions: Sequence[Decision],
    *,
    seen: int,
    extraction_id: str,
    at: str | None = None,
) -> int:
    """Adds decisions to a layer, all or none; returns its new revision.

    ``seen`` is the revision that the author had on the screen, ``extraction_id`` the extraction, ``at`` the moment
    (``now()``) where it is not this one.

    Raises:
        StaleReviewError: the layer has gone on since ``seen``, or the document has a newer version.
        StoreError: there is no such document.
    """
    of_layer = (t.layers.c.document_id == document_id, t.layers.c.layer == layer)
    try:
        with store.write() as connection:
            shown = select(t.extractions.c.version).where(
                t.extractions.c.id == extraction_id, t.extractions.c.document_id == document_id
            )
            version = connection.execute(shown).scalar()
            current = connection.execute(
                select(t.documents.c.version).where(t.documents.c.id == document_id)
            ).scalar()
            if version is None or current is None:
                raise StoreError(f"{document_id}: no such document or extraction")
            if version != current:
                raise StaleReviewError(f"{document_id} has a newer version ({current})")
            if seen == 0:
                first = store.insert(t.layers).values(document_id=document_id, layer=layer, revision=0)
                connection.execute(first.on_conflict_do_nothing())
            moved = connection.execute(
                update(t.layers)
                .where(*of_layer, t.layers.c.revision == seen)
                .values(revision=seen + len(decisions))
            )
            if not moved.rowcount:
                raise StaleReviewError(f"{document_id}: {layer} has gone on since revision {seen}")
            for number, one in enumerate(decisions, seen + 1):
                connection.execute(
                    insert(t.decisions).values(
                        document_id=document_id,
                        layer=layer,
                        revision=number,
                        version=version,
                        extraction_id=extraction_id,
                        author=author,
                        at=at or now(),
                        kind=one.kind,
                        target=one.target,
                        before=None if one.before is None else json.dumps(one.before),
                        after=None if one.after is None else json.dumps(one.after),
                        note=one.note,
                        batch=one.batch,
                        undoes=one.undoes,
                    )
                )
    except IntegrityError as error:
        raise StaleReviewError(f"{document_id}: {layer} has gone on since revision {seen}") from error
    return seen + len(decisions)


def decided(store: Store, document_id: str | None = None, layer: str | None = None) -> Iterator[Decided]:
    """The decisions of a document (or of all), in the order in which they were made within each layer."""
    query = select(t.decisions)
    if document_id is not None:
        query = query.where(t.decisions.c.document_id == document_id)
    if layer is not None:
        query = query.where(t.decisions.c.layer == layer)
    query = query.order_by(t.decisions.c.document_id, t.decisions.c.layer, t.decisions.c.revision)
    with store.read() as connection:
        found = connection.execute(query).all()
    for row in found:
        before, after = (None if cell is None else json.loads(cell) for cell in (row.before, row.after))
        yield Decided(
            row.document_id,
            row.layer,
            row.revision,
            row.version,
            row.extraction_id,
            row.author,
            row.at,
            Decision(row.kind, row.target, before, after, row.note, row.batch, row.undoes),
        )


def assign(
    store: Store, document_id: str, annotator: str, role: Role, by: str, state: State = "open"
) -> None:
    """Gives a document to an annotator, or changes how far they are."""
    values = {
        "document_id": document_id, "annotator": annotator, "role": role, "state": state,
        "assigned_by": by, "at": now(),
    }  # fmt: skip
    with store.write() as connection:
        put = store.insert(t.assignments).values(values)
        connection.execute(
            put.on_conflict_do_update(index_elements=["document_id", "annotator"], set_=values)
        )


def assigned(store: Store, annotator: str | None = None) -> list[Row[Any]]:
    """The assignments of an annotator, or all, sorted by document."""
    query = select(t.assignments).order_by(t.assignments.c.document_id, t.assignments.c.annotator)
    if annotator is not None:
        query = query.where(t.assignments.c.annotator == annotator)
    with store.read() as connection:
        return list(connection.execute(query))
