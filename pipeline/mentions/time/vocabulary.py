"""The vocabulary of time.csv as look-up tables.

Kinds of entries: ``unit`` (``low``: its days), ``vague`` (``low``..``high``: how many), ``month`` (its
number), ``reference`` (``name``: what is counted from), ``post`` ("postoperatively": reference, direction),
``qualifier`` (the reference before "day": "hospital day"), ``frequency`` (``low``: days between occasions),
``phrase`` (a whole expression: reference, direction, days), ``span`` (a duration in words), ``slot`` (``name``: the
slot of the patterns in time_rule.csv that the word may fill, or a list that a grammar asks for), ``number`` and
``ordinal`` (in words), ``numbered`` (what has numbers: "day 3"; its days), ``short`` ("POD": its reference), ``cue``
(a preposition before a named event: its direction).

Example: ``UNITS["week"] == 7.0``.
"""

from __future__ import annotations

from pipeline import lexicon
from pipeline.lexicon import Entry
from pipeline.lexicon.months import MONTHS as MONTHS


def of_kind(kind: str) -> tuple[Entry, ...]:
    """The entries of one kind, in the order of the file."""
    return tuple(entry for entry in lexicon.load("time") if entry.columns["kind"] == kind)


def number(entry: Entry, column: str) -> float | None:
    """The number in a column of an entry, None where it is empty."""
    cell = entry.columns.get(column)
    return float(cell) if cell else None


def _low(kind: str) -> dict[str, float]:
    return {entry.term.casefold(): float(entry.columns["low"]) for entry in of_kind(kind)}


def alternation(terms: list[str]) -> str:
    """A regex of terms, the longest first."""
    return "|".join(sorted(terms, key=lambda term: (-len(term), term)))


UNITS = _low("unit")
VAGUE = {
    entry.term: (float(entry.columns["low"]), float(entry.columns["high"])) for entry in of_kind("vague")
}
REFERENCES = {entry.term.casefold(): entry.name for entry in of_kind("reference")}
POST = {
    entry.term.casefold(): (entry.name, -1.0 if entry.columns["direction"] == "before" else 1.0)
    for entry in of_kind("post")
}
QUALIFIERS = {term: name for term, (name, _) in POST.items()} | {
    entry.term.casefold(): entry.name for entry in of_kind("qualifier")
}
SLOTS: dict[str, list[str]] = {}
for _entry in of_kind("slot"):
    SLOTS.setdefault(_entry.name, []).append(_entry.term)
SLOTS["post"] = [term for term, (_, sign) in POST.items() if sign > 0]
SLOTS["pre"] = [term for term, (_, sign) in POST.items() if sign < 0]
# What stands before "day 3" and says what it counts from; a slot for each of the days that have a name of their own.
DAYS_OF = {**REFERENCES, **QUALIFIERS}
NAMED_DAYS = {"admission": "hospital", "surgery": "postoperative", "icu": "ICU", "birth": "birth of"}
for _term, _name in DAYS_OF.items():
    SLOTS.setdefault(NAMED_DAYS.get(_name, "qualifier"), []).append(_term)
GRANULARITY = {
    1 / 86400: "minute", 1 / 1440: "minute", 1 / 24: "hour", 1.0: "day", 7.0: "week", 14.0: "week",
    30.44: "month", 365.25: "year", 3652.5: "year",
}  # fmt: skip


def unit_days(word: str) -> float | None:
    """The days of a unit, singular or plural: "weeks" -> 7.0."""
    word = word.casefold()
    return UNITS.get(word) or (UNITS.get(word[:-1]) if word.endswith("s") else None)


def granularity(days: float) -> str:
    """The name of the unit that has so many days; seconds count as minutes."""
    return next((name for size, name in GRANULARITY.items() if abs(size - days) < 1e-7), "day")
