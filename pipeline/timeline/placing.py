"""One event put at its place: at its expression, at the onset that a duration tells, else where the story stands.

Example: "cough for two weeks" at the admission begins at day -14; "Dopamine was given" goes on from the sentence before.
"""

from __future__ import annotations

from pipeline.schema import Basis, TimeValue
from pipeline.timeline.anchor import Zero
from pipeline.timeline.cues import DISCHARGE, ORDER_REACH, PRESENTS
from pipeline.timeline.days import outward
from pipeline.timeline.draft import Draft
from pipeline.timeline.hints import in_name
from pipeline.timeline.looking_back import CHRONIC, NEWLY, SUFFERED
from pipeline.timeline.moments import Clock, Moment
from pipeline.timeline.placed import Placed, Spot
from pipeline.timeline.position import Position
from pipeline.timeline.sentence import Sentence
from pipeline.timeline.story import Told
from pipeline.timeline.strengths import BIRTH, LOOSE, STRONG, TOLD, ZERO
from pipeline.timeline.undated import undated

JUST_BEFORE_LEAVING = 0.5
AXIS = ("admission", "presentation", "surgery", "delivery", "birth", "treatment", "calendar")
EARLY = 4
AT_BIRTH = ("birth weight", "birthweight", "apgar")


class Placer:
    """Places the drafts of one case; the constraints go to ``clock``, ``at`` is where the story stands."""

    def __init__(self, clock: Clock, at: Position, zero: Zero | None) -> None:
        self.clock = clock
        self.at = at
        self.zero = zero
        self.turns: dict[int, int] = {}

    def place(
        self, i: int, draft: Draft, moment: Moment | None, length: Told | None, sentence: Sentence,
        counts: dict[tuple[int, str], int],
    ) -> Placed:  # fmt: skip
        """The draft number ``i`` of a sentence at ``moment``, at the onset that ``length`` tells, or undated.

        ``counts`` says how many events have taken a point of each list of times.
        """
        self.turns[i] = sentence.number
        spot = Spot(i, draft, sentence, length, sentence.turn(draft.kind, draft.place))
        born = self.zero is not None and self.zero.event == "birth"
        if born and draft.key.startswith(AT_BIRTH):
            spot.bound(self.clock, BIRTH, 0.0, 0.0, STRONG, "known.at_birth")
            return spot.placed("narrative", "known.at_birth")
        arrival = sentence.arrival
        if (
            arrival is not None
            and arrival <= draft.place[0]
            and (moment is None or moment.told.end <= arrival)
        ):
            spot.bound(self.clock, ZERO, 0.0, 0.0, LOOSE, "narrative.presentation")
            self.clock.estimates[spot.node] = 0.0
            placed = spot.placed("narrative", "narrative.presentation")
        elif moment is not None and self._keeps(spot, moment):
            placed = self._at_moment(spot, moment, counts)
        else:
            placed = self._without(spot)
        if (
            draft.kind == "encounter"
            and draft.status == "affirmed"
            and in_name(DISCHARGE, draft.head.mention.text)
        ):
            self.at.discharged = spot.node
        if draft.kind in ("drug", "procedure") and not placed.background and self.at.stage == "after":
            self.at.treated = True
        return placed

    def _keeps(self, spot: Spot, moment: Moment) -> bool:
        """Whether the event takes the moment of its sentence."""
        sentence, draft = spot.sentence, spot.draft
        if moment.base == spot.node:
            return False  # "at discharge" tells the discharge itself
        if (
            sentence.at_anchor
            and moment.node not in self.clock.estimates
            and moment.relative_to not in ("calendar", "pregnancy")
        ):
            return False
        told_behind = draft.place[0] < moment.told.start
        if self._known_before(spot) and draft.kind == "diagnosis" and told_behind:
            return False  # "a man with diabetes presented with pain since the previous day"
        same_clause = not any(b > moment.told.end for b in sentence.begins if b <= draft.place[0])
        behind = sentence.looks_back(draft.place) and not sentence.looks_back(
            (moment.told.start, moment.told.end)
        )
        return same_clause or not behind

    def _known_before(self, spot: Spot) -> bool:
        zero = self.zero
        return spot.sentence.at_anchor and zero is not None and spot.draft.head.end <= zero.start

    def _series(self, spot: Spot) -> bool:
        """Whether a sentence gives several results of a test, which take the points of a list by themselves."""
        i, draft = spot.number, spot.draft
        beside = self.clock.drafts[max(0, i - 1) : i + 2]
        return draft.measurement is not None and sum(
            d.key == draft.key and d.head.sentence == draft.head.sentence for d in beside
        ) > 1  # fmt: skip

    def _at_moment(self, spot: Spot, moment: Moment, counts: dict[tuple[int, str], int]) -> Placed:
        draft, node, clock, at = spot.draft, spot.node, self.clock, self.at
        base = moment.node
        if moment.points:
            key = id(moment), draft.key if self._series(spot) else ""
            base = moment.points[min(counts[key], len(moment.points) - 1)]
            counts[key] += 1
        if spot.length is None or draft.kind in ("drug", "procedure", "imaging", "encounter"):
            spot.bound(clock, base, 0.0, 0.0, STRONG, "event.at_expression")
        else:
            self._onset(spot, base, spot.length)
            spot.end = node + "end"
            clock.add(base, spot.end, 0.0, 0.0, STRONG, "event.until_expression", spot.place)
        if moment.until is not None:
            spot.end = spot.end or moment.until
        backwards = moment.offset[0] is None
        if base in clock.estimates:
            clock.estimates[node] = clock.estimates[base]
        stay = moment.order_only and moment.base == ZERO and not backwards
        if stay and at.discharged is not None and moment.offset == (0.0, None):
            clock.add(node, at.discharged, 0.0, None, TOLD, "known.stay_ends", spot.place)
            if at.discharged in clock.estimates:
                clock.estimates[node] = clock.estimates[at.discharged] - JUST_BEFORE_LEAVING
        elif moment.order_only and not backwards and at.stage == "after":
            at.waiting.append(node)
            spot.bound(clock, at.cursor, 0.0, None, TOLD, "narrative.forward")
            if not at.open and not at.drifted and moment.relative_to != "discharge":
                spot.bound(clock, at.cursor, None, ORDER_REACH, LOOSE, "narrative.soon")
        vague = any("shortly" in rule or "vague" in rule for rule in moment.rules[:1])
        if vague and at.stage == "after":
            spot.bound(clock, at.cursor, None, ORDER_REACH - 2.0, LOOSE, "narrative.shortly")
        spot.end = spot.end or spot.ending(clock)
        basis: Basis = "explicit" if moment.relative_to in AXIS else "relative"
        return spot.placed(basis, *moment.rules, moment=moment, background=draft.status == "historical")

    def _without(self, spot: Spot) -> Placed:
        """An event that no expression dates: by its duration, as history, else where the story stands."""
        draft, node, clock, at = spot.draft, spot.node, self.clock, self.at
        sentence = spot.sentence
        recent = at.stage != "after" or (at.cursor == ZERO and at.since <= EARLY)
        if spot.length is not None and draft.kind in ("finding", "diagnosis", "vital") and recent:
            now = sentence.at_anchor or at.stage == "after" or not at.known_before
            base = ZERO if now or sentence.search(PRESENTS) else at.cursor
            self._onset(spot, base, spot.length)
            spot.end = node + "end"
            clock.add(base, spot.end, 0.0, 0.0, STRONG, "event.until_presentation", spot.place)
            return spot.placed("explicit", "time.duration_before")
        if (
            (self._known_before(spot) and draft.kind in ("diagnosis", "drug"))
            or draft.status == "historical"
            or (sentence.background and draft.kind not in ("lab", "vital", "imaging"))
        ):
            return self._history(spot, "narrative.history")
        if self._chronic(spot):
            return self._history(spot, "narrative.chronic_disease")
        return undated(spot, clock, at, self.turns)

    def _history(self, spot: Spot, rule: str) -> Placed:
        self.clock.add(spot.node, ZERO, 0.0, None, TOLD, "known.history_before", spot.place)
        self.clock.bygone.add(spot.number)
        spot.end = None
        return spot.placed("none", rule, background=True)

    def _chronic(self, spot: Spot) -> bool:
        """Whether it is a lasting disease that the patient "had" when the story began."""
        draft, at, sentence = spot.draft, self.at, spot.sentence
        if draft.kind != "diagnosis" or at.stage != "after" or at.cursor != ZERO or at.since > EARLY:
            return False
        before = sentence.text[: draft.place[0] - sentence.start]
        return (
            in_name(CHRONIC, f"{draft.name} {draft.head.mention.text}")
            and SUFFERED.search(before) is not None
            and NEWLY.search(before[-40:]) is None
        )

    def _onset(self, spot: Spot, base: str, length: Told) -> None:
        """A complaint with a duration began that long before ``base``."""
        value = length.mention.value
        if isinstance(value, TimeValue):
            low, high = outward(value.low, value.high, value)
            place = spot.place if length is None else (length.mention.start, length.mention.end)
            self.clock.add(spot.node, base, low, high, STRONG, "event.onset", place)
            if base in self.clock.estimates and value.low is not None:
                self.clock.estimates[spot.node] = self.clock.estimates[base] - value.low
