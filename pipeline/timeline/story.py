"""What the timeline is resolved from: the mentions in reading order, with sentences, paragraphs and sections.

All offsets are those of the view, the narrative as plain text; the mentions themselves carry source offsets.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from pipeline.schema import Mention, Relation
from pipeline.timeline.hints import Watched, hints


@dataclass(frozen=True, slots=True)
class Told:
    """A mention at its place in the narrative.

    ``reference`` is where a time expression names what it counts from ("<rituximab initiation>").
    """

    mention: Mention
    start: int
    end: int
    sentence: int
    reference: tuple[int, int] | None = None


@dataclass(frozen=True)
class Story:
    """One document, told in order. ``paragraphs`` are (start, end, kind of section).

    ``titles`` are the headings right above each paragraph, one a line; ``article_type`` is the publisher's word.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    paragraphs: tuple[tuple[int, int, str], ...]
    told: tuple[Told, ...]
    relations: tuple[Relation, ...]
    titles: tuple[str, ...] = ()
    article_type: str | None = None

    @cached_property
    def hints(self) -> tuple[Set[Watched], ...]:
        """The cues that each sentence may hold."""
        text = self.text
        return tuple(hints(text[start:end]) for start, end in self.sentences or ((0, len(text)),))
