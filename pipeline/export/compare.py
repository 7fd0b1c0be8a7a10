"""The case-comparison table: one row a case, over many reports.

Age, sex, diagnoses, each drug with its first dose and start, each laboratory value first, at its peak and last, the
outcome. Columns are the drugs and tests that most cases share. Where a case was reviewed the last columns say by whom,
and how many of its events a person has decided on. Example: ``csv(rows(extractions))`` has the column
"rituximab start" with "0" for a case that counts its days from rituximab.
"""

from __future__ import annotations

import csv as writer
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.export.words import amount, days, number, same_patient
from pipeline.schema import Case, Event, Extraction, Review
from pipeline.units import of_analyte

DRUGS, TESTS, DIAGNOSES = 12, 8, 3
MEASURED = ("lab", "vital")
NOT_GIVEN = ("planned", "not_given", "stop")


@dataclass(frozen=True, slots=True)
class Row:
    """A case of a document with its events in order."""

    document: str
    case: Case
    events: tuple[Event, ...]
    review: Review | None = None

    @property
    def label(self) -> str:
        """Document and case."""
        return f"{self.document} {self.case.id}"


def rows(extractions: Iterable[Extraction]) -> list[Row]:
    """The cases that the reports tell of their own patients, in the order of the reports.

    Events that did not happen to the patient are left out.
    """
    return [
        Row(
            extraction.id,
            case,
            tuple(sorted(filter(_happened, case.events), key=lambda e: (e.order, e.start))),
            extraction.review,
        )
        for extraction in extractions
        for case in extraction.cases
        if case.reported == "here"
    ]


def _happened(event: Event) -> bool:
    return event.status in ("affirmed", "historical") and event.action not in ("planned", "not_given")


def shared(found: Sequence[Row], kinds: Sequence[str], most: int) -> list[str]:
    """The names of these kinds that most cases have, the commonest first, ties by name."""
    counts: Counter[str] = Counter()
    for row in found:
        counts.update({event.name for event in row.events if event.kind in kinds and _says(event)})
    return [name for name, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]]


def _says(event: Event) -> bool:
    """Whether a measured event has a number; all others say enough by themselves."""
    return event.kind not in MEASURED or (
        event.measurement is not None and event.measurement.value is not None
    )


def table(found: Sequence[Row], drugs: int = DRUGS, tests: int = TESTS) -> tuple[list[str], list[list[str]]]:
    """(column names, a line of texts for each case); ``drugs`` and ``tests`` are the most columns of either."""
    drug_names, test_names = shared(found, ("drug",), drugs), shared(found, MEASURED, tests)
    units = {name: _unit(found, name) for name in test_names}
    columns = ["document", "case", "age", "sex", "day 0", "diagnosis"]
    columns += [f"{name} {what}" for name in drug_names for what in ("dose", "start", "end")]
    columns += [
        f"{name}{f' ({units[name]})' if units[name] else ''} {what}"
        for name in test_names
        for what in ("first", "peak", "last")
    ]
    columns += ["outcome", "outcome day"]
    if twice := any(row.case.same_patient for row in found):
        columns += ["same patient"]
    anyone = any(row.review for row in found)
    if anyone:
        columns += ["reviewed by", "review finished", "events decided on"]
    lines = []
    for row in found:
        case = row.case
        age = "" if case.patient.age_years is None else number(case.patient.age_years)
        line = [
            row.document,
            case.id,
            age,
            case.patient.sex or "",
            case.anchor.event if case.anchor else "",
            _diagnoses(row),
        ]
        for name in drug_names:
            line += _drug(row, name)
        for name in test_names:
            line += _test(row, name, units[name])
        same = [same_patient(case) or ""] if twice else []
        lines.append(line + _outcome(row) + same + (_reviewed(row) if anyone else []))
    return columns, lines


def csv(found: Sequence[Row]) -> str:
    """The table as CSV, without cells that a spreadsheet takes for formulas."""
    from pipeline.export.csv import defused

    columns, lines = table(found)
    buffer = io.StringIO()
    out = writer.writer(buffer, lineterminator="\n")
    out.writerow(columns)
    out.writerows([[defused(cell) for cell in line] for line in lines])
    return buffer.getvalue()


def _diagnoses(row: Row) -> str:
    names = dict.fromkeys(e.name for e in row.events if e.kind == "diagnosis" and e.status == "affirmed")
    return "; ".join(list(names)[:DIAGNOSES])


def _drug(row: Row, name: str) -> list[str]:
    """First dose that is told, first day, and the end: its own, or that of a later stop."""
    own = [e for e in row.events if e.kind == "drug" and e.name == name]
    if not own:
        return ["", "", ""]
    given = [e for e in own if e.action not in NOT_GIVEN] or own
    dose = next((amount(e) for e in given if e.dose is not None), "")
    start = next((days(e.time) for e in given if days(e.time)), "")
    ends = [days(e.end_time) for e in own if e.end_time] + [days(e.time) for e in own if e.action == "stop"]
    return [dose or "given", start, next(filter(None, reversed(ends)), "")]


def _unit(found: Sequence[Row], name: str) -> str | None:
    """The unit in which most results of a test stand."""
    units = Counter(
        e.measurement.unit
        for row in found
        for e in row.events
        if e.name == name and e.measurement and e.measurement.unit
    )
    return min(units, key=lambda unit: (-units[unit], unit)) if units else None


def _test(row: Row, name: str, unit: str | None) -> list[str]:
    """First, highest and last result, each with its day, in the unit of the column where it can be converted."""
    results = [
        (shown, e)
        for e in row.events
        if e.kind in MEASURED and e.name == name
        if (shown := _value(e, unit)) is not None
    ]
    if not results:
        return ["", "", ""]
    highest = max(results, key=lambda pair: pair[0])
    return [_result(*pair, unit) for pair in (results[0], highest, results[-1])]


def _value(event: Event, unit: str | None) -> float | None:
    """The number of a result in a unit; None where it has none or cannot be converted."""
    result = event.measurement
    if result is None or result.value is None:
        return None
    if unit is None or result.unit is None or result.unit == unit:
        return result.value
    try:
        return of_analyte(event.name, result.value, result.unit, unit).value
    except ValueError:  # another quantity (a share of cells against a count): no number of this column
        return None


def _result(value: float, event: Event, unit: str | None) -> str:
    sign = (event.measurement.comparator or "") if event.measurement else ""
    own = event.measurement.unit if event.measurement else None
    missing = " (no unit)" if unit and own is None else ""
    day = days(event.time)
    return f"{sign}{number(round(value, 4))}{missing}" + (f" @ {day}" if day else "")


def _reviewed(row: Row) -> list[str]:
    """Who has reviewed the case, when that was called finished, and on how many of its events they decided."""
    if row.review is None:
        return ["", "", ""]
    decided = sum(event.review is not None for event in row.case.events)
    who = ", ".join(row.review.authors) + (
        f" ({row.review.layer})" if row.review.layer not in row.review.authors else ""
    )
    return [who, row.review.finished or "", f"{decided} of {len(row.case.events)}"]


def _outcome(row: Row) -> list[str]:
    """The last outcome that is told, death before any other."""
    outcomes = [e for e in row.events if e.kind == "outcome" and e.status == "affirmed"]
    if not outcomes:
        return ["", ""]
    last = next((e for e in outcomes if e.name == "death"), outcomes[-1])
    return [last.name, days(last.time)]
