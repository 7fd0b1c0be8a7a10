"""What a sentence tells of all the patients of a report, given to each case: merged there, else added without a day.

Example: "Both patients received rituximab" in the discussion adds to the rituximab event of either case, or makes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.schema import Case, Event, When
from pipeline.timeline.draft import Draft
from pipeline.timeline.events import drafts
from pipeline.timeline.story import Story, Told

CONFIDENCE = 0.5
MEASURED = ("lab", "vital", "imaging")


def with_shared(story: Story, case: Case, sentences: Sequence[int], used: int) -> Case:
    """The case with what ``sentences`` tell of all patients; its new events are numbered after ``used``."""
    told = [patients_own(one) for one in story.of(sentences)]
    events = list(case.events)
    rank = max((event.order for event in events), default=0) + 1
    for draft in drafts(story, told):
        at = next((i for i, event in enumerate(events) if _same(event, draft)), None)
        ids = tuple(t.mention.id for t in (draft.head, *draft.parts))
        if at is not None:
            known = events[at]
            events[at] = known.model_copy(update={"mentions": tuple(dict.fromkeys((*known.mentions, *ids)))})
        else:
            used += 1
            events.append(_event(f"e{used}", draft, ids, rank))
    return case.model_copy(update={"events": tuple(events)})


def patients_own(one: Told) -> Told:
    """A mention told of the patient, whatever the family or the other patients that its sentence names."""
    assertion = one.mention.assertion.model_copy(update={"family": False, "patient": True})
    return replace(one, mention=one.mention.model_copy(update={"assertion": assertion}))


def _same(event: Event, draft: Draft) -> bool:
    """Whether a case tells the fact already, with no other dose or result."""
    if event.kind != draft.kind or event.name.casefold() != draft.key or event.status != draft.status:
        return False
    if draft.kind in MEASURED:
        return event.measurement == draft.measurement
    amount = draft.dose.value if draft.dose else None
    return amount is None or (event.dose is not None and event.dose.value == amount)


def _event(id: str, draft: Draft, ids: tuple[str, ...], rank: int) -> Event:
    m = draft.head.mention
    return Event(
        id=id, kind=draft.kind, name=draft.name, text=m.text, start=m.start, end=m.end, mentions=ids,
        action=draft.action, status=draft.status, dose=draft.dose, measurement=draft.measurement,
        time=When(basis="none", why=("case.shared",)), order=rank, confidence=round(draft.confidence * CONFIDENCE, 3),
    )  # fmt: skip
