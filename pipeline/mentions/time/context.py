"""An amount of time with what stands before it: "about", "at least", and the word or window that leads it.

Example: in "over the past 3 months" the amount is 3 months, its cue ``window`` ("past"); it opens at "over".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from pipeline.mentions.time.amounts import Amount
from pipeline.mentions.time.references import Reference
from pipeline.mentions.time.values import Value, value
from pipeline.mentions.time.vocabulary import granularity

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
PREFIX = re.compile(
    r"(?:^|(?<=[ (,;.\-\"\n]))(?:"
    r"(?P<every>once every|once each|every|each|q\.?|at intervals of|at an interval of)"
    r"|(?:(?P<into>over|during|within|in|for|since|throughout|across|from|of|on|until|after|by) )?"
    r"(?:(?:the|his|her|their|its|these|this) )?"
    r"(?P<window>(?:very )?(?:past|last|previous|preceding|prior|recent|following|next|subsequent"
    r"|ensuing|coming|"
    r"succeeding|first|initial|same|entire|whole))"
    r"|(?P<after>after|following)(?: (?:a|the))?(?: (?:period|time span|interval|total|delay|course"
    r"|latency))?"
    r"(?: of)?"
    r"|(?P<within>within|inside|in less than)(?: the)?(?: (?:period|space|span) of)?"
    r"|(?P<over>over|during|through|throughout|across)(?: (?:the|a))?"
    r"(?: (?:time |total )?(?:course|period|span|space|interval)(?: of)?)?"
    r"|(?P<for>for|lasting|lasted for|lasted|of|persisting|persisted)(?: (?:a|the))?"
    r"(?: (?:period|total|duration))?(?: of)?"
    r"|(?P<in>in)(?: the)?|(?P<since>since)|(?P<from>from)|(?P<until>until|till|(?<!followed )by)"
    r"|(?P<at>at)(?: the)?"
    r"|(?P<on>on)(?: the)?|(?P<the>the|his|her|a)) ?$",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"an?[ -]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """An amount and its lead.

    ``low``/``high`` are its days with "about" and the like taken in; ``start`` is where it starts with these
    words, ``opening`` where its lead starts. ``cue`` names the kind of lead, ``word`` is the lead's word (the
    preposition before a window is ``into``). ``bare`` is a unit without any number ("the following day").
    """

    text: str
    amount: Amount
    low: float
    high: float | None
    approximate: bool
    start: int
    opening: int
    window_start: int
    cue: str | None
    word: str
    into: str
    bare: bool

    @property
    def end(self) -> int:
        """Where the unit ends."""
        return self.amount.end

    @property
    def unit(self) -> str:
        """The granularity: the name of the unit."""
        return granularity(self.amount.unit)

    @property
    def plural(self) -> bool:
        """Whether the unit is written in the plural."""
        return self.text[self.end - 1] == "s"

    def some(self) -> Context:
        """The context of a plural without a number, which is anything from two to a dozen: "within hours"."""
        unit = self.amount.unit
        return replace(self, low=2 * unit, high=12 * unit, approximate=True)

    def signed(self, sign: float) -> tuple[float | None, float | None]:
        """The amount as signed days, the lower bound first."""
        if sign > 0:
            return self.low, self.high
        return (None if self.high is None else -self.high), -self.low

    def value(self, kind: str, reference: Reference | str | None = None, **fields: Any) -> Value:
        """A value with the unit and the vagueness of the amount."""
        return value(kind, reference, granularity=self.unit, approximate=self.approximate, **fields)


def left_of(text: str, end: int) -> str:
    """What stands before ``end`` in the same paragraph, as far as a lead may reach."""
    left = text[max(0, end - LEFT) : end]
    return left[left.rfind("\n") + 1 :]


def lead(text: str, amount: Amount, left: str) -> Context:
    """The context of an amount behind ``left``."""
    bare = amount.plain and ARTICLE.match(text, amount.start) is None
    low, high, approximate, start = _approximate(left, amount)
    left = left[: len(left) - (amount.start - start)]
    prefix = PREFIX.search(left)
    if prefix is None:
        return Context(text, amount, low, high, approximate, start, start, start, None, "", "", bare)
    cue = "window" if prefix["window"] else prefix.lastgroup
    if not bare and prefix[0].lower() == "following ":
        cue = "after"
    word = (prefix[cue] or "").lower().removeprefix("very ") if cue else ""
    base = start - len(left)
    return Context(
        text, amount, low, high, approximate, start,
        base + prefix.start(), base + max(prefix.start("window"), 0),
        cue, word, (prefix["into"] or "").lower(), bare,
    )  # fmt: skip


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
