"""Tables as events: laboratory, treatment and course tables of the patient, patients of the literature.

``plan`` says what the finders shall read of the tables of a document; ``read`` makes events of what they found, and
puts them into the cases. A table of no known form gives the notice ``table_not_read``,
one of groups of patients ``table_of_groups``. Rules and forms are those of published tables. Example: "| CRP (mg/L) | 120 | 40 |" under "Day 1 | Day 3" makes two laboratory events.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.schema import Case, Document, Mention, Notice, Relation
from pipeline.tables import axis, groups, patients, place, series, treatment
from pipeline.tables.clock import Clock
from pipeline.tables.context import Context
from pipeline.tables.grid import Grid, grid
from pipeline.tables.lines import Line, Lines, render
from pipeline.timeline.exposure import with_totals
from pipeline.timeline.story import Story

__all__ = ["Lines", "Plan", "Read", "plan", "read"]

CASE_LABEL = re.compile(r"\b(?:case|patient)\s*(?:no\.?\s*|#\s*)?(?P<label>\d{1,2})\b", re.IGNORECASE)
Planned = axis.AxisTable | treatment.TreatmentTable | patients.PatientTable


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables of a document as far as their form is known, and the lines to be read of them."""

    tables: tuple[tuple[Grid, Planned], ...]
    unread: tuple[tuple[int, int], ...]
    grouped: tuple[tuple[int, int], ...]
    lines: tuple[Line, ...]

    def render(self, source: str) -> Lines:
        """The lines as one text for the finders."""
        return render(source, self.lines)


@dataclass(frozen=True, slots=True)
class Read:
    """The cases with what the tables tell; the mentions and relations of the tables."""

    cases: tuple[Case, ...]
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    notices: tuple[Notice, ...]


def plan(document: Document) -> Plan:
    """What the tables of a laid-out document are, and what the finders shall read of them."""
    lines: list[Line] = []
    known: list[tuple[Grid, Planned]] = []
    unread: list[tuple[int, int]] = []
    grouped: list[tuple[int, int]] = []
    for table in document.tables:
        whole = grid(document, table)
        shown = groups.single(whole) if whole is not None else None
        if whole is not None and (shown is None or len(shown.body) < len(whole.body)):
            grouped.append((table.start, table.end))
            if shown is None:
                continue
        found = None
        if shown is not None:
            found = patients.plan(shown, lines) or treatment.plan(shown, lines) or axis.plan(shown, lines)
        if shown is None or found is None:
            unread.append((table.start, table.end))
        else:
            known.append((shown, found))
    return Plan(tuple(known), tuple(unread), tuple(grouped), tuple(lines))


def read(
    plan: Plan, text: str, story: Story, lines: Sequence[tuple[int, int]], cases: Sequence[Case], mentions: Sequence[Mention]
) -> Read:  # fmt: skip
    """The cases with their tables; ``story`` is that of the lines, ``mentions`` are the narrative's."""
    context = Context(text, story, lines, 1 + len(mentions) + len(story.told))
    made: dict[str, list] = {case.id: [] for case in cases}  # type: ignore[type-arg]
    cited: list[patients.Person] = []
    unread = list(plan.unread)
    for shown, table in plan.tables:
        if isinstance(table, patients.PatientTable):
            if not _people(table, context, cases, made, cited):
                unread.append((shown.start, shown.end))
            continue
        case = _owner(shown, cases)
        if case is None:
            unread.append((shown.start, shown.end))
            continue
        clock = Clock(case, mentions, text)
        found = (
            series.events(table, context, clock)
            if isinstance(table, axis.AxisTable)
            else treatment.events(table, context, clock)
        )
        if not found:
            unread.append((shown.start, shown.end))
        made[case.id].extend(found)
    done, number = [], 1 + sum(len(case.events) for case in cases)
    for case in cases:
        together, number = place.merged(case, made[case.id], number)
        if made[case.id]:
            events = with_totals(together.events, context.mentions, case.patient.age_years)
            together = together.model_copy(update={"events": events})
        done.append(together)
    for one in cited:
        who = patients.person(one, context)
        found = patients.events(one, context)
        if not found and who.age_years is None and who.sex is None:
            continue
        id = f"c{len(done) + 1}"
        numbered = [
            event.model_copy(update={"id": f"e{n}", "order": 1}) for n, event in enumerate(found, number)
        ]
        number += len(numbered)
        done.append(patients.elsewhere(id, who, numbered))
        context.of_others([m for event in numbered for m in event.mentions] + list(who.mentions), id)
    notices = tuple(
        Notice(
            code="table_of_groups",
            message="a table tells of groups of patients; what it says of them made no events",
            start=a,
            end=b,
        )
        for a, b in plan.grouped
    ) + tuple(
        Notice(
            code="table_not_read",
            message="the form of a table is not known; its cells made no events",
            start=a,
            end=b,
        )
        for a, b in sorted(unread)
    )
    return Read(tuple(done), tuple(context.mentions.values()), tuple(context.relations), notices)


def _people(
    table: patients.PatientTable, context: Context, cases: Sequence[Case], made: dict[str, list], cited: list[patients.Person]  # type: ignore[type-arg]
) -> bool:  # fmt: skip
    """Whether the rows of a table of patients could be given to this report's cases, or to the literature."""
    if table.literature:
        if cases:
            cited.extend(one for one in table.people if not one.own)
        return bool(cases)
    given = False
    for one in table.people:
        case = next((case for case in cases if one.label is not None and case.id == f"c{one.label}"), None)
        if case is not None and len(cases) > 1:
            made[case.id].extend(patients.events(one, context))
            given = True
    return given


def _owner(shown: Grid, cases: Sequence[Case]) -> Case | None:
    """The case that a table belongs to: the one that its caption names, else the last one told before it."""
    if len(cases) < 2:
        return cases[0] if cases else None
    named = CASE_LABEL.search(shown.caption)
    if named:
        return next((case for case in cases if case.id == f"c{named['label']}"), None)
    before = [
        case for case in cases if case.events and min(event.start for event in case.events) < shown.start
    ]
    return before[-1] if before else None
