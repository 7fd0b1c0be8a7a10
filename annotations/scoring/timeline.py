"""Timelines against gold: events found, values, days, order.

What: figures that a constant answer cannot fake stand beside those that it can. A day is right when the intervals meet within
one day or a tenth of the distance and the answer is about as narrow as the gold; an interval open on one side is no answer. "Away
from day 0" leaves out events on the anchor's day and its neighbours; "the other way round" are pairs of events that the
text tells later first. Precision counts the kinds that gold lists in full: gold need not list every finding and diagnosis.
Example: gold [-21, -21], found [-20, -19]: right, since a tenth of 21 days is 2.1.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from annotations.scoring.alike import day_gap, match
from annotations.scoring.records import Event

LISTED_IN_FULL = frozenset(("drug", "procedure", "imaging", "lab", "vital", "encounter", "outcome"))
NARROW = 14


@dataclass(frozen=True)
class EventError:
    """A gold event that is missed, a predicted one that gold does not have, or a pair on different days."""

    kind: Literal["missed", "spurious", "day"]
    gold: Event | None
    predicted: Event | None


@dataclass(frozen=True)
class Timeline:
    """One document: the counts that ``shares`` divides, and the errors."""

    counts: dict[str, float]
    errors: tuple[EventError, ...]


# figure -> (numerator, denominator), as counted by ``compare_events``
SHARES = {
    "recall": ("found", "gold"),
    "precision": ("claimed right", "claimed"),
    "kind right": ("kind right", "kind asked"),
    "values and units right": ("values right", "values"),
    "right end to end": ("right", "dated"),
    "away from day 0": ("right away", "dated away"),
    "right among answered": ("right", "answered"),
    "with each report's best zero": ("right, own zero", "dated"),
    "dated though gold only orders": ("dated all the same", "only ordered"),
    "order": ("agree", "pairs"),
    "order where the text tells it the other way round": ("hard agree", "hard pairs"),
}


def shares(counts: AnyMapping[str, float]) -> dict[str, tuple[float, float]]:
    """Each figure with the number that it is a share of; 0 of 0 where there is none."""
    return {
        name: (counts.get(part, 0.0) / counts[whole] if counts.get(whole) else 0.0, counts.get(whole, 0.0))
        for name, (part, whole) in SHARES.items()
    }


def compare_events(gold: Sequence[Event], predicted: Sequence[Event]) -> Timeline:
    """One document's events."""
    pairs = match(gold, predicted)
    matched = [(gold[i], predicted[j]) for i, j in pairs]
    said = {j for _, j in pairs}
    full = {j for j, event in enumerate(predicted) if not event.kind or event.kind in LISTED_IN_FULL}
    n: defaultdict[str, float] = defaultdict(float)
    n["gold"], n["found"] = len(gold), len(pairs)
    n["claimed"], n["claimed right"] = len(full), len(said & full)
    for wanted, event in matched:
        _count(n, wanted, event)
    dated = [event for event in gold if event.dated]
    n["dated"], n["dated away"] = len(dated), sum(_away(event) for event in dated)
    n["right, own zero"] = _right_with_own_zero(matched)
    n.update(concordance(matched))
    found = {i for i, _ in pairs}
    errors = [EventError("missed", event, None) for i, event in enumerate(gold) if i not in found]
    errors += [EventError("spurious", None, event) for j, event in enumerate(predicted) if j in full - said]
    errors += [
        EventError("day", g, p) for g, p in matched if day_gap(g, p) is not None and not right_day(g, p)
    ]
    return Timeline(dict(n), tuple(sorted(errors, key=_place)))


def right_day(gold: Event, event: Event, shift: float = 0.0) -> bool:
    """Within one day or a tenth of the distance, by an interval about as narrow as the gold one."""
    if gold.low is None or gold.high is None or event.low is None or event.high is None:
        return False
    slack = max(1.0, 0.1 * abs((gold.low + gold.high) / 2))
    low, high = event.low + shift, event.high + shift
    narrow = high - low <= 3 * max(gold.high - gold.low, 1.0) + 2 * slack
    return low <= gold.high + slack and high >= gold.low - slack and narrow


def same_number(gold: Any, predicted: Any) -> bool:
    """Whether value, upper value of the gold, comparator and unit agree; blanks, case and tags of units aside."""
    return (
        bool(predicted)
        and gold.get("value") is not None
        and predicted.get("value") is not None
        and abs(gold["value"] - predicted["value"]) <= 1e-6 * max(1.0, abs(gold["value"]))
        and _unit(gold) == _unit(predicted)
        and (gold.get("comparator") or "") == (predicted.get("comparator") or "")
    )


def _unit(quantity: Any) -> str:
    unit = re.sub(r"<[^>]+>|[\s·.]", "", quantity.get("unit") or "")
    return unit.lower().replace("μ", "u").replace("µ", "u")


def _count(n: defaultdict[str, float], gold: Event, event: Event) -> None:
    """Adds what one pair says of kind, value and day."""
    n["kind asked"] += bool(event.kind)
    n["kind right"] += event.kind == gold.kind or (
        event.kind == "imaging" and gold.kind in ("procedure", "lab")
    )
    for wanted, said in ((gold.dose, event.dose), (gold.measurement, event.measurement)):
        if wanted and wanted.get("value") is not None:
            n["values"] += 1
            n["values right"] += same_number(wanted, said)
    if gold.low is None and gold.high is None:
        n["only ordered"] += 1
        n["dated all the same"] += (
            event.low is not None and event.high is not None and event.high - event.low <= NARROW
        )
    elif day_gap(gold, event) is not None:
        n["answered"] += 1
        n["right"] += right_day(gold, event)
        n["right away"] += right_day(gold, event) and _away(gold)


def _away(gold: Event) -> bool:
    return gold.low is not None and gold.high is not None and (gold.high < -1 or gold.low > 1)


def _right_with_own_zero(matched: Sequence[tuple[Event, Event]]) -> int:
    """The most days that are right when all of the report's are moved by the same number of days."""
    answered = [(g, p) for g, p in matched if day_gap(g, p) is not None]
    shifts = {0.0, *(g.low - p.low for g, p in answered if g.low is not None and p.low is not None)}
    return max(sum(right_day(g, p, shift) for g, p in answered) for shift in shifts)


def concordance(matched: Sequence[tuple[Event, Event]]) -> dict[str, float]:
    """Pairs of events in the gold's order, a tie of the prediction counting half; cases are not compared."""
    n: defaultdict[str, float] = defaultdict(float)
    ranked = [
        ((gold.case, event.case), gold.order, gold.spans[0][0], event.order)
        for gold, event in matched
        if gold.order is not None and event.order is not None
    ]
    for a, (case_a, gold_a, place_a, rank_a) in enumerate(ranked):
        for case_b, gold_b, place_b, rank_b in ranked[a + 1 :]:
            if gold_a == gold_b or case_a != case_b:
                continue
            point = 0.5 if rank_a == rank_b else float((gold_a < gold_b) == (rank_a < rank_b))
            n["agree"] += point
            n["pairs"] += 1
            if (gold_a < gold_b) != (place_a < place_b):
                n["hard agree"] += point
                n["hard pairs"] += 1
    return n


def _place(error: EventError) -> tuple[int, str]:
    one = error.gold or error.predicted
    return (one.spans[0][0] if one and one.spans else 0), error.kind
