"""An amount of time with what qualifies it: "about", "at least", "up to".

Example: "for <about 10 days>" is 8 to 12 days, "<at least 2 weeks>" has no upper bound.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.mentions.time.amounts import Amount

LEFT = 56
APPROXIMATE = re.compile(
    r"(?:^|(?<=[ (]))(?:"
    r"(?P<about>about|approximately|approx\.?|around|roughly|~|ca\.?|circa|an? (?:average|mean|total) of)"
    r"|(?P<nearly>nearly|almost|just under|close to)"
    r"|(?P<least>at least|more than|greater than|longer than|>=?|beyond"
    r"|(?<=for )over|(?<=of )over|(?<=after )over|(?<=a )over|over(?= \d+ (?:years?|months?|weeks?) ago))"
    r"|(?P<most>up to|less than|fewer than|at most|no more than|not more than|<=?)"
    r"|(?P<only>only|just|merely|exactly)) ?$",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"an?[ -]", re.IGNORECASE)


class Measured(NamedTuple):
    """An amount with "about" and the like taken in: its days, and where it starts with these words.

    ``bare`` is a unit without any number ("the following day"), ``plural`` its writing.
    """

    amount: Amount
    low: float
    high: float | None
    approximate: bool
    start: int
    bare: bool
    plural: bool

    def some(self) -> Measured:
        """A plural without a number is anything from two to a dozen: "within hours"."""
        unit = self.amount.unit
        return self._replace(low=2 * unit, high=12 * unit, approximate=True)


def left_of(text: str, end: int) -> str:
    """What stands before ``end`` in the same paragraph, as far as a lead may reach."""
    left = text[max(0, end - LEFT) : end]
    return left[left.rfind("\n") + 1 :]


def measure(text: str, amount: Amount, left: str) -> tuple[Measured, str]:
    """The amount with what "about" and the like before it make of it, and what stands left of these."""
    bare = amount.plain and ARTICLE.match(text, amount.start) is None
    low, high, approximate, start = _approximate(left, amount)
    left = left[: len(left) - (amount.start - start)]
    return Measured(amount, low, high, approximate, start, bare, text[amount.end - 1] == "s"), left


def _approximate(left: str, amount: Amount) -> tuple[float, float | None, bool, int]:
    """Bounds, vagueness and start of the amount with "about", "at least", "nearly" before it.

    "About 10" is taken as 8 to 12, "nearly 10" as 8.5 to 10.
    """
    low, high, approximate, start = amount.low, amount.high, amount.approximate, amount.start
    while (match := APPROXIMATE.search(left)) is not None:
        kind = match.lastgroup
        if amount.plain and kind in ("most", "only"):
            break
        approximate = approximate or kind != "only"
        if kind == "about" and high is not None and low == high and not match[0].startswith(("a ", "an ")):
            low, high = 0.8 * low, 1.2 * high
        elif kind == "nearly":
            low = 0.85 * low
        elif kind == "least":
            high = None
        elif kind == "most":
            low = 0.0
        start -= len(left) - match.start()
        left = left[: match.start()]
    return low, high, approximate, start
