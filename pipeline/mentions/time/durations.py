"""An amount behind a preposition, or alone: a duration, an offset from what was told last, a rate.

Examples: "for <3 days>", "<over 10 days>", "<within 48 h of admission>", "at <2 and 6 months>",
"<every 3 weeks>".
"""

from __future__ import annotations

import re

from pipeline.mentions.time import references
from pipeline.mentions.time.context import Context
from pipeline.mentions.time.offsets import FOLLOW_UP
from pipeline.mentions.time.values import found
from pipeline.structure.found import Found

OF = re.compile(r"(?:'|'s)? of(?= )", re.IGNORECASE)
OF_LIFE = re.compile(r" of (?:\w+ )?life\b", re.IGNORECASE)
HEAD = re.compile(r"(?:'s?|s')?[- ](?:period|course|interval|duration|time span|span|trial)\b", re.IGNORECASE)
CHANGE = re.compile(
    r"\b(?:lost|loss|gain\w*|weight|decreas\w+|increas\w+|drop\w*|growth|grew)\b", re.IGNORECASE
)
# "50 ml in 24 h" is a rate.
PER_TIME = re.compile(r"\d ?(?:ml|l|dl|g|mg|litres?|liters?)(?: of \w+)? $", re.IGNORECASE)
LOOK_BACK = 40


def duration(context: Context, start: int | None = None, rule: str = "time.duration") -> Found:
    """A length of time; "period" or "course" behind it belongs to it."""
    head = HEAD.match(context.text, context.end)
    made = context.value("duration", low=context.low, high=context.high, points=context.amount.points)
    begin = context.start if start is None else start
    return found(
        begin, head.end() if head else context.end, "DURATION", rule, made, 0.9 if context.cue else 0.75
    )


def frequency(context: Context) -> Found | None:
    """A rate: "every 3 weeks"."""
    if context.bare and context.unit == "minute":
        return None
    made = context.value("frequency", low=context.low, high=context.high)
    return found(context.opening, context.end, "FREQUENCY", "time.frequency.every", made)


def prefixed(context: Context) -> Found | None:
    """The reading of an amount by the preposition before it."""
    text, end, cue = context.text, context.end, context.cue
    if context.bare:
        if cue not in ("after", "within") or not context.plural or context.unit == "minute":
            return None
        context = context.some()
    follow = FOLLOW_UP.match(text, end)
    if cue in ("after", "within"):
        return _after(context, follow is not None)
    if follow and (cue in ("at", "on", "in", "the") or text[end] == "-"):
        return _at(context, "time.offset.follow_up", "after") if cue != "in" else duration(context)
    if context.amount.plain and cue not in ("for", "over", "in", "since", "from"):
        return None
    if cue == "over":
        whole = context.word == "over" and not HEAD.match(text, end) and not follow
        return duration(context, context.opening if whole else context.start, "time.duration.over")
    if cue == "since":
        low, high = context.signed(-1.0)
        made = context.value(
            "offset", "now", direction="since", low=low, high=high, until_low=0.0, until_high=0.0
        )
        return found(context.opening, end, "DURATION", "time.duration.since", made)
    if cue == "at":
        life = OF_LIFE.match(text, end)
        if life:
            made = context.value(
                "age",
                "birth",
                direction="at",
                low=context.low,
                high=context.high,
                points=context.amount.points,
            )
            return found(context.start, life.end(), "TIME", "time.age", made)
        return _at(context, "time.offset.at_amount", "at")
    if cue == "until":
        return _at(context, "time.offset.until_amount", "until", 0.7)
    if cue == "in" and PER_TIME.search(text, max(0, context.opening - LOOK_BACK), context.opening):
        return None
    changed = CHANGE.search(text, max(0, context.opening - LOOK_BACK), context.opening)
    if cue == "in" and not context.amount.plain and not changed:
        made = context.value("offset", "previous", direction="after", low=0.0, high=context.high)
        return found(context.start, end, "TIME", "time.offset.in_amount", made, 0.7)
    return duration(context)


def _after(context: Context, follow: bool) -> Found:
    """An offset: "after 2 weeks of dialysis", "within 24 hours"; a follow-up does not say where it began."""
    head = HEAD.match(context.text, context.end)
    end = head.end() if head else context.end
    of = None if follow else OF.match(context.text, end)
    reference = references.read(context.text, of.end()) if of else None
    low = 0.0 if context.cue == "within" else context.low
    points = () if context.cue == "within" else context.amount.points
    made = context.value(
        "offset", reference or (None if follow else "previous"),
        direction="after", low=low, high=context.high, points=points,
    )  # fmt: skip
    end = reference.end if reference else end
    return found(context.opening, end, "TIME", f"time.offset.{context.cue}_amount", made)


def _at(context: Context, rule: str, direction: str, confidence: float = 0.9) -> Found:
    """An offset from what the text does not say: "at 6 months"."""
    made = context.value(
        "offset", direction=direction, low=context.low, high=context.high, points=context.amount.points
    )
    return found(context.start, context.end, "TIME", rule, made, confidence)
