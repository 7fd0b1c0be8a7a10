"""The story read in order: which moment each event takes, and where sentences without a time of their own stand.

A sentence without an expression goes on from the last one told, returns to the admission, or is background. Where
only the order is told, only order constraints are made. Example: "On day 3 she was intubated. Dopamine was given."
puts the dopamine at day 3..4 (narrative).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.schema import TimeValue
from pipeline.timeline import clauses, stepped
from pipeline.timeline.anchor import ELSEWHERE, Zero
from pipeline.timeline.cues import (
    CONTACT,
    DAYS_BETWEEN_HOSPITALS,
    FOLLOWED,
    GOES_ON,
    HISTORY,
    ONGOING,
    PATHOLOGY,
    PLUPERFECT,
    PRESENTS,
    RETOLD,
    RETURNS,
    STAY_LENGTH,
    TAKEN,
    TECHNICAL,
)
from pipeline.timeline.draft import Draft
from pipeline.timeline.moments import Clock, Moment
from pipeline.timeline.placing import Placed, Placer
from pipeline.timeline.position import Position
from pipeline.timeline.story import Story, Told
from pipeline.timeline.strengths import CALENDAR, LOOSE, START, STAY, STRONG, TOLD, ZERO


class Teller:
    """Reads the sentences of one case in order; ``tell`` gives the placed drafts, ``clock`` their constraints."""

    def __init__(
        self,
        story: Story,
        sentences: Sequence[int],
        drafts: Sequence[Draft],
        zero: Zero | None,
        elsewhere: Sequence[int] = (),
    ) -> None:
        self.story = story
        self.sentences = sentences
        self.drafts = drafts
        self.zero = zero
        self.clock = Clock(story, drafts, zero, arrived=zero is None)
        self.at = Position("before" if zero is not None else "after")
        self.placer = Placer(self.clock, self.at, zero)
        heads = {start for start, _, _ in story.paragraphs}
        self.first = {n for n in sentences if story.sentences[n][0] in heads}
        self.times: dict[int, list[Told]] = defaultdict(list)
        self.elsewhere = elsewhere
        wanted = {*sentences, *elsewhere}
        for one in story.told:
            if one.sentence in wanted and one.mention.label in ("TIME", "DURATION"):
                self.times[one.sentence].append(one)
        self.by_sentence: dict[int, list[int]] = defaultdict(list)
        for i, draft in enumerate(drafts):
            self.by_sentence[draft.head.sentence].append(i)
        ids = {one.mention.id: one for one in story.told}
        self.time_of: dict[str, list[Told]] = defaultdict(list)
        for relation in story.relations:
            if relation.kind in ("time_of", "duration_of") and relation.tail in ids:
                self.time_of[relation.head].append(ids[relation.tail])

    def tell(self) -> list[Placed]:
        """Places every draft."""
        placed: list[Placed] = []
        for number in self.sentences:
            placed.extend(self._sentence(number))
        self.at.retold = True
        for number in self.elsewhere:
            if number in self.by_sentence:
                placed.extend(self._sentence(number))
        return placed

    def _sentence(self, number: int) -> list[Placed]:
        start, end = self.story.sentences[number]
        at_anchor = self.zero is not None and number == self.zero.sentence
        text = self.story.text[start:end]
        moments, lengths = self._times(number, text)
        told_here = [self.drafts[i] for i in self.by_sentence.get(number, ())]
        further = [draft.at[0] for draft in told_here if draft.at is not None]
        # Only the expressions of a sentence ask for its clauses.
        begins = sorted({*clauses.breaks(self.story.text, start, end), *further}) if moments else []
        spans = [(m.told.start, m.told.end) for m in moments]
        if at_anchor:
            self._arrive(moments, spans, begins)
        if self.at.aside is not None and moments and RETOLD.search(text):
            told_last = moments[-1]
            low, high = told_last.offset
            span = high - low if told_last.until is None and low is not None and high is not None else 0.0
            self.clock.add(told_last.until or told_last.node, ZERO, 0.0, span, LOOSE, "anchor.retold")
        if (
            self.at.aside is not None
            and not moments
            and (
                number in self.first or PRESENTS.search(text) or (self.at.remote and not GOES_ON.search(text))
            )
        ):
            self.at.aside, self.at.local = None, self.at.cursor
        background = bool(HISTORY.search(text)) and not at_anchor and not (lengths and CONTACT.search(text))
        kinds = {draft.kind for draft in told_here}
        self.at.technical = bool(kinds & TECHNICAL)
        if PRESENTS.search(text) or moments:
            self.at.drifted = False
        if self.at.previous_main == ZERO and self.at.stage == "after" and RETURNS.search(text):
            self.at.cursor, self.at.open = ZERO, False
            if not moments:
                self.at.aside, self.at.local = None, ZERO
        self._visit(text, background)
        self._stay(text, lengths)
        self.at.source = self._source(number, text) if not moments else None
        results = []
        counts: dict[int, int] = defaultdict(int)
        for i in self.by_sentence.get(number, ()):
            draft = self.drafts[i]
            moment = stepped.moment(self.clock, i, draft) or self._moment(
                draft, moments, spans, begins, at_anchor
            )
            length = self._length(draft, lengths)
            results.append(
                self.placer.place(i, draft, moment, length, number, at_anchor, background, text, counts)
            )
        self.at.recent = tuple(p.node for p in results if p.moment is None and not self._history(p))
        if self.at.retold:
            return results
        was_aside = self.at.aside is not None
        self._advance(moments, at_anchor, background)
        if self.at.aside is not None and not was_aside:
            self.at.remote = background or bool(PLUPERFECT.search(text))
        return results

    def _times(self, number: int, text: str) -> tuple[list[Moment], list[Told]]:
        """The moments of a sentence, and its mere durations."""
        at = self.at
        if at.aside is not None and number in self.first and not PLUPERFECT.search(text):
            at.local = at.cursor  # a new paragraph goes on from the main line
        moments: list[Moment] = []
        lengths: list[Told] = []
        for told in self.times.get(number, ()):
            value = told.mention.value
            if not isinstance(value, TimeValue):
                continue
            last = moments[-1].node if moments else at.told_last(value)
            moment = self.clock.moment(told, at.cursor, last)
            if moment is not None:
                if last == START and moment.relative_to == "previous":
                    for node in at.recent:
                        self.clock.add(START, node, 0.0, 0.0, TOLD, "narrative.counted_from")
                if moments and self._apposed(moments[-1], moment):
                    self.clock.add(moment.node, moments.pop().node, 0.0, 0.0, STRONG, "time.apposition")
                moments.append(moment)
            elif value.kind == "duration":
                lengths.append(told)
        return moments, lengths

    def _source(self, number: int, text: str) -> int | None:
        """The number of the draft whose tissue a sentence of pathology describes: the last taking told before."""
        if not PATHOLOGY.search(text):
            return None
        for sentence in reversed([n for n in self.by_sentence if n < number]):
            for i in reversed(self.by_sentence[sentence]):
                draft = self.drafts[i]
                done = draft.actual and draft.kind in ("procedure", "imaging") and draft.action != "planned"
                if done and TAKEN.search(f"{draft.name} {draft.head.mention.text}"):
                    return i
        return None

    def _stay(self, text: str, lengths: Sequence[Told]) -> None:
        """The length of the whole stay bounds the discharge: "the total hospitalization length was 21 days"."""
        if not lengths or self.zero is None or not STAY_LENGTH.search(text):
            return
        value = lengths[-1].mention.value
        if isinstance(value, TimeValue) and value.low is not None:
            place = (lengths[-1].mention.start, lengths[-1].mention.end)
            self.clock.add(
                ZERO, "ref:discharge", value.low, value.high, STRONG, "known.length_of_stay", place
            )

    def _apposed(self, cue: Moment, moment: Moment) -> bool:
        """Whether an amount says when a cue was: "at the first visit, 10 days after discharge"."""
        between = self.story.text[cue.told.end : moment.told.start]
        value = cue.told.mention.value
        return (
            between in (", ", " (", ", i.e., ")
            and isinstance(value, TimeValue)
            and value.kind == "event"
            and value.direction in ("at", "during")
            and moment.relative_to != "previous"
            and moment.offset[0] is not None
        )

    def _visit(self, text: str, background: bool) -> None:
        """A first presentation before the anchor: what follows goes on from it."""
        at = self.at
        if at.stage == "before" and not background and CONTACT.search(text):
            at.visited = at.visited or not at.known_before
            at.elsewhere = at.elsewhere or bool(ELSEWHERE.search(text))

    @staticmethod
    def _history(placed: Placed) -> bool:
        return placed.draft.status == "historical" or placed.rules == ("narrative.history",)

    def _moment(
        self, draft: Draft, moments: Sequence[Moment], spans: Sequence[tuple[int, int]],
        begins: Sequence[int], at_anchor: bool,
    ) -> Moment | None:  # fmt: skip
        """The time of the sentence that a draft takes; the anchor itself takes none, it is day 0."""
        if not moments:
            return None
        zero = self.zero
        if (
            at_anchor
            and zero is not None
            and (draft.kind == "encounter" or zero.event not in STAY)
            and draft.head.start < zero.end
            and zero.start < draft.head.end
        ):
            return None
        counted_from = [k for k, m in enumerate(moments) if self._within(draft, m)]
        if counted_from:
            kept = [k for k in range(len(moments)) if k not in counted_from]
            moments, spans = [moments[k] for k in kept], [spans[k] for k in kept]
            if not moments:
                return None
        chosen = self._linked(draft, moments)
        if chosen is None:
            chosen = clauses.choose(draft.place, spans, begins)
        if chosen is None and len(moments) == 1 and moments[0].points:
            chosen = 0
        if chosen is None:
            return None
        moment = moments[chosen]
        between = self.story.text[moment.told.end : draft.place[0]]
        high = moment.offset[1]
        if high is not None and high < 0 and ONGOING.search(between):
            return None  # "had a stent two years ago and was taking aspirin"
        if moment.until is not None and FOLLOWED.search(between):
            return replace(moment, node=moment.until, until=None, points=())
        return moment

    @staticmethod
    def _within(draft: Draft, moment: Moment) -> bool:
        """Whether an expression only counts from the draft ("two days after his vaccination")."""
        value, reference = moment.told.mention.value, moment.told.reference
        return (
            reference is not None
            and isinstance(value, TimeValue)
            and value.direction in ("before", "after", "since", "until")
            and reference[0] <= draft.head.start
            and draft.head.end <= reference[1]
        )

    def _linked(self, draft: Draft, moments: Sequence[Moment]) -> int | None:
        if draft.at is not None:
            return None
        linked = {t.mention.id for t in self.time_of.get(draft.head.mention.id, ())}
        return next((i for i, m in enumerate(moments) if m.told.mention.id in linked), None)

    def _length(self, draft: Draft, lengths: Sequence[Told]) -> Told | None:
        """The duration of an event: the linked one, for a complaint also the nearest of the sentence."""
        linked = {t.mention.id for t in self.time_of.get(draft.head.mention.id, ())}
        own = {t.mention.id for t in draft.parts}
        for told in lengths:
            if told.mention.id in own or (told.mention.id in linked and draft.kind not in ("drug", "procedure")):
                return told
        recent = self.at.stage != "after" or (self.at.cursor == ZERO and self.at.since <= 4)
        if draft.kind in ("finding", "diagnosis", "vital") and recent and lengths:
            near = min(
                lengths, key=lambda t: min(abs(t.start - draft.head.end), abs(draft.head.start - t.end))
            )
            if min(abs(near.start - draft.head.end), abs(draft.head.start - near.end)) < 60:
                return near
        return None

    def _arrive(
        self, moments: Sequence[Moment], spans: Sequence[tuple[int, int]], begins: Sequence[int]
    ) -> None:
        """The anchor is told: the story stands at day 0. A chain of times before it ends here."""
        assert self.zero is not None
        at, zero, clock = self.at, self.zero, self.clock
        own = clauses.choose((zero.start, zero.end), spans, begins)
        for moment in [*([moments[own]] if own is not None else []), *moments]:
            near = moment.told.end <= zero.start and zero.start - moment.told.end < 120
            behind = moment.told.start >= zero.start and moment.told.start - zero.end < 25
            counted = moment.relative_to in ("previous", "calendar", "pregnancy") or (
                moment.relative_to or ""
            ).startswith(("e", "ref:"))
            if counted and (near or behind) and moment.node != at.cursor:
                place = (moment.told.mention.start, moment.told.mention.end)
                clock.add(ZERO, moment.node, 0.0, 0.0, STRONG, "anchor.dated", place)
                clock.place_calendar(moment.node, 0.0)
                return
        if at.known_before and (at.since <= 3 or at.elsewhere):
            clock.add(at.cursor, ZERO, 0.0, DAYS_BETWEEN_HOSPITALS, LOOSE, "narrative.then_presented")
        elif at.visited:
            most = DAYS_BETWEEN_HOSPITALS if at.elsewhere else 0.0
            clock.add(START, ZERO, 0.0, most, LOOSE, "narrative.then_presented")

    def _advance(self, moments: Sequence[Moment], at_anchor: bool, background: bool) -> None:
        """Where the story stands after a sentence."""
        clock = self.clock
        if at_anchor:
            self.at.stage, self.at.cursor, self.at.local, self.at.since, self.at.open = (
                "after",
                ZERO,
                ZERO,
                1,
                False,
            )
            clock.arrived = True
            self.at.previous_main = ZERO
            return
        self.at.since += 1
        if not moments:
            if not background and self.at.aside is None:
                self.at.local = self.at.cursor
            return
        last = moments[-1]
        node = last.points[-1] if last.points else last.node
        if self.at.stage == "before" and self.at.visited:
            first = last.offset[0]
            if (first is not None and first < 0) or (not self.at.known_before and last.offset == (0.0, 0.0)):
                return  # a look back, or the first presentation itself
        self.at.local = node
        here, now = clock.estimates.get(node), clock.estimates.get(self.at.cursor)
        if self.at.stage == "before":
            self.at.cursor, self.at.known_before, self.at.since, self.at.open = node, True, 1, False
            return
        if background or (last.relative_to == "birth" and (here is None or here < 0)):
            return
        if here is not None and now is not None and here < now - 0.5:
            self.at.aside = node
            return
        if last.relative_to == "calendar" and here is None and CALENDAR not in clock.estimates:
            self.at.aside = node
            return
        if (
            self.at.aside is not None
            and last.relative_to == "previous"
            and (here is None or now is None or here < now)
        ):
            self.at.aside = node
            return
        self.at.aside = None
        if last.order_only and last.offset[0] is None:
            return
        if last.order_only and last.told.mention.value is not None:
            clock.add(self.at.cursor, node, 0.0, None, TOLD, "narrative.forward")
            if now is not None:
                clock.estimates[node] = max(now, here if here is not None else now)
            return
        if self.at.previous_main is not None and self.at.previous_main != node:
            clock.add(self.at.previous_main, node, 0.0, None, TOLD, "narrative.forward")
        for earlier in self.at.waiting:
            clock.add(earlier, node, 0.0, None, TOLD, "narrative.forward")
        self.at.waiting.clear()
        if here is None and now is not None:
            clock.add(self.at.cursor, node, 0.0, None, TOLD, "narrative.forward")
            clock.estimates[node] = now
        self.at.cursor, self.at.since, self.at.open = node, 1, here is None
        self.at.previous_main = node
