"""What the machine said of each field against what people left: right, wrong, missed.

What: an event or mention keeps its id through the review, so the two records are paired by id: what is gone was wrong,
what was added was missed, what was changed is both wrong as it was and missed as it is. A quantity is right where
``agreement.same_quantity`` says so, a day by ``scoring.timeline.right_day``. Fields of an event that is gone count as
wrong too, those of one that was added as missed.
Example: 375 mg/m2 corrected to 500 mg/m2 is one wrong and one missed dose value, and one right dose unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from annotations.agreement.attributes import same_quantity
from annotations.learning.finished import Finished
from annotations.scoring.records import Event as Scored
from annotations.scoring.timeline import right_day
from pipeline.schema import Case, Event, Mention, When

Read = Callable[[Event], Any]
Same = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a field in one document."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


RIGHT, WRONG, MISSED = Tally(right=1), Tally(wrong=1), Tally(missed=1)


def tallies(one: Finished) -> dict[str, Tally]:
    """The counts of each field of one document."""
    sums: defaultdict[str, Tally] = defaultdict(Tally)
    for name, tally in (*_events(one), *_patients(one), *_mentions(one)):
        sums[name] += tally
    return dict(sums)


def equal_words(a: Any, b: Any) -> bool:
    """Whether two answers have the same words, without regard to case and blanks."""
    return bool(str(a).casefold().split() == str(b).casefold().split())


def _number(a: Any, b: Any) -> bool:
    """The same number as written, whatever became of its unit, or the same amount in another unit."""
    return same_quantity({**a, "unit": None}, {**b, "unit": None}) or same_quantity(a, b)


def _unit(a: Any, b: Any) -> bool:
    return bool(a == b)


def _day(a: When, b: When) -> bool:
    first, second = (Scored(None, (), (), when.day_low, when.day_high) for when in (a, b))
    return right_day(first, second) and right_day(second, first)


def _dated(when: When | None) -> When | None:
    return when if when is not None and when.day_low is not None and when.day_high is not None else None


def _quantity(part: str) -> Read:
    def read(event: Event) -> Any:
        found = getattr(event, part)
        if found is None or found.value is None:
            return None
        return {key: getattr(found, key) for key in ("value", "value_high", "comparator", "unit")}

    return read


def _of(part: str, field: str) -> Read:
    return lambda event: getattr(getattr(event, part), field, None)


def _range(event: Event) -> Any:
    found = event.measurement
    if found is None or (found.reference_low, found.reference_high) == (None, None):
        return None
    return found.reference_low, found.reference_high


def _words(event: Event) -> Any:
    """A result that is no number."""
    found = event.measurement
    return None if found is None or found.value is not None else found.interpretation or found.text or None


# field -> (what an event says of it, None for nothing; whether two answers are the same)
OF_ANY: dict[str, tuple[Read, Same]] = {
    "status": (lambda event: event.status, equal_words),
    "action": (lambda event: event.action, equal_words),
    "day": (lambda event: _dated(event.time), _day),
    "end day": (lambda event: _dated(event.end_time), _day),
    "dose value": (_quantity("dose"), _number),
    "dose unit": (_of("dose", "unit"), _unit),
    "route": (_of("dose", "route"), equal_words),
    "frequency": (_of("dose", "frequency"), equal_words),
    "duration": (_of("dose", "duration_days"), equal_words),
    "result value": (_quantity("measurement"), _number),
    "result unit": (_of("measurement", "unit"), _unit),
    "result in words": (_words, equal_words),
    "reference range": (_range, equal_words),
}


def _events(one: Finished) -> Iterator[tuple[str, Tally]]:
    machine, record = by_id(one.machine.cases), by_id(one.record.cases)
    for id in sorted({*machine, *record}):
        before, after = machine.get(id), record.get(id)
        if before and after and before.kind == after.kind and equal_words(before.name, after.name):
            yield before.kind, RIGHT
        else:
            if before:
                yield before.kind, WRONG
            if after:
                yield after.kind, MISSED
        for name, (read, equal) in OF_ANY.items():
            yield from _field(name, before and read(before), after and read(after), equal)


def _field(name: str, said: Any, wanted: Any, equal: Same) -> Iterator[tuple[str, Tally]]:
    if said is not None and wanted is not None and equal(said, wanted):
        yield name, RIGHT
        return
    if said is not None:
        yield name, WRONG
    if wanted is not None:
        yield name, MISSED


def by_id(cases: tuple[Case, ...]) -> dict[str, Event]:
    """The events of all cases by their ids."""
    return {event.id: event for case in cases for event in case.events}


def _patients(one: Finished) -> Iterator[tuple[str, Tally]]:
    machine = {case.id: case for case in one.machine.cases}
    record = {case.id: case for case in one.record.cases}
    for id in sorted({*machine, *record}):
        before, after = machine.get(id), record.get(id)
        for name in ("age_years", "sex"):
            said, wanted = (case and getattr(case.patient, name) for case in (before, after))
            yield from _field("age" if name == "age_years" else name, said, wanted, equal_words)
        said, wanted = (case and case.anchor and case.anchor.event for case in (before, after))
        yield from _field("day 0", said, wanted, equal_words)


def _mentions(one: Finished) -> Iterator[tuple[str, Tally]]:
    machine = {m.id: m for m in one.machine.mentions}
    record = {m.id: m for m in one.record.mentions}
    for id in sorted({*machine, *record}):
        before, after = machine.get(id), record.get(id)
        if before is not None and after is not None and _place(before) == _place(after):
            yield f"span {before.label}", RIGHT
            continue
        if before is not None:
            yield f"span {before.label}", WRONG
        if after is not None:
            yield f"span {after.label}", MISSED


def _place(one: Mention) -> tuple[str, int, int]:
    return one.label, one.start, one.end
