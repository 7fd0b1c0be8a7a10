"""Pairs of cases of two documents that may be one patient, and what reviewers have decided on them.

A case is named "document#case". A candidate is found anew after each run; what people have decided stays.
Example: ``decide(store, "PMC1#c1", "PMC2#c1", "same", "anna")``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, delete, or_, select, update

from pipeline.store import tables as t
from pipeline.store.errors import StoreError
from pipeline.store.store import Store, now

Decision = Literal["same", "different", "unsure"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cases, how alike they are (0 to 1), why, and what was decided by whom and when."""

    first: str
    second: str
    score: float
    reasons: tuple[str, ...]
    decision: str | None = None
    author: str | None = None
    at: str | None = None


def propose(store: Store, pairs: Sequence[Pair]) -> list[Pair]:
    """Takes these for the present candidates; returns those that are new. Decided pairs stay whatever happens."""
    c = t.duplicates.c
    with store.write() as connection:
        known = {(a, b): d for a, b, d in connection.execute(select(c.first, c.second, c.decision))}
        wanted = {(one.first, one.second) for one in pairs}
        for (first, second), decision in sorted(known.items(), key=lambda one: one[0]):
            if decision is None and (first, second) not in wanted:
                connection.execute(delete(t.duplicates).where(c.first == first, c.second == second))
        lines = [
            {"first": one.first, "second": one.second, "score": one.score, "reasons": json.dumps(one.reasons)}
            for one in sorted(pairs, key=lambda one: (one.first, one.second))
        ]
        if lines:
            put = store.insert(t.duplicates)
            same = {"score": put.excluded.score, "reasons": put.excluded.reasons}
            connection.execute(
                put.on_conflict_do_update(index_elements=["first", "second"], set_=same), lines
            )
    return [one for one in pairs if (one.first, one.second) not in known]


def decide(store: Store, first: str, second: str, decision: Decision, author: str) -> Pair:
    """Writes down what somebody has decided; the last word counts.

    Raises:
        StoreError: the two are no candidates.
    """
    c = t.duplicates.c
    one, other = sorted((first, second))
    pair = (c.first == one, c.second == other)
    values = {"decision": decision, "author": author, "at": now()}
    with store.write() as connection:
        if not connection.execute(update(t.duplicates).where(*pair).values(values)).rowcount:
            raise StoreError(f"{first} and {second} are no candidates; `caseline same list` shows them")
        return _pair(connection.execute(select(t.duplicates).where(*pair)).one())


def every(store: Store, document: str | None = None, *, undecided: bool = False) -> list[Pair]:
    """The pairs, the most alike first; those of a document, or those that nobody has decided on."""
    c = t.duplicates.c
    query = select(t.duplicates).order_by(c.score.desc(), c.first, c.second)
    if document is not None:
        name = document.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "#%"
        query = query.where(or_(c.first.like(name, escape="\\"), c.second.like(name, escape="\\")))
    if undecided:
        query = query.where(c.decision.is_(None))
    with store.read() as connection:
        return [_pair(row) for row in connection.execute(query)]


def _pair(row: Row[Any]) -> Pair:
    reasons = tuple(json.loads(row.reasons))
    return Pair(row.first, row.second, row.score, reasons, row.decision, row.author, row.at)
