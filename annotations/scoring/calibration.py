"""What a confidence is worth: in bins of it, the share of mentions that are right.

What: one row a label and bin with the number of mentions, their mean confidence and their strict and relaxed precision.
``gap`` is the mean distance between confidence and relaxed precision over the bins, weighted by their mentions
(the expected calibration error), 0 for a confidence that means what it says.
Example: 8 right of 10 mentions with confidence 0.9 are a gap of 0.1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotations.scoring.records import Span

EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True)
class Bin:
    """Mentions of one label whose confidence lies in [low, high)."""

    label: str
    low: float
    high: float
    mentions: int
    confidence: float
    strict: float
    relaxed: float


def reliability(judged: Iterable[tuple[Span, bool, bool]], edges: Sequence[float] = EDGES) -> list[Bin]:
    """The bins that hold a mention, by label and confidence; ``judged`` says of each: strict hit, relaxed hit."""
    groups: dict[tuple[str, int], list[tuple[float, bool, bool]]] = {}
    for span, strict, relaxed in judged:
        key = span.label, bisect_right(edges, span.confidence)
        groups.setdefault(key, []).append((span.confidence, strict, relaxed))
    limits = (0.0, *edges, 1.0)
    return [
        Bin(
            label,
            limits[place],
            limits[place + 1],
            len(group),
            *(sum(column) / len(group) for column in zip(*group, strict=True)),
        )
        for (label, place), group in sorted(groups.items())
    ]


def gaps(bins: Iterable[Bin]) -> dict[str, float]:
    """The expected calibration error of each label."""
    sums: dict[str, tuple[float, int]] = {}
    for one in bins:
        total, count = sums.get(one.label, (0.0, 0))
        sums[one.label] = (total + one.mentions * abs(one.confidence - one.relaxed), count + one.mentions)
    return {label: total / count for label, (total, count) in sums.items()}
