"""Spans against gold spans, label by label, strict and relaxed.

What: a strict hit has the very characters of a gold span; a relaxed hit overlaps one, each gold span and each predicted one
counted once, longest overlap first. Equal spans of one label count once.
Example: gold (0, 4), (10, 20), found (0, 4), (12, 30), (40, 44): strict 1 of 2 and of 3, relaxed 2 of 2 and of 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from annotations.scoring.mapping import Mapping
from annotations.scoring.records import Span

Place = tuple[int, int]
BETWEEN = " ,;()"


@dataclass(frozen=True)
class Counts:
    """Hits beside what was found and what the gold has."""

    strict: int = 0
    relaxed: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.strict + other.strict,
            self.relaxed + other.relaxed,
            self.predicted + other.predicted,
            self.gold + other.gold,
        )

    def scores(self, *, strict: bool) -> tuple[float, float, float]:
        """Precision, recall and F1; 0 where nothing was found or nothing was to be found."""
        hits = self.strict if strict else self.relaxed
        precision = hits / self.predicted if self.predicted else 0.0
        recall = hits / self.gold if self.gold else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


@dataclass(frozen=True)
class Error:
    """One strict error: ``missed`` has no prediction, ``spurious`` no gold span, ``boundary`` both, not equal."""

    kind: Literal["missed", "spurious", "boundary"]
    label: str
    gold: Span | None
    predicted: Span | None

    @property
    def start(self) -> int:
        """The first character."""
        return min(span.start for span in (self.gold, self.predicted) if span)


@dataclass(frozen=True)
class Compared:
    """One document: counts by label and in all (extra rows aside), its strict errors, and each prediction with
    whether it hit (strict, relaxed).
    """

    counts: dict[str, Counts]
    total: Counts
    errors: tuple[Error, ...]
    judged: tuple[tuple[Span, bool, bool], ...]


def pairs(gold: Sequence[Place], predicted: Sequence[Place]) -> list[tuple[int, int]]:
    """One-to-one pairs (gold index, predicted index) of overlapping places, longest overlap first."""
    found = sorted(
        (
            (min(g[1], p[1]) - max(g[0], p[0]), i, j)
            for i, g in enumerate(gold)
            for j, p in enumerate(predicted)
            if min(g[1], p[1]) > max(g[0], p[0])
        ),
        reverse=True,
    )
    chosen: list[tuple[int, int]] = []
    used_gold, used_predicted = set(), set()
    for _, i, j in found:
        if i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            chosen.append((i, j))
    return chosen


def compare(gold: Sequence[Span], predicted: Sequence[Span], text: str, mapping: Mapping) -> Compared:
    """One document's spans: ``gold`` in scored labels, ``predicted`` in the record's labels."""
    gold = [*gold]
    found = _with_numbers(_scored(gold, predicted, text, mapping), text, mapping)
    gold = _with_numbers(gold, text, mapping)
    counts: dict[str, Counts] = {}
    errors: list[Error] = []
    judged: list[tuple[Span, bool, bool]] = []
    for label in sorted({*mapping.types.values(), *mapping.numbers}):
        wanted = sorted({span.place for span in gold if span.label == label})
        best: dict[Place, Span] = {}
        for span in found:
            if span.label == label and (
                span.place not in best or best[span.place].confidence < span.confidence
            ):
                best[span.place] = span
        said = sorted(best)
        paired = pairs(wanted, said)
        equal = {*wanted} & {*said}
        counts[label] = Counts(len(equal), len(paired), len(said), len(wanted))
        hit = {said[j] for _, j in paired}
        judged += [(best[place], place in equal, place in hit or place in equal) for place in said]
        if label not in mapping.numbers:
            errors += _errors(label, wanted, best, [(wanted[i], said[j]) for i, j in paired])
    total = sum((one for label, one in counts.items() if label not in mapping.numbers), Counts())
    return Compared(counts, total, tuple(sorted(errors, key=lambda e: (e.start, e.label))), tuple(judged))


def _errors(
    label: str, wanted: Sequence[Place], best: dict[Place, Span], paired: Sequence[tuple[Place, Place]]
) -> list[Error]:
    loose = {g: p for g, p in paired if g not in best and p not in wanted}
    errors = [Error("boundary", label, Span(*g, label), best[p]) for g, p in loose.items()]
    errors += [
        Error("missed", label, Span(*g, label), None) for g in wanted if g not in best and g not in loose
    ]
    taken = {*loose.values(), *wanted}
    return errors + [
        Error("spurious", label, None, span) for place, span in best.items() if place not in taken
    ]


def _with_numbers(spans: Sequence[Span], text: str, mapping: Mapping) -> list[Span]:
    """The spans, and again those that hold a digit, under the label of the extra row."""
    return [
        *spans,
        *(
            span._replace(label=extra)
            for extra, label in mapping.numbers.items()
            for span in spans
            if span.label == label and any(c.isdigit() for c in text[span.start : span.end])
        ),
    ]


def _scored(gold: Sequence[Span], predicted: Sequence[Span], text: str, mapping: Mapping) -> list[Span]:
    """The predicted spans under their scored labels; parts of a wider gold span widen it or are left out."""
    found = []
    wide_parts = {part: wide for wide, parts in mapping.parts.items() for part in parts}
    for span in predicted:
        label = mapping.labels.get(span.label)
        if label is None:
            continue
        if span.label in wide_parts:
            own, wider = (
                any(span.start < g.end and g.start < span.end for g in gold if g.label == name)
                for name in (label, wide_parts[span.label])
            )
            if wider and not own:
                continue
        if span.label in mapping.parts:
            beside = sorted(p.place for p in predicted if p.label in (span.label, *mapping.parts[span.label]))
            start, end = _widened(span.place, beside, gold, label, text)
            span = span._replace(start=start, end=end)
        found.append(span._replace(label=label))
    return found


def _widened(place: Place, beside: Sequence[Place], gold: Sequence[Span], label: str, text: str) -> Place:
    """The place together with the parts beside it, where the gold has just that span."""
    start, end = place
    reach = {place}
    for s, e in beside:
        if e <= start and not text[e:start].strip(BETWEEN):
            start = s
        if s >= end and not text[end:s].strip(BETWEEN):
            end = e
        reach |= {(start, end), (place[0], end), (start, place[1])}
    return next((g.place for g in gold if g.label == label and g.place in reach), place)
