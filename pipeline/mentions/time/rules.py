"""The rules of time_rule.csv: each a pattern around its anchor, and what it comes to.

Columns: ``term`` (the id of the rule), ``rank`` (of those that fit, the lowest wins), ``pattern`` (see ``pattern``),
``label`` (TIME where empty), ``kind``, ``reference`` and ``direction`` of the value, ``days`` (a formula of
``FORMULAS``), ``confidence``, ``reads`` (what the rule reads, in words), ``example`` and ``value`` (the test of the
line). ``grammar`` names the module that reads what no pattern would say better. A line without a pattern is a further
example of its rule. The kind ``none`` says that here is no time.

Example: ``<within {amount} of {event}>``, offset, after, ``0..n``: "<within 2 days of surgery>" is day 0 to 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from pipeline import lexicon
from pipeline.lexicon import Entry
from pipeline.mentions.time import references
from pipeline.mentions.time.pattern import Side, side
from pipeline.mentions.time.references import Reference

FORMULAS = frozenset(
    ("", "n", "-n", "0..n", "-n..0", "0..2n", "-2n..0", "0 until n", "-n until 0", "age", "weeks", "280 + n")
)
KINDS = frozenset(("none", "date", "day_number", "offset", "age", "duration", "frequency"))
EVENT = re.compile(r"(?P<optional>\[)?(?P<lead>(?:[^\[\]{}]|\{[^{}]+\})*)\{event\}\]?(?P<close>>?)$")


class Rule(NamedTuple):
    """A pattern, compiled. ``asks`` are the forms of the anchor that it takes, as bits."""

    id: str
    rank: int
    asks: int
    left: Side | None
    right: Side | None
    event: Side | None
    needed: bool
    inside: bool
    label: str
    kind: str
    reference: str | None
    direction: str | None
    days: str
    confidence: float

    def fits(self, text: str, left: str, end: int) -> Fit | None:
        """Where the pattern begins before ``end`` of the anchor (within ``left``, or -1) and where it ends."""
        close = end
        right = None
        if self.right is not None:
            right = self.right.regex.match(text, end)
            if right is None:
                return None
            close = right.end("close" if "close" in right.re.groupindex else 0)
            # "5 months' history": what belongs to the unit alone stays outside.
            close, end = (end if close == right.end("s") else close), right.end()
        start, before = -1, None
        if self.left is not None:
            before = self.left.regex.search(left)
            if before is None:
                return None
            if "open" in before.re.groupindex:
                start = before.end("open")
        reference = None
        if self.event is not None:
            lead = self.event.regex.match(text, end)
            reference = references.read(text, lead.end()) if lead else None
            if reference is not None:
                close = reference.end if self.inside else close
            elif self.needed:
                return None
        return Fit(start, close, reference, before, right)


class Fit(NamedTuple):
    """How a rule fits: where it starts in the left (-1: at the anchor), where it ends, what it counts from."""

    start: int
    end: int
    reference: Reference | None
    left: re.Match[str] | None
    right: re.Match[str] | None


def compiled(entry: Entry, forms: Mapping[str, int]) -> Rule | None:
    """The rule of a line, None where its anchor is not one of ``forms`` (their bits by name).

    Raises:
        ValueError: names the rule that cannot be read.
    """
    columns = entry.columns
    pattern = columns.get("pattern", "")
    anchor = next(
        (a for a in re.finditer(r"\{([^{}]+)\}", pattern) if set(a[1].split("|")) <= forms.keys()), None
    )
    if anchor is None:
        return None
    if columns.get("days", "") not in FORMULAS or columns["kind"] not in KINDS:
        raise ValueError(f"{entry.term}: no such formula or kind")
    before, behind = pattern[: anchor.start()], pattern[anchor.end() :]
    event = EVENT.search(behind)
    if event:
        behind = behind[: event.start()]
    asks = 0
    for name in anchor[1].split("|"):
        asks |= forms[name]
    try:
        left = side(before, True) if before.strip(" ") not in ("", "<") else None
        right = side(behind, False) if behind.strip(" ") not in ("", ">") else None
        lead = (
            side(" " * (event["optional"] is not None) + event["lead"].rstrip(" "), False) if event else None
        )
    except ValueError as error:
        raise ValueError(f"{entry.term}: {error}") from error
    return Rule(
        entry.term, int(columns.get("rank", "50")), asks, left, right, lead,
        bool(event and not event["optional"]), bool(event and (event["close"] or ">" not in behind)),
        columns.get("label", "TIME"), columns["kind"], columns.get("reference"), columns.get("direction"),
        columns.get("days", ""), float(columns.get("confidence", "0.9")),
    )  # fmt: skip


@cache
def load() -> tuple[Entry, ...]:
    """The lines of time_rule.csv."""
    return lexicon.load("time_rule")


class Rules:
    """The rules around one kind of anchor, found by the words beside it.

    A rule that needs a certain word right (or else left) of its anchor is looked at only where this word is.
    """

    def __init__(self, forms: Mapping[str, int]) -> None:
        made = [rule for entry in load() if (rule := compiled(entry, forms)) is not None]
        self.rules = sorted(made, key=lambda rule: rule.rank)
        self.rights = frozenset[str]().union(*(self._right(r) or () for r in self.rules))
        self.lefts = frozenset[str]().union(*(r.left.words or () for r in self.rules if r.left))
        self.beside = cache(self._beside)

    @staticmethod
    def _right(rule: Rule) -> frozenset[str] | None:
        if rule.right is not None and rule.right.words is not None:
            return rule.right.words
        if rule.right is None and rule.event is not None and rule.needed:
            return rule.event.words
        return None

    def between(self, last: str, following: str, form: int) -> tuple[Rule, ...]:
        """The rules that may fit an anchor of a form between two words, the first to be tried first."""
        return self.beside(
            last if last in self.lefts else "", following if following in self.rights else "", form
        )

    def _beside(self, last: str, following: str, form: int) -> tuple[Rule, ...]:
        def may(rule: Rule) -> bool:
            right, left = self._right(rule), rule.left.words if rule.left else None
            return bool(
                rule.asks & form and (right is None or following in right) and (left is None or last in left)
            )

        return tuple(rule for rule in self.rules if may(rule))
