"""Windows of time: "<over the past 3 months>", "the <following two weeks>", "the <first 24 hours>"."""

from __future__ import annotations

import re

from pipeline.mentions.time import references
from pipeline.mentions.time.context import Context
from pipeline.mentions.time.durations import duration
from pipeline.mentions.time.values import found
from pipeline.structure.found import Found

GONE = frozenset(["past", "last", "previous", "preceding", "prior", "recent"])
TO_COME = frozenset(["following", "next", "subsequent", "ensuing", "coming", "succeeding"])
OPENERS = frozenset(("over", "within", "since", "until", "after", "throughout"))
OF = re.compile(r"'?s? of(?P<life> (?:\w+ )?life\b)?(?= |\b)", re.IGNORECASE)


def window(context: Context) -> Found | None:
    """The reading of an amount behind "past", "next", "first" and the like."""
    which = context.word
    if context.bare and context.plural:
        context = context.some()
    if which in GONE:
        return _gone(context)
    if which in TO_COME:
        return _to_come(context)
    if which in ("first", "initial"):
        return _first(context)
    return None if context.bare else duration(context)


def _gone(context: Context) -> Found | None:
    """Up to now; without a preposition a single unit is the one before."""
    single = context.bare and not context.plural
    if single and context.unit == "day":
        return None
    opens = context.into in OPENERS or context.into == "during"
    start = context.opening if opens else context.window_start
    if single and context.into in ("", "in", "on", "of", "by") and context.word != "past":
        since = "now" if context.word in ("last", "recent") else "previous"
        made = context.value("offset", since, direction="before", low=-2 * context.low, high=0.0)
        return found(start, context.end, "TIME", "time.window.previous", made)
    low, high = context.signed(-1.0)
    made = context.value(
        "offset", "now", direction="during", low=low, high=high, until_low=0.0, until_high=0.0
    )
    return found(start, context.end, "DURATION", "time.window.past", made)


def _to_come(context: Context) -> Found | None:
    """From what was told last; "the following day" is the day after, "the next week" some day of it."""
    start = context.opening if context.into in OPENERS else context.window_start
    single = context.bare and not context.plural
    if single and (context.unit in ("day", "hour") or context.into in ("", "in", "on", "by")):
        if context.unit == "minute":
            return None
        low, high = (context.low, context.high) if context.unit == "day" else (0.0, 2 * context.low)
        made = context.value("offset", "previous", direction="after", low=low, high=high)
        return found(start, context.end, "TIME", "time.window.next", made)
    if single and context.unit == "minute":
        return None
    made = context.value(
        "offset",
        "previous",
        direction="during",
        low=0.0,
        high=0.0,
        until_low=context.low,
        until_high=context.high,
    )
    return found(start, context.end, "DURATION", "time.window.next", made)


def _first(context: Context) -> Found | None:
    """The start of something; "the first week", without an amount, is a numbered week."""
    if context.bare and (not context.plural or context.unit == "minute"):
        return None
    start = context.opening if context.into in ("after", "over", "within") else context.window_start
    of = OF.match(context.text, context.end)
    if of and of["life"]:
        made = context.value("age", "birth", direction="during", low=0.0, high=context.high)
        return found(start, of.end(), "TIME", "time.age.first", made)
    reference = references.read(context.text, of.end()) if of else None
    made = context.value(
        "offset",
        reference,
        direction="during",
        low=0.0,
        high=0.0,
        until_low=context.low,
        until_high=context.high,
    )
    return found(start, reference.end if reference else context.end, "TIME", "time.window.first", made)
