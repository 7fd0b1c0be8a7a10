"""From mentions to draft events: one for each fact, with its dose or result.

A test makes one event a result ("fell from 8 to 5" are two); a test without a result makes one only where the text
says that it was done. Example: "prednisolone 30 mg daily was started" -> drug, start, 30 mg, daily.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pipeline.lexicon.measured import measured
from pipeline.schema import (
    Action,
    Assertion,
    Dose,
    EventKind,
    Interpretation,
    Measurement,
    Quantity,
    Status,
    TimeValue,
)
from pipeline.timeline.actions import Verb, action_of, switched, verbs
from pipeline.timeline.draft import Draft
from pipeline.timeline.steps import steps
from pipeline.timeline.story import Story, Told

KINDS: dict[str, EventKind] = {
    "DRUG": "drug", "PROCEDURE": "procedure", "LAB_TEST": "lab", "VITAL": "vital", "IMAGING": "imaging",
    "DIAGNOSIS": "diagnosis", "FINDING": "finding", "ENCOUNTER": "encounter", "OUTCOME": "outcome",
}  # fmt: skip
MEASURED = ("lab", "vital", "imaging")
BESIDE = 60
# Examinations in general, which say nothing by themselves.
GENERIC = frozenset(
    ("physical examination", "laboratory tests", "examination", "workup", "imaging", "laboratory data", "condition",
     "test", "tests", "investigation", "investigations", "evaluation", "clinical examination", "general examination")
)  # fmt: skip
# Visits that are events of their own where a time expression names them ("at the six-month follow-up").
VISIT = re.compile(r"follow|outpatient|clinic|re-?admi|control|check", re.IGNORECASE)
COUNTS = re.compile(r"\b(?:before|after|since|prior|until|from|following|preceding)\b", re.IGNORECASE)
DONE = re.compile(
    r"\b(?:performed|obtained|taken|sent|done|underwent|undergone|repeated|carried out|collected|showed|shown|"
    r"revealed|demonstrated|confirmed|disclosed|identified|detected|examined|examination|was ordered|conducted)\b",
    re.IGNORECASE,
)


def drafts(story: Story, told: Sequence[Told]) -> list[Draft]:
    """The draft events of the mentions ``told``, in the order of the view."""
    by_id = {one.mention.id: one for one in story.told}
    tails: dict[str, list[tuple[str, Told]]] = defaultdict(list)
    short = _short_forms(story, by_id)
    for relation in story.relations:
        if relation.tail in by_id:
            tails[short.get(relation.head, relation.head)].append((relation.kind, by_id[relation.tail]))
    spans = [(t.start, t.end) for t in told if t.mention.label in ("TIME", "DURATION")]

    @cache
    def elsewhere() -> set[tuple[str, str]]:
        """What is named outside time expressions, made where it is asked for."""
        return {_key(t) for t in told if not _inside(t, spans)}

    starts = [start for start, _, _ in story.paragraphs]
    found: list[Draft] = []
    met = False
    sentence_verbs: dict[int, list[Verb]] = {}
    treated: dict[int, list[tuple[int, Verb | None]]] = defaultdict(list)
    first: list[tuple[int, Verb, list[Told]]] = []
    for one in told:
        kind = KINDS.get(one.mention.label)
        if kind is None or not one.mention.assertion.patient or one.mention.id in short:
            continue
        span = _inside(one, spans)
        if span and (
            _key(one) in elsewhere() or (kind == "encounter" and met and not _visit(story.text, span, one))
        ):
            continue
        met = met or kind == "encounter"
        at = bisect_right(starts, one.start) - 1
        section = story.paragraphs[at][2] if at >= 0 else "case"
        parts = tails.get(one.mention.id, [])
        start, end = story.sentences[one.sentence] if story.sentences else (0, len(story.text))
        verb = None
        if kind in ("drug", "procedure"):
            if one.sentence not in sentence_verbs:
                sentence_verbs[one.sentence] = verbs(story.text, start, end)
            verb = action_of(story.text, one.start, one.end, sentence_verbs[one.sentence])
        status = _status(one.mention.assertion, measured=kind in MEASURED)
        action, rules = _action(story.text, one, kind, verb, status, (start, end))
        base = Draft(
            kind, (one.mention.name or one.mention.text), one, (), section, action, status, None, None,
            (one.mention.rule, *rules), one.mention.confidence,
        )  # fmt: skip
        if kind in MEASURED:
            found.extend(_measured(base, parts, tails, story.text[start:end]))
        elif any(relation == "value_of" for relation, _ in parts):
            found.extend(_signs(base, parts, tails, story.text[start:end]))
        else:
            found.append(_dosed(base, parts))
            if verb is not None and kind in ("drug", "procedure"):
                treated[one.sentence].append((one.start, verb))
                first.append((len(found) - 1, verb, [p for r, p in parts if r == "dose_of"]))
    for k, verb, doses in first:
        sentence = found[k].head.sentence
        found += steps(story.text, found[k], verb, sentence_verbs[sentence], treated[sentence], doses)
    return sorted(found, key=lambda draft: draft.place)


def _signs(
    base: Draft, parts: list[tuple[str, Told]], tails: dict[str, list[tuple[str, Told]]], sentence: str
) -> list[Draft]:
    """A sign with its number as the measurement that it is: "fever (38.4 °C)" is a body temperature, high."""
    what = measured(base.head.mention.text)
    if what is None:
        return [base]
    return [
        replace(
            one,
            measurement=one.measurement.model_copy(
                update={"interpretation": one.measurement.interpretation or what.interpretation}
            )
            if one.measurement
            else None,
        )
        for one in _measured(replace(base, kind=what.kind, name=what.name), parts, tails, sentence)
    ]


def _key(one: Told) -> tuple[str, str]:
    """What a mention names, compared without case."""
    return one.mention.label, (one.mention.name or one.mention.text).casefold()


def _inside(one: Told, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The time expression that only counts from the mention ("2 weeks after rituximab"), if one does."""
    if not spans:
        return None
    at = bisect_right(spans, (one.start, one.end))
    near = spans[max(at - 2, 0) : at + 1]
    return next(((start, end) for start, end in near if start <= one.start and one.end <= end), None)


def _visit(text: str, span: tuple[int, int], one: Told) -> bool:
    """Whether an expression tells a later visit of its own: "at the six-month follow-up"."""
    return bool(VISIT.search(one.mention.text)) and not COUNTS.search(text, span[0], one.start)


def _short_forms(story: Story, by_id: dict[str, Told]) -> dict[str, str]:
    """Short forms that stand in brackets behind their long form, which take part in its event, with its id."""
    return {
        relation.tail: relation.head
        for relation in story.relations
        if relation.kind == "abbreviation_of"
        and relation.tail in by_id
        and relation.head in by_id
        and 0 <= by_id[relation.tail].start - by_id[relation.head].end <= 3
    }


def _status(assertion: Assertion, *, measured: bool) -> Status:
    if assertion.family:
        return "family"
    if assertion.hypothetical:
        return "hypothetical"
    if assertion.negated and not measured:
        return "negated"
    return "historical" if assertion.historical else "affirmed"


def _action(
    text: str, one: Told, kind: EventKind, verb: Verb | None, status: Status, sentence: tuple[int, int]
) -> tuple[Action | None, tuple[str, ...]]:
    """What was done, and the rules that say so."""
    if kind == "imaging":
        return "given", ()
    if kind not in ("drug", "procedure"):
        return None, ()
    if status == "negated":
        return "not_given", ("action.negated",)
    for first, last, action in switched(text, *sentence):
        if first <= one.start < last and kind == "drug":
            return action, ("action.switch",)
    if verb is not None:
        return verb.action, (verb.rule,)
    return None, ()


def _informs(one: Told) -> int:
    """How much a dose says: an amount with its unit more than a strength or a count, a word least."""
    value = one.mention.value
    if not isinstance(value, Quantity) or value.value is None:
        return 0
    return 1 if value.unit in (None, "%") else 2


def _dosed(base: Draft, parts: list[tuple[str, Told]]) -> Draft:
    """The draft with its dose, route, frequency and duration."""
    own: dict[str, Told] = {}
    for relation, part in parts:
        if relation in ("dose_of", "route_of", "frequency_of", "duration_of"):
            told = own.setdefault(relation, part)
            if relation == "dose_of" and _informs(part) > _informs(told):
                own[relation] = part
    if not own:
        return base
    amount = own.get("dose_of")
    value = amount.mention.value if amount else None
    length = own["duration_of"].mention.value if "duration_of" in own else None
    dose = None
    if base.kind == "drug" or amount:
        quantity = value if isinstance(value, Quantity) else None
        first = amount or min(own.values(), key=lambda t: t.start)
        dose = Dose(
            text=quantity.text if quantity else first.mention.text,
            value=quantity.value if quantity else None,
            value_high=quantity.value_high if quantity else None,
            unit=quantity.unit if quantity else None,
            comparator=quantity.comparator if quantity else None,
            frequency=_said(own.get("frequency_of")),
            route=_said(own.get("route_of")),
            duration_days=length.low if isinstance(length, TimeValue) and length.kind == "duration" else None,
        )
    return replace(base, parts=tuple(own.values()), dose=dose)


def _said(one: Told | None) -> str | None:
    return (one.mention.name or one.mention.text) if one else None


def _measured(
    base: Draft, parts: list[tuple[str, Told]], tails: dict[str, list[tuple[str, Told]]], sentence: str
) -> list[Draft]:
    """One draft for each result; without any, one if the text says that the examination was done."""
    values, words = _numbers_and_words(
        sorted((part for relation, part in parts if relation == "value_of"), key=lambda t: t.start)
    )
    made: list[Draft] = []
    if base.key in GENERIC and not any(_has_number(v) for v in values):
        return made
    for value in values:
        ranges = [r for kind, r in tails.get(value.mention.id, []) if kind == "range_of"]
        ranges += [r for kind, r in parts if kind == "range_of"]
        made.append(
            replace(
                base, parts=(value, *words, *ranges[:1]), measurement=_measurement(value, ranges[:1], words)
            )
        )
    if made:
        return made
    negated = base.head.mention.assertion.negated
    generic = base.key in GENERIC
    if not generic and (base.kind == "imaging" or (base.kind == "lab" and DONE.search(sentence))):
        return [replace(base, status="negated" if negated else base.status)]
    return []


def _has_number(told: Told) -> bool:
    return isinstance(told.mention.value, Quantity) and told.mention.value.value is not None


def _numbers_and_words(values: Sequence[Told]) -> tuple[list[Told], list[Told]]:
    """The results that make events, and words that only describe the one number ("elevated at 12 mg/dL")."""
    numbers = [
        v for v in values if isinstance(v.mention.value, Quantity) and v.mention.value.value is not None
    ]
    words = [v for v in values if v not in numbers]
    if not numbers or not words:
        return list(values), []
    near = [
        w
        for w in words
        if any(abs(w.start - n.end) < BESIDE or abs(n.start - w.end) < BESIDE for n in numbers)
    ]
    kept = [v for v in values if v not in near]
    return kept, near if len(numbers) == 1 else []


def _measurement(told: Told, ranges: Sequence[Told], words: Sequence[Told] = ()) -> Measurement:
    """The result with the range that the text gives, and what the words or the range make of it."""
    value = (
        told.mention.value if isinstance(told.mention.value, Quantity) else Quantity(text=told.mention.text)
    )
    limits = ranges[0].mention.value if ranges else None
    low = high = None
    if isinstance(limits, Quantity):
        low, high = limits.value, limits.value_high
        if limits.comparator in ("<", "<="):
            low, high = None, limits.value
        elif limits.comparator in (">", ">="):
            low, high = limits.value, None
    return Measurement(
        text=value.text,
        value=value.value,
        value_high=value.value_high,
        unit=value.unit,
        comparator=value.comparator,
        reference_range=ranges[0].mention.text if ranges else None,
        reference_low=low,
        reference_high=high,
        interpretation=value.interpretation or _described(words) or _against(value, low, high),
    )


def _described(words: Sequence[Told]) -> Interpretation | None:
    """The interpretation that the words beside a number give it."""
    values = (word.mention.value for word in words)
    return next((v.interpretation for v in values if isinstance(v, Quantity) and v.interpretation), None)


def _against(value: Quantity, low: float | None, high: float | None) -> Interpretation | None:
    """High, low or normal by the range of the text; None where a censored value leaves it open."""
    if value.value is None or (low is None and high is None):
        return None
    if high is not None and value.value > high and value.comparator not in ("<", "<="):
        return "high"
    if low is not None and value.value < low and value.comparator not in (">", ">="):
        return "low"
    return None if value.comparator else "normal"
