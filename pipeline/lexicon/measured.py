"""What a sign with a number measures: the entries of measured.csv by their words.

Columns: ``name`` is what is measured, ``kind`` its kind of event, ``units`` the units (UCUM) that the number may have,
``interpretation`` what the word says of it. Example: "mild fever" with 38.4 Cel is a body temperature, high.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pipeline.lexicon import load
from pipeline.schema import EventKind, Interpretation


class Measured(NamedTuple):
    """What a sign with a number measures."""

    name: str
    kind: EventKind
    units: frozenset[str]
    interpretation: Interpretation


@cache
def signs() -> dict[str, Measured]:
    """The signs of measured.csv by their words, American spelling."""
    return {
        entry.term.casefold(): Measured(
            entry.name,
            entry.columns["kind"],  # type: ignore[arg-type]
            frozenset(entry.columns["units"].split()),
            entry.columns["interpretation"],  # type: ignore[arg-type]
        )
        for entry in load("measured")
    }


@cache
def measured(words: str) -> Measured | None:
    """What a sign of these words measures; words before it ("mild fever") do not matter."""
    known = signs()
    folded = words.casefold().replace("aemi", "emi").replace("leuco", "leuko").replace("noea", "nea").split()
    return next((known[end] for i in range(len(folded)) if (end := " ".join(folded[i:])) in known), None)
