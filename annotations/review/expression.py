"""What a time expression that a reviewer gives means for an event: days counted from another event, or from day 0.

The expression is read by the same finder as the reports. Example: "two weeks after rituximab" in a case that has an event
rituximab, e17, is {"relative_to": "e17", "offset_low": 14.0, "offset_high": 14.0, "text": "two weeks after rituximab"}.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pipeline.reader import read_bytes
from pipeline.schema import Case, Event, TimeValue

if TYPE_CHECKING:
    from spacy.language import Language

LONGEST = 200
ARTICLE = re.compile(r"^(?:(?:the|a|an|his|her|their|this|that|first|last|initial)\s+)+")
SAME_DAY = re.compile(r"\s*(?:(?:on|at|the|day|of|with|same|as)\s+)*(.+?)\s*", re.IGNORECASE | re.DOTALL)


class ExpressionError(ValueError):
    """An expression that says no day; the message says why."""


def read(text: str) -> TimeValue | None:
    """What the finder makes of an expression; null where it is none, as in the name of an event alone."""
    from pipeline.build import extract

    found = extract(read_bytes(f"{text.strip()}.".encode(), "expression", "expression.txt"), _nlp())
    return next(
        (m.value for m in found.mentions if m.label == "TIME" and isinstance(m.value, TimeValue)), None
    )


@cache
def _nlp() -> Language:
    from pipeline.build import build_nlp

    return build_nlp()


def meant(case: Case, event: str | None, text: str, value: TimeValue | None) -> dict[str, Any]:
    """The time of an event of a case, as ``edit_event`` takes it; ``event`` is its id, null for a new one.

    Raises:
        ExpressionError: it says no day, or counts from what the case does not have.
    """
    said = {"text": text.strip()}
    if value is None:
        name = SAME_DAY.fullmatch(text)
        return said | _counted(_named(case, event, name[1] if name else text), 0.0, 0.0)
    if value.kind not in ("offset", "day_number", "event", "clock") or (value.low, value.high) == (
        None,
        None,
    ):
        if value.kind != "event":
            raise ExpressionError("this says no number of days; give the day or what it counts from")
        value = value.model_copy(update={"low": 0.0, "high": 0.0})
    return said | _counted(_reference(case, event, text, value), value.low, value.high)


def _counted(reference: str | None, low: float | None, high: float | None) -> dict[str, Any]:
    if reference is None:  # day 0
        return {"day_low": low, "day_high": high}
    return {"relative_to": reference, "offset_low": low, "offset_high": high}


def _reference(case: Case, event: str | None, text: str, value: TimeValue) -> str | None:
    """The id of the event that is counted from; null is day 0."""
    if value.reference is None or (value.reference in ("admission", "now") and case.anchor is None):
        return None
    if value.reference in ("previous", "same"):
        return _previous(case, event)
    if value.reference_start is not None and value.reference_end is not None:
        return _named(case, event, text.strip()[value.reference_start : value.reference_end])
    return _named(case, event, value.reference)


def _named(case: Case, event: str | None, name: str) -> str | None:
    wanted = ARTICLE.sub("", _plain(name))
    if case.anchor and _plain(case.anchor.event) == wanted:
        return None
    others = sorted((e for e in case.events if e.id != event), key=lambda e: (e.order, e.start))
    for same in (_is, _holds):
        if (found := next((e for e in others if same(e, wanted)), None)) is not None:
            return found.id
    raise ExpressionError("the case has no other event of that name")


def _is(event: Event, wanted: str) -> bool:
    return wanted in (event.id, _plain(event.name), _plain(event.text))


def _holds(event: Event, wanted: str) -> bool:
    return bool(re.search(rf"\b{re.escape(wanted)}\b", f"{_plain(event.name)} {_plain(event.text)}"))


def _previous(case: Case, event: str | None) -> str | None:
    """The last event with days that is told before this one."""
    here = next((e for e in case.events if e.id == event), None)
    if here is None:
        raise ExpressionError("it counts from the event before, and this one stands nowhere yet")
    told = [e for e in case.events if e.start < here.start and e.time.day_low is not None]
    return max(told, key=lambda e: (e.start, e.id)).id if told else None


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())
