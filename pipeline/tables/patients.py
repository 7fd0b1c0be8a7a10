"""Tables with one patient a row (or a column): cases of the literature, or the patients of this report.

A row "Present case" is this report's own and makes no case elsewhere. Example: "Author | Age/Sex | Treatment |
Outcome" over "Doe 2012 | 45/F | rituximab | died" is a patient reported elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.schema import DAYS_PER_YEAR, Case, Event, Patient, TimeValue, When
from pipeline.tables import values
from pipeline.tables.context import Context, event, measurement
from pipeline.tables.grid import Grid, Spot
from pipeline.tables.lines import Line
from pipeline.tables.times import time

LITERATURE = re.compile(
    r"literature|previous(?:ly)?|published|reported (?:cases|patients)|reviewed|cases reported|summary of (?:the )?(?:\w+ )?(?:cases|reports)", re.IGNORECASE
)  # fmt: skip
AUTHOR = re.compile(
    r"(?:.*\b)?(?:authors?|stud(?:y|ies)|references?|ref\.?|publications?|reports?|source|citation|year(?: of publication)?)\b.*",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:case|patient|pt\.?|no\.?|#|case no\.?|patient no\.?|number|case number|s/?n)\s*(?:no\.?|#|number|id)?$",
    re.IGNORECASE,
)
ET_AL = re.compile(r"\bet al\b|\b(?:19|20)\d\d\b|\[\d+\]$", re.IGNORECASE)
NUMBERED = re.compile(
    r"(?:case|patient|pt\.?|subject|twin|sibling)\s*(?:no\.?\s*|#\s*)?(?P<label>\d{1,2}|[A-H]|[IVX]{1,4})\b|(?P<bare>\d{1,2})$",
    re.IGNORECASE,
)
OWN = re.compile(
    r"\b(?:present|our|current|this|index|own)(?:\s(?:case|patient|report|study|cases|patients))?\b|^(?:case|patient) (?:report|described)",
    re.IGNORECASE,
)
AGE = re.compile(r"(?:.*\b)?ages?\b(?! of onset| at onset).*", re.IGNORECASE)
SEX = re.compile(r"(?:.*\b)?(?:sex|gender|m/f|f/m)\b.*", re.IGNORECASE)
FEATURE = re.compile(
    r"(?:.*\b)?(?:diagnos[ie]s|disease|treatment|therap(?:y|ies)|drugs?|medications?|management|outcomes?|prognosis|symptoms?|presentations?|"
    r"findings?|follow[- ]?up|complications?|interventions?|surgery|dose|manifestations?|comorbidit\w+|cause|(?:clinical |hospital )?course|risk factors?|underlying|history|evolution|etiology|aetiology|imaging|procedures?|features?|site|organism|pathogen|response)\b.*", re.IGNORECASE
)  # fmt: skip
YEARS = re.compile(
    r"(?P<n>\d{1,3}(?:\.\d)?)\s*-?\s*(?P<unit>years?|yrs?|y(?:/?o)?|months?|mos?|m(?=$|\s|o)|weeks?|wks?|w|days?|d)?(?![\d%])",
    re.IGNORECASE,
)
WHO = re.compile(
    r"\b(?P<f>females?|woman|girl|F)\b|\b(?P<m>males?|man|boy|M)\b|(?<=\d)(?P<f2>F)\b|(?<=\d)(?P<m2>M)\b|♀|♂",
    re.IGNORECASE,
)
SIZES = {"y": 1.0, "m": 1 / 12, "w": 7 / DAYS_PER_YEAR, "d": 1 / DAYS_PER_YEAR}


@dataclass(frozen=True, slots=True)
class Column:
    """A feature of the patients: its title, and the unit in it."""

    title: str
    read: values.Head


@dataclass(frozen=True, slots=True)
class Person:
    """A patient's row: who it is, and (column, cell, line) of each feature."""

    who: Spot | None
    label: str | None
    own: bool
    cells: tuple[tuple[Column, Spot, int], ...]


@dataclass(frozen=True, slots=True)
class PatientTable:
    """A table of patients, of the literature or of this report."""

    literature: bool
    people: tuple[Person, ...]


def plan(grid: Grid, lines: list[Line]) -> PatientTable | None:
    """The table with what is to be read of it, or None where its rows (or columns) are no patients."""
    for candidate in (grid, grid.turned()):
        found = _people(candidate)
        if found is not None:
            who, cited = found
            return _plan(candidate, who, cited, lines)
    return None


def _people(grid: Grid) -> tuple[int, bool] | None:
    """(column that says who, whether the rows are of the literature)."""
    if not grid.body:
        return None
    titles = [grid.title(c) for c in range(grid.width)]
    aged = [c for c, title in enumerate(titles) if AGE.fullmatch(title) or SEX.fullmatch(title)]
    features = sum(bool(FEATURE.fullmatch(title)) for title in titles)
    cells = [spot for row in grid.body if (spot := row[0]) is not None]
    authors = [c for c, title in enumerate(titles[:4]) if AUTHOR.fullmatch(title) and c not in aged]
    cited = sum(_is_citation(spot.text) for spot in cells) * 2 > len(cells)
    if not aged and features < (1 if cited else 2):
        return None
    labelled = sum(bool(NUMBERED.match(spot.text) or OWN.search(spot.text)) for spot in cells) * 2 > len(
        cells
    )
    if authors or cited:
        named = [c for c in authors if any(re.search(r"[A-Za-z]{3}", spot.text) for spot in grid.column(c))]
        return (named or authors or [0])[0], True
    if (labelled or LABEL.fullmatch(titles[0])) and aged:
        return 0, bool(LITERATURE.search(grid.caption))
    return None


def _is_citation(text: str) -> bool:
    """Whether a cell names a publication: an author with a year, "et al" or a number of the references."""
    return bool(ET_AL.search(text) and re.search(r"[A-Za-z]{3}", text) and time(text) is None)


def _plan(grid: Grid, who: int, cited: bool, lines: list[Line]) -> PatientTable:
    columns = {c: Column(grid.title(c), values.head(grid.title(c))) for c in range(grid.width) if c != who}
    people = []
    for row in grid.body:
        told: list[tuple[Column, Spot, int]] = []
        for c, column in columns.items():
            spot = row[c]
            if (
                spot is None
                or values.silent(spot.text)
                or LABEL.fullmatch(column.title)
                or (AUTHOR.fullmatch(column.title) and not FEATURE.fullmatch(column.title))
            ):
                continue
            if AGE.fullmatch(column.title) or SEX.fullmatch(column.title):
                told.append((column, spot, -1))
                continue
            told.append((column, spot, len(lines)))
            lines.append((column.title + ": ", spot) if values.result(spot.text, None, None) else (spot,))
        first = " ".join(spot.text for spot in row[: who + 1] if spot is not None)
        label = NUMBERED.match(row[0].text) if row[0] else None
        people.append(
            Person(
                row[who],
                (label["label"] or label["bare"]) if label else None,
                bool(OWN.search(first)),
                tuple(told),
            )
        )
    return PatientTable(cited, tuple(people))


def person(one: Person, context: Context) -> Patient:
    """Age and sex from the row."""
    age = sex = None
    ids: list[str] = []
    for column, spot, line in one.cells:
        if line >= 0:
            continue
        if AGE.fullmatch(column.title) and age is None and (found := YEARS.search(spot.text)):
            unit = found["unit"] or next(
                iter(re.findall(r"months?|weeks?|days?", column.title, re.IGNORECASE)), "y"
            )
            age = round(float(found["n"]) * SIZES[unit[0].lower()], 2)
            days = age * DAYS_PER_YEAR
            value = TimeValue(kind="age", reference="birth", low=days, high=days, granularity="year")
            ids.append(context.mention("AGE", spot, "table.age", value=value).id)
        if sex is None and (who := WHO.search(spot.text)):
            sex = "female" if who["f"] or who["f2"] or who[0] == "♀" else "male"
            ids.append(context.mention("SEX", spot, "table.sex", name=sex).id)
    return Patient(age_years=age, sex=sex, mentions=tuple(ids))


def events(one: Person, context: Context) -> list[Event]:
    """What the row tells of its patient, without days."""
    made: list[Event] = []
    nowhen = When(basis="none", why=("table.row",))
    for column, spot, line in one.cells:
        if line < 0:
            continue
        drafts = context.drafts(line)
        made.extend(event(draft, nowhen) for draft in drafts)
        found = None if drafts else values.result(spot.text, column.read.unit_text, column.read.unit)
        if found is not None and found[0].value is not None and column.read.unit is not None:
            cell = context.mention("LAB_VALUE", spot, "table.cell", value=found[0])
            made.append(
                Event(
                    id="", kind="lab", name=re.split(r"\s*[(\[,]", column.title)[0], text=cell.text, start=cell.start, end=cell.end,
                    mentions=(cell.id,), measurement=measurement(*found), time=nowhen, from_table=True, order=0, confidence=0.6,
                )
            )  # fmt: skip
    return made


def elsewhere(id: str, patient: Patient, events: list[Event]) -> Case:
    """A case of the literature; it has no day 0."""
    return Case(id=id, reported="elsewhere", patient=patient, anchor=None, events=tuple(events))
