"""The queue: documents by how much doubt they hold, and how far the reviewing is.

Doubt of a document: that of its extraction (``pipeline.store.summaries``), and a point for each event that annotators
have settled differently and nobody has adjudicated. It grows with what there is to check, so the longest doubtful
reports come first. The last part would tell an annotator of the others: it is left out for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Select, Subquery, case, func, literal, or_, select

from pipeline.store import Store
from pipeline.store import tables as t
from pipeline.store.reviews import ADJUDICATED

DIFFERENCE = 1.0
Part = Literal["all", "mine", "open", "unassigned", "differing", "done"]
OPINIONS = ("comment", "document_done", "undo", "accept", "unsure")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document in the queue; who has it and who is done, by name; ``state`` is that of the asker.

    ``layers`` are those that hold decisions, ``differences`` the events settled differently.
    """

    id: str
    title: str | None
    events: int
    doubt: float
    contradictions: int
    differences: int
    assigned: tuple[str, ...]
    layers: tuple[str, ...]
    done: tuple[str, ...]
    state: str | None


def waiting(
    store: Store,
    annotator: str,
    *,
    query: str = "",
    show: Part = "all",
    disagreement: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> list[Waiting]:
    """The current documents, the most doubtful first; ``query`` is looked for in id, title and names of events."""
    d, s = t.documents.c, t.summaries.c
    differing = _differing()
    differences = func.coalesce(differing.c.events, 0) if disagreement else literal(0)
    doubt = s.doubt + DIFFERENCE * differences
    mine = (
        select(t.assignments.c.document_id, t.assignments.c.state)
        .where(t.assignments.c.annotator == annotator)
        .subquery()
    )
    wanted = (
        select(
            d.id,
            d.title,
            s.events,
            doubt.label("doubt"),
            s.contradictions,
            differences,
            mine.c.state,
        )
        .join(t.summaries, s.extraction_id == d.extraction_id)
        .outerjoin(differing, differing.c.document_id == d.id)
        .outerjoin(mine, mine.c.document_id == d.id)
        .where(d.state == "current")
    )
    given = select(literal(1)).where(t.assignments.c.document_id == d.id)
    parts = {
        "mine": mine.c.document_id.is_not(None),
        "open": mine.c.state != "done",
        "unassigned": ~given.exists(),
        "differing": func.coalesce(differing.c.events, 0) > 0,
        "done": mine.c.state == "done"
        if not disagreement
        else given.where(t.assignments.c.state == "done").exists(),
    }
    if show in parts:
        wanted = wanted.where(parts[show])
    if query.strip():
        like = f"%{_escaped(query.strip().lower())}%"
        wanted = wanted.where(
            or_(
                func.lower(d.id).like(like, escape="\\"),
                func.lower(func.coalesce(d.title, "")).like(like, escape="\\"),
                s.names.like(like, escape="\\"),
            )
        )
    wanted = wanted.order_by(doubt.desc(), d.id).limit(limit).offset(offset)
    with store.read() as connection:
        found = connection.execute(wanted).all()
        ids = [row[0] for row in found]
        layers = _named(
            connection,
            select(t.layers.c.document_id, t.layers.c.layer).where(
                t.layers.c.document_id.in_(ids), t.layers.c.revision > 0
            ),
        )
        a = t.assignments.c
        has = select(a.document_id, a.annotator).where(a.document_id.in_(ids))
        assigned = _named(connection, has)
        done = _named(connection, has.where(a.state == "done"))
    return [
        Waiting(
            id,
            title,
            events,
            round(float(amount), 2),
            count,
            differ,
            tuple(assigned.get(id, ())),
            tuple(layers.get(id, ())),
            tuple(done.get(id, ())),
            state,
        )
        for id, title, events, amount, count, differ, state in found
    ]


def _differing() -> Subquery:
    """For each document that nobody has adjudicated: how many targets its annotators have settled differently.

    A target that one has changed and another has left alone is one too; decisions taken back are counted still, which
    an adjudicator sees at once.
    """
    c, layers = t.decisions.c, t.layers.c
    of = (
        select(layers.document_id, func.count().label("layers"))
        .where(layers.revision > 0)
        .group_by(layers.document_id)
        .having(func.count() > 1, func.sum(case((layers.layer == ADJUDICATED, 1), else_=0)) == 0)
        .subquery()
    )
    form = c.kind + func.coalesce(c.after, "")
    targets = (
        select(c.document_id, c.target)
        .join(of, of.c.document_id == c.document_id)
        .where(c.target.is_not(None), c.kind.not_in(OPINIONS))
        .group_by(c.document_id, c.target, of.c.layers)
        .having(or_(func.count(func.distinct(form)) > 1, func.count(func.distinct(c.layer)) < of.c.layers))
        .subquery()
    )
    return (
        select(targets.c.document_id, func.count().label("events")).group_by(targets.c.document_id).subquery()
    )


def _named(connection: Connection, query: Select[tuple[str, str]]) -> dict[str, list[str]]:
    """The names for each document, sorted."""
    found: dict[str, list[str]] = {}
    for id, name in sorted(connection.execute(query).tuples()):
        found.setdefault(id, []).append(name)
    return found


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
