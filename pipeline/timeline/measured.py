"""From an examination with its results to draft events: one a result, with the range that the text gives.

A test without a result makes an event only where the text says that it was done; a sign with a number is a measurement.
Example: "fell from 8 to 5" makes two events, "CT was performed" one, "fever (38.4 °C)" a body temperature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.lexicon.measured import measured
from pipeline.schema import Interpretation, Measurement, Quantity
from pipeline.timeline.draft import Draft
from pipeline.timeline.story import Told

BESIDE = 60
# Examinations in general, which say nothing by themselves.
GENERIC = frozenset(
    ("physical examination", "laboratory tests", "examination", "workup", "imaging", "laboratory data", "condition",
     "test", "tests", "investigation", "investigations", "evaluation", "clinical examination", "general examination")
)  # fmt: skip
DONE = re.compile(
    r"\b(?:performed|obtained|taken|sent|done|underwent|undergone|repeated|carried out|collected|showed|shown|"
    r"revealed|demonstrated|confirmed|disclosed|identified|detected|examined|examination|was ordered|conducted)\b",
    re.IGNORECASE,
)


def signs(
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
        for one in results(replace(base, kind=what.kind, name=what.name), parts, tails, sentence)
    ]


def results(
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
                base, parts=(value, *words, *ranges[:1]), measurement=measurement(value, ranges[:1], words)
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


def measurement(told: Told, ranges: Sequence[Told], words: Sequence[Told] = ()) -> Measurement:
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
        interpretation=value.interpretation or _described(words) or against(value, low, high),
    )


def _described(words: Sequence[Told]) -> Interpretation | None:
    """The interpretation that the words beside a number give it."""
    values = (word.mention.value for word in words)
    return next((v.interpretation for v in values if isinstance(v, Quantity) and v.interpretation), None)


def against(value: Quantity, low: float | None, high: float | None) -> Interpretation | None:
    """High, low or normal by the range of the text; None where a censored value leaves it open."""
    if value.value is None or (low is None and high is None):
        return None
    if high is not None and value.value > high and value.comparator not in ("<", "<="):
        return "high"
    if low is not None and value.value < low and value.comparator not in (">", ">="):
        return "low"
    return None if value.comparator else "normal"
