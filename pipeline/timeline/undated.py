"""An event without a time of its own: it goes on from the last one told, returns to the admission, or looks back.

Where only the order is told, only order is given. Example: "Dopamine was given." after "On day 3 she was intubated."
lies at day 3..4; "A chest tube had been placed." lies before day 3.
"""

from __future__ import annotations

from math import inf

from pipeline.timeline.anchor import OPERATION
from pipeline.timeline.cues import CONTACT, DISCHARGE, LEAVE_REACH, OPEN_ENDED, PRESENTS, REACH
from pipeline.timeline.draft import Draft
from pipeline.timeline.hints import in_name
from pipeline.timeline.looking_back import EMERGENCY, FIRST_SEEN, REPORTED_LATER, SLOW
from pipeline.timeline.moments import Clock
from pipeline.timeline.placed import Placed, Spot
from pipeline.timeline.position import Position
from pipeline.timeline.sentence import LAST
from pipeline.timeline.strengths import LOOSE, START, TOLD, ZERO

FOUND = ("lab", "finding", "diagnosis", "imaging")
DONE = ("drug", "procedure", "encounter", "imaging", "lab", "vital")
# Days, for the order alone: how far before the story what "had" tells is ranked, and after it a late result.
BACK, LATE = 0.3, 2.0
RETURN_REACH = 1.0
EMERGENCY_REACH = 2.0
EXAMINED = 20


def undated(spot: Spot, clock: Clock, at: Position, turns: dict[int, int]) -> Placed:
    """The event placed where the story stands; ``turns`` are the sentences of the drafts placed so far."""
    spot.end = spot.ending(clock)
    if at.retold:
        if spot.draft.kind in FOUND:
            clock.estimates[spot.node] = 0.0
            spot.turn = (at.anchored, LAST)  # what a patient had, a discussion tells of the presentation
        return spot.placed("none", "narrative.retold")
    if at.stage == "before" or spot.sentence.at_anchor:
        return _until_presented(spot, clock, at)
    if at.source is not None and spot.draft.kind in FOUND:
        taken = f"e{at.source}"
        spot.bound(clock, taken, 0.0, None, TOLD, "narrative.result_of")
        _estimate(spot, clock, taken)
        spot.turn = (turns[at.source], LAST)
        return spot.placed("none", "narrative.result_of")
    if at.aside is not None:
        return _aside(spot, clock, at.aside, remote=at.remote)
    if spot.draft.kind in DONE and spot.sentence.looks_back(spot.draft.place):
        return _had(spot, clock, at)
    if _examined(spot, clock, at):
        spot.bound(clock, ZERO, 0.0, RETURN_REACH, LOOSE, "narrative.examination")
        clock.estimates[spot.node] = 0.0
        spot.turn = (at.anchored, LAST)
        return spot.placed("narrative", "narrative.examination")
    return _forward(spot, clock, at)


def _estimate(spot: Spot, clock: Clock, base: str, more: float = 0.0) -> None:
    if base in clock.estimates:
        clock.estimates[spot.node] = clock.estimates[base] + more


def _until_presented(spot: Spot, clock: Clock, at: Position) -> Placed:
    """Told before the arrival at day 0 or with it."""
    sentence = spot.sentence
    early = at.stage == "before" and not at.known_before
    if early and at.visited and not sentence.at_anchor:
        first = sentence.search(CONTACT) is not None
        spot.bound(clock, START, 0.0, 0.0 if first else 1.0, LOOSE, "narrative.presentation")
        clock.add(spot.node, ZERO, 0.0, None, LOOSE, "narrative.before_presentation", spot.place)
        return spot.placed("narrative", "narrative.presentation" if first else "narrative.soon")
    if sentence.at_anchor or (early and sentence.search(PRESENTS)):
        spot.bound(clock, ZERO, 0.0, 0.0, LOOSE, "narrative.presentation")
        clock.estimates[spot.node] = 0.0
        return spot.placed("narrative", "narrative.presentation")
    clock.add(spot.node, ZERO, 0.0, None, TOLD, "narrative.before_presentation", spot.place)
    if at.known_before:
        spot.bound(clock, at.cursor, 0.0, 0.0, LOOSE, "narrative.same_time")
        return spot.placed("narrative", "narrative.same_time")
    return spot.placed("none", "narrative.before_presentation", background=True)


def _aside(spot: Spot, clock: Clock, aside: str, *, remote: bool) -> Placed:
    """Told in a look back: soon after its time, or if that is background at any time up to day 0."""
    spot.bound(clock, aside, 0.0, None, TOLD, "narrative.aside")
    _estimate(spot, clock, aside)
    if remote:
        clock.add(spot.node, ZERO, 0.0, None, TOLD, "narrative.aside", spot.place)
        return spot.placed("none", "narrative.aside", background=True)
    spot.bound(clock, aside, None, 1.0, LOOSE, "narrative.aside")
    return spot.placed("narrative", "narrative.aside")


def _had(spot: Spot, clock: Clock, at: Position) -> Placed:
    """Told with "had": before the moment that the story has reached."""
    clock.add(spot.node, at.cursor, 0.0, None, TOLD, "narrative.had_before", spot.place)
    _estimate(spot, clock, at.cursor, -BACK)
    if at.cursor == ZERO:
        clock.bygone.add(spot.number)
    return spot.placed("none", "narrative.had_before")


def _examined(spot: Spot, clock: Clock, at: Position) -> bool:
    """Whether a vital sign told among the first findings is one of the admission, wherever it stands among them."""
    return (
        spot.draft.kind == "vital"
        and (at.cursor == ZERO or (at.cursor[0] == "t" and clock.estimates.get(at.cursor) == 0.0))
        and at.since <= EXAMINED
        and not at.treated
        and not at.open
        and FIRST_SEEN.search(spot.sentence.text) is None
    )


def _forward(spot: Spot, clock: Clock, at: Position) -> Placed:
    """Goes on from where the story stands: soon after it where that is likely, else at some time after it."""
    draft, sentence = spot.draft, spot.sentence
    name = f"{draft.name} {draft.head.mention.text}"
    at.waiting.append(spot.node)
    spot.bound(clock, at.cursor, 0.0, None, TOLD, "narrative.forward")
    late = draft.kind == "lab" and (
        sentence.search(REPORTED_LATER) is not None or (sentence.awaited and in_name(SLOW, name))
    )
    _estimate(spot, clock, at.cursor, LATE if late else 0.0)
    leaves = draft.kind == "encounter" and not at.open and in_name(DISCHARGE, name)
    if leaves:
        spot.bound(clock, at.cursor, None, LEAVE_REACH, LOOSE, "narrative.discharge")
    operated = draft.kind == "procedure" and in_name(OPERATION, name)
    opens = operated or (draft.kind in ("encounter", "outcome", "procedure") and in_name(OPEN_ENDED, name))
    urgent = operated and not at.open and _urgent(spot, draft)
    if urgent:
        spot.bound(clock, at.cursor, None, EMERGENCY_REACH, LOOSE, "narrative.emergency")
    if opens and draft.actual and draft.action != "planned":
        at.open = not urgent
        at.cursor = spot.node
    if leaves:
        return spot.placed("narrative", "narrative.discharge")
    if urgent:
        return spot.placed("narrative", "narrative.emergency")
    if at.returned and not at.treated:
        spot.bound(clock, ZERO, None, RETURN_REACH, LOOSE, "narrative.on_arrival")
        return spot.placed("narrative", "narrative.on_arrival")
    reach = REACH[at.since] if at.since < len(REACH) else inf
    if at.cursor == ZERO and not at.beside and (at.technical or at.drifted):
        reach = inf
        at.drifted = True
    if at.open or opens or reach == inf:
        return spot.placed("none", "narrative.forward")
    spot.bound(clock, at.cursor, None, reach, LOOSE, "narrative.soon")
    if late:
        return spot.placed("narrative", "narrative.forward", "narrative.reported_later")
    return spot.placed("narrative", "narrative.forward", "narrative.soon")


def _urgent(spot: Spot, draft: Draft) -> bool:
    """Whether an operation is told to be done at once."""
    begin = max(0, draft.place[0] - spot.sentence.start - 60)
    return EMERGENCY.search(spot.sentence.text, begin) is not None
