"""A simple temporal network: moments, and bounds on the days between two of them.

Each constraint bounds ``later - earlier``; shortest paths from and to the zero moment give each moment the tightest
[earliest, latest] that all constraints together allow (Dechter, Meiri and Pearl 1991). Where constraints contradict
each other, the weakest on the contradicting cycle is left out and reported. Example: rituximab = admission + 28 and
relapse = rituximab + 14..21 put the relapse at 42..49.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import NamedTuple

TOLERANCE = 1e-6


class Constraint(NamedTuple):
    """``low <= later - earlier <= high`` in days; an open side is infinite.

    ``strength`` decides what gives way in a contradiction; ``place`` are the characters that say so.
    """

    earlier: str
    later: str
    low: float
    high: float
    strength: float
    rule: str
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """The tightest bounds of each moment that is tied to zero, the constraints left out, and the bounds by firm ones alone."""

    bounds: dict[str, tuple[float, float]]
    dropped: tuple[Constraint, ...]
    firm: dict[str, tuple[float, float]]


# An edge (target, most that target may lie after the source, number of its constraint).
_Edge = tuple[int, float, int]


def solve(constraints: Iterable[Constraint], zero: str, firmer: float = 0.0) -> Solution:
    """The bounds of all moments relative to ``zero``; ``firm`` are those by constraints stronger than ``firmer`` alone.

    The result does not depend on the order of the constraints. Moments without a bound on either side are left out.
    """
    ranked = {_rank(constraint): constraint for constraint in constraints}
    ordered = [ranked[rank] for rank in sorted(ranked)]
    names = sorted({zero, *(c.earlier for c in ordered), *(c.later for c in ordered)})
    number = {name: i for i, name in enumerate(names)}
    forward, backward = _edges(ordered, number)
    dropped: list[int] = []
    while cycle := _negative_cycle(forward):
        weakest = max(cycle)
        dropped.append(weakest)
        for node in (number[ordered[weakest].earlier], number[ordered[weakest].later]):
            for edges in (forward, backward):
                edges[node] = [edge for edge in edges[node] if edge[2] != weakest]
    bounds = _bounds(names, forward, backward, number[zero], len(ordered))
    out = tuple(ordered[i] for i in dropped)
    count = sum(constraint.strength > firmer for constraint in ordered)
    if count == len(ordered):
        firm = bounds
    elif any(i < count for i in dropped):  # without the weaker ones, others may give way
        firm = solve(ordered[:count], zero).bounds
    else:  # no part of what agrees contradicts itself
        firm = _bounds(names, forward, backward, number[zero], count)
    return Solution(bounds, out, firm)


def _bounds(
    names: Sequence[str], forward: list[list[_Edge]], backward: list[list[_Edge]], zero: int, count: int
) -> dict[str, tuple[float, float]]:
    """The bounds of the moments that the first ``count`` constraints tie to zero."""
    latest, earliest = _distances(forward, zero, count), _distances(backward, zero, count)
    return {
        name: (_clean(-low), _clean(high))
        for name, low, high in zip(names, earliest, latest, strict=True)
        if low < inf or high < inf
    }


def _rank(constraint: Constraint) -> tuple[float, tuple[int, int], str, str, float, float, str]:
    """Strongest first; among equals the one told first."""
    return (
        -constraint.strength,
        constraint.place or (0, 0),
        constraint.earlier,
        constraint.later,
        constraint.low,
        constraint.high,
        constraint.rule,
    )


def _edges(
    ordered: Sequence[Constraint], number: dict[str, int]
) -> tuple[list[list[_Edge]], list[list[_Edge]]]:
    """The edges of the distance graph, and the same reversed; those of a node in the order of their constraints."""
    forward: list[list[_Edge]] = [[] for _ in number]
    backward: list[list[_Edge]] = [[] for _ in number]
    for i, (earlier, later, low, high, *_) in enumerate(ordered):
        a, b = number[earlier], number[later]
        if high < inf:
            forward[a].append((b, high, i))
            backward[b].append((a, high, i))
        if low > -inf:
            forward[b].append((a, -low, i))
            backward[a].append((b, -low, i))
    return forward, backward


def _distances(edges: list[list[_Edge]], source: int, count: int) -> list[float]:
    """Shortest distances from ``source`` by the first ``count`` constraints, which hold no negative cycle."""
    distance = [inf] * len(edges)
    distance[source] = 0.0
    queue, queued = deque((source,)), bytearray(len(edges))
    while queue:
        a = queue.popleft()
        queued[a] = 0
        here = distance[a]
        for b, most, i in edges[a]:
            if i >= count:
                break
            reached = here + most
            if reached < distance[b] - TOLERANCE:
                distance[b] = reached
                if not queued[b]:
                    queued[b] = 1
                    queue.append(b)
    return distance


def _negative_cycle(edges: list[list[_Edge]]) -> list[int] | None:
    """The numbers of the constraints on one contradicting cycle, if there is any."""
    size = len(edges)
    distance = [0.0] * size
    came: list[tuple[int, int] | None] = [None] * size
    queue, queued = deque(range(size)), bytearray(b"\x01" * size)
    steps = 0
    while queue:
        a = queue.popleft()
        queued[a] = 0
        here = distance[a]
        for b, most, i in edges[a]:
            if here + most < distance[b] - TOLERANCE:
                distance[b] = here + most
                came[b] = (a, i)
                steps += 1
                if steps % size == 0 and (cycle := _cycle_of(came)):
                    return cycle
                if not queued[b]:
                    queued[b] = 1
                    queue.append(b)
    return None


def _cycle_of(came: Sequence[tuple[int, int] | None]) -> list[int] | None:
    """A cycle of predecessors; one exists only where the distances contradict each other."""
    seen = [0] * len(came)
    for start in range(len(came)):
        node, path = start, []
        while not seen[node]:
            seen[node] = start + 1
            path.append(node)
            before = came[node]
            if before is None:
                break
            node = before[0]
        else:
            if seen[node] == start + 1:
                cycle, at = [], node
                while True:
                    before = came[at]
                    if before is None:  # a cycle has a predecessor everywhere
                        raise AssertionError("cycle without predecessor")
                    cycle.append(before[1])
                    at = before[0]
                    if at == node:
                        return cycle
    return None


@lru_cache(maxsize=4096)
def _clean(days: float) -> float:
    """Sums of decimals without their rounding noise; the same few come again and again."""
    return round(days, 4) + 0.0 if -inf < days < inf else days
