"""The project: how far the reviewing is, for all and for each person, and who is given which documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from pipeline.store import Store
from pipeline.store import tables as t
from pipeline.store.reviews import ADJUDICATED
from pipeline.store.store import now


@dataclass(frozen=True, slots=True)
class Person:
    """How far an annotator is: documents given to them, begun by them (with decisions), called done."""

    name: str
    role: str | None
    assigned: int
    begun: int
    done: int


def progress(store: Store) -> dict[str, int]:
    """How many documents there are, are assigned, begun, done by somebody, and adjudicated."""
    a, layers = t.assignments.c, t.layers.c
    current = select(t.documents.c.id).where(
        t.documents.c.state == "current", t.documents.c.extraction_id.is_not(None)
    )
    queries = {
        "documents": select(func.count()).select_from(current.subquery()),
        "assigned": select(func.count(func.distinct(a.document_id))),
        "begun": select(func.count(func.distinct(layers.document_id))).where(layers.revision > 0),
        "done": select(func.count(func.distinct(a.document_id))).where(a.state == "done"),
        "adjudicated": select(func.count(func.distinct(layers.document_id))).where(
            layers.revision > 0, layers.layer == ADJUDICATED
        ),
    }
    with store.read() as connection:
        return {name: connection.execute(query).scalar_one() for name, query in queries.items()}


def people(store: Store) -> list[Person]:
    """All who have an account, an assignment or decisions, by name."""
    a, layers = t.assignments.c, t.layers.c
    with store.read() as connection:
        roles = {row.name: row.role for row in connection.execute(select(t.accounts)) if row.active}
        given = dict(
            connection.execute(select(a.annotator, func.count()).group_by(a.annotator)).tuples().all()
        )
        done = dict(
            connection.execute(
                select(a.annotator, func.count()).where(a.state == "done").group_by(a.annotator)
            )
            .tuples()
            .all()
        )
        begun = dict(
            connection.execute(
                select(layers.layer, func.count()).where(layers.revision > 0).group_by(layers.layer)
            )
            .tuples()
            .all()
        )
    names = sorted(({*roles} | {*given} | {*begun}) - {ADJUDICATED})
    return [Person(n, roles.get(n), given.get(n, 0), begun.get(n, 0), done.get(n, 0)) for n in names]


def assign(store: Store, documents: Sequence[str], annotators: Collection[str], by: str) -> int:
    """Gives documents to annotators; what they have already stays as it is. Returns how many are new."""
    values = [
        {
            "document_id": id,
            "annotator": name,
            "role": "annotator",
            "state": "open",
            "assigned_by": by,
            "at": now(),
        }
        for id in dict.fromkeys(documents)
        for name in sorted({*annotators})
    ]
    changed = 0
    with store.write() as connection:
        for one in values:
            put = store.insert(t.assignments).values(one).on_conflict_do_nothing()
            changed += connection.execute(put).rowcount
    return changed


def withdraw(store: Store, documents: Collection[str], annotators: Collection[str]) -> int:
    """Takes documents away from annotators; their decisions stay. Returns how many assignments are gone."""
    a = t.assignments.c
    with store.write() as connection:
        return connection.execute(
            delete(t.assignments).where(a.document_id.in_({*documents}), a.annotator.in_({*annotators}))
        ).rowcount
