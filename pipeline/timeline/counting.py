"""What a time expression counts from: a named event, day 0, the time told last, a birth or a pregnancy.

Where several events could be meant, all stay with their scores; the best one is used. Example: "two weeks after
rituximab" counts from the first start of rituximab, "hospital day 3" from the admission, "at 28 weeks" in a pregnancy from its start.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import takewhile
from typing import TYPE_CHECKING

from pipeline.patterns import cue
from pipeline.schema import TimeValue
from pipeline.timeline import cycles, later_cycles, pregnancy, stays
from pipeline.timeline.counted import Bare, Counted
from pipeline.timeline.cues import LEAVE_REACH
from pipeline.timeline.own_clock import (
    AGAIN,
    DAY_ZERO,
    INGESTION,
    Numbers,
    ingested,
    last_operation,
    signed,
)
from pipeline.timeline.references import FINISH, INSIDE, named, typed
from pipeline.timeline.story import Told
from pipeline.timeline.strengths import BIRTH, LOOSE, NAMED, STAY, STRONG, ZERO

if TYPE_CHECKING:
    from pipeline.timeline.moments import Clock

# What a phrase that names no event of the story stands for.
PHRASES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("surgery", r"post-?operativ|operation|surger"),
        ("icu", r"\b(?:icu|intensive care)"),
        ("admission", r"hospital|admission|ward|stay"),
        (
            "presentation",
            r"presentation|arrival|emergency|\b(?:initial|first|index|original) (?:episode|event|attack|reaction|visit)",
        ),
        ("discharge", r"discharge"),
        ("birth", r"birth"),
        ("treatment", r"treatment|therapy"),
    )
)
SAME_KIND = {
    "delivery": ("surgery", "birth", "delivery"),
    "surgery": ("surgery",),
    "birth": ("delivery", "birth"),
}
# "on day 3 after fever had developed": the clause only says what came before, the day is that of the stay.
CLAUSE = re.compile(r"[^.;,]{0,30}? (?:had|has|was|were|did|could)\b", re.IGNORECASE)
CHILD = re.compile(
    r"\b(?:infant|new-?born|baby|babies|neonate|(?:her|the) (?:son|daughter|child|twins))\b", re.IGNORECASE
)
RELATIVES = re.compile(
    r"\b(?:brother|sister|sibling|twin|mother|father|husband|wife|daughter|son|cousin)'s\b", re.IGNORECASE
)
LOOKED = cue(r"examin|auscultat|palpat|inspection|evaluat|investigat|work-?up|assessment")
DURING = re.compile(r"during|intra-?op|in the course", re.IGNORECASE)


def counted(clock: Clock, told: Told, value: TimeValue, cursor: str, local: str) -> Counted:
    """What the expression ``told`` counts from; ``cursor`` is where the story stands, ``local`` what was told last."""
    kind = value.reference
    numbers = value.kind == "day_number"
    if told.reference is not None and "'s" in told.mention.text and RELATIVES.search(told.mention.text):
        # "Three days after her brother's admission" has a clock of its own.
        phrase = clock.story.text[slice(*told.reference)].lower()
        return Counted(f"ref:{phrase}", phrase, NAMED, ("reference.unknown",))
    if numbers and _before_a_clause(clock.story.text, told):
        return _numbered(clock, told, value, cursor)
    if told.reference is not None and (kind is None or kind == "event"):
        found = _named(clock, told, told.reference, beside=value.direction in ("at", "during"))
        if found is not None:
            return found
        phrase = clock.story.text[slice(*told.reference)].lower()
        kind = next((name for name, pattern in PHRASES if pattern.search(phrase)), None)
        if kind is None and value.kind == "event":
            if LOOKED.search(phrase):
                return Counted(cursor, "previous", LOOSE, ("reference.examination",))
            return Counted(local, "previous", LOOSE, ("reference.unknown",))
        if kind is None and numbers:
            return _numbered(clock, told, value, cursor)
        if kind is None and INGESTION.search(phrase):
            return _ingestion(clock, told, value)
        if kind is None:
            return Counted(f"ref:{phrase}", phrase, NAMED, ("reference.unknown",))
    # Of a story that begins with the birth, months and years are ages, whatever was told between.
    born = clock.zero is not None and clock.zero.event == "birth" and value.granularity in ("month", "year")
    aged = (clock.aged or born) and value.direction == "at" and kind is None and value.kind == "offset"
    # "At 3 months" is no age of a grown patient, even after that of her child.
    aged = aged and (value.granularity == "year" or not clock.grown)
    clock.aged = value.kind == "age" or kind == "birth" or aged
    if clock.aged and clock.grown and CHILD.search(clock.story.text, *clock.story.sentences[told.sentence]):
        clock.aged = False
        return _of_kind(clock, told, "delivery", cursor)  # the age of the patient's child
    if clock.aged:
        return Counted(BIRTH, "birth", STRONG, ("reference.birth",))
    if kind == "pregnancy" or (kind is None and pregnancy.bare(clock, told, value)):
        return pregnancy.counted(clock, told, value.low or 0.0)
    stay = (
        stays.further(clock, told, value, cursor) if numbers and kind in (None, *STAY, "hospital") else None
    )
    if stay is not None:
        return stay
    if kind in STAY or (kind == "now" and not (value.low == value.high == 0)):
        return stays.meant(clock, told, kind)
    backwards = value.low is not None and value.low < 0
    if (kind in ("previous", None) and backwards) and value.kind == "offset":
        base = cursor if clock.arrived else ZERO
        return Counted(
            base, "previous" if base != ZERO else clock.zero_name, STRONG, ("reference.backwards",)
        )
    if kind in ("same", "now"):
        return Counted(local, "previous", STRONG, (f"reference.{kind}",))
    if kind == "previous":
        return Counted(local, "previous", STRONG, ("reference.previous",))
    if kind == "surgery":
        further = _further_operation(clock, told, value)
        if further is not None:
            return further
    if (
        kind is not None
        and clock.zero is not None
        and (kind == clock.zero.event or kind in SAME_KIND.get(clock.zero.event, ()))
    ):
        return Counted(ZERO, kind, STRONG, ("reference.anchor",))
    if kind is not None:
        return (
            _operated(clock, _of_kind(clock, told, kind, cursor))
            if kind == "surgery"
            else _of_kind(clock, told, kind, cursor)
        )
    if numbers or told.mention.rule.startswith("time.day_number"):
        return _numbered(clock, told, value, cursor)
    clocked = value.granularity in ("hour", "minute")  # "a dose on day 12, its level at 48 hours"
    if value.kind == "offset" and value.reference is None and value.low is not None and not clocked:
        return _parallel(clock, told, value.low, local)
    if clocked and clock.hours is not None and value.reference is None and value.direction == "at":
        last = clock.hours
        if value.low is not None and value.low > last.low:
            clock.hours = Bare(last.node, last.name, value.low, told.sentence)
            return Counted(last.node, last.name, NAMED, ("reference.parallel",))
    return Counted(local, "previous", STRONG, ("reference.previous",))


def _before_a_clause(text: str, told: Told) -> bool:
    """Whether what the expression names is the subject of a clause: not "on day 8 of cycle 2 he had fever"."""
    span = told.reference
    return (
        span is not None
        and not text.endswith(" of ", told.start, span[0])
        and CLAUSE.match(text, span[1]) is not None
    )


def _ingestion(clock: Clock, told: Told, value: TimeValue) -> Counted:
    """What was swallowed; the bare hours that follow ("at 26 hours") go on from it."""
    found = ingested(clock.story, clock.drafts, clock.story.sentences[told.sentence][1])
    node = "ref:ingestion" if found is None else f"e{found}"
    if value.granularity in ("hour", "minute") and value.low is not None:
        clock.hours = Bare(node, "ingestion", value.low, told.sentence)
    return Counted(node, "ingestion", NAMED, ("reference.ingestion",))


def _operated(clock: Clock, found: Counted) -> Counted:
    """The operation that is counted from, which the postoperative days that follow keep."""
    if clock.operated is not None and not clock.operated.node:
        clock.operated = clock.operated._replace(node=found.node)
    return found


def _further_operation(clock: Clock, told: Told, value: TimeValue) -> Counted | None:
    """The operation after the first that is meant: it is called so, or the postoperative days begin anew behind it."""
    text = clock.story.text[slice(*told.reference)] if told.reference else ""
    again = AGAIN.search(text) is not None
    low, last = value.low or 0.0, clock.operated
    if not again and value.kind != "day_number":
        return None
    after = last.place if last is not None else clock.zero.end if clock.zero is not None else 0
    found = None
    if again or (last is not None and 2 * low < last.low):
        found = last_operation(clock.drafts, after if not again else 0, told.start)
    if found is not None:
        node = f"e{found}"
    elif last is not None and last.node.startswith("e") and not again:
        node = last.node
    else:
        node = ""
    if not again:
        clock.operated = Numbers(node, "surgery", low, told.start)
    return Counted(node, node, NAMED, ("reference.further_operation",)) if node else None


def _parallel(clock: Clock, told: Told, low: float, local: str) -> Counted:
    """What "at 6 months" and "the 6-month follow-up" count from: one moment for all of them, as long as they rise.

    Beside a numbered day ("by day 40 and at 3 months") it is what that one counts from.
    """
    last = clock.bare
    node, name, rule = local, "previous", "reference.previous"
    if last is not None and (last.low < low or last.sentence == told.sentence):
        node, name, low, rule = last.node, last.name, max(low, last.low), "reference.parallel"
    elif clock.numbered is not None and clock.numbered_in == told.sentence:
        (node, name), rule = clock.numbered, "reference.parallel"
    clock.bare = Bare(node, name, low, told.sentence)
    return Counted(node, name, STRONG, (rule,))


def _numbered(clock: Clock, told: Told, value: TimeValue, cursor: str) -> Counted:
    """A bare number of a day goes on from what the last one counted from, else from day 0.

    Numbers told before the arrival do not go on when they begin anew after it.
    """
    low = value.low or 0.0
    if clock.cells and (low == 0.0 or signed(told)):
        return Counted(DAY_ZERO, "day 0", STRONG, ("reference.day_zero",))
    if signed(told):  # "day +24" of a transplantation
        grafts = [i for i, _ in typed("transplantation", clock.drafts, told.start)]
        if grafts:
            return Counted(f"e{grafts[0]}", "transplantation", NAMED, ("reference.day_zero",))
    if not clock.arrived and clock.numbered is None and cursor != ZERO:
        return Counted(cursor, "previous", STRONG, ("reference.numbered",))
    if clock.arrived and clock.numbers is not None:
        if low < clock.numbers.low and clock.numbered == (clock.numbers.node, clock.numbers.name):
            clock.numbered = None
        clock.numbers = None
    node, name = clock.numbered or (ZERO, clock.zero_name)
    return Counted(node, name, STRONG, ("reference.numbered",))


def _named(clock: Clock, told: Told, span: tuple[int, int], *, beside: bool) -> Counted | None:
    """The event that the words of the expression name; what stands ``beside`` it needs one that is told elsewhere."""
    at = bisect_left(clock.story.told, span[0], key=lambda t: t.start)
    names = {
        t.mention.name.casefold()
        for t in takewhile(lambda t: t.end <= span[1], clock.story.told[at:])
        if t.mention.name
    }
    best = named(clock.story.text, span, clock.drafts, clock.words(), told.start, names)
    nth = cycles.numbered(clock.story.text, *span)
    if nth and (nth[0].low > 1 or not best):
        return later_cycles.of_number(
            clock, span, nth[0].low, [f"e{i}" for i, _ in best] or later_cycles.given(clock, told)
        )
    if not best or (beside and clock.drafts[best[0][0]].head.end > span[0] and best[0][1] == INSIDE):
        return None
    candidates = tuple((f"e{i}", min(score, 1.0)) for i, score in best)
    node = candidates[0][0]
    if FINISH.search(clock.story.text, *span) and clock.drafts[best[0][0]].action != "stop":
        return Counted(clock.finish(node), node, NAMED, ("reference.named_end",), candidates)
    return Counted(node, node, NAMED, ("reference.named",), candidates)


def _of_kind(clock: Clock, told: Told, kind: str, cursor: str) -> Counted:
    """The event that a kind of reference stands for ("after surgery"), else a moment of that name."""
    best = [(i, score) for i, score in typed(kind, clock.drafts, told.start) if i not in clock.bygone]
    if (
        kind == "treatment" and getattr(told.mention.value, "kind", "") == "day_number"
    ):  # it begins anew with each start alone
        best = [b for b in best if clock.drafts[b[0]].action == "start"] or best
    if kind == "surgery" and DURING.match(told.mention.text):  # what is done during it stands beside
        best = [b for b in best if clock.drafts[b[0]].head.sentence != told.sentence] or best
    if kind == "discharge" and best and stays.readmitted(clock, best[0][0], told):
        best = []  # the one from the further stay
    candidates = tuple((f"e{i}", score) for i, score in best)
    node = candidates[0][0] if candidates else f"ref:{kind}"
    if kind == "discharge" and (not best or clock.drafts[best[0][0]].head.start >= told.start):
        clock.add(cursor, node, 0.0, LEAVE_REACH, LOOSE, "narrative.discharge")
        if cursor in clock.estimates:
            clock.estimates.setdefault(node, clock.estimates[cursor])
    if candidates:
        return Counted(node, kind, NAMED, (f"reference.{kind}",), candidates)
    return Counted(f"ref:{kind}", kind, STRONG, (f"reference.{kind}",))
