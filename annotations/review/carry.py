"""Decisions that were made on an earlier extraction, carried over to the present one.

A rule, a lexicon or the text itself has changed since somebody decided: ids and offsets are others. A mention is the same
where its label and characters are, an event where its kind and characters are, else where they overlap; in another text a
place is found by the words around it. What a person had added and the pipeline now finds by itself is not added twice;
what was rejected and is gone is settled. A decision on something that is gone is **not lost**: it stays in the store, and
the record says in a notice what could not be applied.
Example: ``accept`` on e17 ("rituximab" at 40:49) becomes ``accept`` on e15 where that is the event at 40:49 now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from annotations.review.apply import DecisionError, reviewed
from annotations.review.decisions import effective
from pipeline.schema import Event, Extraction, Notice
from pipeline.store.reviews import Decided, Decision

GONE = "review_decision_gone"
AROUND = (80, 40, 15)  # characters on each side by which a place is found in another text
UNBOUND = ("comment", "document_done", "undo")
RELATIONS = ("add_relation", "edit_relation", "remove_relation")
# Where what they are about is gone they have nothing more to say.
SETTLED = ("reject", "remove_mention", "remove_event", "remove_relation", *UNBOUND)
FIELDS = ("name", "codes", "value", "assertion", "case")  # of a mention, beside its label and characters
IDS = ("head", "tail", "relative_to", "mentions", "merged")
Data = dict[str, Any]


def carried(
    decided: Sequence[Decided],
    extraction_id: str,
    extraction: Extraction,
    earlier: Callable[[str], Extraction],
) -> tuple[list[Decided], list[Notice]]:
    """The decisions in the ids and offsets of an extraction, and a notice for each that counts and cannot be carried.

    ``earlier`` gives an extraction by its id.
    """
    old = dict.fromkeys(one.extraction_id for one in decided if one.extraction_id != extraction_id)
    if not old:
        return list(decided), []
    maps = {id: _Map(earlier(id), extraction) for id in old}
    counting = {one.revision for one in effective(decided)}
    known: dict[str, str] = {}  # what was added, and is now found
    kept: list[Decided] = []
    gone: list[Notice] = []
    for one in decided:
        move = maps.get(one.extraction_id)
        moved = one.decision if move is None else move.decision(one, known)
        if moved is not None:
            kept.append(replace(one, decision=_renamed(moved, known), extraction_id=extraction_id))
        elif one.revision in counting and one.decision.kind not in SETTLED:
            gone.append(_notice(one))
    return kept, gone


def fitting(
    extraction: Extraction, decided: Sequence[Decided], layer: str
) -> tuple[Extraction, list[Notice]]:
    """The record after the decisions that fit; a notice for each carried one that does not."""
    try:
        return reviewed(extraction, decided, layer), []
    except DecisionError:
        kept: list[Decided] = []
        gone: list[Notice] = []
        for one in decided:
            try:
                reviewed(extraction, [*kept, one], layer)
                kept.append(one)
            except DecisionError:
                gone.append(_notice(one))
        return reviewed(extraction, kept, layer), gone


def _notice(one: Decided) -> Notice:
    target = f" on {one.decision.target}" if one.decision.target else ""
    return Notice(
        code=GONE,
        message=f"decision {one.revision} of {one.author} ({one.decision.kind}{target}, {one.at}) was made on an "
        "earlier extraction and what it is about is no longer there; it is kept in the store, not in this record",
    )


class _GoneError(Exception):
    """A part of what a decision is about is no longer there."""


class _Map:
    """From the ids and offsets of one extraction to those of another."""

    def __init__(self, old: Extraction, new: Extraction) -> None:
        self.old, self.new = old, new
        self.places: dict[tuple[int, int], tuple[int, int] | None] = {}
        self.mentions = {m.id: m for m in old.mentions}
        self.events = {e.id: e for case in old.cases for e in case.events}
        self.cases = {case.id for case in new.cases}
        self.found = {(m.label, m.start, m.end): m.id for m in new.mentions}
        self.happened = [e for case in new.cases for e in case.events]

    def _place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the old text stands in the new one."""
        if self.old.text == self.new.text:
            return start, end
        if (start, end) not in self.places:
            self.places[start, end] = self._searched(start, end)
        place = self.places[start, end]
        if place is None:
            raise _GoneError
        return place

    def _searched(self, start: int, end: int) -> tuple[int, int] | None:
        for width in AROUND:
            first = max(0, start - width)
            words = self.old.text[first : end + width]
            at = self.new.text.find(words)
            if at >= 0 and self.new.text.find(words, at + 1) < 0:
                return at + start - first, at + end - first
        return None

    def decision(self, one: Decided, known: dict[str, str]) -> Decision | None:
        """A decision in the new ids and offsets; None where what it is about is gone."""
        try:
            return self._decision(one, known)
        except _GoneError:
            return None

    def _decision(self, one: Decided, known: dict[str, str]) -> Decision:
        """The same; what was added and is there now is accepted or edited instead."""
        decision = one.decision
        if decision.kind in UNBOUND:
            return decision
        before, after = self._moved(decision.before), self._moved(decision.after)
        if decision.kind in RELATIONS:
            return replace(decision, before=before, after=after)
        if decision.kind == "add_mention":
            there = self.found.get((after.get("label"), after.get("start"), after.get("end")))
            if there is not None:
                known[f"r{one.revision}"] = there
                fields = {key: value for key, value in after.items() if key in FIELDS}
                return replace(
                    decision, kind="edit_mention" if fields else "accept", target=there, after=fields
                )
            return replace(decision, after=after)
        if decision.kind == "add_event":
            place = after.get("start"), after.get("end")
            same = (e.id for e in self.happened if e.kind == after.get("kind") and (e.start, e.end) == place)
            there = next(same, None)
            if there is not None:
                known[f"r{one.revision}"] = there
                fields = {key: value for key, value in after.items() if key != "case"}
                return replace(decision, kind="edit_event", target=there, after=fields)
            return replace(decision, after=after)
        return replace(decision, target=self._id(decision.target), after=after)

    def _id(self, id: str | None) -> str | None:
        """The new id of a mention, event or case; what a decision has added keeps its own."""
        if id is None or id.startswith("r") or id in self.cases:
            return id
        if id in self.mentions:
            one = self.mentions[id]
            new = self.found.get((one.label, *self._place(one.start, one.end)))
        else:
            new = self._event(self.events.get(id))
        if new is None:
            raise _GoneError
        return new

    def _event(self, one: Event | None) -> str | None:
        """The event of the new record that is this one: of its kind, its very characters and name before others."""
        if one is None:
            return None
        start, end = self._place(one.start, one.end)
        found = [
            ((e.start, e.end) != (start, end), e.name != one.name, abs(e.start - start), e.id)
            for e in self.happened
            if e.kind == one.kind and e.start < end and start < e.end
        ]
        return min(found)[-1] if found else None

    def _moved(self, said: Any) -> Any:
        """What a decision says, in new ids and offsets."""
        if not isinstance(said, dict):
            return said
        moved = dict(said)
        if isinstance(said.get("start"), int) and isinstance(said.get("end"), int):
            moved["start"], moved["end"] = self._place(said["start"], said["end"])
        for part in ("time", "end_time", "anchor"):
            if isinstance(said.get(part), dict):
                moved[part] = self._moved(said[part])
        for key in ("head", "tail"):
            if key in said:
                moved[key] = self._id(said[key])
        if said.get("relative_to") in self.events:
            moved["relative_to"] = self._id(said["relative_to"])
        for key in ("mentions", "merged"):
            if isinstance(said.get(key), (list, tuple)):
                moved[key] = [self._id(id) for id in said[key]]
        return moved


def _renamed(decision: Decision, known: dict[str, str]) -> Decision:
    """The decision with the ids of what was added and is now found."""
    if not known:
        return decision
    after = decision.after
    if isinstance(after, dict):
        after = {key: _known(value, known) if key in IDS else value for key, value in after.items()}
        if isinstance(after.get("time"), dict):
            after["time"] = {k: _known(v, known) if k in IDS else v for k, v in after["time"].items()}
    return replace(decision, target=_known(decision.target, known), after=after)


def _known(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [known.get(one, one) for one in value]
    return known.get(value, value) if isinstance(value, str) else value


def with_notices(record: Extraction, notices: Iterable[Notice]) -> Extraction:
    """The record with further notices."""
    more = tuple(notices)
    return record.model_copy(update={"warnings": (*record.warnings, *more)}) if more else record
