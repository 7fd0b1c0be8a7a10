"""The interval of a share whose observations come in documents.

What: Wilson's score interval at 95%, with the number of observations divided by the design effect: how much more the share
varies between documents than if each observation were drawn by itself (never taken as less than 1). Wilson's interval
stays inside 0 to 1 and is no point where all are right. Nothing is drawn at random, so there is no seed.
Source: Wilson, JASA 1927; 22:209-212. Design effect of a ratio estimator: Rao and Scott, Biometrics 1992; 48:577-585.
Example: 45 right of 50, evenly over the documents: 0.90 (0.79 to 0.96); all 5 errors in one of ten documents: wider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``of``; ``value``, ``low`` and ``high`` are None where nothing was asked."""

    hits: int
    of: int
    value: float | None
    low: float | None
    high: float | None
    design_effect: float


def share(documents: Sequence[tuple[int, int]]) -> Share:
    """The share over (hits, of) of each document."""
    asked = [(hits, of) for hits, of in documents if of]
    hits, of = sum(h for h, _ in asked), sum(n for _, n in asked)
    if not of:
        return Share(0, 0, None, None, None, 1.0)
    value = hits / of
    effect = _design_effect(asked, value, of)
    low, high = _wilson(value, of / effect)
    return Share(hits, of, value, low, high, effect)


def _design_effect(asked: Sequence[tuple[int, int]], value: float, of: int) -> float:
    documents = len(asked)
    alone = value * (1 - value) / of
    if documents < 2 or not alone:
        return 1.0
    spread = sum((hits - value * n) ** 2 for hits, n in asked) * documents / (documents - 1) / of**2
    return max(1.0, spread / alone)


def _wilson(value: float, of: float) -> tuple[float, float]:
    middle = value + Z**2 / (2 * of)
    half = Z * sqrt(value * (1 - value) / of + Z**2 / (4 * of**2))
    return max(0.0, (middle - half) / (1 + Z**2 / of)), min(1.0, (middle + half) / (1 + Z**2 / of))
