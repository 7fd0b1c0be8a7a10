"""Tables in the columns of the OMOP common data model, with companion columns for what OMOP cannot hold.

Source: OMOP CDM 5.4. Every concept id is 0, "no matching concept": the names stand in the ``_source_value`` columns, for
mapping with the user's own vocabularies. Dates are **assumed**: day 0 of each case is put at one declared epoch, which is
on every row with the interval of days, its anchor, how it was told, licence, text hash and review (the last columns). A row
without a day has an empty date; OMOP wants one, so decide what to do with these rows before loading.
Lost: OMOP has no place for what did not happen: negated, hypothetical, planned and not given events and those of relatives
are left out, as are cases reported elsewhere; relations and rules. A blood pressure becomes two rows.
Example: drug_exposure.csv: ``1,1,0,2000-01-29,...,rituximab,...,28,28,admission,explicit,...``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from pipeline.export.csv import defused
from pipeline.export.epoch import EPOCH, assumed_date
from pipeline.schema import Case, Event, Extraction

COMPANION = (
    "case_document", "case_id", "event_id", "text_start", "text_end", "action", "status", "confidence", "day_low", "day_high",
    "anchor", "relative_to", "offset_low", "offset_high", "basis", "time_text", "epoch", "license", "text_sha256",
    "review", "reviewed_by", "reviewed_at",
)  # fmt: skip
# table -> its columns; those after the first two that no row has stay empty
TABLES: dict[str, tuple[str, ...]] = {
    "person": (
        "person_id", "gender_concept_id", "year_of_birth", "race_concept_id", "ethnicity_concept_id",
        "person_source_value", "gender_source_value",
    ),
    "drug_exposure": (
        "drug_exposure_id", "person_id", "drug_concept_id", "drug_exposure_start_date", "drug_exposure_end_date",
        "drug_type_concept_id", "stop_reason", "quantity", "days_supply", "sig", "route_concept_id", "drug_source_value",
        "route_source_value", "dose_unit_source_value",
    ),
    "procedure_occurrence": (
        "procedure_occurrence_id", "person_id", "procedure_concept_id", "procedure_date", "procedure_end_date",
        "procedure_type_concept_id", "procedure_source_value",
    ),
    "measurement": (
        "measurement_id", "person_id", "measurement_concept_id", "measurement_date", "measurement_type_concept_id",
        "operator_concept_id", "operator_source_value", "value_as_number", "value_as_concept_id", "unit_concept_id",
        "range_low", "range_high", "measurement_source_value", "unit_source_value", "value_source_value",
    ),
    "condition_occurrence": (
        "condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date", "condition_end_date",
        "condition_type_concept_id", "condition_source_value",
    ),
    "visit_occurrence": (
        "visit_occurrence_id", "person_id", "visit_concept_id", "visit_start_date", "visit_end_date",
        "visit_type_concept_id", "visit_source_value",
    ),
    "observation": (
        "observation_id", "person_id", "observation_concept_id", "observation_date", "observation_type_concept_id",
        "value_as_string", "observation_source_value",
    ),
}  # fmt: skip
KINDS = {
    "drug": "drug_exposure", "procedure": "procedure_occurrence", "lab": "measurement", "vital": "measurement",
    "imaging": "procedure_occurrence", "diagnosis": "condition_occurrence", "finding": "condition_occurrence",
    "encounter": "visit_occurrence", "outcome": "observation",
}  # fmt: skip
HAPPENED = ("affirmed", "historical")
DAYS_PER_YEAR = 365.25


def write(extractions: Iterable[Extraction], epoch: date = EPOCH) -> Iterator[tuple[str, bytes]]:
    """A file a table, for all documents together."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for extraction in extractions:
        for case in extraction.cases:
            if case.reported == "here":
                _person(extraction, case, epoch, rows["person"])
                for event in case.events:
                    if event.status in HAPPENED and event.action not in ("planned", "not_given"):
                        _event(extraction, case, event, epoch, rows)
    for table, columns in TABLES.items():
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow([*columns, *COMPANION])
        for number, row in enumerate(rows[table], 1):
            # the key is the first column, concepts are unmapped
            known = {columns[0]: number} | {c: 0 for c in columns if c.endswith("concept_id")} | row
            writer.writerow([defused(known.get(column)) for column in (*columns, *COMPANION)])
        yield f"{table}.csv", buffer.getvalue().encode()


def _person(extraction: Extraction, case: Case, epoch: date, rows: list[dict[str, Any]]) -> None:
    age = case.patient.age_years
    born = (epoch - timedelta(days=round(age * DAYS_PER_YEAR))).year if age is not None else None
    rows.append(
        {
            "year_of_birth": born, "person_source_value": f"{extraction.id}/{case.id}",
            "gender_source_value": case.patient.sex,
        }
        | _provenance(extraction, case, epoch)
    )  # fmt: skip


def _provenance(extraction: Extraction, case: Case, epoch: date) -> dict[str, Any]:
    return {
        "case_document": extraction.id, "case_id": case.id, "anchor": case.anchor and case.anchor.event,
        "epoch": epoch.isoformat(), "license": extraction.source.license, "text_sha256": extraction.source.sha256,
    }  # fmt: skip


def _event(
    extraction: Extraction, case: Case, event: Event, epoch: date, rows: dict[str, list[dict[str, Any]]]
) -> None:
    """Adds the row, or rows, of an event."""
    table = "measurement" if event.measurement else KINDS[event.kind]
    stem = table.removesuffix("_occurrence")
    time = event.time
    start = assumed_date(epoch, time.day_low, time.day_high)
    stop = assumed_date(epoch, event.end_time.day_low, event.end_time.day_high) if event.end_time else None
    row: dict[str, Any] = _provenance(extraction, case, epoch) | {
        "person_id": len(rows["person"]), "event_id": event.id, "text_start": event.start, "text_end": event.end,
        "action": event.action, "status": event.status, "confidence": event.confidence, "day_low": time.day_low,
        "day_high": time.day_high, "relative_to": time.relative_to, "offset_low": time.offset_low,
        "offset_high": time.offset_high, "basis": time.basis, "time_text": time.text, "review": event.review,
        "reviewed_by": event.reviewed_by, "reviewed_at": event.reviewed_at, f"{stem}_source_value": event.name,
        f"{stem}_date": start, f"{stem}_start_date": start, f"{stem}_end_date": stop,
    }  # fmt: skip
    if table == "drug_exposure":
        row["drug_source_value"] = event.name
        if dose := event.dose:
            row |= {
                "quantity": dose.value, "days_supply": dose.duration_days, "route_source_value": dose.route,
                "sig": " ".join(part for part in (dose.text, dose.frequency) if part),
                "dose_unit_source_value": dose.unit,
            }  # fmt: skip
    if table == "observation":
        row |= {"observation_source_value": event.name, "value_as_string": event.text}
    if result := event.measurement:
        row |= {
            "operator_source_value": result.comparator, "value_as_number": result.value, "unit_source_value": result.unit,
            "range_low": result.reference_low, "range_high": result.reference_high, "value_source_value": result.text,
        }  # fmt: skip
        if result.value is not None and result.value_high is not None and result.value_high < result.value:
            rows[table].append(row | {"measurement_source_value": f"systolic {event.name}"})
            row |= {
                "measurement_source_value": f"diastolic {event.name}",
                "value_as_number": result.value_high,
            }
    rows[table].append(row)
