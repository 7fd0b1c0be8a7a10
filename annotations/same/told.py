"""What is known of a case for comparing it: the patient, drugs, diagnoses, facts with numbers, and the article."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from pipeline.store import Store
from pipeline.store import tables as t

LETTERS = re.compile(r"[^\W\d_]+")
# Words that the addresses of all institutions have.
COMMON = frozenset(
    (
        "department", "the", "and", "division", "unit", "university", "hospital", "school", "medicine", "medical",
        "center", "centre", "clinic", "institute", "for", "faculty", "college", "health", "sciences", "research",
        "general", "service", "section", "laboratory", "email", "usa",
    )
)  # fmt: skip
KINDS = ("drug", "procedure", "diagnosis", "lab", "vital")
Fact = tuple[str, ...]


@dataclass(slots=True)
class Told:
    """A case as its report tells it; ``names`` are drugs, procedures and diagnoses, ``facts`` have numbers."""

    id: str
    document: str
    content: str
    age: float | None
    sex: str | None
    ids: frozenset[str]
    cites: frozenset[str]
    authors: frozenset[str]
    places: tuple[frozenset[str], ...]
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    facts: set[Fact] = field(default_factory=set)


def of_store(store: Store) -> list[Told]:
    """The cases that the current documents report of their own patients, sorted."""
    d, v, c, e, x = t.documents.c, t.versions.c, t.cases.c, t.events.c, t.extractions.c
    articles = (
        select(d.extraction_id, d.id, d.pmcid, d.pmid, d.doi, v.source, x.content_key)
        .join(t.versions, (v.document_id == d.id) & (v.number == d.version))
        .join(t.extractions, x.id == d.extraction_id)
        .where(d.state == "current")
    )
    cases = (
        select(c.extraction_id, c.id, c.age_years, c.sex)
        .join(t.documents, d.extraction_id == c.extraction_id)
        .where(c.reported == "here", d.state == "current")
    )
    events = (
        select(
            e.extraction_id, e.case_id, e.kind, e.name, e.day_low, e.day_high, e.dose_value, e.dose_unit, e.value,
            e.value_unit,
        )
        .join(t.documents, d.extraction_id == e.extraction_id)
        .where(d.state == "current", e.kind.in_(KINDS), e.status.in_(("affirmed", "historical")))
    )  # fmt: skip
    with store.read() as connection:
        known = {row[0]: _article(*row[1:]) for row in connection.execute(articles)}
        found = {
            (extraction, case): Told(
                f"{known[extraction]['document']}#{case}", age=age, sex=sex, **known[extraction]
            )
            for extraction, case, age, sex in connection.execute(cases)
        }
        for extraction, case, *event in connection.execute(events):
            if (told := found.get((extraction, case))) is not None:
                _event(told, *event)
    return sorted(found.values(), key=lambda one: one.id)


def _article(
    document: str, pmcid: str | None, pmid: str | None, doi: str | None, source: str, content: str
) -> dict[str, Any]:
    told = json.loads(source)
    return {
        "document": document,
        "content": content,
        "ids": frozenset(id.lower() for id in (pmcid, pmid, doi) if id),
        "cites": frozenset(id.lower() for id in told.get("cites", ())),
        "authors": frozenset(map(author, told.get("authors", ()))),
        "places": tuple(place(one) for one in told.get("affiliations", ())),
    }


def author(name: str) -> str:
    """Surname and first initial: "Garcia-Lopez, Maria J" -> "garcia lopez m"."""
    surname, _, given = name.casefold().partition(",")
    return " ".join((*LETTERS.findall(surname), given.strip()[:1])).strip()


def place(address: str) -> frozenset[str]:
    """The words of an address that not every address has."""
    return frozenset(word for word in LETTERS.findall(address.casefold()) if len(word) > 2) - COMMON


def _event(
    told: Told, kind: str, name: str, low: float | None, high: float | None, dose: float | None, dose_unit: str | None,
    value: float | None, unit: str | None,
) -> None:  # fmt: skip
    name = name.lower()
    if kind not in ("lab", "vital"):
        told.names[kind].add(name)
    if dose is not None:
        told.facts.add(("dose", name, f"{dose:g} {dose_unit or ''}".strip()))
    if value is not None and _telling(value):
        told.facts.add(("value", name, f"{value:g} {unit or ''}".strip()))
    if low is not None and low == high and low:
        told.facts.add(("day", name, f"{low:g}"))


def _telling(value: float) -> bool:
    """Whether a result has two digits or more: "3" is told of too many."""
    return len(f"{value:g}".replace(".", "").strip("0-")) > 1


def counted(cases: Iterable[Told]) -> dict[Fact, int]:
    """How many documents tell each name and fact."""
    documents: dict[Fact, set[str]] = defaultdict(set)
    for one in cases:
        for key in keys(one):
            documents[key].add(one.document)
    return {key: len(names) for key, names in documents.items()}


def keys(one: Told) -> set[Fact]:
    """The names and facts of a case."""
    return one.facts | {(kind, name) for kind, names in one.names.items() for name in names}
