"""The events that sentences of a report make, through the whole pipeline, as short tuples."""

from __future__ import annotations

from functools import cache

import caseline
from pipeline.schema import Event, Extraction

OPENING = "Case presentation\nA 50-year-old man was admitted with nephrotic syndrome. "


@cache
def read(text: str) -> Extraction:
    """The extraction of a report that goes on with ``text``."""
    return caseline.read_text(OPENING + text)


def events(text: str, name: str) -> list[Event]:
    """The events of that name, in order."""
    found = [e for case in read(text).cases for e in case.events if e.name == name]
    return sorted(found, key=lambda e: (e.order, e.start))


def days(event: Event) -> float | tuple[float | None, float | None] | None:
    """The day of an event, two where it is an interval."""
    low, high = event.time.day_low, event.time.day_high
    return low if low == high else (low, high)


def steps(text: str, name: str) -> list[tuple[str | None, float | None, object]]:
    """(action, dose, day) of each step of a treatment."""
    return [(e.action, e.dose and e.dose.value, days(e)) for e in events(text, name)]
