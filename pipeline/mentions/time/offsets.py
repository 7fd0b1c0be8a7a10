"""Offsets: an amount counted from what is named behind it, or from what was told last.

Examples: "<two weeks after RTX initiation>", "<six months ago>", "<6 hours postoperatively>".
"""

from __future__ import annotations

import re

from pipeline.mentions.time import references
from pipeline.mentions.time.context import Context
from pipeline.mentions.time.references import Reference
from pipeline.mentions.time.values import found
from pipeline.mentions.time.vocabulary import POST
from pipeline.structure.found import Found

AFTER = re.compile(
    r"[ -](?P<word>after|following|post|since|from|subsequent to|out from|into)(?=[ -])", re.IGNORECASE
)
BEFORE = re.compile(r"[ -](?:before|prior to|preceding|ahead of|previous to)(?= )", re.IGNORECASE)
LATER = re.compile(
    r" (?:later|afterwards?|thereafter|hence|after|after that|after this|after which|that followed|thence)\b",
    re.IGNORECASE,
)
EARLIER = re.compile(
    r" (?:earlier|previously|prior|before(?: that| this)?|beforehand|in advance|preceding)\b", re.IGNORECASE
)
AGO = re.compile(r" (?:ago|back)\b", re.IGNORECASE)
POST_WORD = re.compile(r"[ -]([A-Za-z]+(?:[- ][a-z]+)?)\b")
FOLLOW_UP = re.compile(
    r"'?[- ](?:of |post-?operative |clinical |long-term |routine )*follow(?:ed)?[ -]?up\b", re.IGNORECASE
)
UNCOUNTED = frozenset(("day", "week", "month", "year"))


def offset(context: Context) -> Found | None:
    """The reading of an amount as an offset, or None where nothing behind it says so."""
    text, end = context.text, context.end
    if not context.bare or context.plural or context.unit in UNCOUNTED:
        after = AFTER.match(text, end)
        if after and after["word"].lower() == "post":
            worded = _post(context)
            if worded is not None:
                return worded
        if after:
            reference = references.read(text, after.end())
            if reference is not None:
                return _offset(context, "time.offset.after", 1.0, reference, reference.end)
        before = BEFORE.match(text, end)
        if before:
            reference = references.read(text, before.end())
            if reference is not None:
                return _offset(context, "time.offset.before", -1.0, reference, reference.end)
    if context.bare and not context.plural:
        return None
    for pattern, rule, sign, name in (
        (AGO, "time.offset.ago", -1.0, "now"),
        (EARLIER, "time.offset.earlier", -1.0, "previous"),
        (LATER, "time.offset.later", 1.0, "previous"),
    ):
        match = pattern.match(text, end)
        if match:
            return _offset(context, rule, sign, name, match.end())
    return _post(context)


def _post(context: Context) -> Found | None:
    """Words for after an event: "6 hours postoperatively", "4-year postoperative follow-up"."""
    match = POST_WORD.match(context.text, context.end)
    if match is None:
        return None
    whole = match[1].lower()
    first = whole.split(" ")[0]
    for form, stop in ((whole, match.end()), (first, match.start(1) + len(first))):
        known = POST.get(form.replace("-", ""))
        if known:
            name, sign = known
            follow = FOLLOW_UP.match(context.text, stop)
            return _offset(context, "time.offset.post", sign, name, follow.end() if follow else stop)
    return None


def _offset(context: Context, rule: str, sign: float, reference: Reference | str, end: int) -> Found:
    """The candidate; "within" opens the interval at the reference, "over" and "in" make it a span."""
    cue, amount = context.cue, context.amount
    if context.bare and context.plural:
        context = context.some()
    low, high = context.signed(sign)
    start = context.opening if cue in ("after", "within", "over") else context.start
    direction = "since" if cue in ("since", "from") else "after" if sign > 0 else "before"
    until: dict[str, float | None] = {}
    if cue == "within":
        low, high = (0.0, high) if sign > 0 else (low, 0.0)
    elif cue in ("over", "in") or (cue == "window" and not amount.plain):
        direction = "during"
        if sign > 0:
            low, high, until = 0.0, 0.0, {"until_low": context.low, "until_high": context.high}
        else:
            until = {"until_low": 0.0, "until_high": 0.0}
        start = context.window_start if cue == "window" else start
    points = (
        ()
        if until
        else tuple(sorted((min(sign * a, sign * b), max(sign * a, sign * b)) for a, b in amount.points))
    )
    made = context.value("offset", reference, direction=direction, low=low, high=high, points=points, **until)
    return found(start, end, "TIME", rule, made)
