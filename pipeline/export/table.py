"""The timeline as a table for the terminal: day, event, dose or value, status, source sentence, confidence."""

from __future__ import annotations

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.export.context import sentence, shorten
from pipeline.export.words import amount, days, number, same_patient
from pipeline.schema import Case, Event, Extraction

COLOURS = {
    "drug": "green", "procedure": "magenta", "lab": "cyan", "vital": "cyan", "imaging": "blue", "diagnosis": "yellow",
    "finding": "yellow", "encounter": "bold", "outcome": "bold red",
}  # fmt: skip
REVIEWED = {"accepted": "✓", "edited": "✎", "added": "+", "unsure": "?"}  # beside the confidence


def render(extraction: Extraction, width: int) -> RenderableType:
    """All cases of a document, for a console of ``width`` columns."""
    parts: list[RenderableType] = [Text(extraction.id, style="bold underline")]
    if (review := extraction.review) is not None:
        state = f", finished {review.finished}" if review.finished else ", not finished"
        parts.append(Text(f"reviewed by {', '.join(review.authors)} ({review.layer}{state})"))
        parts.append(Text("  ".join(f"{mark} {what}" for what, mark in REVIEWED.items()), style="dim"))
    if not extraction.cases:
        parts.append(Text(f"no case found; {len(extraction.mentions)} mentions"))
    for case in extraction.cases:
        parts += [Text(headline(case)), _table(extraction, case, width), Text("")]
    parts += [Text(f"note: {notice.message}", style="dim") for notice in extraction.warnings]
    return Group(*parts)


def headline(case: Case) -> str:
    """Who the patient is and what day 0 is, in a line."""
    patient = case.patient
    age = None if patient.age_years is None else f"{number(round(patient.age_years, 2))} years"
    who = ", ".join(part for part in (age, patient.sex) if part) or "patient"
    zero = f"day 0: {case.anchor.event}" if case.anchor else "no day 0"
    elsewhere = "" if case.reported == "here" else ", reported elsewhere"
    same = f"; perhaps the patient of {others}" if (others := same_patient(case)) else ""
    return f"{case.id}: {who}{elsewhere}; {zero}; {len(case.events)} events{same}"


def _table(extraction: Extraction, case: Case, width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=False)
    table.add_column("id", style="dim", no_wrap=True)
    table.add_column("day", justify="right", no_wrap=True)
    table.add_column("event", overflow="fold", max_width=34)
    table.add_column("dose or value", overflow="fold", max_width=26)
    table.add_column("status", no_wrap=True)
    table.add_column("source", overflow="fold")
    table.add_column("conf.", justify="right", no_wrap=True)
    room = max(width - 100, 24)
    for event in sorted(case.events, key=lambda e: (e.order, e.start)):
        text = shorten(sentence(extraction.text, event.start, event.end), event.text, room)
        table.add_row(
            event.id, _day(event), Text(_what(event), style=COLOURS[event.kind]), amount(event), event.status, text,
            f"{event.confidence:.2f} {REVIEWED[event.review]}" if event.review else f"{event.confidence:.2f}",
        )  # fmt: skip
    return table


def _day(event: Event) -> str:
    shown = days(event.time)
    if event.end_time and (until := days(event.end_time)):
        return f"{shown} → {until}"
    return shown if shown or event.time.relative_to is None else f"after {event.time.relative_to}"


def _what(event: Event) -> str:
    return (
        event.name if event.action in (None, "given") else f"{event.name} ({event.action.replace('_', ' ')})"
    )


def text(extraction: Extraction, width: int = 160) -> str:
    """The table as plain text."""
    console = Console(width=width, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(render(extraction, width))
    return capture.get()
