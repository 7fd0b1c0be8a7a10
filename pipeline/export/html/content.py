"""A document as the page reads it: compact JSON, offsets in UTF-16 units as JavaScript counts them.

Example: an event becomes {"id": "e17", "kind": "drug", "name": "rituximab", "low": 28.0, "high": 28.0, ...}; what is
null or false is left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping

from pipeline.export.context import bounds
from pipeline.export.explanation import chain
from pipeline.export.table import headline
from pipeline.export.words import amount, days, totals
from pipeline.schema import Case, Event, Extraction, When

Place = Callable[[int], int]


def content(extraction: Extraction) -> dict[str, object]:
    """The document with its text, blocks, tables, mentions and cases."""
    place = _places(extraction.text)
    source = extraction.source
    return {
        "id": extraction.id,
        "text": extraction.text if extraction.text_included else None,
        "source": _some(
            source.model_dump(
                include={
                    "title",
                    "pmcid",
                    "pmid",
                    "doi",
                    "published",
                    "license",
                    "sha256",
                    "format",
                    "article_type",
                }
            )
        ),
        "blocks": [
            [block.kind, block.section, place(block.start), place(block.end), int(block.continues)]
            for block in extraction.blocks
        ],
        "tables": [
            [
                place(table.start),
                [[c.row, c.column, place(c.start), place(c.end), int(c.header)] for c in table.cells],
            ]
            for table in extraction.tables
        ],
        "mentions": [
            [
                m.id,
                m.label,
                place(m.start),
                place(m.end),
                m.name or "",
                m.rule,
                m.section,
                round(m.confidence, 2),
            ]
            for m in extraction.mentions
        ],
        "cases": [_case(extraction, case, place) for case in extraction.cases],
        "notes": [notice.message for notice in extraction.warnings],
        "made": f"caseline {extraction.produced_by.caseline}, configuration {extraction.produced_by.config[:12]}",
    }


def _places(text: str) -> Place:
    """From an offset in code points to one in UTF-16 units."""
    wide = [i for i, character in enumerate(text) if character > "\uffff"]
    return (lambda offset: offset + bisect_left(wide, offset)) if wide else (lambda offset: offset)


def _case(extraction: Extraction, case: Case, place: Place) -> dict[str, object]:
    anchor = case.anchor
    known = {m.id for m in extraction.mentions}
    return {
        "id": case.id,
        "headline": headline(case),
        "anchor": anchor
        and _some(
            {
                "event": anchor.event.replace("_", " "),
                "start": None if anchor.start is None else place(anchor.start),
                "end": None if anchor.end is None else place(anchor.end),
            }
        ),
        "events": [
            _some(_event(extraction, case, event, place, known))
            for event in sorted(case.events, key=lambda e: (e.order, e.start))
        ],
    }


def _event(
    extraction: Extraction, case: Case, event: Event, place: Place, known: set[str]
) -> dict[str, object]:
    first, last = bounds(extraction.text, event.start, event.end)
    values: dict[str, object] = {
        "id": event.id, "kind": event.kind, "name": event.name, "start": place(event.start), "end": place(event.end),
        "action": event.action, "status": event.status, "low": event.time.day_low, "high": event.time.day_high,
        "days": days(event.time), "amount": amount(event), "mentions": [m for m in event.mentions if m in known],
        "table": event.from_table, "order": event.order, "confidence": round(event.confidence, 2),
        "sentence": [place(first), place(last)] if extraction.text_included else None,
        "after": event.time.relative_to,
        "review": event.review, "reviewer": event.reviewed_by,
        "why": [
            [step.text, step.event, list(step.rules), *([place(step.start), place(step.end)] if step.start is not None
              and step.end is not None else [])]
            for step in chain(case, event)
        ]
        + [[f"a {one}", None, []] for one in totals(event.dose)],
    }  # fmt: skip
    values |= _end(event)
    if event.dose:
        values |= {"value": event.dose.value, "top": event.dose.value_high, "unit": event.dose.unit}
    if (result := event.measurement) is not None:
        values |= {
            "value": result.value, "top": result.value_high, "unit": result.unit, "sign": result.comparator,
            "normal": [result.reference_low, result.reference_high]
            if (result.reference_low, result.reference_high) != (None, None)
            else None,
            "reads": result.interpretation,
        }  # fmt: skip
    return values


def _end(event: Event) -> dict[str, object]:
    """The days on which it ended: as told, else the start and the duration of the dose."""
    end, time = event.end_time, event.time
    if end is not None and (end.day_low, end.day_high) != (None, None):
        return {"endLow": end.day_low, "endHigh": end.day_high, "until": days(end)}
    length = event.dose.duration_days if event.dose else None
    if length is None or time.day_low is None or time.day_high is None:
        return {}
    ended = When(day_low=time.day_low + length, day_high=time.day_high + length, basis=time.basis)
    return {"endLow": ended.day_low, "endHigh": ended.day_high, "until": days(ended)}


def _some(values: Mapping[str, object]) -> dict[str, object]:
    """Without what says nothing."""
    return {
        key: value for key, value in values.items() if not (value is None or value is False or value == "")
    }
