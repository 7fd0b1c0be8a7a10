"""Tables along a day axis: results, doses, signs or events, with days as columns or as rows.

After ``axis`` times stand as columns; each row is a series of results, of doses, of signs that are there or not, or
of told events. Columns of units and normal ranges belong to the whole row. A table with no time at all ("Test |
Result | Normal range") has one column, placed by its caption. Example: "Test | Day 1 | Day 3" over "CRP | 120 | 40".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.schema import Action, Dose, Event, EventKind, Mention, Quantity, TimeValue
from pipeline.tables import values
from pipeline.tables.clock import Clock
from pipeline.tables.context import EVENT_KINDS, Context, event, measurement
from pipeline.tables.grid import Grid, Row, Spot
from pipeline.tables.lines import Line
from pipeline.tables.times import reference_in, time
from pipeline.timeline.draft import Draft
from pipeline.timeline.story import Told

UNIT = re.compile(r"units?(?: of measure(?:ment)?)?$", re.IGNORECASE)
RANGE = re.compile(
    r"(?:.*\b(?:reference|normal|ref\.?)\b.*(?:range|values?|interval|limits?|levels?)?.*|normal|range|reference)$",
    re.IGNORECASE,
)
RESULT = re.compile(
    r"(?:.*\b(?:results?|values?|levels?|findings?|patient(?:'s)?(?: values?| results?)?|measured|observed)\b.*)$",
    re.IGNORECASE,
)
TEXTUAL = re.compile(
    r"event|clinical|course|finding|description|treatment|therapy|manage|intervention|symptom|comment|remark|note|"
    r"outcome|sign|procedure|medication|investigation|imaging|history|presentation",
    re.IGNORECASE,
)
ADMISSION_DAY_1 = re.compile(r"day 1 ?\((?:[^()]*\b)?(?:admission|admitted|baseline)", re.IGNORECASE)
PRESENT = re.compile(r"(?:yes|y|present|\+{1,3}|x|✓|✔|√|●|•|■|→|given|done)$", re.IGNORECASE)
ABSENT = re.compile(r"(?:no|n|none|absent|\(?-\)?|not given|off|stopped|discontinued)$", re.IGNORECASE)
TESTS = ("LAB_TEST", "VITAL", "IMAGING")
AFTER = re.compile(r"\b(?:after|since|post|following)[ -](?:[\w-]+ ){0,3}[\w-]+", re.IGNORECASE)
BRACKETED = re.compile(r"(?<![\w.,-])(?P<value>[<>]?=?\d+(?:[.,]\d+)?)\s?\(\s?$")
MOST = 0.5
# Words that a result may have; more are a description.
WORDY = 6
# A column of a time: its number, its head, and what the head says.
Top = tuple[int, Spot | None, TimeValue | None]


@dataclass(frozen=True, slots=True)
class Axis:
    """The times as columns: (column, its head, what it says); ``name`` is the column of the row heads."""

    grid: Grid
    name: int
    times: tuple[Top, ...]
    unit: int | None
    limits: int | None


@dataclass(frozen=True, slots=True)
class Series:
    """A row with the lines that the finders read of it: one for its head, and one for each (column, text)."""

    row: Row
    head: Spot
    read: values.Head
    line: int
    texts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AxisTable:
    """A table along a day axis, with its rows."""

    axis: Axis
    series: tuple[Series, ...]


def axis(grid: Grid) -> Axis | None:
    """The grid with its times as columns, or None where neither columns nor rows are times."""
    for candidate in (grid, grid.turned()):
        if not candidate.body or candidate.width < 2:
            continue
        corner = candidate.title(0)
        special = {c: _special(candidate.title(c)) for c in range(1, candidate.width)}
        times = tuple(
            (c, candidate.top(c), value)
            for c in range(1, candidate.width)
            if special[c] is None and (value := time(candidate.title(c), corner)) is not None
        )
        others = candidate.width - 1 - len(times) - sum(kind is not None for kind in special.values())
        if times and len(times) > others:
            return _axis(candidate, times, special)
    return _timeless(grid)


def _special(title: str) -> str | None:
    if UNIT.fullmatch(title):
        return "unit"
    return "limits" if RANGE.fullmatch(title) else None


def _axis(grid: Grid, times: tuple[Top, ...], special: dict[int, str | None]) -> Axis:
    first = min([c for c, _, _ in times] + [c for c, kind in special.items() if kind])
    found = {kind: c for c, kind in special.items() if kind}
    return Axis(
        grid,
        max(first - 1, 0),
        _counted(_shifted(times), grid.caption),
        found.get("unit"),
        found.get("limits"),
    )


def _shifted(
    times: tuple[Top, ...],
) -> tuple[Top, ...]:
    """Days counted from day 0 where a head says that day 1 is the admission."""
    if not any(spot and ADMISSION_DAY_1.search(spot.text) for _, spot, _ in times):
        return times
    shifted = []
    for column, spot, value in times:
        if (
            value is not None
            and value.kind == "day_number"
            and value.low is not None
            and value.high is not None
        ):
            value = value.model_copy(
                update={"low": value.low - 1, "high": value.high - 1, "reference": "admission"}
            )
        shifted.append((column, spot, value))
    return tuple(shifted)


def _counted(times: tuple[Top, ...], caption: str) -> tuple[Top, ...]:
    """Heads without a reference count from that of the head before, or of the caption ("after transplantation")."""
    after = AFTER.search(caption)
    from_what = reference_in(after[0]) if after else None
    counted = []
    for column, spot, value in times:
        if value is not None and value.kind == "offset" and value.reference is None and from_what:
            value = value.model_copy(update={"reference": from_what})
        elif (
            value is not None and value.kind == "event" and value.reference not in ("follow-up", "discharge")
        ):
            from_what = value.reference
        counted.append((column, spot, value))
    return tuple(counted)


def _timeless(grid: Grid) -> Axis | None:
    """A table of results that names no time: its caption may ("Laboratory findings on admission")."""
    special = {c: _special(grid.title(c)) for c in range(1, grid.width)}
    rest = [c for c in range(1, grid.width) if special[c] is None]
    if len(rest) != 1 or not (any(special.values()) or RESULT.fullmatch(grid.title(rest[0]))):
        return None
    found = {kind: c for c, kind in special.items() if kind}
    told = re.search(
        r"\b(?:(?:on|at|upon) (?:admission|presentation|arrival|discharge)|baseline|initial)\b",
        grid.caption,
        re.I,
    )
    value = time(told[0]) if told else None
    return Axis(
        grid,
        0,
        ((rest[0], grid.top(rest[0]) if told is None else None, value),),
        found.get("unit"),
        found.get("limits"),
    )


def plan(grid: Grid, lines: list[Line]) -> AxisTable | None:
    """The table with what is to be read of it, appended to ``lines``; None where it is no such table."""
    found = axis(grid)
    if found is None:
        return None
    made = []
    for row in found.grid.body:
        head = row[found.name]
        if head is None:
            continue
        read = _head(found, row, head)
        cells = [
            spot for c, _, _ in found.times if (spot := row[c]) is not None and not values.silent(spot.text)
        ]
        if not cells:
            continue
        results = [
            spot for spot in cells if values.result(spot.text, read.unit_text, read.unit) or _sign(spot.text)
        ]
        if len(results) >= MOST * len(cells) and not (
            TEXTUAL.search(head.text) and len(results) < len(cells)
        ):
            shown = next((s.text for s in results if re.search(r"\d", s.text)), "")
            made.append(Series(row, head, read, len(lines)))
            lines.append((head, f": {shown} {read.unit_text or ''}".rstrip(" :")))
            continue
        texts = []
        for c, _, _ in found.times:
            spot = row[c]
            if spot is not None and not values.silent(spot.text):
                texts.append((c, len(lines)))
                lines.append((spot,))
        made.append(Series(row, head, read, len(lines), tuple(texts)))
        lines.append((head, ": done"))
    return AxisTable(found, tuple(made)) if made else None


def _head(axis: Axis, row: Row, head: Spot) -> values.Head:
    """Unit and range of a row: from their columns, else from its head."""
    read = values.head(head.text)
    unit_cell = row[axis.unit] if axis.unit is not None else None
    if unit_cell is not None and (unit := values.unit_of(unit_cell.text)):
        read = read._replace(unit_text=unit[0], unit=unit[1])
    return read


def _sign(text: str) -> bool:
    return bool(PRESENT.fullmatch(text.strip()) or ABSENT.fullmatch(text.strip()))


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
