"""Attributes of the events that both annotators have, on normalised tuples.

What: a name agrees without regard to case and blanks; a quantity when value, upper value and comparator agree and the
values, in one unit, differ by no more than ``TOLERANCE``; frequency and route by their words; action and status
when equal. An attribute that neither side gives is not asked for. Days: the distance is 0 where the intervals meet;
they agree by the rule of ``scoring.timeline.right_day``, asked from both sides. Order is the mean of both sides'
concordance, so that a tie on one side alone counts half. "All of these" is the share of events with no disagreement.
Example: 1 g and 1000 mg agree, 1000 mg and 1,050 mg do not, with one dose "daily" and one without it disagree there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from annotations.agreement.kappa import Table
from annotations.scoring.alike import day_gap
from annotations.scoring.records import Event
from annotations.scoring.timeline import concordance, right_day
from pipeline.units import convert

TOLERANCE = 0.01
WHOLE = "all of these"  # the whole tuple of what is said of an event, its days aside
# Attributes with a few fixed answers, for which kappa applies.
CATEGORIES = ("kind", "action", "status")


@dataclass(frozen=True)
class Marked:
    """An event as it is paired, and as it was written down."""

    event: Event
    record: Mapping[str, Any]


@dataclass
class Attributes:
    """Sums over pairs of events: ``asked`` and ``agreed`` by attribute, answers of the categories, day distances."""

    asked: Counter[str] = field(default_factory=Counter)
    agreed: Counter[str] = field(default_factory=Counter)
    answers: dict[str, Table] = field(default_factory=dict)
    distances: list[float] = field(default_factory=list)
    order: float = 0.0
    order_of: float = 0.0

    def add(self, other: Attributes) -> None:
        """Takes over the sums of another document."""
        self.asked += other.asked
        self.agreed += other.agreed
        for name, table in other.answers.items():
            self.answers.setdefault(name, Counter()).update(table)
        self.distances += other.distances
        self.order += other.order
        self.order_of += other.order_of

    @property
    def median_distance(self) -> float | None:
        """In days; None where no event is dated by both."""
        return median(self.distances) if self.distances else None


def compare_pairs(pairs: Sequence[tuple[Marked, Marked]]) -> Attributes:
    """What two annotators say of the events that both have, in one document."""
    sums = Attributes()
    for a, b in pairs:
        answers = _answers(a.record, b.record)
        for name, same in {**answers, WHOLE: all(answers.values())}.items():
            sums.asked[name] += 1
            sums.agreed[name] += same
        for name in CATEGORIES:
            if name in a.record or name in b.record:
                answer = (str(a.record.get(name)), str(b.record.get(name)))
                sums.answers.setdefault(name, Counter())[answer] += 1
        _days(a.event, b.event, sums)
    events = [(a.event, b.event) for a, b in pairs]
    for one in (events, [(b, a) for a, b in events]):
        counts = concordance(one)
        sums.order += counts.get("agree", 0.0)
        sums.order_of += counts.get("pairs", 0.0)
    return sums


def _answers(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, bool]:
    """Whether each attribute agrees that at least one of the two gives."""
    answers = {name: a.get(name) == b.get(name) for name in CATEGORIES if a.get(name) or b.get(name)}
    answers["drug name" if "drug" in (a.get("kind"), b.get("kind")) else "name"] = _words(
        a, "name"
    ) == _words(b, "name")
    for field_name in ("dose", "measurement"):
        first, second = a.get(field_name) or {}, b.get(field_name) or {}
        if first.get("value") is not None or second.get("value") is not None:
            answers[field_name] = same_quantity(first, second)
        for part in ("frequency", "route", "interpretation"):
            if first.get(part) or second.get(part):
                answers[f"{field_name} {part}"] = _words(first, part) == _words(second, part)
    return answers


def _words(record: Mapping[str, Any], key: str) -> list[str]:
    return str(record.get(key) or "").casefold().split()


def same_quantity(a: Mapping[str, Any], b: Mapping[str, Any], tolerance: float = TOLERANCE) -> bool:
    """Whether two quantities agree, in one unit and within the relative tolerance."""
    if (a.get("comparator") or None) != (b.get("comparator") or None):
        return False
    return all(_near(a, b, key, tolerance) for key in ("value", "value_high"))


def _near(a: Mapping[str, Any], b: Mapping[str, Any], key: str, tolerance: float) -> bool:
    first, second = a.get(key), b.get(key)
    if first is None or second is None:
        return first is second
    unit, other = a.get("unit") or "", b.get("unit") or ""
    if unit != other:
        try:
            second = convert(float(second), other, unit)
        except ValueError:  # the units measure different things, or one of them is none that is known
            return False
    return bool(abs(first - second) <= tolerance * max(abs(first), abs(second)))


def _days(a: Event, b: Event, sums: Attributes) -> None:
    if a.dated or b.dated:
        sums.asked["dated by both"] += 1
        sums.agreed["dated by both"] += a.dated and b.dated
    distance = day_gap(a, b)
    if distance is not None:
        sums.distances.append(distance)
        sums.asked["day"] += 1
        sums.agreed["day"] += right_day(a, b) and right_day(b, a)
