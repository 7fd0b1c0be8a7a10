"""Treatment tables: a drug a row, with dose, route, frequency, start and stop in columns.

Example: "Drug | Dose | Start | Stop" over "Prednisolone | 30 mg/day | Day 3 | Day 17" is a start with an end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from pipeline import lexicon
from pipeline.schema import Dose, Event, TimeValue, When
from pipeline.tables import values
from pipeline.tables.clock import Clock
from pipeline.tables.context import Context, event
from pipeline.tables.grid import Grid, Spot
from pipeline.tables.lines import Line
from pipeline.tables.times import LENGTHS, time

ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("stop", r"(?:.*\b)?(?:stop(?:ped)?|end(?:ed)?|discontinu\w+|cessation|withdrawn?|until|last (?:dose|day)|to|off)\b.*"),
        ("start", r"(?:.*\b)?(?:start(?:ed)?|begin|began|initiat\w+|commence\w*|onset|first dose|from|on)\b.*"),
        ("frequency", r"(?:.*\b)?(?:frequency|schedule|interval|times|how often|per day)\b.*"),
        ("route", r"(?:.*\b)?(?:route|administration|mode)\b.*"),
        ("dose", r"(?:.*\b)?(?:dose|dosage|dosing|amount|strength|regimen|posology|concentration)\b.*"),
        ("duration", r"(?:.*\b)?(?:duration|length|no\. of days|number of days|days)\b.*"),
        ("period", r"(?:.*\b)?(?:period|dates?|days? given|time|timing|day)\b.*"),
        ("drug", r"(?:.*\b)?(?:drugs?|medications?|medicines?|agents?|antibiotics?|antimicrobials?|immunosuppress\w+|treatments?|therap\w+|"
                 r"antifungals?|antivirals?|chemotherapy|steroids?|interventions?|procedures?|substances?|name)\b.*"),
    )
)  # fmt: skip
ACTIONED = ("start", "stop", "period", "duration", "dose")
SPAN = re.compile(r"\s*(?:-|–|to|until|through|~|→)\s*", re.IGNORECASE)
ONGOING = re.compile(r"(?:ongoing|continu\w+|present|to date|lifelong|-|still .*)$", re.IGNORECASE)
LENGTH = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)(?:\s?-\s?\d+)? ?(?P<unit>hours?|h|days?|d|weeks?|w|months?|years?|y)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Given:
    """A row: its cells by role, and the line that the finders read."""

    cells: dict[str, Spot]
    line: int


@dataclass(frozen=True, slots=True)
class TreatmentTable:
    """A table of treatments, with the titles of its columns by role."""

    titles: dict[str, str]
    rows: tuple[Given, ...]


def roles(grid: Grid) -> dict[str, int]:
    """Role -> column, each column in one role."""
    found: dict[str, int] = {}
    for column in range(grid.width):
        title = grid.title(column)
        for name, pattern in ROLES:
            if name not in found and pattern.fullmatch(title):
                found[name] = column
                break
    return found


def plan(grid: Grid, lines: list[Line]) -> TreatmentTable | None:
    """The table with what is to be read of it, or None where it is no table of treatments."""
    found = roles(grid)
    if "drug" not in found or not any(role in found for role in ACTIONED) or time(grid.title(found["drug"])):
        return None
    if found["drug"] > 0 and len(found) < grid.width and _dated(grid):
        return None
    rows = []
    held: Spot | None = None
    for row in grid.body:
        cells = {role: spot for role, column in found.items() if (spot := row[column]) is not None}
        held = cells.get("drug", held if "dose" in cells else None)
        if held is None:
            continue
        cells["drug"] = held
        unit = values.head(grid.title(found["dose"])).unit_text if "dose" in found else None
        line: list[Spot | str] = [held]
        for role in ("dose", "route", "frequency"):
            if role in cells and not values.silent(cells[role].text):
                line += [" " if role == "dose" else "; ", cells[role]]
                if role == "dose" and unit and re.fullmatch(r"[\d.,-]+", cells[role].text):
                    line.append(f" {unit}")
        rows.append(Given(cells, len(lines)))
        lines.append(tuple(line))
    return (
        TreatmentTable({role: grid.title(column) for role, column in found.items()}, tuple(rows))
        if rows
        else None
    )


def _dated(grid: Grid) -> bool:
    """Whether the first column tells the days of a course, of which treatment is only one column."""
    cells = grid.column(0)
    return sum(time(spot.text, grid.title(0)) is not None for spot in cells) * 2 > len(cells)


def events(table: TreatmentTable, context: Context, clock: Clock) -> list[Event]:
    """The start of each treatment, with its end where the table gives one."""
    made = []
    for row in table.rows:
        start, end, days = _span(table, row, clock)
        seen: set[int] = set()
        for draft in context.drafts(row.line):
            head = draft.head.mention
            within = row.cells["drug"].start <= head.start < row.cells["drug"].end
            if draft.kind not in ("drug", "procedure") or head.start in seen or not within:
                continue
            seen.add(head.start)
            dose = _completed(draft.dose, row, context, days)
            dated = "start" in row.cells or "period" in row.cells
            draft = replace(
                draft, dose=dose, action="start" if dated else draft.action or "given", status="affirmed"
            )
            made.append(event(draft, start, end))
    return made


@cache
def _routes() -> dict[str, str]:
    """Route as written -> its name."""
    return {entry.term.casefold(): entry.name or entry.term for entry in lexicon.load("route")}


def _completed(dose: Dose | None, row: Given, context: Context, days: float | None) -> Dose | None:
    """The dose with the route, the frequency and the length that stand in cells of their own."""
    update: dict[str, object] = {}
    for role, label in (("route", "ROUTE"), ("frequency", "FREQUENCY")):
        cell = row.cells.get(role)
        if cell is None or values.silent(cell.text) or (dose is not None and getattr(dose, role) is not None):
            continue
        told = next((t.mention for t in context.told(row.line, label) if t.mention.start >= cell.start), None)
        update[role] = (told.name or told.text) if told else _routes().get(cell.text.casefold(), cell.text)
    if days is not None and (dose is None or dose.duration_days is None):
        update["duration_days"] = days
    if dose is None:
        amount = row.cells.get("dose")
        if amount is None or values.silent(amount.text):
            return (
                None
                if not update
                else Dose(
                    text=" ".join(str(v) for v in update.values() if isinstance(v, str)) or f"{days:g} days",
                    **update,
                )
            )
        return Dose(text=amount.text, **update)
    return dose.model_copy(update=update)


def _span(table: TreatmentTable, row: Given, clock: Clock) -> tuple[When, When | None, float | None]:
    """When a treatment started and ended, and its length as stated."""
    first = _moment(table, row, "start")
    last = _moment(table, row, "stop")
    spot = row.cells.get("start")
    if first is None and (period := row.cells.get("period")):
        spot = period
        first = time(period.text, table.titles["period"])
        parts = SPAN.split(period.text)
        if first is None and len(parts) == 2:
            first, last = time(parts[0], table.titles["period"]), time(parts[1], table.titles["period"])
            if last is None and parts[1].strip().isdigit() and first is not None:
                last = time(re.sub(r"\d+$", parts[1].strip(), parts[0]))
    start = clock.when(first, spot)
    end = clock.until(first)
    stop = row.cells.get("stop")
    if last is not None:
        end = clock.when(last, stop)
    days = _length(table, row)
    if end is None and days is not None and start.day_low is not None and start.day_high is not None:
        end = When(
            day_low=start.day_low + days - 1,
            day_high=start.day_high + days,
            basis=start.basis,
            why=("table.duration",),
        )
    return start, end, days


def _moment(table: TreatmentTable, row: Given, role: str) -> TimeValue | None:
    spot = row.cells.get(role)
    if spot is None or values.silent(spot.text) or ONGOING.fullmatch(spot.text):
        return None
    return time(spot.text, table.titles[role]) or time(spot.text, "Day")


def _length(table: TreatmentTable, row: Given) -> float | None:
    spot = row.cells.get("duration")
    found = LENGTH.fullmatch(spot.text.strip()) if spot else None
    if found is None:
        return None
    unit = found["unit"] or next(
        iter(re.findall(r"days?|weeks?|months?", table.titles["duration"], re.IGNORECASE)), None
    )
    return float(found["n"]) * LENGTHS[unit[0].lower()] if unit else None
