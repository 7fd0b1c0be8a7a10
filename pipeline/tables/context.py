"""What the kinds of tables share while they are read: the finders' mentions line by line, new mentions, new events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.schema import (
    Event,
    EventKind,
    Label,
    Measurement,
    Mention,
    Quantity,
    Relation,
    RelationKind,
    TimeValue,
    When,
)
from pipeline.timeline.events import drafts
from pipeline.timeline.measured import against

if TYPE_CHECKING:
    from pipeline.tables.grid import Spot
    from pipeline.tables.values import Limits
    from pipeline.timeline.draft import Draft
    from pipeline.timeline.story import Story, Told

EVENT_KINDS: dict[str, EventKind] = {
    "LAB_TEST": "lab", "VITAL": "vital", "IMAGING": "imaging", "DRUG": "drug", "PROCEDURE": "procedure",
    "FINDING": "finding", "DIAGNOSIS": "diagnosis", "OUTCOME": "outcome", "ENCOUNTER": "encounter",
}  # fmt: skip


class Context:
    """The story of the lines, and what has been made of them: ``mentions`` and ``relations`` grow."""

    def __init__(self, text: str, story: Story, lines: Sequence[tuple[int, int]], first: int) -> None:
        self.text = text
        self.story = story
        self.mentions: dict[str, Mention] = {one.mention.id: one.mention for one in story.told}
        self.relations: list[Relation] = list(story.relations)
        self._next = first
        self._lines: dict[int, list[Told]] = defaultdict(list)
        starts = iter(enumerate(lines))
        number, span = next(starts, (0, (0, 0)))
        for one in story.told:
            while one.start >= span[1]:
                number, span = next(starts)
            self._lines[number].append(one)

    def told(self, line: int, *labels: str) -> list[Told]:
        """The mentions of a line, all or those of ``labels``."""
        return [one for one in self._lines[line] if not labels or one.mention.label in labels]

    def drafts(self, line: int) -> list[Draft]:
        """The draft events of a line."""
        return drafts(self.story, self._lines[line])

    def mention(
        self, label: Label, spot: Spot, rule: str, name: str | None = None,
        value: Quantity | TimeValue | None = None, confidence: float = 0.9,
    ) -> Mention:  # fmt: skip
        """A new mention of a whole cell, or the one that is there."""
        for known in self.mentions.values():
            if known.label == label and known.start == spot.start and known.end == spot.end:
                return known
        made = Mention(
            id=f"m{self._next}", label=label, start=spot.start, end=spot.end, text=self.text[spot.start : spot.end],
            section="table", name=name, value=value, confidence=confidence, rule=rule,
        )  # fmt: skip
        self._next += 1
        self.mentions[made.id] = made
        return made

    def relate(self, kind: RelationKind, head: Mention, tail: Mention) -> None:
        """A relation that the table's form tells."""
        made = Relation(kind=kind, head=head.id, tail=tail.id, confidence=0.9, rule="table.form")
        if made not in self.relations:
            self.relations.append(made)

    def of_others(self, ids: Sequence[str], case: str) -> None:
        """Marks mentions as told of a patient reported elsewhere."""
        for id in ids:
            self.mentions[id] = self.mentions[id].model_copy(
                update={
                    "case": case,
                    "assertion": self.mentions[id].assertion.model_copy(update={"patient": False}),
                }
            )


def event(draft: Draft, when: When, end: When | None = None, extra: Sequence[Mention] = ()) -> Event:
    """An event that a table tells; id and order are given when the case is put together."""
    head = draft.head.mention
    ids = (head.id, *(part.mention.id for part in draft.parts), *(one.id for one in extra))
    return Event(
        id="", kind=draft.kind, name=draft.name, text=head.text, start=head.start, end=head.end,
        mentions=tuple(dict.fromkeys(ids)), action=draft.action, status=draft.status, dose=draft.dose,
        measurement=draft.measurement, time=when, end_time=end, from_table=True, order=0,
        confidence=round(min(draft.confidence, 0.9), 3),
    )  # fmt: skip


def measurement(value: Quantity, limits: Limits | None) -> Measurement:
    """A result against the range of its row."""
    low, high = (limits.low, limits.high) if limits else (None, None)
    return Measurement(
        text=value.text, value=value.value, value_high=value.value_high, unit=value.unit, comparator=value.comparator,
        reference_range=limits.text if limits else None, reference_low=low, reference_high=high,
        interpretation=value.interpretation or against(value, low, high),
    )  # fmt: skip
