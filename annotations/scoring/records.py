"""The records that are compared: spans and events, gold and predicted alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


class ScoringError(ValueError):
    """Gold or predictions that cannot be scored; the message names the file and the reason, never the text."""


class Span(NamedTuple):
    """A labelled stretch of the text, end exclusive; ``rule`` and ``confidence`` are those of a prediction."""

    start: int
    end: int
    label: str
    confidence: float = 1.0
    rule: str = ""

    @property
    def place(self) -> tuple[int, int]:
        """Start and end."""
        return self.start, self.end


@dataclass(frozen=True)
class Event:
    """One event, gold or predicted.

    ``names`` are its words, ``spans`` its characters (the first is its own), ``low`` and ``high`` the days from the
    anchor, None where the side is open. ``case`` and ``order`` rank it; events of two cases are not compared.
    """

    kind: str | None
    names: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    low: float | None
    high: float | None
    case: int = 0
    order: float | None = None
    dose: Mapping[str, Any] | None = None
    measurement: Mapping[str, Any] | None = None
    rule: str = ""

    @property
    def dated(self) -> bool:
        """Whether both sides of its interval are closed."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True)
class Report:
    """What one side says of one document. None means that this side does not list such things."""

    id: str
    text: str | None
    spans: tuple[Span, ...] | None
    events: tuple[Event, ...] | None
    text_sha256: str | None = None
