"""What everybody knows about the order of events, as constraints: a discharge follows the admission, death comes last.

Each gives way to what the text says: a contradiction leaves it out and is reported. Example: "extubated" without a day
lies after the intubation told before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.timeline.anchor import OPERATION, Zero
from pipeline.timeline.hints import cue, in_name
from pipeline.timeline.moments import Clock
from pipeline.timeline.placed import Placed
from pipeline.timeline.strengths import KNOWN, STAY, TOLD, ZERO


class Follows(NamedTuple):
    """What ``later`` names comes after what ``earlier`` names, the last of these told before it, else the first after."""

    rule: str
    later: re.Pattern[str]
    earlier: re.Pattern[str]


def _words(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


AUTOPSY = Follows(
    "known.autopsy_after_death",
    _words(r"autops|post-?mortem|necrops"),
    _words(r"\b(?:death|died|dead|deceased)\b"),
)
PAIRS = (
    Follows("known.extubation_after_intubation", _words(r"extubat|wean\w* (?:off|from) (?:\w+ )?ventilat"),
            _words(r"\b(?:re-?)?intubat|mechanical ventilation|invasive ventilation")),
    Follows("known.readmission_after_discharge", _words(r"re-?admi|re-?hospitali"), _words(r"\bdischarg")),
    Follows("known.decannulation_after_support",
            _words(r"decannulat|(?:wean\w*|off|removal).{0,20}(?:ecmo|extracorporeal)"),
            _words(r"\b(?:ecmo|extracorporeal membrane|cannulation)")),
    AUTOPSY,
    Follows("known.closure_after_stoma", _words(r"(?:stoma|colostomy|ileostomy|tracheostomy).{0,15}(?:clos|revers|remov)|decannulat"),
            _words(r"^(?!.*(?:clos|revers|remov)).*(?:stoma\b|colostomy|ileostomy|tracheostomy)")),
)  # fmt: skip
# Words of which each of the later ones holds one.
LATER = cue(
    r"extubat|wean|re-?admi|re-?hospitali|cannulat|removal|off|autops|mortem|necrops|clos|revers|remov"
)
AFTER_SURGERY = cue(r"\bpost-?operative")
BEFORE_SURGERY = cue(r"\bpre-?operative")
DEATH = _words(r"\b(?:death|died|dead|deceased|passed away|succumbed|expired)\b")
# What is learnt of a dead patient, or may be reported after death.
AFTER_DEATH = frozenset(("lab", "imaging", "diagnosis"))
DONE_ALIVE = frozenset(("drug", "procedure", "encounter"))
LEFT_OPEN = ("planned", "not_given")


def constrain(placed: Sequence[Placed], clock: Clock, zero: Zero | None) -> list[Placed]:
    """Adds what is known to the constraints of ``clock``; the drafts, with the turns that follow from it."""
    actual = [p for p in placed if p.draft.actual and p.draft.action not in LEFT_OPEN]
    named = [(p, f"{p.draft.name} {p.draft.head.mention.text}") for p in actual]
    for later, earlier, rule, strength in (*_pairs(named), *_surgery(named), *_stops(actual)):
        place = (later.draft.head.mention.start, later.draft.head.mention.end)
        clock.add(earlier.node, later.node, 0.0, None, strength, rule, place)
        known, now = clock.estimates.get(earlier.node), clock.estimates.get(later.node)
        if later.moment is None and known is not None and (now is None or now < known):
            clock.estimates[later.node] = known
    turns = _death(named, clock)
    if zero is not None and zero.event in STAY:
        _discharge(named, clock, zero)
    return [p._replace(turn=turns[p.number]) if p.number in turns else p for p in placed]


Ordered = Iterator[tuple[Placed, Placed, str, float]]


def _pairs(named: Sequence[tuple[Placed, str]]) -> Ordered:
    for one, text in named:
        if one.draft.kind in ("lab", "vital", "finding") or not in_name(LATER, text):
            continue
        for pair in PAIRS:
            if not pair.later.search(text):
                continue
            told = [
                p for p, t in named
                if p is not one and not p.background and pair.earlier.search(t) and not pair.later.search(t)
            ]  # fmt: skip
            before = [p for p in told if p.draft.place < one.draft.place]
            if before or told:
                yield one, (before[-1] if before else told[0]), pair.rule, KNOWN


def _surgery(named: Sequence[tuple[Placed, str]]) -> Ordered:
    """What is called postoperative lies after the last operation told before, what is called preoperative before the next."""
    operations = [
        p for p, t in named if p.draft.kind == "procedure" and in_name(OPERATION, t) and not p.background
    ]
    for one, text in named if operations else ():
        after_surgery = in_name(AFTER_SURGERY, text)
        if one.moment is not None or not (after_surgery or in_name(BEFORE_SURGERY, text)):
            continue
        others = [p for p in operations if p is not one]
        if not others:
            continue
        if after_surgery:
            before = [p for p in others if p.draft.place < one.draft.place]
            yield one, (before or others)[-1 if before else 0], "known.postoperative", KNOWN
        else:
            after = [p for p in others if p.draft.place > one.draft.place]
            yield (after or others)[0 if after else -1], one, "known.preoperative", KNOWN


def _stops(actual: Sequence[Placed]) -> Ordered:
    """A treatment is stopped after its first start."""
    began: dict[str, Placed] = {}
    for one in actual:
        draft = one.draft
        if draft.kind not in ("drug", "procedure"):
            continue
        if draft.action == "stop" and draft.key in began:
            yield one, began[draft.key], "known.stop_after_start", TOLD
        elif draft.action in ("start", "given") and not one.background:
            began.setdefault(draft.key, one)


def _death(named: Sequence[tuple[Placed, str]], clock: Clock) -> dict[int, tuple[int, int]]:
    """The last death told ends the course; the new turns of what was done and is told after it, by draft."""
    died = [p for p, t in named if p.draft.kind == "outcome" and DEATH.search(t)]
    turns: dict[int, tuple[int, int]] = {}
    if not died:
        return turns
    last = died[-1]
    for one, text in named:
        before = one.draft.place < last.draft.place
        done = one.draft.kind in DONE_ALIVE and not AUTOPSY.later.search(text)
        if one in died or "narrative.retold" in one.rules or not (before or done):
            continue
        if before and one.draft.kind in AFTER_DEATH:
            continue
        place = (one.draft.head.mention.start, one.draft.head.mention.end)
        clock.add(one.node, last.node, 0.0, None, TOLD, "known.death_last", place)
        if not before and one.moment is None:
            turns[one.number] = (last.turn[0], -1)
    return turns


def _discharge(named: Sequence[tuple[Placed, str]], clock: Clock, zero: Zero) -> None:
    """A discharge told after the arrival follows it."""
    for one, text in named:
        told_after = one.draft.place[0] > zero.end and not one.background
        if one.draft.kind == "encounter" and "discharg" in text.lower() and told_after:
            backwards = one.rules[:1] == ("narrative.had_before",) or (
                one.moment is not None and one.moment.offset[0] is not None and one.moment.offset[0] < 0
            )
            if not backwards:
                place = (one.draft.head.mention.start, one.draft.head.mention.end)
                clock.add(ZERO, one.node, 0.0, None, KNOWN, "known.discharge_after_admission", place)
