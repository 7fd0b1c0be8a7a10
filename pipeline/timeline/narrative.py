"""The story read in order: which moment each event takes, and where sentences without a time of their own stand.

A sentence without an expression goes on from the last one told, returns to the admission, or is background. Where
only the order is told, only order constraints are made. Example: "On day 3 she was intubated. Dopamine was given."
puts the dopamine at day 3..4 (narrative).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.schema import TimeValue
from pipeline.timeline import advancing, clauses, each_day, looking_back, stepped
from pipeline.timeline.anchor import Zero
from pipeline.timeline.choosing import Chooser, apposed, restated
from pipeline.timeline.cues import (
    CONTACT,
    HISTORY,
    PATHOLOGY,
    PLUPERFECT,
    STAY_LENGTH,
    TAKEN,
    TECHNICAL,
)
from pipeline.timeline.draft import Draft
from pipeline.timeline.hints import in_name
from pipeline.timeline.moments import Clock, Moment
from pipeline.timeline.own_clock import before_arrival
from pipeline.timeline.placed import Placed
from pipeline.timeline.placing import Placer
from pipeline.timeline.position import Position
from pipeline.timeline.sentence import Sentence
from pipeline.timeline.story import Story, Told
from pipeline.timeline.strengths import KNOWN, START, STRONG, TOLD, ZERO

RECENT = 4
GOES_ON_TO = re.compile(r"\b(?:until|till|through|up to)\b")


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
        self.chooser = Chooser(story, zero)
        self.further = len(drafts)  # the number of the next event of a list of days
        titles = story.titles or ("",) * len(story.paragraphs)
        heads = {start: title for (start, _, _), title in zip(story.paragraphs, titles, strict=True)}
        self.first = {n: heads[story.sentences[n][0]] for n in sentences if story.sentences[n][0] in heads}
        self.worked_up = self._treatment_begins()
        self.times: dict[int, list[Told]] = defaultdict(list)
        self.elsewhere = elsewhere
        for one in story.of((*sentences, *elsewhere)):
            if one.mention.label in ("TIME", "DURATION"):
                self.times[one.sentence].append(one)
        self.by_sentence: dict[int, list[int]] = defaultdict(list)
        for i, draft in enumerate(drafts):
            self.by_sentence[draft.head.sentence].append(i)

    def _treatment_begins(self) -> int:
        """The number of the sentence with which treatment begins under a heading, after the work-up under one, else 0."""
        headed = [(n, title) for n, title in self.first.items() if title]
        for (_, before), (n, title) in pairwise(headed):
            if looking_back.follows_work_up((before, title)):
                return n
        return 0

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
        sentence = self._read(number)
        at = self.at
        advancing.enter(self.clock, at, self.zero, sentence)
        advancing.visited(at, sentence)
        self._stay(sentence)
        at.source = self._source(sentence) if not sentence.moments else None
        results = []
        counts: dict[tuple[int, str], int] = defaultdict(int)
        recent = at.stage != "after" or (at.cursor == ZERO and at.since <= RECENT)
        until = bool(sentence.moments) and GOES_ON_TO.search(sentence.text) is not None
        for i in self.by_sentence.get(number, ()):
            draft = self.drafts[i]
            moment = stepped.moment(self.clock, i, draft) or self.chooser.moment(draft, sentence)
            length = self.chooser.length(draft, sentence.lengths, recent=recent)
            if moment is None or not moment.points:
                placed = self.placer.place(i, draft, moment, length, sentence, counts)
                results.append(self._until(placed, sentence) if until else placed)
                continue
            beside = [self.drafts[k] for k in self.by_sentence[number] if k != i]
            if draft.kind in each_day.KINDS and sum(d.measurement is not None for d in beside) > 1:
                moment = replace(
                    moment, node=moment.points[0], points=()
                )  # the days are those of the results
            alone = not any(d.kind in each_day.KINDS for d in beside)
            for k, (one, day) in enumerate(each_day.days(self.story.text, draft, moment, alone)):
                own = self.further if k else i
                self.further += k > 0
                results.append(self.placer.place(own, one, day, length, sentence, counts))
        at.recent = tuple(p.node for p in results if p.moment is None and not self._history(p))
        if not at.retold:
            advancing.leave(self.clock, at, sentence)
        return results

    def _until(self, placed: Placed, sentence: Sentence) -> Placed:
        """A treatment that goes on to a time has its end there."""
        last = self.chooser.until(placed.draft, sentence) if placed.end is None else None
        if last is None or last.node == placed.node or placed.moment is last:
            return placed
        self.clock.add(placed.node, last.node, 0.0, None, KNOWN, "known.end_after_start")
        return placed._replace(end=last.node)

    def _read(self, number: int) -> Sentence:
        """The sentence with its moments and clauses."""
        start, end = self.story.sentences[number]
        text, hints = self.story.text[start:end], self.story.hints[number]
        moments, lengths = self._times(number, text)
        told_here = [self.drafts[i] for i in self.by_sentence.get(number, ())]
        # Only the expressions of a sentence ask for its clauses.
        further = [draft.at[0] for draft in told_here if draft.at is not None and draft.counted is None]
        spans = [(m.told.start, m.told.end) for m in moments]
        begins = sorted({*clauses.breaks(self.story.text, start, end, spans), *further}) if moments else []
        at_anchor = self.zero is not None and number == self.zero.sentence
        self.at.technical = any(draft.kind in TECHNICAL for draft in told_here)
        sentence = Sentence(
            number, start, text, at_anchor, number in self.first, self.first.get(number, ""), moments, lengths, begins, hints,
            spans=spans,
            past=looking_back.past(text, start) if told_here and looking_back.HAD in hints else (),
            awaited=number < self.worked_up,
        )  # fmt: skip
        sentence.background = (
            sentence.search(HISTORY) is not None
            and not at_anchor
            and not (lengths and sentence.search(CONTACT))
        )
        return sentence

    def _times(self, number: int, text: str) -> tuple[list[Moment], list[Told]]:
        """The moments of a sentence, and its mere durations."""
        at = self.at
        if at.aside is not None and number in self.first and not PLUPERFECT.search(text):
            at.local = at.cursor  # a new paragraph goes on from the main line
        moments: list[Moment] = []
        lengths: list[Told] = []
        for told in self.times.get(number, ()):
            told = before_arrival(self.story, told, self.zero)
            value = told.mention.value
            if not isinstance(value, TimeValue):
                continue
            last = moments[-1].until or moments[-1].node if moments else at.told_last(value)
            moment = self.clock.moment(told, at.cursor, last)
            if moment is not None:
                if last == START and moment.relative_to == "previous":
                    for node in at.recent:
                        self.clock.add(START, node, 0.0, 0.0, TOLD, "narrative.counted_from")
                if moments and apposed(self.story, moments[-1], moment):
                    self.clock.add(moment.node, moments.pop().node, 0.0, 0.0, STRONG, "time.apposition")
                if moments and restated(self.story, moments[-1], moment):
                    self.clock.add(moments[-1].node, moment.node, 0.0, 0.0, STRONG, "time.apposition")
                    continue
                moments.append(moment)
            elif value.kind == "duration":
                lengths.append(told)
        return moments, lengths

    def _source(self, sentence: Sentence) -> int | None:
        """The number of the draft whose tissue a sentence of pathology describes: the last taking told before."""
        if not sentence.search(PATHOLOGY):
            return None
        for number in reversed([n for n in self.by_sentence if n < sentence.number]):
            for i in reversed(self.by_sentence[number]):
                draft = self.drafts[i]
                done = draft.actual and draft.kind in ("procedure", "imaging") and draft.action != "planned"
                if done and in_name(TAKEN, f"{draft.name} {draft.head.mention.text}"):
                    return i
        return None

    def _stay(self, sentence: Sentence) -> None:
        """The length of the whole stay bounds the discharge: "he spent 21 days in hospital in all"."""
        lengths = sentence.lengths
        if not lengths or self.zero is None or not sentence.search(STAY_LENGTH):
            return
        value = lengths[-1].mention.value
        if isinstance(value, TimeValue) and value.low is not None:
            place = (lengths[-1].mention.start, lengths[-1].mention.end)
            self.clock.add(
                ZERO, "ref:discharge", value.low, value.high, STRONG, "known.length_of_stay", place
            )

    @staticmethod
    def _history(placed: Placed) -> bool:
        return placed.draft.status == "historical" or placed.rules == ("narrative.history",)
