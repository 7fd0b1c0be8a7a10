"""Looking through a store for the same patient in two documents.

Only cases that share two things that few have are compared (a number, a drug at one age and sex, an author, a
citation), or the text: 5,000 documents take seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from annotations.same.points import compared, rarity
from annotations.same.told import Fact, Told, counted, of_store
from pipeline.schema import Case, Extraction, SamePatient
from pipeline.store import Store, duplicates
from pipeline.store.duplicates import Pair

LEAST = 0.5  # the score of a candidate
BLOCK = 40  # cases that share something; what more have is too common to be compared for
MOST = 5  # candidates of one case
FEW = 15  # the same for a number
# What a shared thing weighs, and what a pair must share to be compared.
WEIGHTS = {"text": 2.0, "article": 1.0, "author": 1.0, "fact": 1.0, "age": 0.5}
ENOUGH = 2.0


def look(store: Store) -> list[str]:
    """Finds the candidates and keeps them; the new ones, a line each."""
    return [line(one) for one in duplicates.propose(store, candidates(of_store(store)))]


def line(pair: Pair) -> str:
    """For people: "PMC1#c1 and PMC2#c1 (0.97): age 40, female, drugs: rituximab"."""
    return f"{pair.first} and {pair.second} ({pair.score:g}): {'; '.join(pair.reasons)}"


def candidates(cases: Sequence[Told]) -> list[Pair]:
    """The pairs of cases of two documents that may be one patient, the most alike first; ``cases`` are sorted."""
    known = counted(cases)
    rare = rarity(known, len({one.document for one in cases}))
    by_id = {one.id: one for one in cases}
    found = []
    for first, second in _pairs(cases, known):
        score, reasons = compared(by_id[first], by_id[second], rare)
        if score >= LEAST:
            found.append(Pair(first, second, score, reasons))
    found.sort(key=lambda one: (-one.score, one.first, one.second))
    taken: dict[str, int] = defaultdict(int)
    kept = []
    for pair in found:
        if max(taken[pair.first], taken[pair.second]) < MOST:
            kept.append(pair)
            taken[pair.first] += 1
            taken[pair.second] += 1
    return kept


def _pairs(cases: Sequence[Told], known: Mapping[Fact, int]) -> list[tuple[str, str]]:
    """The pairs that share enough to be compared."""
    blocks: dict[tuple[object, ...], list[Told]] = defaultdict(list)
    for one in cases:
        for key in _blocks(one, known):
            blocks[key].append(one)
    shared: dict[tuple[str, str], float] = defaultdict(float)
    for key, block in blocks.items():
        if 1 < len(block) <= BLOCK:
            weight = WEIGHTS[str(key[0])]
            for first, second in combinations(block, 2):
                if first.document != second.document:
                    shared[first.id, second.id] += weight
    return sorted(pair for pair, weight in shared.items() if weight >= ENOUGH)


def _blocks(one: Told, known: Mapping[Fact, int]) -> Iterator[tuple[object, ...]]:
    """What others may share; cases of neighbouring ages share one of the two keys of a name, of one age both."""
    yield "text", one.content
    yield from (("article", id) for id in one.ids | one.cites)
    yield from (("author", name) for name in one.authors)
    yield from (("fact", *fact) for fact in one.facts if known[fact] <= FEW)
    if one.age is not None:
        for kind in ("drug", "diagnosis"):
            for name in one.names.get(kind, ()):
                yield from (("age", name, int(one.age) + years, one.sex) for years in (0, 1))


def marked(record: Extraction, pairs: Iterable[Pair]) -> Extraction:
    """The record with the cases of other documents that may be, or are, the same patients."""
    others: dict[str, list[SamePatient]] = defaultdict(list)
    for pair in pairs:
        if pair.decision != "different":
            decided = pair.decision if pair.decision in ("same", "unsure") else None
            for own, other in ((pair.first, pair.second), (pair.second, pair.first)):
                others[own].append(SamePatient(case=other, score=pair.score, decision=decided))
    if not any(f"{record.id}#{case.id}" in others for case in record.cases):
        return record

    def filled(case: Case) -> Case:
        return case.model_copy(update={"same_patient": tuple(others.get(f"{record.id}#{case.id}", ()))})

    return record.model_copy(update={"cases": tuple(map(filled, record.cases))})
