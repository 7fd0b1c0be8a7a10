"""A treatment that follows one with a length begins when that is over.

Example: "methylprednisolone 1 g for 3 days was started on day 2, followed by prednisone" puts the prednisone on day 5.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.schema import TimeValue
from pipeline.timeline.draft import Counted, Draft
from pipeline.timeline.story import Told

KINDS = ("drug", "procedure")
RULE = "schedule.followed_by"
THEN = re.compile(
    r"\b(?:followed by|(?:and|,) then|thereafter|after which|subsequently)\b(?: (?!was |were |he |she |they |on |at )[\w-]+){0,3} $", re.IGNORECASE
)  # fmt: skip
REACH = 40


def begun_after(text: str, drafts: Sequence[Draft], times: Sequence[Told]) -> list[Draft]:
    """The drafts, those that follow a treatment with a length counted from it; ``times`` are what places events."""
    found = list(drafts)
    treated = sorted(
        (i for i, d in enumerate(found) if d.kind in KINDS and d.actual), key=lambda i: found[i].place
    )
    for i, k in pairwise(treated):
        before, draft = found[i], found[k]
        length = next((t for t in before.parts if t.mention.label == "DURATION"), None)
        if length is None or draft.counted is not None or before.key == draft.key:
            continue
        value = length.mention.value
        if (
            before.head.sentence != draft.head.sentence
            or length.start > draft.place[0]
            or not isinstance(value, TimeValue)
            or value.low is None
        ):
            continue
        then = THEN.search(text, before.head.end, draft.place[0])
        if then is None or any(
            t.sentence == draft.head.sentence and then.start() < t.start < draft.place[1] + REACH
            for t in times
        ):
            continue
        counted = Counted(before.place, value.low, value.high, length, RULE)
        found[k] = replace(draft, counted=counted, rules=(*draft.rules, RULE))
    return found
