"""The dose of a treatment from the mentions that belong to it: amount, route, frequency, length, number of courses.

Example: "375 mg/m2 weekly for four doses" is 375 mg/m2, weekly, 4 times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.schema import Dose, EventKind, Exposure, Quantity, TimeValue
from pipeline.timeline.draft import Draft
from pipeline.timeline.story import Told

PARTS = ("dose_of", "route_of", "frequency_of", "duration_of")
COUNTED = re.compile(
    r"\b(?:cycles?|courses?|sessions?|doses?|infusions?|injections?|pulses?|rounds?|administrations?|treatments?|"
    r"fractions?|times)$",
    re.IGNORECASE,
)
TOTAL_BEFORE = re.compile(
    r"\b(?:cumulative|total|overall|aggregate)(?: \w+){0,3}?(?: doses?| dosage| amount)?(?: of| was| is| being|:|,)*"
    r"(?: \w+ (?:was|of))? ?\(?$",
    re.IGNORECASE,
)
TOTAL_BEHIND = re.compile(
    r",? (?:in total|altogether|(?:as a |as the )?(?:cumulative|total) dose)\b", re.IGNORECASE
)
NOT_A_TOTAL = re.compile(r"\btotal (?:parenteral|daily|body|of)\b", re.IGNORECASE)
NEAR = 40


def informs(one: Told) -> int:
    """How much a dose says: an amount with its unit more than a strength or a count, a word least."""
    value = one.mention.value
    if not isinstance(value, Quantity) or value.value is None:
        return 0
    return 1 if value.unit in (None, "%") else 2


def counts(one: Told) -> float | None:
    """The number of courses, sessions or doses that a DOSE tells, or None: "six cycles"."""
    value = one.mention.value
    if not isinstance(value, Quantity) or value.value is None or not COUNTED.search(one.mention.text):
        return None
    return value.value


def total(text: str, one: Told) -> bool:
    """Whether an amount is that of all doses together: "a cumulative dose of 300 mg/m2"."""
    before = TOTAL_BEFORE.search(text, max(0, one.start - NEAR), one.start)
    if before is not None:
        return NOT_A_TOTAL.match(before[0]) is None or "total of" in before[0].lower()
    return TOTAL_BEHIND.match(text, one.end) is not None


def dosed(text: str, base: Draft, parts: Sequence[tuple[str, Told]]) -> Draft:
    """The draft with its dose, route, frequency, duration and number of courses.

    Of several amounts the one that says most counts; that of all doses together goes beside it.
    """
    own: dict[str, Told] = {}
    times: Told | None = None
    whole: Told | None = None
    for relation, part in parts:
        if relation not in PARTS:
            continue
        if relation == "dose_of" and counts(part) is not None:
            times = times or part
        elif relation == "dose_of" and informs(part) == 2 and total(text, part):
            whole = whole or part
        told = own.setdefault(relation, part)
        if relation == "dose_of" and _rank(text, part) > _rank(text, told):
            own[relation] = part
    if not own:
        return base
    further = [one for one in (times, whole) if one is not None and one not in own.values()]
    return replace(base, parts=(*own.values(), *further), dose=_dose(base.kind, own, times, whole))


def _rank(text: str, one: Told) -> tuple[int, bool]:
    """What goes first as the amount: a full one before a count, what is given at once before the total of all."""
    return informs(one), informs(one) == 2 and not total(text, one)


def _dose(kind: EventKind, own: dict[str, Told], times: Told | None, whole: Told | None) -> Dose | None:
    """The dose of the mentions by relation; None for a procedure without an amount."""
    amount = own.get("dose_of")
    if kind != "drug" and amount is None:
        return None
    value = amount.mention.value if amount else None
    length = own["duration_of"].mention.value if "duration_of" in own else None
    quantity = value if isinstance(value, Quantity) else None
    first = amount or min(own.values(), key=lambda t: t.start)
    return Dose.trusted(
        text=quantity.text if quantity else first.mention.text,
        value=quantity.value if quantity else None,
        value_high=quantity.value_high if quantity else None,
        unit=quantity.unit if quantity else None,
        comparator=quantity.comparator if quantity else None,
        frequency=_said(own.get("frequency_of")),
        route=_said(own.get("route_of")),
        duration_days=length.low if isinstance(length, TimeValue) and length.kind == "duration" else None,
        times=counts(times) if times else None,
        exposure=_stated(whole),
    )


def _stated(whole: Told | None) -> tuple[Exposure, ...]:
    """The total that the text states."""
    value = whole.mention.value if whole else None
    if whole is None or not isinstance(value, Quantity) or value.value is None or value.unit is None:
        return ()
    return (
        Exposure(
            of="course", value=value.value, value_high=value.value_high, unit=value.unit, basis="stated",
            mentions=(whole.mention.id,),
        ),
    )  # fmt: skip


def _said(one: Told | None) -> str | None:
    return (one.mention.name or one.mention.text) if one else None
