"""How alike two cases are: points for what agrees, points off for what does not, and each with its reason.

Points are natural logarithms of odds, set by hand; ``PRIOR`` is that of a pair met by chance within a block. What few
documents tell counts more: a name of half of all documents counts next to nothing. Authors, centre and citation
alone never make a candidate: a group writes on many patients.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from annotations.same.told import Fact, Told

PRIOR = -6.0
TEXT = 20.0
SEX, OTHER_SEX = 0.7, -8.0
AGE, NEAR_AGE, OTHER_AGE, PER_YEAR = 2.0, 1.0, -1.5, -0.5
DRUGS, DIAGNOSES, PROCEDURES, NO_DRUG = 3.0, 2.0, 1.0, -1.5
FACT, MOST_FACTS = 1.0, 6.0
AUTHORS, CENTRE, CITED = 3.5, 1.0, 2.5
CLINICAL, COURSE = 2.0, 0.5  # points that all that is told of the patient, and of the course, must come to
ASSUMED = 50  # documents that a small store is taken to have beside its own
Point = tuple[float, str]


def compared(one: Told, other: Told, rare: Mapping[Fact, float]) -> tuple[float, tuple[str, ...]]:
    """The score, between 0 and 1, and the reasons; 0 where nothing clinical speaks for one patient."""
    if one.content == other.content:
        return _logistic(PRIOR + TEXT), ("equal texts",)
    if one.sex and other.sex and one.sex != other.sex:
        return 0.0, ()
    course = [*_names(one, other, rare), *_facts(one, other, rare)]
    clinical = [*_patient(one, other), *course]
    if sum(points for points, _ in clinical) < CLINICAL or sum(points for points, _ in course) < COURSE:
        return 0.0, ()
    found = [*clinical, *_article(one, other)]
    said = tuple(reason for points, reason in sorted(found, key=lambda p: (-p[0], p[1])) if reason)
    return _logistic(PRIOR + sum(points for points, _ in found)), said


def _logistic(points: float) -> float:
    return round(1 / (1 + math.exp(-points)), 3)


def rarity(known: Mapping[Fact, int], documents: int) -> dict[Fact, float]:
    """What each name and fact counts for, by the number of documents: from 1 (told once) to 0 (told by all)."""
    total = documents + ASSUMED
    return {key: max(0.0, math.log(total / number) / math.log(total)) for key, number in known.items()}


def _patient(one: Told, other: Told) -> Iterator[Point]:
    if one.sex and one.sex == other.sex:
        yield SEX, one.sex
    if one.age is None or other.age is None:
        return
    apart = abs(one.age - other.age)
    if apart <= 0.02 + 0.01 * one.age:
        yield AGE, f"age {one.age:g}"
    elif apart <= min(1.0, 0.1 + 0.2 * one.age):
        yield NEAR_AGE, f"ages {one.age:g} and {other.age:g}"
    else:
        yield OTHER_AGE + PER_YEAR * min(apart, 10.0), f"but ages {one.age:g} and {other.age:g}"


def _names(one: Told, other: Told, rare: Mapping[Fact, float]) -> Iterator[Point]:
    for kind, most, word in (("drug", DRUGS, "drugs"), ("diagnosis", DIAGNOSES, "diagnoses"), ("procedure", PROCEDURES, "procedures")):  # fmt: skip
        mine, theirs = one.names.get(kind, set()), other.names.get(kind, set())
        both = mine & theirs
        if both:
            union = sum(rare[kind, name] for name in mine | theirs)
            shared = sum(rare[kind, name] for name in both)
            yield most * shared / max(union, 0.5), f"{word}: {_listed(sorted(both))}"
        elif kind == "drug" and min(len(mine), len(theirs)) >= 3:
            yield NO_DRUG, "but no drug in common"


def _facts(one: Told, other: Told, rare: Mapping[Fact, float]) -> Iterator[Point]:
    both = sorted(one.facts & other.facts)
    if both:
        points = min(MOST_FACTS, FACT * sum(rare[fact] for fact in both))
        said = _listed([f"{name} {'day ' if kind == 'day' else ''}{value}" for kind, name, value in both])
        yield points, f"course: {said}"


def _article(one: Told, other: Told) -> Iterator[Point]:
    authors = one.authors & other.authors
    if authors:
        share = len(authors) / min(len(one.authors), len(other.authors))
        yield AUTHORS * share, f"{len(authors)} authors in common"
    if any(len(a & b) >= 0.6 * min(len(a), len(b)) for a in one.places for b in other.places if a and b):
        yield CENTRE, "the same centre"
    if one.cites & other.ids or other.cites & one.ids:
        yield CITED, "one cites the other"


def _listed(items: Sequence[str], most: int = 5) -> str:
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")
