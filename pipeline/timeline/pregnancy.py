"""Weeks of a pregnancy: what is counted in them, and of which pregnancy.

Example: "at 30 weeks of gestation", then "caesarean section at 30 weeks and 2 days" lie two days apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.schema import TimeValue
from pipeline.timeline.counted import Counted
from pipeline.timeline.references import typed
from pipeline.timeline.story import Told
from pipeline.timeline.strengths import STRONG

if TYPE_CHECKING:
    from pipeline.timeline.moments import Clock

ONE_MONTH = 28.0
WEEKS_OF_PREGNANCY = (28.0, 301.0)


def counted(clock: Clock, told: Told, low: float) -> Counted:
    """The beginning of the pregnancy; of a further one, when the weeks are fewer again behind a delivery."""
    last = clock.gestation or 0.0
    deliveries = typed("delivery", clock.drafts, told.start)
    if low + ONE_MONTH < last and any(clock.drafts[i].head.end <= told.start for i, _ in deliveries):
        clock.pregnancy, last = "ref:further pregnancy", 0.0
    clock.gestation = max(last, low)
    return Counted(clock.pregnancy, "pregnancy", STRONG, ("reference.pregnancy",))


def bare(clock: Clock, told: Told, value: TimeValue) -> bool:
    """Whether a bare "at 33 weeks" is one of the pregnancy told before: not less than its last week, unless "had" looks back."""
    if clock.gestation is None or value.kind != "offset" or value.direction != "at" or value.low is None:
        return False
    # "34 weeks and 2 days" is counted in days.
    in_weeks = value.granularity == "week" or "week" in told.mention.text
    if not in_weeks or not WEEKS_OF_PREGNANCY[0] <= value.low <= WEEKS_OF_PREGNANCY[1]:
        return False
    return value.low >= clock.gestation or " had " in clock.story.text[told.end : told.end + 60]
