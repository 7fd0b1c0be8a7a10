"""The rank of each event in its case, consistent with the intervals wherever these do not overlap.

A dated event stands at the middle of its interval, an undated one where the story tells it: background before all
else, a step of the course after the moment it goes on from. Example: days 0, "then", 5 rank 1, 2, 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from pipeline.timeline.placed import Placed

BACKGROUND = -1e6


def ranks(
    placed: Sequence[Placed], bounds: dict[str, tuple[float, float]], estimates: dict[str, float]
) -> list[int]:
    """The dense rank of each placed event, ties sharing one."""
    keys = []
    told = 0.0
    for one in placed:
        low, high = bounds.get(one.node, (-inf, inf))
        guess = estimates.get(one.node)
        if one.background and high <= 0 and low == -inf:
            guess = BACKGROUND
        elif guess is None:
            guess = (low + high) / 2 if low > -inf and high < inf else told
        day = min(max(guess, low), high)
        if not one.background and one.moment is None:
            told = day
        keys.append((round(day, 2), *one.turn))
    order = {key: rank for rank, key in enumerate(sorted(set(keys)), 1)}
    return [order[key] for key in keys]
