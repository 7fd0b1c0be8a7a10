"""One sentence as the timeline reads it: its text, its place, the times and lengths that it tells.

Example: "On day 3 she was intubated." has one moment, no length, and one clause.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field

from pipeline.schema import EventKind
from pipeline.timeline.cues import ROUTINE
from pipeline.timeline.hints import Watched
from pipeline.timeline.looking_back import RESISTS
from pipeline.timeline.moments import Moment
from pipeline.timeline.story import Told

COUNTED_AFTER = re.compile(r"(?:after|following|once)\b", re.IGNORECASE)
# The place in the told order behind all that a sentence tells.
LAST = 3


@dataclass(slots=True)
class Sentence:
    """``begins`` are the starts of its clauses, ``lengths`` its mere durations; offsets are those of the view.

    ``opens`` is whether it opens a paragraph, ``title`` the heading right above that. ``background`` is whether it
    tells history, ``past`` are the stretches told with "had", as (start, end). ``awaited`` is whether it tells the work-up
    under a heading, with treatment under one that follows. ``arrival`` is where it comes back to day 0 after a look back.
    ``hints`` are the cues that it may hold.
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
    hints: Set[Watched]
    spans: list[tuple[int, int]] = field(default_factory=list)
    background: bool = False
    past: tuple[tuple[int, int], ...] = ()
    awaited: bool = False
    arrival: int | None = None

    def search(self, cue: Watched) -> re.Match[str] | None:
        """The first match of a cue."""
        return cue.search(self.text) if cue in self.hints else None

    def turn(self, kind: EventKind, place: tuple[int, int]) -> tuple[int, int]:
        """Where an event of that kind, told at ``place``, is told: what was found before what was done.

        What resists a treatment ("despite antibiotics, fever persisted") comes after it; what others are counted from
        ("following <stabilization>, vision was lost") before all of them.
        """
        if any(
            m.told.start <= place[0] < m.told.end and COUNTED_AFTER.match(m.told.mention.text)
            for m in self.moments
        ):
            return self.number, -1
        found = kind in ROUTINE
        if (found or kind == "outcome") and self.search(RESISTS):
            return self.number, 2
        return self.number, 0 if found else 1

    def looks_back(self, place: tuple[int, int]) -> bool:
        """Whether what is told there is told with "had"."""
        return any(start <= place[0] < end for start, end in self.past)
