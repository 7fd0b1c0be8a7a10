"""Where the layers of a document differ: what an adjudicator has to settle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.schema import Event, Extraction

FIELDS = ("kind", "name", "action", "status", "dose", "measurement", "days")


@dataclass(frozen=True, slots=True)
class Difference:
    """An event on which layers disagree; ``by_layer`` holds its facts in each, null where it is missing there."""

    event: str
    start: int
    end: int
    fields: tuple[str, ...]
    by_layer: dict[str, dict[str, Any] | None]


def differences(records: Mapping[str, Extraction]) -> list[Difference]:
    """The events that are not the same in all layers, in the order of the text.

    The same event has the same id in all layers, since all start from one extraction; an added event is the same as
    one that another layer added with the same kind on overlapping characters.
    """
    events = {layer: {e.id: e for case in r.cases for e in case.events} for layer, r in records.items()}
    groups: list[dict[str, Event]] = []
    for layer, own in events.items():
        for event in own.values():
            group = next(
                (g for g in groups if layer not in g and any(_same(event, o) for o in g.values())), None
            )
            if group is None:
                groups.append({layer: event})
            else:
                group[layer] = event
    found = []
    for group in groups:
        facts = {layer: _facts(group[layer]) if layer in group else None for layer in records}
        stated = [f for f in facts.values() if f is not None]
        fields = tuple(f for f in FIELDS if any(one[f] != stated[0][f] for one in stated))
        if fields or len(stated) < len(records):
            first = next(iter(group.values()))
            found.append(Difference(first.id, first.start, first.end, fields or ("missing",), facts))
    return sorted(found, key=lambda one: (one.start, one.end, one.event))


def _same(a: Event, b: Event) -> bool:
    if a.id == b.id and not a.id.startswith("r"):
        return True
    return (
        a.id.startswith("r")
        and b.id.startswith("r")
        and a.kind == b.kind
        and a.start < b.end
        and b.start < a.end
    )


def _facts(event: Event) -> dict[str, Any]:
    time = event.time
    return {
        "id": event.id,
        "kind": event.kind,
        "name": event.name,
        "action": event.action,
        "status": event.status,
        "dose": event.dose and event.dose.model_dump(mode="json"),
        "measurement": event.measurement and event.measurement.model_dump(mode="json"),
        "days": [time.day_low, time.day_high],
        "time": time.model_dump(mode="json"),
    }
