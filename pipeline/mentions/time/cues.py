"""Named events with no amount of time: "<on admission>", "<before discharge>", "<during ECMO>".

They place events on the day axis but are no expressions of their own; their rules start with ``time.cue.``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.mentions.time import references
from pipeline.mentions.time.amounts import NUMBERS, ONE, ORDINALS
from pipeline.mentions.time.references import Reference
from pipeline.mentions.time.values import found, value
from pipeline.mentions.time.vocabulary import SLOTS, UNITS, VAGUE, of_kind
from pipeline.structure.found import Found

PREFIX = "time.cue."
SIDES = {entry.term: entry.columns["direction"] for entry in of_kind("cue")}
POINTS = frozenset(word for word, direction in SIDES.items() if direction == "at")
WORDS = SIDES.keys()
TIME_OF = re.compile(r" (?:the )?(?:time|moment|point) of(?= )")
STAYS = frozenset(SLOTS["stay"])
VISITS = re.compile(
    r"\b(?:follow-?up|visit|evaluation|examination|consultation|readmission|referral|surgery|operation)\b",
    re.IGNORECASE,
)
STRETCH = re.compile(
    r"\b(?:stay|course|treatment|follow-?up|procedure|surgery|operation|dialysis|ECMO|infusion)\b",
    re.IGNORECASE,
)
COURSE = re.compile(
    rf"(?:a total of )?(?:a single|(?!an? ){ONE}) ?(?:[a-z]+ )?(?:cycles?|courses?|sessions?|doses?"
    rf"|rounds?|infusions?|injections?|pulses?)\b",
    re.IGNORECASE,
)
NOT_NAMED = frozenset(SLOTS["unnamed"])
AMOUNTS = frozenset((*NUMBERS, *ORDINALS, *VAGUE, *UNITS, "past", "last", "next", "following", "previous"))
ADJECTIVE = re.compile(r"\b(?:the|these|this|his|her|a|as|with|by) $", re.IGNORECASE)


def read(text: str, words: Sequence[tuple[str, int, int]]) -> Iterator[Found]:
    """The named events that a preposition makes a time."""
    for word, start, end in words:
        if word not in WORDS:
            continue
        one = _point(text, start, end) if word in POINTS else _side(text, word, start, end)
        if one is not None:
            yield one


def _point(text: str, start: int, end: int) -> Found | None:
    of = TIME_OF.match(text, end)
    reference = references.read(text, of.end() if of else end)
    if reference is None:
        return None
    phrase = text[reference.start : reference.end]
    if not of and reference.name not in STAYS and not (VISITS.search(phrase) and len(phrase) < 40):
        return None
    if not of and reference.name == "birth" and phrase.endswith("born"):
        return None
    return found(start, reference.end, "TIME", PREFIX + "at", value("event", reference, direction="at"), 0.5)


def _side(text: str, word: str, start: int, end: int) -> Found | None:
    if word == "prior":
        if not text.startswith(" to ", end):
            return None
        end += 3
    if word == "following" and ADJECTIVE.search(text[max(0, start - 7) : start]):
        return None
    reference: Reference | None = references.read(text, end)
    if reference is None:
        return None
    if word == "since" and reference.name == "event":
        return None
    if (
        word == "throughout"
        and reference.name == "event"
        and STRETCH.search(text, reference.start, reference.end) is None
    ):
        return None
    course = COURSE.match(text, reference.start) if word in ("after", "following") else None
    if course:
        reference = reference._replace(end=max(course.end(), reference.end))
        return found(
            start,
            course.end(),
            "TIME",
            "time.offset.after_course",
            value("event", reference, direction="after"),
        )
    first = text[reference.start : reference.end].lower().split()
    if (
        (first[0] in NOT_NAMED and len(first) == 1)
        or any(w in AMOUNTS for w in first[:2])
        or first[0][0].isdigit()
    ):
        return None
    return found(
        start,
        reference.end,
        "TIME",
        PREFIX + SIDES[word],
        value("event", reference, direction=SIDES[word]),
        0.5,
    )
