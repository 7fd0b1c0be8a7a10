"""The day axis of a case counted from another of its events, with the uncertainty that the text leaves.

The days become ``[low - zero_high, high - zero_low]``; an event whose day the text counts from the zero event, over any
number of steps, keeps the exact offset, also where the day of the zero event itself is unknown. Example: with
rituximab on day 28..30 and "15 months after rituximab", ``rezero(case, "rituximab")`` gives 456..457 for the latter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf

from pipeline.schema import Anchor, Case, Event, EventKind, Extraction, Notice, When
from pipeline.timeline.references import TYPED

KINDS: tuple[EventKind, ...] = (
    "drug", "procedure", "lab", "vital", "imaging", "diagnosis", "finding", "encounter", "outcome",
)  # fmt: skip
Days = tuple[float, float]
RULE = "rezero"


def chosen(case: Case, name: str) -> Event | None:
    """The first event that a name means: "rituximab", or with its kind "drug:rituximab", "procedure:ecmo".

    The start of a treatment goes before what else is told of it; what did not happen to the patient, is only planned
    or is stopped is no day 0. A name matches the event's name, or words in it or in its text.
    """
    kind, _, wanted = name.partition(":") if name.partition(":")[0] in KINDS else ("", "", name)
    fits = [
        (rank, event)
        for event in case.events
        if (not kind or event.kind == kind)
        and event.status in ("affirmed", "historical")
        and event.action not in ("planned", "not_given", "stop")
        and (rank := _fit(event, wanted.strip().casefold())) is not None
    ]
    if not fits:
        return None
    best = min(rank for rank, _ in fits)
    return min((event for rank, event in fits if rank == best), key=lambda e: (e.order, e.start))


def _fit(event: Event, wanted: str) -> int | None:
    """How well an event goes by a name: 0 it is its name, 1 its words in the text, 2 words within; None not at all."""
    names = (event.name.casefold(), event.text.casefold())
    if wanted == names[0]:
        return 0
    if wanted == names[1]:
        return 1
    word = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return 2 if wanted and any(word.search(one) for one in names) else None


def rezero(case: Case, name: str) -> Case | None:
    """The case with the event ``name`` as day 0, or None where it has no such event.

    ``anchor`` names the event. Where neither its day nor an offset ties an event to it, its days are null.
    """
    zero = chosen(case, name)
    if zero is None:
        return None
    offsets = _chains(case, zero)
    span = _bounds(zero.time)
    events = tuple(
        event.model_copy(
            update={
                "time": _shifted(event.time, span, offsets.get(event.id)),
                "end_time": event.end_time and _shifted(event.end_time, span, _end_chain(event, offsets)),
            }
        )
        for event in case.events
    )
    anchor = Anchor(event=zero.name, text=zero.text, start=zero.start, end=zero.end)
    return case.model_copy(update={"anchor": anchor, "events": events})


def rezeroed(extraction: Extraction, name: str) -> Extraction:
    """The extraction with its cases counted from the event ``name``.

    A case of this report without that event is left out, with the notice ``no_zero_event``; cases reported elsewhere
    stay only if they have it.
    """
    kept: list[Case] = []
    notices: list[Notice] = []
    for case in extraction.cases:
        moved = rezero(case, name)
        if moved is not None:
            kept.append(moved)
        elif case.reported == "here":
            notices.append(
                Notice(code="no_zero_event", message=f"{case.id} has no event {name!r} and was left out")
            )
    return extraction.model_copy(update={"cases": tuple(kept), "warnings": (*extraction.warnings, *notices)})


def _bounds(when: When) -> Days:
    return (-inf if when.day_low is None else when.day_low, inf if when.day_high is None else when.day_high)


def _chains(case: Case, zero: Event) -> dict[str, Days]:
    """The days from the zero event of each event that offsets tie to it: itself, those counted from it, and so on.

    An event counted from the same reference as the zero event is tied as well ("2 and 5 days after the operation").
    """
    own = _offset(zero.time)
    nodes: dict[str, Days] = {zero.id: (0.0, 0.0)}
    if own is not None and zero.time.relative_to is not None:
        nodes[zero.time.relative_to] = (-own[1], -own[0])
    nodes |= {e.id: (0.0, 0.0) for e in case.events if _together(e, zero)}
    nodes |= {
        kind: (0.0, 0.0) for kind in ("surgery", "discharge", "delivery", "death") if _only(case, zero, kind)
    }
    for _ in case.events:
        grown = _grown(case, nodes)
        if grown == nodes:
            break
        nodes = grown
    return nodes


def _together(event: Event, zero: Event) -> bool:
    """Whether an event is told by the very expression that dates the zero event."""
    return event.time.start is not None and (event.time.start, event.time.offset_low, event.time.offset_high) == (
        zero.time.start, zero.time.offset_low, zero.time.offset_high,
    ) and event.time.offset_low == event.time.offset_high  # fmt: skip


def _only(case: Case, zero: Event, kind: str) -> bool:
    """Whether the zero event is the one event of the case that "after surgery" and the like may mean."""
    kinds, pattern = TYPED[kind]
    fits = [
        e.id
        for e in case.events
        if e.kind in kinds and pattern.search(f"{e.name} {e.text}") and e.status == "affirmed"
    ]
    return fits == [zero.id]


def _grown(case: Case, nodes: Mapping[str, Days]) -> dict[str, Days]:
    """The ties one step further, tightest first known."""
    grown = dict(nodes)
    for event in case.events:
        offset = _offset(event.time)
        reference = event.time.relative_to
        if offset is None or reference is None or reference in ("previous", "calendar", event.id):
            continue
        if reference in grown and event.id not in grown:
            base = grown[reference]
            grown[event.id] = (base[0] + offset[0], base[1] + offset[1])
        elif event.id in grown and reference not in grown:
            base = grown[event.id]
            grown[reference] = (base[0] - offset[1], base[1] - offset[0])
    return grown


def _offset(when: When) -> Days | None:
    """The days from the event's own reference, open sides infinite; None where it has none."""
    if when.relative_to is None or (when.offset_low is None and when.offset_high is None):
        return None
    return (
        -inf if when.offset_low is None else when.offset_low,
        inf if when.offset_high is None else when.offset_high,
    )


def _end_chain(event: Event, offsets: Mapping[str, Days]) -> Days | None:
    end = event.end_time
    offset = _offset(end) if end else None
    if end is None or offset is None or end.relative_to is None or end.relative_to not in offsets:
        return None
    base = offsets[end.relative_to]
    return base[0] + offset[0], base[1] + offset[1]


def _shifted(when: When, zero: Days, chain: Days | None) -> When:
    """The time on the new axis: the interval difference, tightened by the chain of offsets where there is one."""
    low, high = _bounds(when)
    low, high = (
        low - zero[1] if low > -inf and zero[1] < inf else -inf,
        high - zero[0] if high < inf and zero[0] > -inf else inf,
    )
    if chain is not None:
        tight = max(low, chain[0]), min(high, chain[1])
        low, high = tight if tight[0] <= tight[1] else chain
    return when.model_copy(
        update={
            "day_low": None if low == -inf else round(low, 4) + 0.0,
            "day_high": None if high == inf else round(high, 4) + 0.0,
            "why": (*when.why, RULE),
        }
    )
