"""Where the story stands while it is read: the moment told last, the stage, an aside.

Example: after "On day 3 she was intubated." the cursor is the moment of day 3, the stage "after" the admission.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.schema import TimeValue
from pipeline.timeline.strengths import START, ZERO


@dataclass(slots=True)
class Position:
    """The reading head.

    ``cursor`` is the moment that the main line has reached, ``local`` the one told last, an aside included; ``since``
    counts the sentences since the cursor moved. ``known_before`` is whether a time before the anchor has been told,
    ``open`` whether the cursor is an event without a day of its own. ``aside`` is the moment of a look back, ``remote``
    one told as background. ``drifted`` is whether the work-up has left the day of admission. ``waiting`` are the
    undated steps that the next told time lies after. ``visited`` is whether a first presentation has been told before
    the anchor, ``elsewhere`` whether at another hospital, ``recent`` the undated events of the last sentence;
    ``source`` the number of the draft whose tissue a sentence of pathology describes;
    ``retold`` is whether the story is over and other sections tell of it. ``returned`` is whether the sentence goes
    back to the admission, ``treated`` whether a treatment has been told since, ``anchored`` the number of the sentence
    that tells day 0, ``discharged`` the last discharge. ``titles`` are the last two headings, ``section_began``
    is where the story stood at the last of them, ``beside`` whether what is told runs beside what was told before.
    """

    stage: Literal["before", "after"]
    cursor: str = ZERO
    local: str = ZERO
    visited: bool = False
    elsewhere: bool = False
    recent: tuple[str, ...] = ()
    since: int = 0
    known_before: bool = False
    open: bool = False
    aside: str | None = None
    remote: bool = False
    technical: bool = False
    drifted: bool = False
    previous_main: str | None = None
    source: int | None = None
    retold: bool = False
    returned: bool = False
    treated: bool = False
    anchored: int = 0
    discharged: str | None = None
    titles: tuple[str, ...] = ()
    section_began: str | None = None
    beside: bool = False
    waiting: list[str] = field(default_factory=list)

    def told_last(self, value: TimeValue) -> str:
        """What "two days later" counts from; before the anchor, with no time told yet, the start of the story."""
        forward = value.low is None or value.low >= 0
        if self.stage == "before" and self.local == ZERO and forward and value.reference != "now":
            return START
        return self.local
