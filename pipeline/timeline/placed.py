"""A draft with its place in the story, and what is known of it while it is placed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.schema import Basis, TimeValue
from pipeline.timeline.days import outward
from pipeline.timeline.draft import Draft
from pipeline.timeline.moments import Clock, Moment
from pipeline.timeline.sentence import Sentence
from pipeline.timeline.story import Told
from pipeline.timeline.strengths import STRONG


class Placed(NamedTuple):
    """A draft with its moment; ``end`` is where a span ends; ``turn`` its place in the told order."""

    draft: Draft
    number: int
    node: str
    end: str | None
    moment: Moment | None
    length: Told | None
    basis: Basis
    rules: tuple[str, ...]
    background: bool
    turn: tuple[int, int]


@dataclass(slots=True)
class Spot:
    """The draft number ``number`` while it is placed; ``place`` are the characters that constraints on it name, ``node`` its moment in the network."""

    number: int
    draft: Draft
    sentence: Sentence
    length: Told | None
    turn: tuple[int, int]
    end: str | None = None
    node: str = field(init=False)
    place: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        mention = self.draft.head.mention
        self.node, self.place = f"e{self.number}", (mention.start, mention.end)

    def placed(
        self, basis: Basis, *rules: str, moment: Moment | None = None, background: bool = False
    ) -> Placed:
        """The draft, placed by these rules."""
        length = self.length if moment is None else None
        return Placed(
            self.draft, self.number, self.node, self.end, moment, length, basis, rules, background, self.turn
        )

    def bound(
        self, clock: Clock, base: str, low: float | None, high: float | None, strength: float, rule: str
    ) -> None:
        """Bounds its days after ``base``."""
        clock.add(base, self.node, low, high, strength, rule, self.place)

    def ending(self, clock: Clock) -> str | None:
        """The end of what has a duration."""
        value = self.length.mention.value if self.length else None
        if not isinstance(value, TimeValue) or self.draft.kind not in (
            "drug", "procedure", "finding", "outcome",
        ):  # fmt: skip
            return None
        low, high = outward(value.low, value.high, value)
        clock.add(self.node, self.node + "end", low, high, STRONG, "event.duration")
        clock.ended.add(self.node)
        return self.node + "end"
