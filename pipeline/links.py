"""Which value belongs to which test, which dose to which drug: candidates, score, choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.structure.found import Found


class Link(NamedTuple):
    """``head`` and ``tail`` are positions in the list of mentions."""

    kind: str
    head: int
    tail: int
    confidence: float
    rule: str


def link(text: str, sentences: Sequence[tuple[int, int]], found: Sequence[Found]) -> list[Link]:
    """The relations between the mentions of a document."""
    return []
