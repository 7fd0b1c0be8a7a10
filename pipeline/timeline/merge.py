"""Several tellings of one event made one: the same name, action and result at the same or an unknown time.

The telling with the most to say keeps its place; the others add their mentions. Example: "dyspnea" in the first
sentence and "his dyspnea" at admission are one event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.timeline import each_day
from pipeline.timeline.draft import Draft
from pipeline.timeline.placed import Placed


def richness(draft: Draft) -> float:
    """How much a telling says."""
    return (
        2.0 * (draft.dose is not None and draft.dose.value is not None)
        + 2.0 * (draft.measurement is not None)
        + 1.0 * (draft.action is not None)
        + 0.5 * (draft.dose is not None)
    )


def groups(placed: Sequence[Placed], bounds: dict[str, tuple[float, float]]) -> list[list[int]]:
    """Positions of ``placed`` that tell the same event, the leading telling first, in told order of the leaders."""
    by_name: dict[tuple[str, str, bool], list[list[int]]] = defaultdict(list)
    result: list[list[int]] = []
    for i, one in enumerate(placed):
        draft = one.draft
        known = by_name[draft.kind, draft.key, draft.actual]
        for group in known:
            if _same(placed[group[0]], one, bounds):
                group.append(i)
                break
        else:
            group = [i]
            known.append(group)
            result.append(group)
    for group in result:
        group.sort(key=lambda i: (-richness(placed[i].draft) - 3.0 * (placed[i].moment is not None), i))
    return result


def _same(first: Placed, later: Placed, bounds: dict[str, tuple[float, float]]) -> bool:
    """Whether a later telling adds no new fact or date."""
    a, b = first.draft, later.draft
    if each_day.RULE in b.rules and each_day.RULE in a.rules:
        doses = {d.dose.value for d in (a, b) if d.dose is not None and d.dose.value is not None}
        return bounds.get(first.node) == bounds.get(later.node) and len(doses) < 2
    if a.measurement is not None or b.measurement is not None:
        if a.measurement is None or b.measurement is None:
            return False
        same_result = (a.measurement.value, a.measurement.unit, a.measurement.interpretation) == (
            b.measurement.value, b.measurement.unit, b.measurement.interpretation,
        )  # fmt: skip
        return same_result and _meet(first, later, bounds)
    if "event.repeated" in b.rules and b.kind in ("lab", "imaging"):
        return "event.repeated" in a.rules and _meet(first, later, bounds)
    if b.dose and b.dose.nth is not None and (a.dose is None or a.dose.nth != b.dose.nth):
        return False
    if (
        a.dose
        and b.dose
        and a.dose.value is not None
        and b.dose.value is not None
        and a.dose.value != b.dose.value
    ):
        return False
    if a.dose and b.dose and a.dose.frequency and b.dose.frequency and a.dose.frequency != b.dose.frequency:
        return False
    if b.dose and b.dose.value is not None and (a.dose is None or a.dose.value is None):
        return _meet(first, later, bounds)
    if "stop" in (a.action, b.action) and a.action != b.action:
        other, placed = (a, first) if b.action == "stop" else (b, later)
        if other.dose is not None or placed.moment is not None:
            return False
    if a.action == b.action == "change" and b.dose is not None and first.moment is not None:
        return _meet(first, later, bounds)
    if later.moment is None and (b.action is None or b.action == a.action) and b.kind != "outcome":
        return b.kind in ("drug", "procedure", "diagnosis", "encounter", "imaging") or _meet(
            first, later, bounds
        )
    if a.action != b.action and a.action is not None and b.action is not None:
        return False
    return _meet(first, later, bounds)


def _meet(first: Placed, later: Placed, bounds: dict[str, tuple[float, float]]) -> bool:
    a, b = bounds.get(first.node), bounds.get(later.node)
    if a is None or b is None:
        return first.moment is None and later.moment is None
    return a[0] <= b[1] + 1 and b[0] <= a[1] + 1
