"""One row an event, for a spreadsheet or a statistics package. Licence and text hash stand on every row.

``one_dose``, ``day_dose`` and ``course_dose`` say what a dose comes to, ``computed`` which of them the text does not state
but its numbers give.

The last columns say what a person has made of it: ``review`` (accepted, edited, added, unsure; empty where nobody has
decided on this very event), by whom and when, whose layer the record is (an annotator, "adjudicated"), and when that was
called finished.

A spreadsheet takes a cell that begins with = + - or @ for a formula, which a hostile report could use. Such a cell of
words gets an apostrophe in front ("'=1+1"); numbers stay numbers. The other formats keep the words as they are.

``value`` and ``unit`` are as reported. ``value_si`` and ``value_conventional`` hold the same result in the one unit that its
analyte has in either system (creatinine: umol/L and mg/dL), empty where the report gives no unit or one that does not convert.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from pipeline.export.words import same_patient
from pipeline.schema import Case, Event, Extraction, Measurement
from pipeline.units import SYSTEMS, comparable

COLUMNS = (
    "document", "case", "age_years", "sex", "event", "kind", "name", "text", "start", "end", "action", "status",
    "dose", "dose_value", "dose_value_high", "dose_unit", "frequency", "route", "duration_days",
    "times", "nth", "nth_high", "one_dose", "one_dose_unit", "day_dose", "day_dose_unit", "course_dose",
    "course_dose_unit", "computed", "result", "comparator", "value", "value_high", "unit", "reference_range", "reference_low", "reference_high",
    "interpretation", "value_si", "value_high_si", "unit_si", "value_conventional", "value_high_conventional",
    "unit_conventional", "day_low", "day_high", "end_day_low", "end_day_high", "time_text", "relative_to",
    "offset_low", "offset_high", "basis", "why", "anchor", "reported", "same_patient", "from_table", "order", "confidence", "license", "text_sha256",
    "caseline", "review", "reviewed_by", "reviewed_at", "review_layer", "review_finished",
)  # fmt: skip

FORMULA = re.compile(
    r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]"
)  # the wide forms count in East Asian versions


def header() -> str:
    """The line of column names."""
    return _line(COLUMNS)


def rows(extraction: Extraction) -> Iterator[str]:
    """A line for each event, in the order of the case."""
    for values in records(extraction):
        yield _line([defused(values.get(column)) for column in COLUMNS])


def records(extraction: Extraction) -> Iterator[dict[str, object]]:
    """A value for each column that has one, for each event."""
    for case in extraction.cases:
        for event in sorted(case.events, key=lambda e: (e.order, e.start)):
            yield _values(extraction, case, event)


def defused(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def _values(extraction: Extraction, case: Case, event: Event) -> dict[str, object]:
    review = extraction.review
    dose, result, time, end = event.dose, event.measurement, event.time, event.end_time
    values: dict[str, object] = {
        "document": extraction.id, "case": case.id, "age_years": case.patient.age_years, "sex": case.patient.sex,
        "event": event.id, "kind": event.kind, "name": event.name, "text": event.text, "start": event.start,
        "end": event.end, "action": event.action, "status": event.status, "day_low": time.day_low,
        "day_high": time.day_high, "time_text": time.text, "relative_to": time.relative_to,
        "offset_low": time.offset_low, "offset_high": time.offset_high, "basis": time.basis, "why": " ".join(time.why),
        "anchor": case.anchor and case.anchor.event, "reported": case.reported, "same_patient": same_patient(case), "from_table": event.from_table,
        "order": event.order, "confidence": event.confidence, "license": extraction.source.license,
        "text_sha256": extraction.source.sha256, "caseline": extraction.produced_by.caseline,
        "review": event.review, "reviewed_by": event.reviewed_by, "reviewed_at": event.reviewed_at,
        "review_layer": review and review.layer, "review_finished": review and review.finished,
    }  # fmt: skip
    if dose:
        values |= {
            "dose": dose.text, "dose_value": dose.value, "dose_value_high": dose.value_high, "dose_unit": dose.unit,
            "frequency": dose.frequency, "route": dose.route, "duration_days": dose.duration_days,
            "comparator": dose.comparator, "times": dose.times, "nth": dose.nth, "nth_high": dose.nth_high,
            "computed": " ".join(one.of for one in dose.exposure if one.basis == "computed") or None,
        }  # fmt: skip
        for one in dose.exposure:
            name = "one_dose" if one.of == "dose" else f"{one.of}_dose"
            values |= {name: one.value, f"{name}_unit": one.unit}
    if result:
        values |= {
            "result": result.text, "comparator": result.comparator, "value": result.value,
            "value_high": result.value_high, "unit": result.unit, "reference_range": result.reference_range,
            "reference_low": result.reference_low, "reference_high": result.reference_high,
            "interpretation": result.interpretation,
        }  # fmt: skip
        values |= _comparable(event.name, result)
    if end:
        values |= {"end_day_low": end.day_low, "end_day_high": end.day_high}
    return values


def _comparable(name: str, result: Measurement) -> dict[str, object]:
    """The result in the one SI and the one conventional unit of its analyte, so that reports can be pooled."""
    values: dict[str, object] = {}
    for system in SYSTEMS:
        for column, value in (("value", result.value), ("value_high", result.value_high)):
            found = None if value is None else comparable(name, value, result.unit, system)
            if found is not None:
                values |= {f"{column}_{system}": found.value, f"unit_{system}": found.unit}
    return values


def _line(values: object) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(values)  # type: ignore[arg-type]
    return buffer.getvalue()
