"""Which stay in a hospital an expression means: that of day 0, one elsewhere before or after it, a further one.

Example: "In March he was readmitted. On day 3 ..." counts from the readmission.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.schema import TimeValue
from pipeline.timeline.anchor import ELSEWHERE, READMITTED
from pipeline.timeline.counted import Counted
from pipeline.timeline.own_clock import later_stay, signed
from pipeline.timeline.story import Told
from pipeline.timeline.strengths import NAMED, STAY, STRONG, ZERO

if TYPE_CHECKING:
    from pipeline.timeline.moments import Clock

ADMITTED = re.compile(r"admi|hospitali", re.IGNORECASE)
MOVED = re.compile(r"transfer|referr", re.IGNORECASE)
WITHIN = re.compile(r"\b(?:ward|unit|icu|floor|care|department)\b", re.IGNORECASE)
MOVED_LATELY = 3  # sentences
LONG_AFTER = 14.0  # days


def meant(clock: Clock, told: Told, kind: str | None) -> Counted:
    """The admission that is meant: day 0, before it one elsewhere that was told last, after it one to a further hospital."""
    zero = clock.zero
    if zero is None or zero.event in STAY or kind == "now":
        other = _elsewhere(clock, told) if kind in STAY else None
        if other is not None:
            return Counted(f"e{other}", f"e{other}", NAMED, ("reference.stay_elsewhere",))
        return Counted(ZERO, clock.zero_name, STRONG, ("reference.anchor",))
    return Counted(f"ref:{kind}", str(kind), STRONG, (f"reference.{kind}",))


def further(clock: Clock, told: Told, value: TimeValue, cursor: str) -> Counted | None:
    """A further stay, for a number of the day long after day 0: "In March he was readmitted. On day 3 ..."."""
    low, now = value.low, clock.estimates.get(cursor)
    if low is None or now is None or now - low < LONG_AFTER or clock.zero is None or signed(told):
        return None
    found = later_stay(clock.drafts, clock.zero.end, told.start)
    place = clock.estimates.get(f"e{found}")
    if found is None or (place is not None and place + LONG_AFTER < low):
        return None
    last = clock.numbered
    if last is not None and last[0] not in (ZERO, f"e{found}") and last[0] in clock.estimates:
        return None  # they go on from an event told since
    return Counted(f"e{found}", f"e{found}", NAMED, ("reference.stay_elsewhere",))


def _elsewhere(clock: Clock, told: Told) -> int | None:
    """The number of the draft that tells an admission to another hospital, where "on admission" must mean that one."""
    zero, value = clock.zero, told.mention.value
    if zero is None or not isinstance(value, TimeValue) or value.direction == "before":
        return None
    before = told.start < zero.start
    for i in range(len(clock.drafts) - 1, -1, -1):
        draft = clock.drafts[i]
        if draft.kind != "encounter" or draft.head.end > told.start or draft.status != "affirmed":
            continue
        near = clock.story.text[draft.head.start : draft.head.end + 60].split(".")[0]
        if before:
            return i if ADMITTED.search(near) and ELSEWHERE.search(near) else None
        if draft.head.start < zero.end:
            return None
        if MOVED.search(near):
            lately = told.sentence - draft.head.sentence <= MOVED_LATELY
            onward = "hospital" in near.lower() and not WITHIN.search(near)
            return i if lately and onward and "transferred to" in near.lower() else None
    return None


def readmitted(clock: Clock, i: int, told: Told) -> bool:
    """Whether a readmission is told between the draft ``i``, a discharge, and the expression."""
    after = clock.drafts[i].head.end
    return any(
        after < draft.head.start < told.start
        and draft.kind == "encounter"
        and draft.status == "affirmed"
        and READMITTED.search(draft.head.mention.text)
        for draft in clock.drafts
    )
