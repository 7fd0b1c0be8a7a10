"""What a dose comes to a day and over its course, for a body of the stated weight or surface.

Only numbers of the text are used: the amount, its frequency, number and length, the patient's weight and surface. Each
result says its formula. Example: "vancomycin 15 mg/kg every 12 hours for 10 days" and "weight 70 kg" give 1050 mg a
dose, 2100 mg a day and 21 g in all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from pipeline.schema import Dose, Event, Exposure, Mention, TimeValue

BODIES = {"body weight": ("kg", {"kg": 1.0, "g": 0.001}), "body surface area": ("m2", {"m2": 1.0})}
DAYS = {"d": 1.0, "wk": 7.0}
# How far a weight may lie from the dose, for children and adults.
CHILD, STILL, LONG = 18.0, 183.0, 730.0
UNCHANGED = 92.0  # longer, a dose has likely changed without being told
LIGHT = 20.0  # what weighs less is no grown patient, but a specimen or a child


class Body(NamedTuple):
    """The patient's weight ("kg") or surface ("m2") as told by an event."""

    unit: str
    value: float
    event: Event


def with_totals(
    events: Sequence[Event], mentions: Mapping[str, Mention], age_years: float | None
) -> tuple[Event, ...]:
    """The events with what their doses come to; ``mentions`` by id tell the frequencies."""
    grown = age_years is not None and age_years >= CHILD
    bodies = [
        body
        for event in events
        for body in _body(event)
        if not (grown and body.unit == "kg" and body.value < LIGHT)
    ]
    longest = STILL if age_years is not None and age_years < CHILD else LONG
    return tuple(
        event
        if event.dose is None or not event.dose.unit or any(one.of != "course" for one in event.dose.exposure)
        else event.but(dose=_completed(event, event.dose, bodies, mentions, longest))
        for event in events
    )


def _body(event: Event) -> list[Body]:
    known = BODIES.get(event.name) if event.kind == "vital" and event.status == "affirmed" else None
    result = event.measurement
    if (
        known is None
        or result is None
        or result.value is None
        or result.comparator
        or result.unit not in known[1]
    ):
        return []
    return [Body(known[0], result.value * known[1][result.unit], event)]


def _completed(
    event: Event, dose: Dose, bodies: Sequence[Body], mentions: Mapping[str, Mention], longest: float
) -> Dose:
    """The dose with all that follows from it."""
    whole = next((one for one in dose.exposure if one.of == "course"), None)
    if (
        dose.value is None
        or dose.unit is None
        or dose.comparator is not None
        or (whole is not None and (whole.value, whole.unit) == (dose.value, dose.unit))
    ):
        return dose
    amount, *per = dose.unit.split("/")
    time = next((unit for unit in per if unit in DAYS), None)
    body = next((_nearest(event, unit, bodies, longest) for unit in per if unit in ("kg", "m2")), None)
    if set(per) - {"kg", "m2", *DAYS} or len(per) != len(set(per)):
        return dose
    factors = [f"{dose.value:g}{f'-{dose.value_high:g}' if dose.value_high is not None else ''} {dose.unit}"]
    factor, left = 1.0, [unit for unit in per if unit not in DAYS]
    if body is not None:
        factor, left = body.value, []
        factors.append(f"{body.value:g} {body.unit}")
    unit = "/".join([amount, *left])
    used = (body.event.mentions[0],) if body is not None else ()
    found = list(dose.exposure)

    def add(of: Literal["dose", "day", "course"], times: float, per: str, *more: str) -> None:
        if of == "course" and whole is not None:
            return
        computed = bool(used or more)
        found.append(
            Exposure(
                of=of, value=_round(dose.value * factor * times),  # type: ignore[operator]
                value_high=None if dose.value_high is None else _round(dose.value_high * factor * times), unit=per,
                basis="computed" if computed else "stated", formula=" * ".join((*factors, *more)) if computed else None,
                mentions=used,
            )
        )  # fmt: skip

    length = dose.duration_days or _lasted(event)
    if time is not None:
        if DAYS[time] == 1.0:
            add("day", 1.0, f"{unit}/d")
        if length:
            add("course", length / DAYS[time], unit, f"{length:g} d")
        return dose.but(exposure=tuple(found))
    if body is not None:
        add("dose", 1.0, unit)
    every = _interval(event, dose, mentions)
    if every and every <= 1.0:
        a_day = round(1 / every, 2)
        add("day", a_day, f"{unit}/d", f"{a_day:g} /d")
    times = dose.times if dose.times and dose.times > 1 else _number(length, every)
    if times:
        add("course", times, unit, f"{times:g}")
    return dose.but(exposure=tuple(found))


def _nearest(event: Event, unit: str, bodies: Sequence[Body], longest: float) -> Body | None:
    """The weight or surface told last before a dose, else the first after it, if not too far from it."""
    fitting = [b for b in bodies if b.unit == unit and not _far(b.event, event, longest)]
    before = [b for b in fitting if b.event.order <= event.order]
    if before:
        return max(before, key=lambda b: (b.event.order, b.event.start))
    return min(fitting, key=lambda b: (b.event.order, b.event.start), default=None)


def _lasted(event: Event) -> float | None:
    """The days between a start and an end that are both told to the day; a stretch of days counts its last."""
    low, end = event.time.day_low, event.end_time
    if (
        low is None
        or low != event.time.day_high
        or end is None
        or end.day_low is None
        or end.day_low != end.day_high
    ):
        return None
    whole = 0.0 if end.why and end.why[-1].startswith("event.until") else 1.0
    length = end.day_low - low + whole
    return length if 0 < length <= UNCHANGED and low == round(low) else None


def _far(body: Event, event: Event, longest: float) -> bool:
    days = (body.time.day_low, event.time.day_low)
    return days[0] is not None and days[1] is not None and abs(days[0] - days[1]) > longest


def _interval(event: Event, dose: Dose, mentions: Mapping[str, Mention]) -> float | None:
    """The days between two doses, from the mention that the dose's frequency comes from."""
    for id in event.mentions:
        one = mentions.get(id)
        if one is not None and one.label == "FREQUENCY" and (one.name or one.text) == dose.frequency:
            value = one.value
            return value.low if isinstance(value, TimeValue) and value.low == value.high else None
    return None


def _number(length: float | None, every: float | None) -> float | None:
    """How many doses a length holds, where it holds a whole number."""
    if not length or not every:
        return None
    times = length / every
    return float(round(times)) if times >= 1 and abs(times - round(times)) < 0.02 * times else None


def _round(value: float) -> float:
    return float(f"{value:.6g}")
