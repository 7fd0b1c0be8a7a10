"""What an expression counts from, as found: the moment, its name, how firm that is and what else it could be.

Example: "two weeks after rituximab" gives ``Counted("e4", "e4", NAMED, ("reference.named",), (("e4", 0.95),))``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counted:
    """The moment that is counted from, its name, how firm that is, the rules, and (name, score) of all candidates."""

    node: str
    name: str
    strength: float
    rules: tuple[str, ...]
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Bare:
    """The last amount that named no reference: what it counted from, how far, and the sentence."""

    node: str
    name: str
    low: float
    sentence: int
