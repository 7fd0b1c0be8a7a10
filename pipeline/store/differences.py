"""What changed between two extractions of a document: events that came, went, moved, or tell another value.

Events are paired by case, kind and name; of several alike those at the same characters first, the others in their
order, so that a new version of the text, in which all characters have moved, is compared too.
Example: ``differences(old, new)`` gives ``Change("moved", "c1", "drug", "rituximab", "day 24", "day 28")``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.schema import Event, Extraction, When

What = Literal["added", "removed", "moved", "value"]
Alike = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One event that is not as it was; ``before`` and ``after`` are days, or values where ``what`` is "value"."""

    what: What
    case: str
    kind: str
    name: str
    before: str
    after: str

    @property
    def line(self) -> str:
        """For people: "moved: drug rituximab (c1), day 24 -> day 28"."""
        sides = " -> ".join(filter(None, (self.before, self.after)))
        return f"{self.what}: {self.kind} {self.name} ({self.case})" + (f", {sides}" if sides else "")


def differences(old: Extraction, new: Extraction) -> tuple[Change, ...]:
    """The changes, in the order of the cases and events of the two records."""
    before, after = _alike(old), _alike(new)
    found: list[Change] = []
    for key in dict.fromkeys((*before, *after)):
        pairs = _paired(before.get(key, ()), after.get(key, ()), old.text == new.text)
        found.extend(change for one, other in pairs for change in _compared(key, one, other))
    return tuple(found)


def day(time: When) -> str:
    """A day for people: "day 3", "day 3 to 5", "day 3 or later", "no day"."""
    low, high = time.day_low, time.day_high
    if low is None and high is None:
        return "no day"
    if low is None:
        return f"day {high:g} or earlier"
    if high is None:
        return f"day {low:g} or later"
    return f"day {low:g}" if low == high else f"day {low:g} to {high:g}"


def _alike(extraction: Extraction) -> dict[Alike, list[Event]]:
    found: dict[Alike, list[Event]] = {}
    for case in extraction.cases:
        for event in case.events:
            found.setdefault((case.id, event.kind, event.name), []).append(event)
    return found


def _paired(
    old: Sequence[Event], new: Sequence[Event], same_text: bool
) -> Iterator[tuple[Event | None, Event | None]]:
    """Each event of either side with its counterpart, or None."""
    waiting, others = list(new), list(old)
    if same_text:
        places = {(event.start, event.end): event for event in reversed(new)}
        for event in old:
            there = places.pop((event.start, event.end), None)
            if there is not None:
                others.remove(event)
                waiting.remove(there)
                yield event, there
    yield from zip(others, waiting, strict=False)
    yield from ((event, None) for event in others[len(waiting) :])
    yield from ((None, event) for event in waiting[len(others) :])


def _compared(key: Alike, old: Event | None, new: Event | None) -> Iterator[Change]:
    if old is None or new is None:
        if new is not None:
            yield Change("added", *key, "", day(new.time))
        elif old is not None:
            yield Change("removed", *key, day(old.time), "")
        return
    if day(old.time) != day(new.time):
        yield Change("moved", *key, day(old.time), day(new.time))
    if _value(old) != _value(new):
        yield Change("value", *key, _value(old), _value(new))


def _value(event: Event) -> str:
    """Dose or result as numbers; "none" where there is neither."""
    told = event.dose or event.measurement
    if told is None:
        return "none"
    if told.value is None:
        return "in words"
    number = f"{told.value:g}" if told.value_high is None else f"{told.value:g}-{told.value_high:g}"
    return f"{told.comparator or ''}{number} {told.unit or ''}".strip()
