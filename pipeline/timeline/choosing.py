"""Which expression of its sentence an event takes, and which duration belongs to it.

Example: "had a stent two years ago and was taking aspirin": the stent takes the two years, the aspirin does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.schema import TimeValue
from pipeline.timeline import clauses
from pipeline.timeline.anchor import Zero
from pipeline.timeline.cues import FOLLOWED, ONGOING
from pipeline.timeline.draft import Draft
from pipeline.timeline.looking_back import COMPARED, comparison
from pipeline.timeline.moments import Moment
from pipeline.timeline.own_clock import turned
from pipeline.timeline.sentence import Sentence
from pipeline.timeline.story import Story, Told
from pipeline.timeline.strengths import STAY

BESIDE = 60
BEHIND = re.compile(r" \(?(?:on |at |in |by )?")
UNTIL = re.compile(r"\b(?:until|till|through|up to) (?:the )?\S", re.IGNORECASE)
# Another step or a full stop between a treatment and the time.
OTHER = re.compile(r"[;:]|\b(?:then|followed by|when|before|after)\b")


class Chooser:
    """Gives each draft of a story its expression; ``zero`` is day 0 of the case."""

    def __init__(self, story: Story, zero: Zero | None) -> None:
        self.story = story
        self.zero = zero
        self.linked = story.times

    def moment(self, draft: Draft, sentence: Sentence) -> Moment | None:
        """The time of the sentence that a draft takes; the anchor itself takes none, it is day 0."""
        zero = self.zero
        if not sentence.moments or (
            sentence.at_anchor
            and zero is not None
            and (draft.kind == "encounter" or zero.event not in STAY)
            and draft.head.start < zero.end
            and zero.start < draft.head.end
        ):
            return None
        moments, spans = sentence.moments, sentence.spans
        if any(within(draft, m) for m in moments):
            kept = [k for k, m in enumerate(moments) if not within(draft, m)]
            moments, spans = [moments[k] for k in kept], [spans[k] for k in kept]
        earlier = any(m.offset[1] is not None and m.offset[1] < 0 for m in moments)
        if earlier or "(" in self.story.text[sentence.start : spans[-1][0] if spans else sentence.start]:
            place = _told_at(self.story, draft)
            if place != draft.place:
                own = [
                    m
                    for m in moments
                    if -1 < comparison(self.story.text, m.told.start) < place[0] < m.told.start
                ]
                if own:
                    return own[0]
            kept = [k for k, span in enumerate(spans) if not bracketed(self.story.text, place, span)]
            moments, spans = [moments[k] for k in kept], [spans[k] for k in kept]
        chosen = (
            self._behind_result(draft, moments)
            if draft.measurement is not None and len(moments) > 1
            else None
        )
        if chosen is None:
            chosen = self._linked(draft, moments)
        if chosen is None:
            chosen = clauses.choose(draft.place, spans, sentence.begins)
        if chosen is None and len(moments) == 1 and moments[0].points:
            chosen = 0
        if chosen is None:
            return None
        moment = moments[chosen]
        if draft.place[0] < moment.told.start and turned(moment.told):
            return None  # "presented with vomiting 3 hours after he had eaten mushrooms"
        if (
            draft.kind == "encounter"
            and moment.until is not None
            and moment.offset[1] is not None
            and moment.offset[1] < 0
        ):
            return None  # "presented with fever for the past 3 months"
        between = self.story.text[moment.told.end : draft.place[0]]
        high = moment.offset[1]
        if high is not None and high < 0 and ONGOING.search(between):
            return None  # "had a stent two years ago and was taking aspirin"
        if moment.until is not None and FOLLOWED.search(between):
            return replace(moment, node=moment.until, until=None, points=())
        return moment

    def _behind_result(self, draft: Draft, moments: Sequence[Moment]) -> int | None:
        """The time right behind the result: "fell from 8.2 mg/dL on day 2 to 1.4 mg/dL on day 7"."""
        ends = [part.end for part in draft.parts if part.mention.label == "LAB_VALUE"]
        if len(ends) != 1:
            return None
        return next(
            (
                k
                for k, m in enumerate(moments)
                if 0 < m.told.start - ends[0] < 6 and BEHIND.fullmatch(self.story.text, ends[0], m.told.start)
            ),
            None,
        )

    def until(self, draft: Draft, sentence: Sentence) -> Moment | None:
        """The time until which a treatment went on: "anakinra was continued until day 11"."""
        if (
            draft.kind not in ("drug", "procedure")
            or draft.action in ("stop", "not_given")
            or not draft.actual
        ):
            return None
        text = self.story.text
        for moment in sentence.moments:
            start = moment.told.start
            if start < draft.place[1] or moment.points or moment.told.mention.value is None:
                continue
            if UNTIL.search(text, max(0, start - 12), start + 6) and not OTHER.search(
                text, draft.place[1], start
            ):
                return moment
        return None

    def _linked(self, draft: Draft, moments: Sequence[Moment]) -> int | None:
        if draft.at is not None:
            return None
        linked = {t.mention.id for t in self.linked.get(draft.head.mention.id, ())}
        return next((i for i, m in enumerate(moments) if m.told.mention.id in linked), None)

    def length(self, draft: Draft, lengths: Sequence[Told], *, recent: bool) -> Told | None:
        """The duration of an event: the linked one, for a ``recent`` complaint also the nearest of the sentence."""
        if not lengths:
            return None
        linked = {t.mention.id for t in self.linked.get(draft.head.mention.id, ())}
        # Each step of a treatment has its own length.
        own = {t.mention.id for t in draft.parts} if draft.kind in ("drug", "procedure") else linked
        for told in lengths:
            if told.mention.id in own:
                return told
        complaint = draft.kind in ("finding", "diagnosis", "vital") and draft.measurement is None
        if complaint and recent:
            near = min(lengths, key=lambda told: _gap(told, draft))
            if _gap(near, draft) < BESIDE:
                return near
        return None


def _told_at(story: Story, draft: Draft) -> tuple[int, int]:
    """The place of an event; of a result that a bracket behind another one tells, that of the result."""
    for part in draft.parts if draft.measurement is not None or draft.dose is not None else ():
        if part.mention.label not in ("LAB_VALUE", "DOSE"):
            continue
        between = story.text[draft.head.end : part.start]
        if "(" in between or (draft.measurement is not None and COMPARED.search(between)):
            return part.start, part.end
    return draft.place


def bracketed(text: str, place: tuple[int, int], span: tuple[int, int]) -> bool:
    """Whether a time dates only what its bracket tells: "creatinine 2.4 mg/dL (1.6 mg/dL three months earlier)"."""
    opened = comparison(text, span[0])
    if opened < 0 or opened < place[0] < span[1]:
        return False
    if place[0] > opened and text[opened] == "(" and ")" not in text[span[1] : place[0]]:
        return False
    return re.search(r"\d", text[opened : span[0]]) is not None


def _gap(told: Told, draft: Draft) -> int:
    return min(abs(told.start - draft.head.end), abs(draft.head.start - told.end))


def within(draft: Draft, moment: Moment) -> bool:
    """Whether an expression only counts from the draft ("two days after his vaccination")."""
    value, reference = moment.told.mention.value, moment.told.reference
    return (
        reference is not None
        and isinstance(value, TimeValue)
        and value.direction in ("before", "after", "since", "until")
        and reference[0] <= draft.head.start
        and draft.head.end <= reference[1]
    )


def restated(story: Story, day: Moment, moment: Moment) -> bool:
    """Whether an amount says again what a day or date before the comma says: "on day 8, three weeks after surgery".

    So does a number of the day behind a date, and the other way round: "on 3 August (day 0)".
    """
    first, second = day.told.mention.value, moment.told.mention.value
    kinds = {value.kind for value in (first, second) if isinstance(value, TimeValue)}
    if kinds == {"date", "day_number"} and not day.points and not moment.points:
        return story.text[day.told.end : moment.told.start] in (" (", ", ")
    return (
        story.text[day.told.end : moment.told.start] in (", ", " (", ", i.e., ", ", that is, ")
        and isinstance(first, TimeValue)
        and isinstance(second, TimeValue)
        and first.kind in ("day_number", "date")
        and not day.points
        and second.kind == "offset"
        and second.direction == "after"
        and second.low == second.high
    )


def apposed(story: Story, cue: Moment, moment: Moment) -> bool:
    """Whether an amount says when a cue was: "at the first visit, 10 days after discharge"."""
    between = story.text[cue.told.end : moment.told.start]
    value = cue.told.mention.value
    day = getattr(moment.told.mention.value, "kind", "") in ("day_number", "date")
    return (
        (between in (", ", " (", ", i.e., ") or (day and between == " on "))  # "at discharge on day 21"
        and isinstance(value, TimeValue)
        and value.kind == "event"
        and value.direction in ("at", "during")
        and moment.relative_to != "previous"
        and moment.offset[0] is not None
    )
