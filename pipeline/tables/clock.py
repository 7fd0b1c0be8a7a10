"""Where the times of a table lie on the day axis of a case.

A head counts from the anchor, from an event that the narrative dates, or on the calendar that it opens; where that is
unknown the offset stays alone. Example: "POD 2" is two days after the operation of day 3, so day 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import inf

from pipeline.schema import Case, Event, Mention, TimeValue, When
from pipeline.tables.grid import Spot
from pipeline.timeline.days import outward, window
from pipeline.timeline.references import TYPED

CONTACT = ("admission", "presentation")
OPEN = (None, None)
SENTENCE = re.compile(r"[.!?]\s+[A-Z]|\n")
NEAR = 160
EVENT_ID = re.compile(r"e\d+")
ALIKE = {"transplantation": re.compile(r"transplant|graft", re.IGNORECASE)}


class Clock:
    """The day axis of one case, as its narrative gives it."""

    def __init__(self, case: Case, mentions: Iterable[Mention], text: str) -> None:
        self.case = case
        self.anchor = case.anchor.event if case.anchor else "presentation"
        self.calendar = _calendar(case, mentions, text)

    def when(self, value: TimeValue | None, spot: Spot | None) -> When:
        """The time of what stands under the head ``spot``, which says ``value``."""
        text, start, end = (spot.text, spot.start, spot.end) if spot else (None, None, None)
        if value is None or value.kind == "unresolved":
            return When(text=text, start=start, end=end, basis="none", why=("table.no_time",))
        if value.kind == "date":
            days = self._date(value)
            return When(
                text=text, start=start, end=end, day_low=days[0], day_high=days[1], relative_to="calendar",
                basis="explicit", why=("table.date",),
            )  # fmt: skip
        low, high = outward(value.low, value.high, value)
        reference, base = self._base(value.reference)
        named = EVENT_ID.fullmatch(reference)
        return When(
            text=text, start=start, end=end, day_low=_sum(base[0], low), day_high=_sum(base[1], high),
            relative_to=reference, offset_low=low, offset_high=high, basis="relative" if named else "explicit",
            why=("table.head",),
        )  # fmt: skip

    def until(self, value: TimeValue | None) -> When | None:
        """Where a span ("Day 3-7") ends."""
        if value is None or value.until_low is None:
            return None
        reference, base = self._base(value.reference)
        if base[0] is None or base[1] is None:
            return When(
                relative_to=reference,
                offset_low=value.until_low,
                offset_high=value.until_high,
                basis="explicit",
                why=("table.head",),
            )
        return When(
            day_low=base[0] + value.until_low,
            day_high=base[1] + (value.until_high or value.until_low),
            basis="explicit",
            why=("table.head",),
        )

    def _base(self, reference: str | None) -> tuple[str, tuple[float | None, float | None]]:
        """What is counted from, and its days."""
        if reference is None or reference == self.anchor or (reference in CONTACT and self.anchor in CONTACT):
            return self.anchor, (0.0, 0.0)
        event = self._event(reference)
        if event is None:
            return reference, OPEN
        return event.id, (event.time.day_low, event.time.day_high)

    def _event(self, reference: str) -> Event | None:
        """The first event of the case that a kind of reference stands for."""
        kinds, pattern = TYPED.get(reference, ((), re.compile("")))
        if reference in ALIKE:
            kinds, pattern = ("procedure",), ALIKE[reference]
        if reference in CONTACT:
            kinds, pattern = ("encounter",), re.compile(reference, re.IGNORECASE)
        fits = [
            event for event in self.case.events
            if event.kind in kinds and event.status == "affirmed" and event.action not in ("planned", "not_given", "stop")
            and pattern.search(f"{event.name} {event.text}")
        ]  # fmt: skip
        if reference in ("treatment", "diagnosis"):
            fits = [event for event in fits if (event.time.day_low or 0.0) >= 0.0]
        if reference == "treatment":
            fits = [event for event in fits if event.kind == "drug"] or fits
        dated = [
            event for event in fits if event.time.day_low is not None and event.time.day_high is not None
        ]
        return next(iter(dated or fits), None)

    def _date(self, value: TimeValue) -> tuple[float | None, float | None]:
        if self.calendar is None or value.date is None:
            return OPEN
        zero, year = self.calendar
        span = window(value.date, year)
        return OPEN if span is None else (span[0] - zero, span[1] - zero)


def _calendar(case: Case, mentions: Iterable[Mention], text: str) -> tuple[float, int] | None:
    """The date of day 0 (proleptic ordinal) and its year: from the sentence of the anchor, or from a dated event."""
    dates = {
        m.start: (m, m.value.date)
        for m in mentions
        if isinstance(m.value, TimeValue) and m.value.kind == "date" and m.value.date is not None
    }
    places = [
        (event.time.start, event.time.day_low, event.time.day_high)
        for event in case.events
        if event.time.relative_to == "calendar"
    ]
    if case.anchor is not None and case.anchor.start is not None and case.anchor.end is not None:
        first, last = case.anchor.start, case.anchor.end
        near = [
            m.start
            for m, _ in dates.values()
            if not SENTENCE.search(text[min(m.start, first) : max(m.end, last)])
            and abs(m.start - first) < NEAR
        ]
        places = [(start, 0.0, 0.0) for start in near[:1]] + places
    for start, low, high in places:
        date = dates[start][1] if start in dates else None
        span = window(date, None) if date else None
        if date and span and span[0] == span[1] and low is not None and low == high:
            return span[0] - low, int(date[:4])
    return None


def _sum(base: float | None, days: float | None) -> float | None:
    return None if base is None or days is None else round(base + days, 4)


def bounds(when: When) -> tuple[float, float]:
    """The days of a time, open sides infinite."""
    return (-inf if when.day_low is None else when.day_low, inf if when.day_high is None else when.day_high)
