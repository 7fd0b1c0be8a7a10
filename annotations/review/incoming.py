"""What an imported record changes in a layer, as decisions, so that it has an author, a history and an undo.

A mention is the same where characters and label are, else where its id is. What a tool does not keep does not erase: a
field that the imported mention leaves empty stays, and cases and events change only where the record has some. Without
them, an event whose last telling of its own kind is gone goes too, and an added mention that tells an event brings it,
without a day. Example: a record without mention m41 gives ``Decision("remove_mention", "m41")``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotations.review.apply import EVENT_FIELDS
from pipeline.export.exchange.build import RULE
from pipeline.schema import Case, Event, Extraction, Mention, Relation
from pipeline.store.reviews import Decision

EVENT_OF = {
    "DRUG": "drug", "PROCEDURE": "procedure", "LAB_TEST": "lab", "VITAL": "vital", "IMAGING": "imaging",
    "DIAGNOSIS": "diagnosis", "FINDING": "finding", "ENCOUNTER": "encounter", "OUTCOME": "outcome",
}  # fmt: skip
WHEN = ("text", "start", "end", "day_low", "day_high", "relative_to", "offset_low", "offset_high")
OWN = "r"  # ids of what was added in a review


def decisions(
    current: Extraction, wanted: Extraction, *, revision: int, batch: str, add_only: bool = False
) -> list[Decision]:
    """The decisions that turn the ``current`` record of a layer at ``revision`` into the ``wanted`` one.

    With ``add_only`` nothing is removed.

    Raises:
        ValueError: the two have different texts.
    """
    if current.text != wanted.text:
        raise ValueError(f"{wanted.id}: the text is not that of the store")
    change = _Change(revision, batch, add_only)
    change.mentions(current.mentions, wanted.mentions)
    change.relations(current.relations, wanted.relations)
    if wanted.cases:
        change.cases(current.cases, wanted.cases)
    else:
        change.events_of_mentions(current)
    return change.made


@dataclass(slots=True)
class _Change:
    """Decisions in the making; ``ids`` leads from the imported ids to those of the layer."""

    revision: int
    batch: str
    add_only: bool
    made: list[Decision] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    added: list[tuple[str, Mention]] = field(default_factory=list)

    def put(self, kind: Any, target: str | None = None, before: Any = None, after: Any = None) -> str:
        """Adds a decision; gives the id that what it adds will have."""
        self.made.append(Decision(kind, target, before, after, batch=self.batch))
        return f"{OWN}{self.revision + len(self.made)}"

    def mentions(self, current: Sequence[Mention], wanted: Iterable[Mention]) -> None:
        """Edits, removals and additions of mentions."""
        by_span = {_span(one): one for one in current}
        by_id = {one.id: one for one in current}
        pairs: list[tuple[Mention, Mention]] = []
        others, left = [], []
        for new in wanted:
            old = by_span.get(_span(new))
            if old is not None and old.id in by_id:
                del by_id[old.id]
                pairs.append((old, new))
            else:
                others.append(new)
        for new in others:
            old = by_id.get(new.id)
            if old is not None and _same_id(old, new):
                del by_id[old.id]
                pairs.append((old, new))
            else:
                left.append(new)
        for old, new in pairs:
            self.ids[new.id] = old.id
            after = _mention_changes(old, new)
            if after:
                before = {key: old.model_dump(mode="json")[key] for key in after}
                self.put("edit_mention", old.id, before, after)
        for old in () if self.add_only else by_id.values():
            self.removed.add(old.id)
            self.put("remove_mention", old.id, {"label": old.label, "start": old.start, "end": old.end})
        for new in left:
            fields = new.model_dump(
                mode="json", include={"label", "start", "end", "name", "codes", "value", "assertion", "case"}
            )
            self.ids[new.id] = self.put("add_mention", after=fields)
            self.added.append((self.ids[new.id], new))

    def relations(self, current: Iterable[Relation], wanted: Iterable[Relation]) -> None:
        """Removals and additions of relations; those of removed mentions go with them."""
        here = {(r.kind, r.head, r.tail) for r in current if not {r.head, r.tail} & self.removed}
        new = {(r.kind, self.ids[r.head], self.ids[r.tail]) for r in wanted}
        for kind, head, tail in () if self.add_only else sorted(here - new):
            self.put("remove_relation", before={"kind": kind, "head": head, "tail": tail})
        for kind, head, tail in sorted(new - here):
            self.put("add_relation", after={"kind": kind, "head": head, "tail": tail})

    def events_of_mentions(self, current: Extraction) -> None:
        """The events that follow from what happened to the mentions."""
        label = {m.id: m.label for m in current.mentions}
        for case in current.cases:
            for event in case.events:
                told = [m for m in event.mentions if EVENT_OF.get(label.get(m, "")) == event.kind]
                if told and set(told) <= self.removed:
                    self.put("remove_event", event.id)
        for id, mention in self.added:
            if (kind := EVENT_OF.get(mention.label)) is not None:
                self.put("add_event", after={
                    "kind": kind, "name": mention.name or mention.text, "start": mention.start, "end": mention.end,
                    "mentions": [id],
                })  # fmt: skip

    def cases(self, current: Iterable[Case], wanted: Iterable[Case]) -> None:
        """Events case by case; a case that the layer does not have is taken as its first."""
        here = {case.id: case for case in current}
        for case in wanted:
            known = here.get(case.id)
            old = known.events if known else ()
            if known:
                self._case(known, case)
            self._events(old, case.events, case.id if known else None)

    def _case(self, old: Case, new: Case) -> None:
        keys = ("age_years", "sex")
        patient = {
            k: getattr(new.patient, k) for k in keys if getattr(new.patient, k) != getattr(old.patient, k)
        }
        if patient:
            self.put("edit_case", old.id, {"patient": {k: getattr(old.patient, k) for k in patient}},
                     {"patient": patient})  # fmt: skip
        if new.anchor != old.anchor and new.anchor is not None:
            anchor = new.anchor.model_dump(mode="json")
            self.put("edit_case", old.id, {"anchor": old.anchor and old.anchor.model_dump(mode="json")},
                     {"anchor": anchor})  # fmt: skip

    def _events(self, current: Sequence[Event], wanted: Iterable[Event], case: str | None) -> None:
        here = {_key(event): event for event in current}
        pairs: list[tuple[Event, Event]] = []
        fresh: list[Event] = []
        for new in wanted:
            old = here.pop(_key(new), None)
            if old is None:
                fresh.append(new)
            else:
                pairs.append((old, new))
        for old in () if self.add_only else here.values():
            self.put("remove_event", old.id)
        ids = {new.id: old.id for old, new in pairs}
        first = self.revision + len(self.made) + 1
        ids |= {new.id: f"{OWN}{first + rank}" for rank, new in enumerate(fresh)}
        for new in fresh:
            after = self._fields(new, ids)
            self.put("add_event", after=after | ({"case": case} if case else {}))
        for old, new in pairs:
            was, is_ = self._fields(old, None), self._fields(new, ids)
            after = {key: value for key, value in is_.items() if value != was[key]}
            if after:
                self.put("edit_event", old.id, {key: was[key] for key in after}, after)
            elif new.review in ("accepted", "unsure") and new.review != old.review:
                self.put("accept" if new.review == "accepted" else "unsure", old.id)

    def _fields(self, event: Event, ids: Mapping[str, str] | None) -> dict[str, Any]:
        """What may be changed of an event; ``ids`` leads to the layer's, null for an event of the layer."""
        fields = {k: v for k, v in event.model_dump(mode="json").items() if k in EVENT_FIELDS}
        for part in ("time", "end_time"):
            if fields[part] is not None:
                when = {key: fields[part][key] for key in WHEN}
                when["relative_to"] = (ids or {}).get(when["relative_to"], when["relative_to"])
                fields[part] = when
        if ids is not None:
            fields["mentions"] = [self.ids[m] for m in event.mentions if m in self.ids]
        else:
            fields["mentions"] = [m for m in event.mentions if m not in self.removed]
        return fields


def _span(one: Mention) -> tuple[int, int, str]:
    return one.start, one.end, one.label


def _same_id(old: Mention, new: Mention) -> bool:
    """The same id means the same mention only where it is the extraction's, which all layers share."""
    return old.id == new.id and not old.id.startswith(OWN) and old.start < new.end and new.start < old.end


def _key(event: Event) -> tuple[object, ...]:
    """What an event is known by: its id, or what it is where a review has added it."""
    added = event.id.startswith(OWN)
    return (event.kind, event.start, event.end, event.name) if added else (event.id,)


def _mention_changes(old: Mention, new: Mention) -> dict[str, Any]:
    """The fields that differ; of a mention without our own fields (another tool's) only what it says counts."""
    was, is_ = old.model_dump(mode="json"), new.model_dump(mode="json")
    after = {key: is_[key] for key in ("label", "start", "end") if is_[key] != was[key]}
    after |= {key: is_[key] for key in ("name", "codes", "value") if is_[key] and is_[key] != was[key]}
    if new.rule != RULE or new.assertion != type(new.assertion)():
        stated = {k: v for k, v in is_["assertion"].items() if v != was["assertion"][k]}
        after |= {"assertion": stated} if stated else {}
    return after


def counted(made: Iterable[Decision]) -> dict[str, int]:
    """How many decisions of each kind, by kind."""
    return dict(sorted(Counter(one.kind for one in made).items()))
