"""A treatment on each day of a list, one event a day, with the amounts of a list as long.

Example: "ibuprofen was given on days 3, 4, and 5 (10, 5, and 5 mg/kg)" is three events, 10, 5 and 5 mg/kg.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.timeline.draft import Draft
from pipeline.timeline.moments import Moment

KINDS = ("drug", "procedure", "imaging")
RULE = "event.each_day"
MOST = 8
BE = re.compile(r"\b(?:was|were|been|received|underwent)\b")
AMOUNTS = re.compile(
    r"(\d+(?:\.\d+)?(?:, \d+(?:\.\d+)?)*,? and \d+(?:\.\d+)?) ?(?:[mun]?g|mcg|ml|units?|iu)\b", re.IGNORECASE
)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
BETWEEN = re.compile(r"\bbetween (?:the )?$", re.IGNORECASE)
NEAR = 160


def days(text: str, draft: Draft, moment: Moment, alone: bool) -> Sequence[tuple[Draft, Moment]]:
    """The draft with its moment, or one for each day of the list that it takes; ``text`` is that of the view.

    ``alone`` is whether no other treatment of the sentence may take a day of the list ("on days 3 and 5, respectively").
    """
    if not moment.points or draft.kind not in KINDS or not draft.actual:
        return ((draft, moment),)
    start, points = moment.told.start, moment.points
    if BETWEEN.search(text, max(0, start - 12), start):
        return ((draft, replace(moment, node=points[0], points=(), until=points[-1])),)
    low, high = sorted((draft.place[1], start))
    if (
        len(points) > MOST
        or draft.action in ("stop", "not_given", "planned")
        or len(BE.findall(text, low, high)) > 1
        or (not alone and "respectively" in text[start : start + NEAR])
    ):
        return ((draft, moment),)
    amounts = _amounts(text, draft, len(points))
    action = "given" if draft.action == "start" else draft.action
    found = []
    for k, point in enumerate(points):
        one = replace(draft, rules=(*draft.rules, RULE), action=action if k else draft.action)
        if amounts and draft.dose is not None and draft.dose.value is not None:
            rest = NUMBER.sub("", draft.dose.text, count=1).strip()
            one = replace(
                one,
                dose=draft.dose.but(value=float(amounts[k]), text=f"{amounts[k]} {rest}"),
            )
        found.append((one, replace(moment, node=point, points=())))
    return found


def _amounts(text: str, draft: Draft, number: int) -> list[str]:
    """The amounts of a list behind the name, if they are as many as the days."""
    told = AMOUNTS.search(text, draft.head.end, draft.head.end + NEAR)
    amounts = NUMBER.findall(told[1]) if told else []
    return amounts if len(amounts) == number else []
