"""From a story to its cases: anchor, events, days and order."""

from __future__ import annotations

from pipeline.schema import Case, Notice
from pipeline.timeline.story import Story


def resolve(story: Story) -> tuple[tuple[Case, ...], tuple[Notice, ...]]:
    """The cases of a story, and what a reader should know about them."""
    return (), ()
