"""One sentence as the timeline reads it: its text, its place, the times and lengths that it tells.

Example: "On day 3 she was intubated." has one moment, no length, and one clause.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.timeline.moments import Moment
from pipeline.timeline.story import Told


@dataclass(slots=True)
class Sentence:
    """``begins`` are the starts of its clauses, ``lengths`` its mere durations; offsets are those of the view.

    ``opens`` is whether it opens a paragraph, ``title`` the heading right above that. ``background`` is whether it
    tells history, ``past`` are the stretches told with "had", as (start, end). ``awaited`` is whether it tells the work-up
    under a heading, with treatment under one that follows.
    """

    number: int
    start: int
    text: str
    at_anchor: bool
    opens: bool
    title: str
    moments: list[Moment]
    lengths: list[Told]
    begins: list[int]
    spans: list[tuple[int, int]] = field(default_factory=list)
    background: bool = False
    past: tuple[tuple[int, int], ...] = ()
    awaited: bool = False

    def looks_back(self, place: tuple[int, int]) -> bool:
        """Whether what is told there is told with "had"."""
        return any(start <= place[0] < end for start, end in self.past)
