"""Days named by an event: "<day of admission>", "the <day before surgery>"; the article stays outside."""

from __future__ import annotations

import re

from pipeline.mentions.time import references
from pipeline.mentions.time.values import found, value
from pipeline.structure.found import Found

CUE = re.compile(r" (?P<cue>of|after|following|before|prior to|preceding)(?=[ ,])", re.IGNORECASE)
LEFT = re.compile(r"\b(?:the|same|next|following|that|very|on|until|at)[ -]$", re.IGNORECASE)
SIGNS = {"of": 0.0, "after": 1.0, "following": 1.0}
DIRECTIONS = {0.0: "at", 1.0: "after", -1.0: "before"}
# "the morning of day 4" is that day; it is found by its number.
NUMBERED = re.compile(r" (?:the )?(?:[\w-]+ )?(?:days? \d|\w+ day\b|POD|HD|DOL)", re.IGNORECASE)
DAYS = frozenset(("day", "night", "morning", "evening"))


def read(text: str, word: str, start: int, end: int, size: float) -> Found | None:
    """The day, week or part of the day ``word`` with the event beside it; ``size`` is its length in days."""
    if (word not in DAYS and word not in ("week", "month")) or text[end - 1 : end] == "s":
        return None
    cue = CUE.match(text, end)
    left = text[max(0, start - 12) : start]
    if cue is None or LEFT.search(left) is None or NUMBERED.match(text, cue.end()):
        return None
    name = cue["cue"].lower()
    reference = references.read(text, cue.end())
    if reference is None:
        if name != "before" or not left.lower().endswith("the "):
            return None
        made = value("offset", "previous", direction="before", low=-size, high=-1.0 if size == 1.0 else 0.0)
        return found(start, cue.end(), "TIME", "time.anaphoric.day_before", made)
    if name == "of" and reference.name == "event" and word not in DAYS:
        return None
    sign = SIGNS.get(name, -1.0)
    if left.endswith(" same "):
        start -= len("same ")
    low, high = (sign, sign) if size == 1.0 else (0.0, size) if sign >= 0 else (-size, 0.0)
    made = value(
        "offset", reference, direction=DIRECTIONS[sign], low=low, high=high,
        granularity="day" if size == 1.0 else "week",
    )  # fmt: skip
    return found(start, reference.end, "TIME", "time.named_day", made)
