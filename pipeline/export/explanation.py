"""Why an event stands where it does: the sentence, the rules, and the chain of references to day 0."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from pipeline.export.context import plain, sentence
from pipeline.export.reasons import reason
from pipeline.export.words import amount, days, totals
from pipeline.schema import Case, Event, Extraction
from pipeline.units import SYSTEMS, comparable


def chosen(extraction: Extraction, wanted: str) -> list[tuple[Case, Event]]:
    """The events of that id; else those of that name, capitals aside."""
    pairs = [(case, event) for case in extraction.cases for event in case.events]
    return [p for p in pairs if p[1].id == wanted] or [
        p for p in pairs if wanted.casefold() in (p[1].name.casefold(), p[1].text.casefold())
    ]


def explanation(extraction: Extraction, case: Case, event: Event) -> RenderableType:
    """The explanation of one event, for a console."""
    text = extraction.text
    facts = ", ".join(part for part in (event.kind, event.action, event.status, amount(event)) if part)
    lines: list[RenderableType] = [
        Text.assemble((f"{event.id} {event.name}", "bold"), f"  ({facts})"),
        Text(f"confidence {event.confidence:.2f}, case {case.id}, rank {event.order}"),
        Text(""),
        _quoted(sentence(text, event.start, event.end), plain(event.text)),
        Text(f"  characters {event.start}-{event.end}", style="dim"),
    ]
    tellings = [m for m in extraction.mentions if m.id in event.mentions]
    if tellings:
        lines.append(Text("\nFound by", style="bold"))
        lines += [
            Text(f"  {m.rule}: {m.label} “{plain(m.text)}” ({m.section}, {m.start}-{m.end})")
            for m in tellings
        ]
    if same := conversions(event):
        lines += [Text("\nIn one unit", style="bold"), *(Text(f"  {one}") for one in same)]
    if total := totals(event.dose):
        lines += [Text("\nComes to", style="bold"), *(Text(f"  a {one}") for one in total)]
    lines.append(Text("\nOn the day axis", style="bold"))
    for step in chain(case, event):
        lines.append(Text("  " + step.text))
        if step.rules:
            lines.append(Text("     rules: " + " → ".join(step.rules)))
            lines += [Text(f"       {rule}: {told}") for rule in step.rules if (told := reason(rule))]
    return Group(*lines, Text(""))


def conversions(event: Event) -> list[str]:
    """The result in the analyte's SI and conventional unit where it stands in another, with factor and reason."""
    result = event.measurement
    if result is None or result.value is None:
        return []
    found = [comparable(event.name, result.value, result.unit, system) for system in SYSTEMS]
    return [
        f"{result.value:g} {result.unit} = {one.value:g} {one.unit}: "
        + (one.because if one.factor is None else f"x {one.factor:.5g} ({one.because})")
        for one in dict.fromkeys(found)
        if one is not None and one.unit != result.unit
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the chain; ``event`` is the event it is about, ``start`` and ``end`` what it quotes of the text."""

    text: str
    event: str | None = None
    rules: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None


def chain(case: Case, event: Event) -> list[Step]:
    """The steps from the event to day 0."""
    by_id = {e.id: e for e in case.events}
    steps: list[Step] = []
    current: Event | None = event
    seen: set[str] = set()
    while current is not None and current.id not in seen:
        seen.add(current.id)
        time = current.time
        shown = days(time) or "no day; its place in the order only"
        because = f" from {_quote(time.text)}({time.start}-{time.end})" if time.start is not None else ""
        text = f"{current.id} {current.name}: day {shown}, {time.basis}{because}"
        steps.append(Step(text, current.id, time.why, time.start, time.end))
        if time.relative_to is None:
            return steps
        counted = _offset(time.offset_low, time.offset_high)
        current = by_id.get(time.relative_to)
        named = f"{current.id} {current.name}" if current else time.relative_to
        steps.append(Step(f"  counts {counted} from {named}", current.id if current else None))
        for other in time.candidates[1:]:
            name = f" {by_id[other.event].name}" if other.event in by_id else ""
            steps.append(
                Step(
                    f"  or from {other.event}{name} (score {other.score:.2f}, the one chosen {time.candidates[0].score:.2f})",
                    other.event,
                )
            )
    if case.anchor and case.anchor.start is not None:
        place = f"{_quote(case.anchor.text)}({case.anchor.start}-{case.anchor.end})"
        steps.append(
            Step(f"day 0 is {case.anchor.event}: {place}", start=case.anchor.start, end=case.anchor.end)
        )
    return steps


def _quote(text: str | None) -> str:
    return f"“{plain(text)}” " if text else ""


def _offset(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "an unstated time"
    return f"{low:g} days" if low == high else f"{low:g} to {high:g} days"


def _quoted(whole: str, part: str) -> Text:
    quoted = Text("  " + whole)
    quoted.highlight_words([part], style="bold reverse")
    return quoted
