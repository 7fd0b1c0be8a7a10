"""Numbers of days that go on from something else than day 0: an infusion, an ingestion, the last of several operations.

Example: "On 3 August (day 0) the cells were infused. On day +5 he was confused." counts from the infusion; "26 hours" after
"4 hours after ingestion" from the ingestion; "POD 3" told behind a second operation, after "POD 33", from that one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.schema import TimeValue
from pipeline.timeline.anchor import OPERATION, Zero
from pipeline.timeline.draft import Draft
from pipeline.timeline.hints import in_name
from pipeline.timeline.story import Story, Told

DAY_ZERO = "ref:day 0"
SIGNED = re.compile(r"\b(?:days?|d) ?[+-] ?\d", re.IGNORECASE)
CELLS = re.compile(r"\b(?:re-?)?infus|transplant|\bgraft|\bCAR\b|stem cell", re.IGNORECASE)
AGAIN = re.compile(r"\bre-?operat|re-?laparot|re-?explor|\bsecond\b|\brevision|\breversal", re.IGNORECASE)
TAKEN_IN = re.compile(r"\b(?:ingest|swallow|overdos|took|taken|drank|drunk|consum|intake)", re.IGNORECASE)
ARRIVED = re.compile(r"\b(?:re-?)?(?:admitted|hospitali[sz]ed|readmission)\b|emergency|\bED\b", re.IGNORECASE)
INGESTION = re.compile(r"\b(?:ingest|overdos|intake|swallow)", re.IGNORECASE)
BESIDE = 90  # characters
DOING = re.compile(
    r" (?:he|she|they|the patient|(?:his|her) \w+)(?: had\b| was\b| were\b| \w+ed\b| took\b| ate\b| drank\b)| (?:having )?(?:ingest|swallow|tak|eat|drink|inject)(?:ed|ing|en)\b",
    re.IGNORECASE,
)


class Numbers(NamedTuple):
    """What the numbers of days were counted from last: its node, name, the last number and where it stood."""

    node: str
    name: str
    low: float
    place: int


def day_zero(story: Story, zero: Zero | None) -> bool:
    """Whether a "day 0" told after the arrival is that of an infusion or a transplantation."""
    if zero is None:
        return False
    for one in story.expressions:
        value = one.mention.value
        if not isinstance(value, TimeValue) or value.kind != "day_number" or value.low != 0.0:
            continue
        if one.start <= zero.end or one.sentence == zero.sentence or value.reference is not None:
            continue
        start, end = story.sentences[one.sentence]
        if CELLS.search(story.text, start, end):
            return True
    return False


def before_arrival(story: Story, told: Told, zero: Zero | None) -> Told:
    """The expression told; of "brought to us 3 hours after she had swallowed 20 g" one that looks back from the arrival."""
    value = told.mention.value
    if (
        zero is None
        or told.sentence != zero.sentence
        or told.start < zero.start
        or not isinstance(value, TimeValue)
        or value.kind != "offset"
        or not told.mention.text.endswith("after")
        or not DOING.match(story.text, told.end)
    ):
        return told
    back = {
        "low": value.high and -value.high,
        "high": value.low and -value.low,
        "direction": "before",
        "reference": None,
    }
    return replace(told, mention=told.mention.but(value=value.but(**back)))


def turned(told: Told) -> bool:
    """Whether ``before_arrival`` turned the expression round."""
    value = told.mention.value
    return (
        isinstance(value, TimeValue) and value.direction == "before" and told.mention.text.endswith("after")
    )


def signed(told: Told) -> bool:
    """Whether a number of a day has a sign: "day +5", "D-3"."""
    return SIGNED.match(told.mention.text) is not None


def last_operation(drafts: Sequence[Draft], after: int, before: int) -> int | None:
    """The number of the last operation told between two places."""
    found = None
    for i, draft in enumerate(drafts):
        if (
            after < draft.place[0] < before
            and draft.kind == "procedure"
            and draft.status == "affirmed"
            and draft.action in (None, "given", "start", "stop")
            and in_name(OPERATION, f"{draft.name} {draft.head.mention.text}")
            and not AGAIN.search(draft.head.mention.text)
        ):
            found = i
    return found


def ingested(story: Story, drafts: Sequence[Draft], before: int) -> int | None:
    """The number of the draft that tells what was first swallowed: "he had ingested 20 g of paracetamol"."""
    for i, draft in enumerate(drafts):
        place = draft.head.start
        if draft.kind != "drug" or not draft.actual or place > before:
            continue
        start, end = story.sentences[draft.head.sentence]
        if TAKEN_IN.search(story.text, max(start, place - BESIDE), min(end, draft.head.end + BESIDE // 3)):
            return i
    return None


def later_stay(drafts: Sequence[Draft], after: int, before: int) -> int | None:
    """The number of the last arrival at a hospital told between two places."""
    found = None
    for i, draft in enumerate(drafts):
        if draft.kind == "encounter" and draft.status == "affirmed" and after < draft.head.start < before:
            words = draft.head.mention.text
            if ARRIVED.search(words):
                found = i
    return found
