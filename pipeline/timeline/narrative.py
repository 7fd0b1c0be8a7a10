"""The story read in order: which moment each event takes, and where sentences without a time of their own stand.

A sentence without an expression goes on from the last one told, returns to the admission, or is background. Where
only the order is told, only order constraints are made. Example: "On day 3 she was intubated. Dopamine was given."
puts the dopamine at day 3..4 (narrative).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from pipeline.schema import Basis, TimeValue
from pipeline.timeline import clauses
from pipeline.timeline.anchor import OPERATION, Zero
from pipeline.timeline.cues import (
    DISCHARGE,
    GOES_ON,
    HISTORY,
    LEAVE_REACH,
    OPEN_ENDED,
    ORDER_REACH,
    PLUPERFECT,
    PRESENTS,
    REACH,
    RETOLD,
    RETURNS,
    ROUTINE,
    TECHNICAL,
)
from pipeline.timeline.days import outward
from pipeline.timeline.draft import Draft
from pipeline.timeline.moments import CALENDAR, LOOSE, STRONG, TOLD, ZERO, Clock, Moment
from pipeline.timeline.story import Story, Told


@dataclass(frozen=True, slots=True)
class Placed:
    """A draft with its moment; ``end`` is where a span ends; ``turn`` its place in the told order."""

    draft: Draft
    number: int
    node: str
    end: str | None
    moment: Moment | None
    length: Told | None
    basis: Basis
    rules: tuple[str, ...]
    background: bool
    turn: tuple[int, int]


class Teller:
    """Reads the sentences of one case in order; ``tell`` gives the placed drafts, ``clock`` their constraints."""

    def __init__(
        self, story: Story, sentences: Sequence[int], drafts: Sequence[Draft], zero: Zero | None
    ) -> None:
        self.story = story
        self.sentences = sentences
        self.drafts = drafts
        self.zero = zero
        self.clock = Clock(story, drafts, zero, arrived=zero is None)
        self.cursor: str = ZERO
        self.local: str = ZERO
        self.since = 0
        self.stage = "before" if zero is not None else "after"
        self.known_before = False
        self.open = False
        self.aside: str | None = None
        self.remote = False
        self.technical = False
        self.drifted = False
        self.previous_main: str | None = None
        self.waiting: list[str] = []
        heads = {start for start, _, _ in story.paragraphs}
        self.first = {n for n in sentences if story.sentences[n][0] in heads}
        self.times: dict[int, list[Told]] = defaultdict(list)
        wanted = set(sentences)
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
        return placed

    def _sentence(self, number: int) -> list[Placed]:
        start, end = self.story.sentences[number]
        at_anchor = self.zero is not None and number == self.zero.sentence
        moments: list[Moment] = []
        lengths: list[Told] = []
        for told in self.times.get(number, ()):
            moment = self.clock.moment(told, self.cursor, self.local if not moments else moments[-1].node)
            if moment is not None:
                moments.append(moment)
            elif isinstance(told.mention.value, TimeValue) and told.mention.value.kind == "duration":
                lengths.append(told)
        if at_anchor:
            self._arrive(moments)
        text = self.story.text[start:end]
        if self.aside is not None and moments and RETOLD.search(text):
            told_last = moments[-1]
            low, high = told_last.offset
            span = high - low if told_last.until is None and low is not None and high is not None else 0.0
            self.clock.add(told_last.until or told_last.node, ZERO, 0.0, span, LOOSE, "anchor.retold")
        if (
            self.aside is not None
            and not moments
            and (number in self.first or PRESENTS.search(text) or (self.remote and not GOES_ON.search(text)))
        ):
            self.aside, self.local = None, self.cursor
        begins = clauses.breaks(self.story.text, start, end)
        background = bool(HISTORY.search(text)) and not at_anchor
        kinds = {self.drafts[i].kind for i in self.by_sentence.get(number, ())}
        self.technical = bool(kinds & TECHNICAL)
        if PRESENTS.search(text) or moments:
            self.drifted = False
        if self.previous_main == ZERO and self.stage == "after" and RETURNS.search(text):
            self.cursor, self.open = ZERO, False
            if not moments:
                self.aside, self.local = None, ZERO
        results = []
        spans = [(m.told.start, m.told.end) for m in moments]
        counts: dict[int, int] = defaultdict(int)
        for i in self.by_sentence.get(number, ()):
            draft = self.drafts[i]
            chosen = self._linked(draft, moments)
            if chosen is None:
                chosen = clauses.choose((draft.head.start, draft.head.end), spans, begins)
            if chosen is None and len(moments) == 1 and moments[0].points:
                chosen = 0
            moment = moments[chosen] if chosen is not None else None
            length = self._length(draft, lengths)
            results.append(self._place(i, draft, moment, length, number, at_anchor, background, text, counts))
        was_aside = self.aside is not None
        self._advance(moments, at_anchor, background)
        if self.aside is not None and not was_aside:
            self.remote = background or bool(PLUPERFECT.search(text))
        return results

    def _linked(self, draft: Draft, moments: Sequence[Moment]) -> int | None:
        linked = {t.mention.id for t in self.time_of.get(draft.head.mention.id, ())}
        return next((i for i, m in enumerate(moments) if m.told.mention.id in linked), None)

    def _length(self, draft: Draft, lengths: Sequence[Told]) -> Told | None:
        """The duration of an event: the linked one, for a complaint also the nearest of the sentence."""
        linked = {t.mention.id for t in self.time_of.get(draft.head.mention.id, ())}
        for told in lengths:
            if told.mention.id in linked:
                return told
        recent = self.stage != "after" or (self.cursor == ZERO and self.since <= 4)
        if draft.kind in ("finding", "diagnosis", "vital") and recent and lengths:
            near = min(
                lengths, key=lambda t: min(abs(t.start - draft.head.end), abs(draft.head.start - t.end))
            )
            if min(abs(near.start - draft.head.end), abs(draft.head.start - near.end)) < 60:
                return near
        return None

    def _arrive(self, moments: Sequence[Moment]) -> None:
        """The anchor is told: the story stands at day 0. A chain of times before it ends here."""
        assert self.zero is not None
        for moment in moments:
            near = moment.told.end <= self.zero.start and self.zero.start - moment.told.end < 120
            about_zero = moment.relative_to in ("previous", "calendar") or (
                moment.relative_to or ""
            ).startswith(("e", "ref:"))
            behind = moment.told.start >= self.zero.start and moment.told.start - self.zero.end < 25
            if about_zero and (near or behind) and moment.node != self.cursor:
                if moment.relative_to == "previous" and not self.known_before:
                    continue
                self.clock.add(
                    ZERO,
                    moment.node,
                    0.0,
                    0.0,
                    STRONG,
                    "anchor.dated",
                    (moment.told.mention.start, moment.told.mention.end),
                )
                self.clock.place_calendar(moment.node, 0.0)
                return
        if self.known_before and self.since <= 3:
            self.clock.add(self.cursor, ZERO, 0.0, 14.0, LOOSE, "narrative.then_presented")

    def _advance(self, moments: Sequence[Moment], at_anchor: bool, background: bool) -> None:
        """Where the story stands after a sentence."""
        clock = self.clock
        if at_anchor:
            self.stage, self.cursor, self.local, self.since, self.open = "after", ZERO, ZERO, 1, False
            clock.arrived = True
            self.previous_main = ZERO
            return
        self.since += 1
        if not moments:
            if not background and self.aside is None:
                self.local = self.cursor
            return
        last = moments[-1]
        node = last.points[-1] if last.points else last.node
        self.local = node
        here, now = clock.estimates.get(node), clock.estimates.get(self.cursor)
        if self.stage == "before":
            self.cursor, self.known_before, self.since, self.open = node, True, 1, False
            return
        if background or (last.relative_to == "birth" and (here is None or here < 0)):
            return
        if here is not None and now is not None and here < now - 0.5:
            self.aside = node
            return
        if last.relative_to == "calendar" and here is None and CALENDAR not in clock.estimates:
            self.aside = node
            return
        if (
            self.aside is not None
            and last.relative_to == "previous"
            and (here is None or now is None or here < now)
        ):
            self.aside = node
            return
        self.aside = None
        if last.order_only and last.offset[0] is None:
            return
        if last.order_only and last.told.mention.value is not None:
            clock.add(self.cursor, node, 0.0, None, TOLD, "narrative.forward")
            if now is not None:
                clock.estimates[node] = max(now, here if here is not None else now)
            return
        if self.previous_main is not None and self.previous_main != node:
            clock.add(self.previous_main, node, 0.0, None, TOLD, "narrative.forward")
        for earlier in self.waiting:
            clock.add(earlier, node, 0.0, None, TOLD, "narrative.forward")
        self.waiting.clear()
        if here is None and now is not None:
            clock.add(self.cursor, node, 0.0, None, TOLD, "narrative.forward")
            clock.estimates[node] = now
        self.cursor, self.since, self.open = node, 1, here is None
        self.previous_main = node

    def _place(
        self, i: int, draft: Draft, moment: Moment | None, length: Told | None, number: int, at_anchor: bool,
        background: bool, text: str, counts: dict[int, int],
    ) -> Placed:  # fmt: skip
        node, clock = f"e{i}", self.clock
        turn = (number, 0 if draft.kind in ROUTINE else 1)
        end: str | None = None
        place = (draft.head.mention.start, draft.head.mention.end)
        if (
            moment is not None
            and at_anchor
            and moment.node not in clock.estimates
            and moment.relative_to != "calendar"
        ):
            moment = None
        if moment is not None:
            at = moment.node
            if moment.points:
                at = moment.points[min(counts[id(moment)], len(moment.points) - 1)]
                counts[id(moment)] += 1
            if length is None or draft.kind in ("drug", "procedure", "imaging", "encounter"):
                clock.add(at, node, 0.0, 0.0, STRONG, "event.at_expression", place)
            else:
                self._onset(node, at, length)
                end = node + "end"
                clock.add(at, end, 0.0, 0.0, STRONG, "event.until_expression", place)
            if moment.until is not None:
                end = end or moment.until
            backwards = moment.offset[0] is None
            if moment.order_only and not backwards and self.stage == "after":
                self.waiting.append(node)
                clock.add(self.cursor, node, 0.0, None, TOLD, "narrative.forward", place)
                if not self.open and not self.drifted and moment.relative_to != "discharge":
                    clock.add(self.cursor, node, None, ORDER_REACH, LOOSE, "narrative.soon", place)
            if (
                any("shortly" in rule or "vague" in rule for rule in moment.rules[:1])
                and self.stage == "after"
            ):
                clock.add(self.cursor, node, None, ORDER_REACH - 2.0, LOOSE, "narrative.shortly", place)
            if at in clock.estimates:
                clock.estimates[node] = clock.estimates[at]
            end = end or self._ending(node, draft, length)
            basis: Basis = "explicit" if moment.relative_to in _AXIS else "relative"
            return Placed(
                draft, i, node, end, moment, None, basis, moment.rules, draft.status == "historical", turn
            )
        recent = self.stage != "after" or (self.cursor == ZERO and self.since <= 4)
        if length is not None and draft.kind in ("finding", "diagnosis", "vital") and recent:
            at = (
                ZERO
                if at_anchor or self.stage == "after" or not self.known_before or PRESENTS.search(text)
                else self.cursor
            )
            self._onset(node, at, length)
            end = node + "end"
            clock.add(at, end, 0.0, 0.0, STRONG, "event.until_presentation", place)
            return Placed(
                draft, i, node, end, None, length, "explicit", ("time.duration_before",), False, turn
            )
        known = at_anchor and self.zero is not None and draft.head.end <= self.zero.start
        if (
            (known and draft.kind in ("diagnosis", "drug"))
            or draft.status == "historical"
            or (background and draft.kind not in ("lab", "vital", "imaging"))
        ):
            clock.add(node, ZERO, 0.0, None, TOLD, "known.history_before", place)
            return Placed(draft, i, node, None, None, length, "none", ("narrative.history",), True, turn)
        return self._undated(i, draft, at_anchor, text, turn, place, length)

    def _onset(self, node: str, at: str, length: Told) -> None:
        """A complaint with a duration began that long before ``at``."""
        value = length.mention.value
        if isinstance(value, TimeValue):
            low, high = outward(value.low, value.high, value)
            place = (length.mention.start, length.mention.end)
            self.clock.add(node, at, low, high, STRONG, "event.onset", place)
            if at in self.clock.estimates and value.low is not None:
                self.clock.estimates[node] = self.clock.estimates[at] - value.low

    def _ending(self, node: str, draft: Draft, length: Told | None) -> str | None:
        """The end of a treatment whose duration is told."""
        value = length.mention.value if length else None
        if not isinstance(value, TimeValue) or draft.kind not in ("drug", "procedure", "finding", "outcome"):
            return None
        low, high = outward(value.low, value.high, value)
        self.clock.add(node, node + "end", low, high, STRONG, "event.duration")
        return node + "end"

    def _undated(
        self, i: int, draft: Draft, at_anchor: bool, text: str, turn: tuple[int, int], place: tuple[int, int],
        length: Told | None,
    ) -> Placed:  # fmt: skip
        """An event without a time of its own: goes on from the last one told."""
        node, clock = f"e{i}", self.clock
        end = self._ending(node, draft, length)
        if at_anchor or (self.stage == "before" and not self.known_before and PRESENTS.search(text)):
            clock.add(ZERO, node, 0.0, 0.0, LOOSE, "narrative.presentation", place)
            clock.estimates[node] = 0.0
            return Placed(
                draft, i, node, end, None, length, "narrative", ("narrative.presentation",), False, turn
            )
        if self.stage == "before":
            clock.add(node, ZERO, 0.0, None, TOLD, "narrative.before_presentation", place)
            if self.known_before:
                clock.add(self.cursor, node, 0.0, 0.0, LOOSE, "narrative.same_time", place)
                return Placed(
                    draft, i, node, end, None, length, "narrative", ("narrative.same_time",), False, turn
                )
            return Placed(
                draft, i, node, end, None, length, "none", ("narrative.before_presentation",), True, turn
            )
        if self.aside is not None and not self.remote:
            clock.add(self.aside, node, 0.0, None, TOLD, "narrative.aside", place)
            clock.add(self.aside, node, None, 1.0, LOOSE, "narrative.aside", place)
            if self.aside in clock.estimates:
                clock.estimates[node] = clock.estimates[self.aside]
            return Placed(draft, i, node, end, None, length, "narrative", ("narrative.aside",), False, turn)
        if self.aside is not None:
            clock.add(self.aside, node, 0.0, None, TOLD, "narrative.aside", place)
            clock.add(node, ZERO, 0.0, None, TOLD, "narrative.aside", place)
            if self.aside in clock.estimates:
                clock.estimates[node] = clock.estimates[self.aside]
            return Placed(draft, i, node, end, None, length, "none", ("narrative.aside",), True, turn)
        named = f"{draft.name} {draft.head.mention.text}"
        self.waiting.append(node)
        clock.add(self.cursor, node, 0.0, None, TOLD, "narrative.forward", place)
        if self.cursor in clock.estimates:
            clock.estimates[node] = clock.estimates[self.cursor]
        leaves = DISCHARGE.search(named) is not None and draft.kind == "encounter" and not self.open
        if leaves:
            clock.add(self.cursor, node, None, LEAVE_REACH, LOOSE, "narrative.discharge", place)
        opens = draft.kind in ("encounter", "outcome", "procedure") and (
            OPEN_ENDED.search(named) or (draft.kind == "procedure" and OPERATION.search(named))
        )
        if opens and draft.actual and draft.action != "planned":
            self.open = True
            self.cursor = node
        if leaves:
            return Placed(
                draft, i, node, end, None, length, "narrative", ("narrative.discharge",), False, turn
            )
        reach = REACH[self.since] if self.since < len(REACH) else inf
        if self.cursor == ZERO and (self.technical or self.drifted):
            reach = inf
            self.drifted = True
        if self.open or opens or reach == inf:
            return Placed(draft, i, node, end, None, length, "none", ("narrative.forward",), False, turn)
        clock.add(self.cursor, node, None, reach, LOOSE, "narrative.soon", place)
        return Placed(
            draft,
            i,
            node,
            end,
            None,
            length,
            "narrative",
            ("narrative.forward", "narrative.soon"),
            False,
            turn,
        )


_AXIS = ("admission", "presentation", "surgery", "delivery", "birth", "treatment", "calendar")
