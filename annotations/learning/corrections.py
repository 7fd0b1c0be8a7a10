"""What people corrected in a finished document, one expectation a correction.

What: the difference between the two records, so that what was undone is none. A mention that was added is expected, one
that was rejected is not; of what was changed the changed field alone is expected. Values are those of ``fields``.
Example: a dose value corrected to 500 gives ``Expected("event", "drug", 40, 49, "dose value", {"value": 500.0, ...})``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from annotations.learning.fields import OF_ANY, by_id, equal_words
from annotations.learning.finished import Finished
from pipeline.schema import Event, Extraction, Mention, When

What = Literal["mention", "event", "relation"]


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be at ``start``..``end``: a mention or event of a ``kind`` (label), or none; or one ``field`` of it.

    ``is_`` is the value of the field (null: it has none), or whether there is one at all where no field is named; of a
    relation the place of its tail.
    """

    target: str
    what: What
    kind: str
    start: int
    end: int
    field: str | None
    is_: Any

    def moved(self, by: int) -> Expected:
        """The same in a text that begins ``by`` characters later."""
        value = (
            {**self.is_, "start": self.is_["start"] - by, "end": self.is_["end"] - by}
            if self.tail
            else self.is_
        )
        return Expected(self.target, self.what, self.kind, self.start - by, self.end - by, self.field, value)

    @property
    def tail(self) -> bool:
        """Whether the value is a place."""
        return self.what == "relation"

    @property
    def last(self) -> int:
        """The end of what has to be in the text."""
        return max(self.end, self.is_["end"]) if self.tail else self.end

    @property
    def first(self) -> int:
        """The start of what has to be in the text."""
        return min(self.start, self.is_["start"]) if self.tail else self.start


def corrections(one: Finished) -> list[Expected]:
    """The expectations of a document, in the order of its text."""
    found = [*_mentions(one), *_events(one), *_relations(one)]
    return sorted(found, key=lambda e: (e.start, e.end, e.target, e.field or ""))


def _mentions(one: Finished) -> Iterator[Expected]:
    machine, record = ({m.id: m for m in r.mentions} for r in (one.machine, one.record))
    left = {(m.label, m.start, m.end) for m in one.record.mentions}
    for id in sorted({*machine, *record}):
        before, after = machine.get(id), record.get(id)
        if before is not None and (before.label, before.start, before.end) not in left:
            yield Expected(f"{id}-not", "mention", before.label, before.start, before.end, None, False)
        if after is None:
            continue
        if before is None or (before.label, before.start, before.end) != (
            after.label,
            after.start,
            after.end,
        ):
            yield Expected(id, "mention", after.label, after.start, after.end, None, True)
        elif not equal_words(before.name, after.name):
            yield Expected(id, "mention", after.label, after.start, after.end, "name", after.name)
        for flag, value in after.assertion.model_dump().items():
            if before is not None and getattr(before.assertion, flag) != value:
                yield Expected(id, "mention", after.label, after.start, after.end, flag, value)


def _events(one: Finished) -> Iterator[Expected]:
    machine, record = by_id(one.machine.cases), by_id(one.record.cases)
    left = {(e.kind, e.start, e.end) for e in record.values()}
    for id in sorted({*machine, *record}):
        before, after = machine.get(id), record.get(id)
        if before is not None and (before.kind, before.start, before.end) not in left:
            yield Expected(f"{id}-not", "event", before.kind, before.start, before.end, None, False)
        if after is None:
            continue
        kind, start, end = after.kind, after.start, after.end
        if before is None or before.kind != after.kind:
            yield Expected(id, "event", kind, start, end, None, True)
        if before is None or not equal_words(before.name, after.name):
            yield Expected(id, "event", kind, start, end, "name", after.name)
        for name, (read, equal) in OF_ANY.items():
            said, wanted = before and read(before), read(after)
            if (said is None) != (wanted is None) or (wanted is not None and not equal(said, wanted)):
                yield Expected(id, "event", kind, start, end, name, plain(wanted))


def _relations(one: Finished) -> Iterator[Expected]:
    mentions = {m.id: m for record in (one.machine, one.record) for m in record.mentions}
    said, left = (
        {(r.kind, r.head, r.tail) for r in record.relations} for record in (one.machine, one.record)
    )
    kept = {m.id for m in one.record.mentions}
    for kind, head, tail in sorted(said ^ left):
        there = (kind, head, tail) in left
        if there or {head, tail} <= kept:  # what hung on a mention that is gone says nothing of its own
            at = mentions[tail]
            value = {"start": at.start, "end": at.end, "there": there}
            yield Expected(
                f"{head}-{tail}", "relation", kind, mentions[head].start, mentions[head].end, None, value
            )


def plain(value: Any) -> Any:
    """A value of a field as JSON has it."""
    if isinstance(value, When):
        return {"day_low": value.day_low, "day_high": value.day_high}
    return list(value) if isinstance(value, tuple) else value


def holds(expected: Expected, found: Extraction) -> bool:
    """Whether a record is as expected; of several events at the place one has to be."""
    if expected.what == "relation":
        return _related(expected, found) is expected.is_["there"]
    if expected.what == "mention":
        at = (expected.kind, expected.start, expected.end)
        mentions = [m for m in found.mentions if (m.label, m.start, m.end) == at]
        if expected.field is None:
            return bool(mentions) is expected.is_
        return any(_said(m, expected.field) == _folded(expected.is_) for m in mentions)
    events = [
        e for case in found.cases for e in case.events
        if e.kind == expected.kind and e.start < expected.end and expected.start < e.end
    ]  # fmt: skip
    if expected.field is None:
        exact = any((e.start, e.end) == (expected.start, expected.end) for e in events)
        return bool(events) if expected.is_ else not exact
    return any(_is(event, expected.field, expected.is_) for event in events)


def _related(expected: Expected, found: Extraction) -> bool:
    places = {m.id: (m.start, m.end) for m in found.mentions}
    tail = (expected.is_["start"], expected.is_["end"])
    return any(
        r.kind == expected.kind
        and places[r.head] == (expected.start, expected.end)
        and places[r.tail] == tail
        for r in found.relations
    )


def _said(mention: Mention, field: str) -> Any:
    return _folded(mention.name if field == "name" else getattr(mention.assertion, field))


def _folded(value: Any) -> Any:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _is(event: Event, field: str, wanted: Any) -> bool:
    if field == "name":
        return equal_words(event.name, wanted)
    read, equal = OF_ANY[field]
    said = read(event)
    if said is None or wanted is None:
        return said is wanted
    if isinstance(said, When):
        return equal(said, When(**wanted, basis="none"))
    return equal(said, tuple(wanted) if isinstance(wanted, list) else wanted)
