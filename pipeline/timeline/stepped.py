"""The moment of a step that counts from the step before it, see ``schedule``.

Example: "60 mg/day for 2 weeks, then 40 mg/day" puts the second dose 14 days after the first.
"""

from __future__ import annotations

from pipeline.timeline import followed
from pipeline.timeline.draft import Draft
from pipeline.timeline.moments import Clock, Moment
from pipeline.timeline.strengths import STRONG


def moment(clock: Clock, number: int, draft: Draft) -> Moment | None:
    """The moment of draft ``number``, tied to the step that it counts from; None where it counts from none."""
    counted = draft.counted
    if counted is None:
        return None
    source = next(
        (
            i
            for i, d in enumerate(clock.drafts)
            if d.place == counted.place
            and (d.key == draft.key or (counted.rule == followed.RULE and i != number))
        ),
        None,
    )
    if source is None:
        return None
    node, earlier = f"s{number}", f"e{source}"
    place = (counted.told.mention.start, counted.told.mention.end)
    clock.add(earlier, node, counted.low, counted.high, STRONG, counted.rule, place)
    if earlier in clock.estimates:
        clock.estimates[node] = clock.estimates[earlier] + (counted.low + (counted.high or counted.low)) / 2
    return Moment(
        node,
        counted.told,
        earlier,
        (counted.low, counted.high),
        (counted.rule,),
        estimate=clock.estimates.get(node),
    )
