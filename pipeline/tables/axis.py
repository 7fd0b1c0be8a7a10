"""Tables along a day axis: results, doses, signs or events, with days as columns or as rows.

After ``axis`` times stand as columns; each row is a series of results, of doses, of signs that are there or not, or
of told events. Columns of units and normal ranges belong to the whole row. A table with no time at all ("Test |
Result | Normal range") has one column, placed by its caption. Example: "Test | Day 1 | Day 3" over "CRP | 120 | 40".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.schema import TimeValue
from pipeline.tables import values
from pipeline.tables.grid import Grid, Row, Spot
from pipeline.tables.lines import Line
from pipeline.tables.times import reference_in, time

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
AFTER = re.compile(r"\b(?:after|since|post|following)[ -](?:[\w-]+ ){0,3}[\w-]+", re.IGNORECASE)
MOST = 0.5
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
