"""From one unit to another of the same dimension, by the factors of lexicon/unit.csv.

Source: the exact definitions of UCUM 2.1 (a month is 30.4375 days there).
Example: 2.4 "mg/dL" is 24 "ug/mL", 21000 "/mm3" is 21 "10*9/L".
"""

from __future__ import annotations

from functools import cache

from pipeline import lexicon


@cache
def _factors() -> dict[str, tuple[str, float]]:
    """Code -> (base unit, factor) of every unit of the lexicon that has one."""
    return {
        entry.name: (entry.columns["base"], float(entry.columns["factor"]))
        for entry in lexicon.load("unit")
        if "base" in entry.columns
    }


def reduced(code: str) -> tuple[tuple[str, ...], tuple[str, ...], float]:
    """The base units above and below the line, and the factor to them.

    Raises:
        ValueError: for a unit that has no factor.
    """
    over: list[str] = []
    under: list[str] = []
    factor = 1.0
    for position, part in enumerate(code.split("/")):
        sign = -1 if position else 1
        for piece in part.strip("()").split("."):
            if piece in ("", "1"):
                continue
            if piece.isdigit():
                factor *= float(piece) ** sign
            elif piece.startswith("10*"):
                factor *= 10.0 ** (int(piece[3:]) * sign)
            elif piece in _factors():
                base, size = _factors()[piece]
                factor *= size**sign
                if base != "1":
                    (under if position else over).append(base)
            else:
                raise ValueError(f"no factor is known for unit {piece!r}")
    return tuple(sorted(over)), tuple(sorted(under)), factor


def convert(value: float, code: str, to: str) -> float:
    """A value in another unit of the same dimension, both UCUM codes as ``unit_at`` gives them.

    Mass does not become amount of substance: that depends on the analyte.

    Raises:
        ValueError: where the units measure different things or have no factor.
    """
    if code == to:
        return value
    if (code, to) == ("Cel", "[degF]"):
        return value * 9 / 5 + 32
    if (code, to) == ("[degF]", "Cel"):
        return (value - 32) * 5 / 9
    over, under, factor = reduced(code)
    other_over, other_under, other = reduced(to)
    if (over, under) != (other_over, other_under):
        raise ValueError(f"unit {code!r} does not convert to unit {to!r}")
    return value * factor / other
