"""Where the story stands after a sentence: the arrival at day 0, looks back, the main line.

Example: after "On day 3 she was intubated." the main line stands at day 3; "two years earlier" in between is an aside.
"""

from __future__ import annotations

import re

from pipeline.timeline import clauses, looking_back
from pipeline.timeline.anchor import ELSEWHERE, Zero
from pipeline.timeline.cues import (
    CONTACT,
    DAYS_BETWEEN_HOSPITALS,
    GOES_ON,
    PLUPERFECT,
    PRESENTS,
    RETOLD,
    RETURNS,
)
from pipeline.timeline.moments import Clock, Moment
from pipeline.timeline.position import Position
from pipeline.timeline.sentence import Sentence
from pipeline.timeline.strengths import CALENDAR, LOOSE, START, STRONG, TOLD, ZERO

NEAR_BEFORE, NEAR_BEHIND = 120, 25
JUST_TOLD = 3
FAR_BEHIND = 100
CLOSED = re.compile(r"[^()]*\)")
ANOTHER = re.compile(
    r"[;,]|\b(?:since|after|before|until|sustained|diagnosed|performed|done|which|who|that|had|was|were|began|started)\b"
)


def enter(clock: Clock, at: Position, zero: Zero | None, sentence: Sentence) -> None:
    """Before the events of a sentence: the arrival, the end of a look back, the return to the admission."""
    if sentence.title and not at.retold:
        _section(at, sentence)
    if sentence.at_anchor and zero is not None:
        _arrive(clock, at, zero, sentence)
    retold = sentence.search(RETOLD) if at.aside is not None and sentence.moments else None
    if retold is not None:
        sentence.arrival = told = sentence.start + retold.start()
        last = next((m for m in reversed(sentence.moments) if m.told.end <= told), sentence.moments[-1])
        low, high = last.offset
        span = high - low if last.until is None and low is not None and high is not None else 0.0
        clock.add(last.until or last.node, ZERO, 0.0, span, LOOSE, "anchor.retold")
    presents = sentence.search(PRESENTS) is not None
    if at.aside is not None and not sentence.moments:
        main = sentence.opens or presents or (at.remote and not sentence.search(GOES_ON))
        if main:
            at.aside, at.local = None, at.cursor
    if presents or sentence.moments:
        at.drifted = False
    at.returned = at.previous_main == ZERO and at.stage == "after" and sentence.search(RETURNS) is not None
    if at.returned:
        at.cursor, at.open = ZERO, False
        if not sentence.moments:
            at.aside, at.local = None, ZERO


def _section(at: Position, sentence: Sentence) -> None:
    """A heading: what treatment tells goes back to where the work-up told before it began."""
    titles = (*at.titles, sentence.title)[-2:]
    began = at.section_began
    at.titles, at.section_began = titles, at.cursor
    if sentence.moments or at.stage != "after":
        return
    if began is not None and began != at.cursor and looking_back.follows_work_up(titles):
        at.cursor = at.local = at.previous_main = at.section_began = began
        at.since, at.open, at.aside, at.beside = 1, False, None, True
        at.waiting.clear()


def _arrive(clock: Clock, at: Position, zero: Zero, sentence: Sentence) -> None:
    """The anchor is told: the story stands at day 0. A chain of times before it ends here."""
    moments = sentence.moments
    own = clauses.choose((zero.start, zero.end), sentence.spans, sentence.begins)
    for moment in [*([moments[own]] if own is not None else []), *moments]:
        # "on hemodialysis (since 2015) was admitted": a bracket that closed before dates its own words.
        near = 0 <= zero.start - moment.told.end < NEAR_BEFORE and not CLOSED.match(
            sentence.text, moment.told.end - sentence.start, zero.start - sentence.start
        )
        behind = moment.told.start >= zero.start and moment.told.start - zero.end < NEAR_BEHIND
        name = moment.relative_to or ""
        base = moment.base or ""
        counted = name in ("previous", "calendar", "pregnancy") or base.startswith(("e", "ref:"))
        # "underwent grafting with both arteries on 12 September"
        if name == "calendar" and not behind and moment.told.start >= zero.end:
            gap = sentence.text[zero.end - sentence.start : moment.told.start - sentence.start]
            behind = len(gap) < FAR_BEHIND and ANOTHER.search(gap) is None
        if counted and (near or behind) and moment.node != at.cursor:
            place = (moment.told.mention.start, moment.told.mention.end)
            clock.add(ZERO, moment.node, 0.0, 0.0, STRONG, "anchor.dated", place)
            clock.place_calendar(moment.node, 0.0)
            return
    if at.known_before and (at.since <= JUST_TOLD or at.elsewhere):
        clock.add(at.cursor, ZERO, 0.0, DAYS_BETWEEN_HOSPITALS, LOOSE, "narrative.then_presented")
    elif at.visited:
        most = DAYS_BETWEEN_HOSPITALS if at.elsewhere else 0.0
        clock.add(START, ZERO, 0.0, most, LOOSE, "narrative.then_presented")


def leave(clock: Clock, at: Position, sentence: Sentence) -> None:
    """After the events of a sentence: the main line, an aside, or neither takes its last moment."""
    was_aside = at.aside is not None
    if sentence.at_anchor:
        at.stage, at.cursor, at.local, at.since, at.open = "after", ZERO, ZERO, 1, False
        clock.arrived = True
        at.previous_main = ZERO
        at.section_began, at.anchored = ZERO, sentence.number
        last = sentence.moments[-1] if sentence.moments else None
        # "was admitted, and on day 3 a biopsy was taken. That evening ..."
        if last is not None and clock.estimates.get(last.node, 0.0) > 0.0 and not bracketed(sentence, last):
            _take(clock, at, last, last.node, background=False)
    else:
        at.since += 1
        main = [m for m in sentence.moments if not bracketed(sentence, m)]
        if main:
            last = main[-1]
            _take(clock, at, last, last.points[-1] if last.points else last.node, sentence.background)
        elif not sentence.background and at.aside is None:
            at.local = at.cursor
    if at.aside is not None and not was_aside:
        at.remote = sentence.background or bool(sentence.search(PLUPERFECT))


def bracketed(sentence: Sentence, moment: Moment) -> bool:
    """Whether a look back stands in a bracket, as an earlier result: "creatinine 2.4 (1.6 three months earlier)"."""
    first, last = moment.offset
    if last is None or last > 0 or first == last == 0:
        return False
    return looking_back.comparison(sentence.text, moment.told.start - sentence.start) >= 0


def _take(clock: Clock, at: Position, last: Moment, node: str, background: bool) -> None:
    """The story goes on from ``node``, the place of the moment ``last``, unless it only looks back."""
    if at.stage == "before" and background and at.known_before:
        return  # "his history included a stroke in 2009" in the middle of the story
    if at.stage == "before" and at.visited:
        first = last.offset[0]
        if (first is not None and first < 0) or (not at.known_before and last.offset == (0.0, 0.0)):
            return  # a look back, or the first presentation itself
    at.local = node
    here, now = clock.estimates.get(node), clock.estimates.get(at.cursor)
    if at.stage == "before":
        at.cursor, at.known_before, at.since, at.open = node, True, 1, False
        return
    if background or (last.relative_to in ("birth", "pregnancy") and (here is None or here < 0)):
        return
    if _aside(clock, at, last, here, now):
        at.aside = node
        return
    at.aside = None
    if last.order_only and last.offset[0] is None:
        return
    if last.order_only and last.told.mention.value is not None:
        clock.add(at.cursor, node, 0.0, None, TOLD, "narrative.forward")
        if now is not None:
            clock.estimates[node] = max(now, here if here is not None else now)
        return
    if at.previous_main is not None and at.previous_main != node:
        clock.add(at.previous_main, node, 0.0, None, TOLD, "narrative.forward")
    for earlier in at.waiting:
        clock.add(earlier, node, 0.0, None, TOLD, "narrative.forward")
    at.waiting.clear()
    if here is None and now is not None:
        clock.add(at.cursor, node, 0.0, None, TOLD, "narrative.forward")
        clock.estimates[node] = now
    at.cursor, at.since, at.open, at.beside = node, 1, here is None, False
    at.previous_main = node


def _aside(clock: Clock, at: Position, last: Moment, here: float | None, now: float | None) -> bool:
    """Whether a moment only looks back; ``here`` and ``now`` are its rough day and that of the main line."""
    if here is not None and now is not None and here < now - 0.5:
        return True
    if last.relative_to == "calendar" and here is None and CALENDAR not in clock.estimates:
        return True
    behind = here is None or now is None or here < now
    return at.aside is not None and last.relative_to == "previous" and behind


def visited(at: Position, sentence: Sentence) -> None:
    """A first presentation before the anchor: what follows goes on from it."""
    if at.stage == "before" and not sentence.background and sentence.search(CONTACT):
        at.visited = at.visited or not at.known_before
        at.elsewhere = at.elsewhere or ELSEWHERE.search(sentence.text) is not None
