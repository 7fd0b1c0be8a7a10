"""Time expressions as moments of the network: what each one counts from, and by how many days.

Example: "5 days later" becomes a moment five days after the one told last; "hospital day 3" one three days after day 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from pipeline.schema import TimeValue
from pipeline.timeline.anchor import Zero
from pipeline.timeline.counted import Bare, Counted
from pipeline.timeline.counting import counted
from pipeline.timeline.days import COARSE, first_year, nearest, outward
from pipeline.timeline.draft import Draft
from pipeline.timeline.network import Constraint
from pipeline.timeline.own_clock import Numbers, day_zero
from pipeline.timeline.references import vocabulary
from pipeline.timeline.story import Story, Told
from pipeline.timeline.strengths import BIRTH, CALENDAR, KNOWN, LOOSE, PREGNANCY, STRONG, ZERO

JUST_BEFORE = 0.6
LOOKS_BACK = re.compile(r"\b(?:had|histor|previous|earlier)[^.]*\Z", re.IGNORECASE)
HEAD = 80  # characters
FAR = 14.0
DAY_LAST = re.compile(r"[a-z]\.? \d\d?$")
DAYS = re.compile(
    r"(?:, \d\d?)*,? and \d\d?(?=[,;.)]|$| (?!mg|g |m[Ll]|years?|months?|weeks?|days?|hours?|of ))(?!\.\d)"
)
# A reference without a day of its own lies within SLACK of where it is told, if much is counted from it.
DISTANT = 28.0
SLACK = 30.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A time expression in the network. ``flows`` is whether the story goes on from it.

    ``until`` is the moment where a span ends; ``points`` are the moments of a list ("at 3 and 6 months").
    ``order_only`` marks an expression that bounds nothing by itself ("eventually", "after therapy"). ``base`` is
    the moment that it counts from, ``candidates`` all events that could be meant, with scores.
    """

    node: str
    told: Told
    relative_to: str | None
    offset: tuple[float | None, float | None]
    rules: tuple[str, ...]
    until: str | None = None
    points: tuple[str, ...] = ()
    order_only: bool = False
    estimate: float | None = None
    base: str | None = None
    candidates: tuple[tuple[str, float], ...] = ()


def listed_days(text: str, told: Told, first: tuple[float, float]) -> list[float]:
    """The days of a list behind a date, as days of the calendar: "February 8, 15 and 22"."""
    match = (
        DAYS.match(text, told.end) if first[0] == first[1] and DAY_LAST.search(told.mention.text) else None
    )
    if match is None:
        return []
    days = [int(told.mention.text[-2:].strip()), *map(int, re.findall(r"\d+", match[0]))]
    if days[-1] > 31 or any(b <= a for a, b in pairwise(days)):
        return []
    return [first[0] + day - days[0] for day in days]


@dataclass(slots=True)
class Clock:
    """Builds moments while a story is read; holds the constraints made so far and rough days for comparison."""

    story: Story
    drafts: Sequence[Draft]
    zero: Zero | None
    constraints: list[Constraint] = field(default_factory=list)
    estimates: dict[str, float] = field(default_factory=lambda: {ZERO: 0.0})
    calendar: float | None = None
    arrived: bool = False
    names: list[frozenset[str]] = field(default_factory=list)
    numbered: tuple[str, str] | None = None
    numbered_in: int = -1
    numbers: Numbers | None = None
    operated: Numbers | None = None
    hours: Bare | None = None
    cells: bool = False
    bare: Bare | None = None
    gestation: float | None = None
    pregnancy: str = PREGNANCY
    aged: bool = False
    grown: bool = False
    ended: set[str] = field(default_factory=set)
    bygone: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.zero is not None and self.zero.event == "birth":
            self.estimates[BIRTH] = 0.0
        self.cells = day_zero(self.story, self.zero)

    def words(self) -> list[frozenset[str]]:
        """The content words of the drafts, made once."""
        if not self.names:
            self.names = vocabulary(self.drafts)
        return self.names

    @property
    def zero_name(self) -> str:
        """What day 0 is."""
        return self.zero.event if self.zero else "presentation"

    def add(
        self, earlier: str, later: str, low: float | None, high: float | None, strength: float, rule: str,
        place: tuple[int, int] | None = None,
    ) -> None:  # fmt: skip
        """Bounds ``later - earlier``; None leaves a side open."""
        if earlier != later:
            self.constraints.append(
                Constraint(
                    earlier,
                    later,
                    -inf if low is None else low,
                    inf if high is None else high,
                    strength,
                    rule,
                    place,
                )
            )

    def moment(self, told: Told, cursor: str, local: str) -> Moment | None:
        """The moment of an expression; ``cursor`` is where the story stands, ``local`` what was told last.

        None for an expression that says no time (a mere length, a frequency, an unresolved one).
        """
        value = told.mention.value
        if not isinstance(value, TimeValue) or value.kind in ("frequency", "unresolved", "clock", "duration"):
            return None
        if told.mention.rule.endswith("in_amount") and cursor == ZERO and (value.high or 0) >= FAR:
            return None  # "lost 2 kg in 5 months" at the admission looks back
        node = f"t{told.start:07d}"
        place = (told.mention.start, told.mention.end)
        if value.kind == "date":
            return self._date(node, told, value, place)
        base = counted(self, told, value, cursor, local)
        reference, name, strength, rules = base.node, base.name, base.strength, base.rules
        low, high = value.low, value.high
        rules = (told.mention.rule, *rules)
        if value.kind == "event" or (low is None and high is None):
            return self._beside(node, told, value, base, rules, place)
        named = told.reference is not None and value.reference != "previous" and value.direction == "after"
        if named and value.granularity in COARSE and low is not None and low >= DISTANT:
            self.bare = Bare(reference, name, low, told.sentence)  # "at 9 months" goes on from it
        if value.kind == "day_number":
            self.numbered, self.numbered_in = (reference, name), told.sentence
            if not self.arrived:
                self.numbers = Numbers(reference, name, value.low or 0.0, told.start)
        low, high = outward(low, high, value)
        self.add(reference, node, low, high, strength, rules[0], place)
        sides = [x for x in (low, high) if x is not None]
        if reference in self.estimates:
            self.estimates[node] = self.estimates[reference] + sum(sides) / len(sides)
        if low is not None and low >= DISTANT and reference in self.estimates and reference != ZERO:
            most = self.estimates[reference] + max(SLACK, 0.1 * low)
            self.add(ZERO, reference, None, most, LOOSE, "narrative.not_much_later", place)
        until = None
        if value.until_low is not None or value.until_high is not None:
            until = node + "u"
            self.add(reference, until, value.until_low, value.until_high, strength, rules[0], place)
            self.add(node, until, 0.0, None, KNOWN, "known.end_after_start", place)
        points = []
        for k, (a, b) in enumerate(value.points):
            point = f"{node}p{k:02d}"
            a2, b2 = outward(a, b, value)
            self.add(reference, point, a2, b2, strength, rules[0], place)
            if reference in self.estimates:
                self.estimates[point] = self.estimates[reference] + (a + b) / 2
            points.append(point)
        return Moment(
            node, told, name, (low, high), rules, until, tuple(points),
            order_only=high is None or low is None, estimate=self.estimates.get(node), base=reference,
            candidates=base.candidates,
        )  # fmt: skip

    def _date(self, node: str, told: Told, value: TimeValue, place: tuple[int, int]) -> Moment | None:
        """A calendar date: a window on the calendar, whose own place on the axis the anchor's date decides."""
        if self.calendar is None:
            self.calendar = first_year(one.mention.value for one in self.story.expressions)
        first = nearest(value.date, self.calendar) if value.date else None
        last = nearest(value.date_end, first[0] if first else self.calendar) if value.date_end else first
        if first is None or last is None:
            return None
        looks_back = first[0] < self.calendar and LOOKS_BACK.search(
            self.story.text, max(0, told.start - HEAD), told.start
        )
        if not looks_back:  # the dates that follow go on from the story
            self.calendar = first[0]
        rules = (told.mention.rule, "time.calendar")
        self.add(CALENDAR, node, first[0], first[1], STRONG, rules[0], place)
        until = None
        if value.date_end:
            until = node + "u"
            self.add(CALENDAR, until, last[0], last[1], STRONG, rules[0], place)
        points = []
        for k, day in enumerate(listed_days(self.story.text, told, first) if until is None else ()):
            points.append(f"{node}p{k:02d}")
            self.add(CALENDAR, points[-1], day, day, STRONG, rules[0], place)
            if CALENDAR in self.estimates:
                self.estimates[points[-1]] = self.estimates[CALENDAR] + day
        if CALENDAR in self.estimates:
            self.estimates[node] = self.estimates[CALENDAR] + sum(first) / 2
        return Moment(
            node,
            told,
            "calendar",
            (None, None),
            rules,
            until,
            tuple(points),
            estimate=self.estimates.get(node),
        )

    def place_calendar(self, node: str, estimate: float) -> None:
        """Rough place of the calendar, once a dated moment's day is known."""
        for c in self.constraints:
            if c.earlier == CALENDAR and c.later == node:
                self.estimates.setdefault(CALENDAR, estimate - (c.low + c.high) / 2)
                self.estimates[node] = estimate

    def _beside(
        self, node: str, told: Told, value: TimeValue, base: Counted, rules: tuple[str, ...], place: tuple[int, int]
    ) -> Moment:  # fmt: skip
        """At, during, before or after something, with no amount."""
        low, high = 0.0, 0.0
        order_only = False
        if value.direction == "before" or value.direction == "until":
            low, high, order_only = -inf, 0.0, True
        elif value.direction in ("after", "since", "during"):
            low, high, order_only = 0.0, inf, value.direction != "since"
            if base.rules == ("reference.surgery",) and value.direction == "during":
                high, order_only = 1.0, False
        reference = base.node
        self.add(reference, node, low, high, base.strength, rules[0], place)
        if reference in self.estimates:
            self.estimates[node] = self.estimates[reference] - (JUST_BEFORE if low == -inf else 0.0)
        offset = (None if low == -inf else low, None if high == inf else high)
        return Moment(
            node, told, base.name, offset, rules, order_only=order_only, estimate=self.estimates.get(node),
            base=reference, candidates=base.candidates,
        )  # fmt: skip

    def finish(self, node: str) -> str:
        """The end of a treatment: the one that its duration tells, else a moment at some time after its start."""
        if node in self.ended:
            return node + "end"
        self.add(node, node + "stop", 0.0, None, KNOWN, "known.end_after_start")
        return node + "stop"
