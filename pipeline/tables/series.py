"""The events of a table along a day axis: results, doses that change, signs that come and go, told events.

Example: the row "prednisolone (mg/day) | 30 | 15 | 0" under days 3, 14 and 28 starts, changes and stops the drug.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.schema import Action, Dose, Event, EventKind, Mention, Quantity
from pipeline.tables import values
from pipeline.tables.axis import ABSENT, PRESENT, Axis, AxisTable, Series
from pipeline.tables.clock import Clock
from pipeline.tables.context import EVENT_KINDS, Context, event, measurement
from pipeline.tables.grid import Spot
from pipeline.timeline.draft import Draft
from pipeline.timeline.story import Told

TESTS = ("LAB_TEST", "VITAL", "IMAGING")
BRACKETED = re.compile(r"(?<![\w.,-])(?P<value>[<>]?=?\d+(?:[.,]\d+)?)\s?\(\s?$")
# Words that a result may have; more are a description.
WORDY = 6


def events(table: AxisTable, context: Context, clock: Clock) -> list[Event]:
    """The events of a table, row by row."""
    tests = sum(bool(not s.texts and context.told(s.line, *TESTS)) for s in table.series)
    valued = sum(not s.texts for s in table.series)
    made: list[Event] = []
    for series in table.series:
        if series.texts:
            made.extend(_told(table.axis, series, context, clock))
            continue
        head = _named(series, context, sure=2 * tests >= valued)
        if head is not None:
            made.extend(_series(table.axis, series, head, context, clock))
    return made


def _named(series: Series, context: Context, *, sure: bool) -> Mention | None:
    """What a row is about: the test, drug, procedure or sign in its head.

    A head that no finder knows is taken for a test where most rows of the table are tests (``sure``).
    """
    told = context.told(series.line)
    by_label = {one.mention.label: one.mention for one in reversed(told)}
    dosed = series.read.unit is not None and (
        "/kg" in series.read.unit or series.read.unit in ("mg", "mg/d", "g", "g/d")
    )
    order = ("DRUG", *TESTS) if dosed else (*TESTS, "DRUG")
    for label in (*order, "PROCEDURE", "FINDING", "DIAGNOSIS"):
        if label in by_label:
            return by_label[label]
    if not sure or not re.search(r"[A-Za-z]{2}", series.head.text):
        return None
    name = re.split(r"\s*[(\[,]", series.head.text)[0].strip()
    return context.mention("LAB_TEST", series.head, "table.row_head", name=name, confidence=0.6)


def _series(axis: Axis, series: Series, head: Mention, context: Context, clock: Clock) -> list[Event]:
    """One event a cell."""
    limits_cell = series.row[axis.limits] if axis.limits is not None else None
    limits = series.read.limits
    range_mention = None
    if limits_cell is not None and (read := values.reference(limits_cell.text, clock.case.patient.sex)):
        limits = read
        range_mention = context.mention(
            "REFERENCE_RANGE",
            limits_cell,
            "table.range",
            value=Quantity(text=read.text, value=read.low, value_high=read.high),
        )
    unit = (series.read.unit_text, series.read.unit)
    if series.read.unit is None and limits_cell is not None:
        beside = re.search(r"\d\s*([^\d\s)\]].*)$", limits_cell.text)
        unit = values.unit_of(beside[1]) or unit if beside else unit
    kind = EVENT_KINDS[head.label]
    made: list[Event] = []
    last: Dose | None = None
    for column, top, value in axis.times:
        spot = series.row[column]
        if spot is None:
            continue
        found = values.result(spot.text, *unit)
        base = _draft(kind, head)
        when = clock.when(value, top)
        if top is not None and value is not None:
            context.relate("time_of", head, context.mention("TIME", top, "table.head", value=value))
        if kind in ("lab", "vital", "imaging"):
            if found is None:
                continue
            quantity, own = found
            cell = context.mention("LAB_VALUE", spot, "table.cell", value=quantity)
            context.relate("value_of", head, cell)
            if range_mention is not None:
                context.relate("range_of", cell, range_mention)
            draft = replace(base, measurement=measurement(quantity, own or limits))
            extra = [cell, *([range_mention] if range_mention else [])]
            made.append(
                event(draft, when, clock.until(value), extra).model_copy(update={"status": "affirmed"})
            )
        elif kind in ("drug", "procedure"):
            step = _dosed(base, found[0] if found else None, spot.text, last)
            if step is None:
                continue
            last = step.dose
            extra = []
            if step.dose is not None and found is not None:
                extra = [context.mention("DOSE", spot, "table.cell", value=found[0])]
                context.relate("dose_of", head, extra[0])
            made.append(event(step, when, clock.until(value), extra))
        elif PRESENT.fullmatch(spot.text.strip()) or ABSENT.fullmatch(spot.text.strip()):
            status = "affirmed" if PRESENT.fullmatch(spot.text.strip()) else "negated"
            made.append(event(base, when, clock.until(value)).model_copy(update={"status": status}))
    return made


def _dosed(base: Draft, found: Quantity | None, text: str, last: Dose | None) -> Draft | None:
    """The step of a treatment that a cell tells: its dose, "+" or "stopped"; None for an empty one."""
    if found is not None and found.value is not None:
        if found.value == 0:
            return replace(base, action="stop") if last is not None else None
        dose = Dose(
            text=found.text,
            value=found.value,
            value_high=found.value_high,
            unit=found.unit,
            comparator=found.comparator,
        )
        same = last is not None and (last.value, last.unit) == (dose.value, dose.unit)
        action: Action = "given" if last is None else "continue" if same else "change"
        return replace(base, dose=dose, action=action)
    if PRESENT.fullmatch(text.strip()):
        return replace(base, action="given")
    if re.fullmatch(r"off|stopped|discontinued", text.strip(), re.IGNORECASE):
        return replace(base, action="stop")
    return None


def _told(axis: Axis, series: Series, context: Context, clock: Clock) -> list[Event]:
    """The events of a row of texts."""
    tops = {column: (top, value) for column, top, value in axis.times}
    tested = context.told(series.line, *TESTS)
    made = []
    for column, line in series.texts:
        top, value = tops[column]
        when = clock.when(value, top)
        found = _with_ranges(context.drafts(line), context)
        spot = series.row[column]
        if not found and tested and spot is not None and len(spot.text.split()) <= WORDY:
            value_of = Quantity(text=spot.text)
            cell = context.mention("LAB_VALUE", spot, "table.cell", value=value_of)
            context.relate("value_of", tested[0].mention, cell)
            draft = replace(
                _draft(EVENT_KINDS[tested[0].mention.label], tested[0].mention),
                measurement=measurement(value_of, None),
            )
            made.append(event(draft, when, clock.until(value), [cell]))
        for draft in found:
            if top is not None and value is not None:
                context.relate(
                    "time_of", draft.head.mention, context.mention("TIME", top, "table.head", value=value)
                )
            if draft.action is None and draft.kind in ("drug", "procedure"):
                draft = replace(draft, action="given")
            made.append(event(draft, when, clock.until(value)))
    return made


def _with_ranges(drafts: Sequence[Draft], context: Context) -> list[Draft]:
    """The drafts of a text where a bracket behind a result is its range: "PO2 84 (83-108 mmHg)" is one result."""
    kept: list[Draft] = []
    for draft in drafts:
        part = next((t.mention for t in draft.parts if t.mention.label == "LAB_VALUE"), None)
        before = BRACKETED.search(context.text[: part.start][-20:]) if part else None
        value = part.value if part else None
        if (
            part is None
            or before is None
            or not isinstance(value, Quantity)
            or (value.value_high is None and value.comparator is None)
        ):
            kept.append(draft)
            continue
        limits = values.reference(part.text, None)
        last = kept[-1] if kept and kept[-1].head.mention.id == draft.head.mention.id else None
        if last is not None and last.measurement is not None:
            known = Quantity.model_validate(last.measurement.model_dump(include=set(Quantity.model_fields)))
            kept[-1] = replace(
                last,
                measurement=measurement(known.model_copy(update={"unit": known.unit or value.unit}), limits),
            )
            continue
        end = part.start - (20 if part.start >= 20 else part.start) + before.end("value")
        spot = Spot(before["value"], end - len(before["value"]), end)
        found = values.result(before["value"], None, value.unit)
        if found is None:
            kept.append(draft)
            continue
        cell = context.mention("LAB_VALUE", spot, "table.before_range", value=found[0])
        context.relate("value_of", draft.head.mention, cell)
        kept.append(
            replace(
                draft, parts=(Told(cell, 0, 0, 0), *draft.parts), measurement=measurement(found[0], limits)
            )
        )
    return kept


def _draft(kind: EventKind, head: Mention) -> Draft:
    """A draft of a row, at no place of the narrative."""
    name = head.name or head.text
    told = Told(head, 0, 0, 0)
    return Draft(kind, name, told, (), "table", None, "affirmed", None, None, ("table.row",), head.confidence)
