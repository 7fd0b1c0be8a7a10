"""Molar masses from chemical formulas.

Source: the abridged standard atomic weights of lexicon/element.csv.
Example: ``molar_mass("C6H12O6")`` is 180.156 g/mol, that of glucose.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline import lexicon

PART = re.compile(r"([A-Z][a-z]?)(\d*)")


@cache
def _weights() -> dict[str, float]:
    return {entry.term: float(entry.columns["mass"]) for entry in lexicon.load("element")}


@cache
def molar_mass(formula: str) -> float:
    """Grams a mole of a formula without brackets.

    Raises:
        ValueError: it is no such formula, or names an element that the table lacks.
    """
    if not formula or PART.sub("", formula):
        raise ValueError(f"{formula!r} is no formula")
    parts = PART.findall(formula)
    unknown = [element for element, _ in parts if element not in _weights()]
    if unknown:
        raise ValueError(f"{formula!r}: no weight is known for {unknown[0]!r}")
    return sum(_weights()[element] * int(count or 1) for element, count in parts)
