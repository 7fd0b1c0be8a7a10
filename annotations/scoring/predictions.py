"""Predictions: extraction records, one JSON object a line.

What: of a record only ``id``, ``text``, ``mentions`` (label, start, end; confidence and rule where given) and ``cases``
are read, so that the output of another system in this shape can be scored too. Left out are events that did not
happen (negated, hypothetical, family), that only a table tells, or of patients reported elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotations.scoring.gold import NOT_HAPPENED, read_json
from annotations.scoring.records import Event, Report, ScoringError, Span


def read_predictions(path: Path) -> dict[str, Report]:
    """The predicted reports by id.

    Raises:
        ScoringError: the file cannot be read, or a record lacks a field.
    """
    reports = {}
    for record in read_json(path):
        try:
            reports[str(record["id"])] = Report(
                id=str(record["id"]),
                text=record.get("text"),
                spans=tuple(
                    Span(m["start"], m["end"], m["label"], m.get("confidence", 1.0), m.get("rule", ""))
                    for m in record.get("mentions", ())
                ),
                events=tuple(_events(record)),
            )
        except (KeyError, TypeError) as error:
            raise ScoringError(
                f"{path}: {record['id']}: a field is missing or of the wrong form: {error}"
            ) from error
    if not reports:
        raise ScoringError(f"{path}: holds no record")
    return reports


def _events(record: Mapping[str, Any]) -> list[Event]:
    places = {m["id"]: (m["start"], m["end"]) for m in record.get("mentions", ()) if "id" in m}
    events = []
    for number, case in enumerate(record.get("cases", ())):
        if case.get("reported") == "elsewhere":
            continue
        for event in case["events"]:
            if event.get("status") in NOT_HAPPENED or event.get("from_table"):
                continue
            time = event.get("time") or {}
            own = [(event["start"], event["end"])] if event.get("start") is not None else []
            parts = [places[m] for m in event.get("mentions", ()) if m in places and places[m] not in own]
            events.append(
                Event(
                    kind=event.get("kind"),
                    names=tuple(name for name in (event.get("name"), event.get("text")) if name),
                    spans=tuple(own + parts),
                    low=time.get("day_low"),
                    high=time.get("day_high"),
                    case=number,
                    order=event.get("order"),
                    dose=event.get("dose"),
                    measurement=event.get("measurement"),
                    rule=" ".join(time.get("why") or ()),
                )
            )
    return events
