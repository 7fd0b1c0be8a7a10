"""An event before its day is known: the mentions that tell it, with dose, measurement, action and status."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.schema import Action, Dose, EventKind, Measurement, Status
from pipeline.timeline.story import Told


@dataclass(frozen=True, slots=True)
class Counted:
    """Days from the step of a treatment that stands at ``place``, told by the expression ``told``; ``rule`` says how."""

    place: tuple[int, int]
    low: float
    high: float | None
    told: Told
    rule: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One fact at one place of the story.

    ``head`` is the mention that names it, ``parts`` all that belong to it (dose, value, range). ``key`` is its name
    as compared with other tellings. ``actual`` is false for what did not happen to this patient.
    ``at`` is where a further step of a treatment is told, away from its name; ``counted`` what it counts from.
    """

    kind: EventKind
    name: str
    head: Told
    parts: tuple[Told, ...]
    section: str
    action: Action | None
    status: Status
    dose: Dose | None
    measurement: Measurement | None
    rules: tuple[str, ...]
    confidence: float
    at: tuple[int, int] | None = None
    counted: Counted | None = None

    @property
    def key(self) -> str:
        """The name, folded."""
        return self.name.casefold()

    @property
    def actual(self) -> bool:
        """Whether it happened to the patient."""
        return self.status in ("affirmed", "historical")

    @property
    def place(self) -> tuple[int, int]:
        """The characters of the view that tell it."""
        return self.at or (self.head.start, self.head.end)
