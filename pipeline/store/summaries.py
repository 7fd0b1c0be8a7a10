"""What a list of documents tells of each extraction, computed once when it is written.

Doubt: the sum over the events of one minus the confidence, a tenth for each event without a day, a twentieth for each
whose days lie more than a week apart or are open on one side, and half a point for each contradiction.

Example: one event of confidence 0.9 without a day, and no contradiction: doubt 0.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum
from typing import Any

from pipeline.schema import Event, Extraction

CONTRADICTION = 0.5
UNDATED = 0.1
SLACK = 0.05
WIDE = 7.0  # days


def summary(found: Extraction) -> dict[str, Any]:
    """The row of an extraction in ``summaries``, without its id; ``names`` are in lower case, one a line."""
    events = [one for case in found.cases for one in case.events]
    contradictions = sum(one.code == "contradiction" for one in found.warnings)
    return {
        "events": len(events),
        "contradictions": contradictions,
        "doubt": fsum((CONTRADICTION * contradictions, *map(_doubt, events))),
        "names": _lines(one.name for one in events),
    }


def _doubt(event: Event) -> float:
    low, high = event.time.day_low, event.time.day_high
    if low is None and high is None:
        slack = UNDATED
    elif low is None or high is None or high - low > WIDE:
        slack = SLACK
    else:
        slack = 0.0
    return 1.0 - event.confidence + slack


def _lines(names: Iterable[str]) -> str:
    return "\n".join(sorted({one.lower() for one in names}))
