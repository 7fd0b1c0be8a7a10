"""Table events into the case: merged with what the narrative tells, numbered, and ranked among the others.

Example: the narrative's "CRP was 12 mg/dL on admission" and the cell "12" under "Admission" are one event.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from pipeline.schema import Case, Event
from pipeline.tables.clock import bounds


def merged(case: Case, found: Sequence[Event], first: int) -> tuple[Case, int]:
    """The case with the events of its tables, which are numbered from ``first``; and the next number."""
    told = list(case.events)
    extra: list[Event] = []
    for one in found:
        at = next((i for i, known in enumerate(told) if _same(known, one)), None)
        if at is not None:
            told[at] = _joined(told[at], one)
            continue
        at = next((i for i, known in enumerate(extra) if _same(known, one)), None)
        if at is not None:
            extra[at] = _joined(extra[at], one)
        else:
            extra.append(one)
    numbered = [one.model_copy(update={"id": f"e{number}"}) for number, one in enumerate(extra, first)]
    return case.model_copy(update={"events": tuple(_ranked(told, numbered))}), first + len(numbered)


def _joined(known: Event, one: Event) -> Event:
    """The narrative's event with the mentions of the table, and the end that only the table gives."""
    update: dict[str, object] = {"mentions": tuple(dict.fromkeys((*known.mentions, *one.mentions)))}
    if known.end_time is None and one.end_time is not None and one.action == "start":
        update["end_time"] = one.end_time
    return known.model_copy(update=update)


def _same(known: Event, one: Event) -> bool:
    """Whether a cell tells an event that is there already: same name and result or dose, at a time that agrees."""
    if known.kind != one.kind or known.name.casefold() != one.name.casefold() or known.status != one.status:
        return False
    if not _agree(known, one):
        return False
    a, b = known.measurement, one.measurement
    if a is not None and b is not None:
        if a.value is None or b.value is None:
            return a.value == b.value and a.interpretation == b.interpretation
        return (a.value, a.comparator) == (b.value, b.comparator) and (
            a.unit == b.unit or None in (a.unit, b.unit)
        )
    if a is not None or b is not None:
        return False
    if known.dose and one.dose and known.dose.value is not None and one.dose.value is not None:
        return (known.dose.value, known.dose.unit) == (one.dose.value, one.dose.unit)
    return (
        known.action == one.action
        or None in (known.action, one.action)
        or {known.action, one.action} == {"start", "given"}
    )


def _agree(known: Event, one: Event) -> bool:
    """Whether the times of two events may be one and the same; an unknown one of the table agrees with any."""
    if one.time.basis == "none":
        return True
    low, high = bounds(known.time)
    other_low, other_high = bounds(one.time)
    if -inf in (low, other_low) or inf in (high, other_high):
        same = (known.time.relative_to, known.time.offset_low) == (one.time.relative_to, one.time.offset_low)
        return same and one.time.offset_low is not None
    return low <= other_high and other_low <= high


def _ranked(told: Sequence[Event], extra: Sequence[Event]) -> list[Event]:
    """All events with dense ranks: the narrative's order kept, the table's put in by their days."""
    spans = [(bounds(event.time), event.order) for event in told]
    top = max((event.order for event in told), default=0)
    keys: list[tuple[float, float]] = [(float(event.order), -inf) for event in told]
    for event in extra:
        low, high = bounds(event.time)
        middle = _middle(low, high, event)
        least = max((order for (_, h), order in spans if h < low), default=0)
        most = min((order for (a, _), order in spans if a > high), default=top + 1)
        near = max(
            (
                order
                for (a, b), order in spans
                if order < most and a > -inf and b < inf and (a + b) / 2 <= middle
            ),
            default=0,
        )
        keys.append((float(max(least, near)), middle))
    rank = {key: number for number, key in enumerate(sorted(set(keys)), 1)}
    return [
        event.model_copy(update={"order": rank[key]})
        for event, key in zip((*told, *extra), keys, strict=True)
    ]


def _middle(low: float, high: float, event: Event) -> float:
    """Where an event stands among the others: the middle of its days, else the side that is known."""
    if low > -inf and high < inf:
        return (low + high) / 2
    if low > -inf or high < inf:
        return low + 0.5 if low > -inf else high - 0.5
    offset = event.time.offset_low if event.time.offset_low is not None else event.time.offset_high
    return 0.0 if event.time.basis == "none" or offset is None else 1e6 + offset if offset >= 0 else -1.0
