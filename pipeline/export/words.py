"""Days, doses and results as a reader would write them."""

from __future__ import annotations

import re

from pipeline.schema import Case, Dose, Event, Measurement, When

BARE = re.compile(r"[\d.,]+")


def number(value: float) -> str:
    """At most four significant digits after the point, no trailing zeros."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def days(when: When) -> str:
    """The interval of days: "28", "-180 … -60", "≥ 32", or "" where the text gives only an order."""
    low, high = when.day_low, when.day_high
    if low is not None and high is not None:
        return number(low) if low == high else f"{number(low)} … {number(high)}"
    if low is not None:
        return f"≥ {number(low)}"
    return "" if high is None else f"≤ {number(high)}"


def same_patient(case: Case) -> str | None:
    """The cases of other documents that may be this patient: "PMC2#c1 (0.97); PMC7#c2 (same)"."""
    return "; ".join(f"{one.case} ({one.decision or f'{one.score:g}'})" for one in case.same_patient) or None


def amount(event: Event) -> str:
    """The dose or the result in words and units as written, with route, frequency, and range.

    Where the text was withheld: the normalised value and unit.
    """
    from pipeline.export.context import plain

    if event.dose:
        parts = [event.dose.text or normalised(event.dose), event.dose.route, event.dose.frequency]
        once = {part.casefold(): part for part in parts if part}  # "oral" may be dose and route
        return " ".join(plain(part) for part in once.values())
    if event.measurement:
        reference = plain(event.measurement.reference_range or "")
        value = plain(event.measurement.text) or normalised(event.measurement)
        if BARE.fullmatch(value) and event.measurement.unit:  # the unit stands at the end of a series
            value = f"{value} {event.measurement.unit}"
        if not reference or reference in value:
            return value
        return f"{value} ({reference if any(c.isalpha() for c in reference[:4]) else f'range {reference}'})"
    return ""


def totals(dose: Dose | None) -> list[str]:
    """What a dose comes to, with the formula where it is computed: "2100 mg/d a day (15 mg/kg * 70 kg * 2 /d)"."""
    if dose is None:
        return []
    said = []
    for one in dose.exposure:
        high = "" if one.value_high is None else f"–{number(one.value_high)}"
        how = f"computed: {one.formula}" if one.basis == "computed" else "stated"
        said.append(f"{one.of}: {number(one.value)}{high} {one.unit} ({how})")
    return said


def normalised(quantity: Dose | Measurement) -> str:
    """Comparator, value and unit of a quantity, whatever its text says."""
    if quantity.value is None:
        return ""
    high = "" if quantity.value_high is None else f"–{number(quantity.value_high)}"
    return f"{quantity.comparator or ''}{number(quantity.value)}{high} {quantity.unit or ''}".strip()
