"""One event put at its place: at its expression, at the onset that a duration tells, else where the story stands.

Example: "cough for two weeks" at the admission begins at day -14; "Dopamine was given" goes on from the sentence before.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from pipeline.schema import Basis, TimeValue
from pipeline.timeline.anchor import OPERATION, Zero
from pipeline.timeline.cues import (
    CONTACT,
    DISCHARGE,
    LEAVE_REACH,
    OPEN_ENDED,
    ORDER_REACH,
    PRESENTS,
    REACH,
    ROUTINE,
)
from pipeline.timeline.days import outward
from pipeline.timeline.draft import Draft
from pipeline.timeline.moments import Clock, Moment
from pipeline.timeline.position import Position
from pipeline.timeline.story import Told
from pipeline.timeline.strengths import LOOSE, START, STRONG, TOLD, ZERO

FOUND = ("lab", "finding", "diagnosis", "imaging")
AXIS = ("admission", "presentation", "surgery", "delivery", "birth", "treatment", "calendar")


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


class Placer:
    """Places the drafts of one case; the constraints go to ``clock``, ``at`` is where the story stands."""

    def __init__(self, clock: Clock, at: Position, zero: Zero | None) -> None:
        self.clock = clock
        self.at = at
        self.zero = zero
        self.turns: dict[int, int] = {}

    def place(
        self, i: int, draft: Draft, moment: Moment | None, length: Told | None, number: int, at_anchor: bool,
        background: bool, text: str, counts: dict[int, int],
    ) -> Placed:  # fmt: skip
        """The draft number ``i`` of sentence ``number`` at ``moment``, at the onset that ``length`` tells, or undated.

        ``counts`` says how many events have taken a point of each list of times.
        """
        node, clock = f"e{i}", self.clock
        self.turns[i] = number
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
            if moment.order_only and not backwards and self.at.stage == "after":
                self.at.waiting.append(node)
                clock.add(self.at.cursor, node, 0.0, None, TOLD, "narrative.forward", place)
                if not self.at.open and not self.at.drifted and moment.relative_to != "discharge":
                    clock.add(self.at.cursor, node, None, ORDER_REACH, LOOSE, "narrative.soon", place)
            if (
                any("shortly" in rule or "vague" in rule for rule in moment.rules[:1])
                and self.at.stage == "after"
            ):
                clock.add(self.at.cursor, node, None, ORDER_REACH - 2.0, LOOSE, "narrative.shortly", place)
            if at in clock.estimates:
                clock.estimates[node] = clock.estimates[at]
            end = end or self._ending(node, draft, length)
            basis: Basis = "explicit" if moment.relative_to in AXIS else "relative"
            return Placed(
                draft, i, node, end, moment, None, basis, moment.rules, draft.status == "historical", turn
            )
        recent = self.at.stage != "after" or (self.at.cursor == ZERO and self.at.since <= 4)
        if length is not None and draft.kind in ("finding", "diagnosis", "vital") and recent:
            at = (
                ZERO
                if at_anchor or self.at.stage == "after" or not self.at.known_before or PRESENTS.search(text)
                else self.at.cursor
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
        self.clock.ended.add(node)
        return node + "end"

    def _undated(
        self, i: int, draft: Draft, at_anchor: bool, text: str, turn: tuple[int, int], place: tuple[int, int],
        length: Told | None,
    ) -> Placed:  # fmt: skip
        """An event without a time of its own: goes on from the last one told."""
        node, clock = f"e{i}", self.clock
        end = self._ending(node, draft, length)
        at = self.at
        if at.retold:
            if draft.kind in FOUND:
                clock.estimates[node] = 0.0
            return Placed(draft, i, node, end, None, length, "none", ("narrative.retold",), False, turn)
        early = at.stage == "before" and not at.known_before
        if early and at.visited and not at_anchor:
            first = CONTACT.search(text) is not None
            clock.add(START, node, 0.0, 0.0 if first else 1.0, LOOSE, "narrative.presentation", place)
            clock.add(node, ZERO, 0.0, None, LOOSE, "narrative.before_presentation", place)
            rule = "narrative.presentation" if first else "narrative.soon"
            return Placed(draft, i, node, end, None, length, "narrative", (rule,), False, turn)
        if at_anchor or (early and PRESENTS.search(text)):
            clock.add(ZERO, node, 0.0, 0.0, LOOSE, "narrative.presentation", place)
            clock.estimates[node] = 0.0
            return Placed(
                draft, i, node, end, None, length, "narrative", ("narrative.presentation",), False, turn
            )
        if self.at.stage == "before":
            clock.add(node, ZERO, 0.0, None, TOLD, "narrative.before_presentation", place)
            if self.at.known_before:
                clock.add(self.at.cursor, node, 0.0, 0.0, LOOSE, "narrative.same_time", place)
                return Placed(
                    draft, i, node, end, None, length, "narrative", ("narrative.same_time",), False, turn
                )
            return Placed(
                draft, i, node, end, None, length, "none", ("narrative.before_presentation",), True, turn
            )
        if at.source is not None and draft.kind in FOUND:
            taken = f"e{at.source}"
            clock.add(taken, node, 0.0, None, TOLD, "narrative.result_of", place)
            if taken in clock.estimates:
                clock.estimates[node] = clock.estimates[taken]
            return Placed(
                draft,
                i,
                node,
                end,
                None,
                length,
                "none",
                ("narrative.result_of",),
                False,
                (self.turns[at.source], 2),
            )
        if self.at.aside is not None and not self.at.remote:
            clock.add(self.at.aside, node, 0.0, None, TOLD, "narrative.aside", place)
            clock.add(self.at.aside, node, None, 1.0, LOOSE, "narrative.aside", place)
            if self.at.aside in clock.estimates:
                clock.estimates[node] = clock.estimates[self.at.aside]
            return Placed(draft, i, node, end, None, length, "narrative", ("narrative.aside",), False, turn)
        if self.at.aside is not None:
            clock.add(self.at.aside, node, 0.0, None, TOLD, "narrative.aside", place)
            clock.add(node, ZERO, 0.0, None, TOLD, "narrative.aside", place)
            if self.at.aside in clock.estimates:
                clock.estimates[node] = clock.estimates[self.at.aside]
            return Placed(draft, i, node, end, None, length, "none", ("narrative.aside",), True, turn)
        named = f"{draft.name} {draft.head.mention.text}"
        self.at.waiting.append(node)
        clock.add(self.at.cursor, node, 0.0, None, TOLD, "narrative.forward", place)
        if self.at.cursor in clock.estimates:
            clock.estimates[node] = clock.estimates[self.at.cursor]
        leaves = DISCHARGE.search(named) is not None and draft.kind == "encounter" and not self.at.open
        if leaves:
            clock.add(self.at.cursor, node, None, LEAVE_REACH, LOOSE, "narrative.discharge", place)
        opens = draft.kind in ("encounter", "outcome", "procedure") and (
            OPEN_ENDED.search(named) or (draft.kind == "procedure" and OPERATION.search(named))
        )
        if opens and draft.actual and draft.action != "planned":
            self.at.open = True
            self.at.cursor = node
        if leaves:
            return Placed(
                draft, i, node, end, None, length, "narrative", ("narrative.discharge",), False, turn
            )
        reach = REACH[self.at.since] if self.at.since < len(REACH) else inf
        if self.at.cursor == ZERO and (self.at.technical or self.at.drifted):
            reach = inf
            self.at.drifted = True
        if self.at.open or opens or reach == inf:
            return Placed(draft, i, node, end, None, length, "none", ("narrative.forward",), False, turn)
        clock.add(self.at.cursor, node, None, reach, LOOSE, "narrative.soon", place)
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
