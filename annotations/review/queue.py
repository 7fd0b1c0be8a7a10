"""The queue: documents by how much doubt they hold, and how far the reviewing is.

Doubt of a document: the sum over its events of one minus the confidence, a tenth for each event without a day, half a
point for each contradiction. It grows with what there is to check, so the longest doubtful reports come first.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, literal, or_, select

from pipeline.store import Store
from pipeline.store import tables as t

CONTRADICTION = 0.5
UNDATED = 0.1


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document in the queue; ``layers`` are those that hold decisions, ``state`` is that of the asker's assignment."""

    id: str
    title: str | None
    events: int
    doubt: float
    contradictions: int
    layers: tuple[str, ...]
    done: tuple[str, ...]
    state: str | None


def waiting(
    store: Store,
    annotator: str,
    *,
    query: str = "",
    assigned: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> list[Waiting]:
    """The current documents, the most doubtful first; ``query`` is looked for in id, title and names of events."""
    d, e, w = t.documents.c, t.events.c, t.warnings.c
    undated = case((e.day_low.is_(None) & e.day_high.is_(None), UNDATED), else_=0.0)
    per_event = (
        select(
            e.extraction_id,
            func.count().label("events"),
            func.sum(1.0 - e.confidence + undated).label("doubt"),
        )
        .group_by(e.extraction_id)
        .subquery()
    )
    per_warning = (
        select(w.extraction_id, func.count().label("contradictions"))
        .where(w.code == "contradiction")
        .group_by(w.extraction_id)
        .subquery()
    )
    contradictions = func.coalesce(per_warning.c.contradictions, 0)
    doubt = func.coalesce(per_event.c.doubt, 0.0) + CONTRADICTION * contradictions
    mine = (
        select(t.assignments.c.document_id, t.assignments.c.state)
        .where(t.assignments.c.annotator == annotator)
        .subquery()
    )
    wanted = (
        select(
            d.id,
            d.title,
            func.coalesce(per_event.c.events, 0),
            doubt.label("doubt"),
            contradictions,
            mine.c.state,
        )
        .outerjoin(per_event, per_event.c.extraction_id == d.extraction_id)
        .outerjoin(per_warning, per_warning.c.extraction_id == d.extraction_id)
        .outerjoin(mine, mine.c.document_id == d.id)
        .where(d.state == "current", d.extraction_id.is_not(None))
    )
    if assigned:
        wanted = wanted.where(mine.c.document_id.is_not(None))
    if query.strip():
        like = f"%{_escaped(query.strip().lower())}%"
        named = select(literal(1)).where(
            e.extraction_id == d.extraction_id, func.lower(e.name).like(like, escape="\\")
        )
        wanted = wanted.where(
            or_(
                func.lower(d.id).like(like, escape="\\"),
                func.lower(func.coalesce(d.title, "")).like(like, escape="\\"),
                named.exists(),
            )
        )
    wanted = wanted.order_by(doubt.desc(), d.id).limit(limit).offset(offset)
    with store.read() as connection:
        found = connection.execute(wanted).all()
        ids = [row[0] for row in found]
        layers: dict[str, list[str]] = {}
        for id, layer in connection.execute(
            select(t.layers.c.document_id, t.layers.c.layer)
            .where(t.layers.c.document_id.in_(ids), t.layers.c.revision > 0)
            .order_by(t.layers.c.layer)
        ):
            layers.setdefault(id, []).append(layer)
        done: dict[str, list[str]] = {}
        for id, name in connection.execute(
            select(t.assignments.c.document_id, t.assignments.c.annotator)
            .where(t.assignments.c.document_id.in_(ids), t.assignments.c.state == "done")
            .order_by(t.assignments.c.annotator)
        ):
            done.setdefault(id, []).append(name)
    return [
        Waiting(
            id,
            title,
            events,
            round(float(amount), 2),
            count,
            tuple(layers.get(id, ())),
            tuple(done.get(id, ())),
            state,
        )
        for id, title, events, amount, count, state in found
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def progress(store: Store) -> dict[str, int]:
    """How many documents there are, are begun, and are done by somebody."""
    with store.read() as connection:
        documents = select(func.count()).where(
            t.documents.c.state == "current", t.documents.c.extraction_id.is_not(None)
        )
        begun = select(func.count(func.distinct(t.layers.c.document_id))).where(t.layers.c.revision > 0)
        done = select(func.count(func.distinct(t.assignments.c.document_id))).where(
            t.assignments.c.state == "done"
        )
        return {
            "documents": connection.execute(documents).scalar_one(),
            "begun": connection.execute(begun).scalar_one(),
            "done": connection.execute(done).scalar_one(),
        }
