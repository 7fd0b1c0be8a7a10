"""Treatments as spans: each step ends where the next one of the same treatment begins, or where the treatment stops.

Example: "ECMO was started on day 2 ... weaned off ECMO on day 14" gives the first event the end day 14; "prednisolone
60 mg/day ... reduced to 40 mg/day on day 14" gives the first dose the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.schema import Event, When

RUNS = ("start", "given", "continue", "change")
# What ends a support without its name.
ENDED_BY = (
    (
        re.compile(r"\bextubation\b", re.IGNORECASE),
        re.compile(r"\bintubation|mechanical ventilation", re.IGNORECASE),
    ),
    (
        re.compile(r"\bdecannulation\b", re.IGNORECASE),
        re.compile(r"\btracheo|extracorporeal|cannulation", re.IGNORECASE),
    ),
)
WORD = re.compile(r"[a-z0-9-]+")
FILLERS = frozenset(
    ("off", "continuous", "intermittent", "therapy", "treatment", "support", "of", "the", "with", "from")
)


def with_ends(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events, those of treatments with the end that a later event of the case tells."""
    treated = sorted(
        (e for e in events if e.kind in ("drug", "procedure") and e.status == "affirmed"),
        key=lambda e: (e.order, e.start),
    )
    enders = [
        (i, event)
        for i, event in enumerate(treated)
        if event.action in ("stop", "change", "start") or (event.action == "continue" and event.end_time)
    ]
    if not enders:
        return tuple(events)
    ends: dict[str, When] = {}
    for i, event in enumerate(treated):
        if event.end_time is None and event.action in RUNS:
            behind = (later for at, later in enders if at > i and _same(event, later))
            end = next(filter(None, (_end(event, later) for later in behind)), None)
            if end is not None:
                ends[event.id] = end
    return tuple(e.but(end_time=ends[e.id]) if e.id in ends else e for e in events)


def _same(event: Event, later: Event) -> bool:
    """Whether a later event is of the same treatment, or tells by another word that it ended."""
    if event.kind != later.kind:
        return False
    if event.name.casefold() == later.name.casefold():
        return True
    if later.kind != "procedure" or later.action != "stop":
        return False
    if any(end.search(later.name) and begun.search(event.name) for end, begun in ENDED_BY):
        return True
    one, other = (frozenset(WORD.findall(e.name.casefold())) - FILLERS for e in (event, later))
    return bool(one and other) and (one <= other or other <= one)


def _anew(event: Event, later: Event) -> bool:
    """Whether a drug is begun again, with another dose, after the day of the first: its first course was over by then."""
    high, low = event.time.day_high, later.time.day_low
    return (
        event.kind == "drug"
        and later.dose is not None
        and high is not None
        and low is not None
        and high < low
    )


def _end(event: Event, later: Event) -> When | None:
    """The moment of a later step as the end, unless it cannot lie behind the first."""
    low, high = event.time.day_low, later.time.day_high
    if low is not None and high is not None and high < low:
        return None
    if later.action == "continue":
        return later.end_time
    if later.action == "start" and not _anew(event, later):
        return None
    return When(
        day_low=later.time.day_low, day_high=later.time.day_high, relative_to=later.id, offset_low=0.0, offset_high=0.0,
        basis="relative", why=("event.until_stop" if later.action == "stop" else "event.until_next_step",),
    )  # fmt: skip
