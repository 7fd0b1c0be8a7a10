"""Expressions that count from a later cycle or dose: "day 8 of cycle 2", "ten days after the second infusion".

The text tells no day of that cycle but by the interval, which may be longer than was planned. Example: of "every 3 weeks from day 2",
cycle 2 begins between day 23 and day 33.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.schema import TimeValue
from pipeline.timeline.counted import Counted
from pipeline.timeline.draft import Draft
from pipeline.timeline.references import treatments
from pipeline.timeline.story import Told
from pipeline.timeline.strengths import LOOSE, NAMED

if TYPE_CHECKING:
    from pipeline.timeline.moments import Clock

DELAYED = 1.5  # a cycle is put off rather than brought forward


def given(clock: Clock, told: Told) -> list[str]:
    """The treatments told before an expression, those given at intervals first, then the last first."""
    found = reversed(treatments(clock.drafts, told.start, finished=False))
    return [f"e{i}" for i in sorted(found, key=lambda i: _interval(clock.drafts[i]) is None)]


def of_number(clock: Clock, span: tuple[int, int], number: int, treated: Sequence[str]) -> Counted:
    """A numbered cycle: the event that is it, else a moment of its own behind those before it.

    "Ten days after the second infusion" tells no day of the first, but that it lies before.
    """
    numbers = {}
    for node in treated:
        dose = clock.drafts[int(node[1:])].dose
        numbers[node] = (dose.nth if dose is not None else None) or 1
    own = next((node for node, n in numbers.items() if n == number), None)
    if own is not None:
        return Counted(own, own, NAMED, ("reference.named",))
    later = f"ref:{clock.story.text[slice(*span)].lower()}"
    for node, n in numbers.items():
        if n < number:
            clock.add(node, later, 0.0, None, NAMED, "reference.later_cycle", span)
            every = _interval(clock.drafts[int(node[1:])])
            if every is not None:
                apart = (number - n) * every
                clock.add(node, later, apart, DELAYED * apart, LOOSE, "reference.later_cycle", span)
            break
    return Counted(later, later.removeprefix("ref:"), NAMED, ("reference.later_cycle",))


def _interval(draft: Draft) -> float | None:
    """The days between two occasions of a treatment, where the text tells more than one: "every 3 weeks"."""
    values = (part.mention.value for part in draft.parts if part.mention.label == "FREQUENCY")
    days = next((v.low for v in values if isinstance(v, TimeValue) and v.low == v.high), None)
    return days if days is not None and days > 1 else None
