"""From an examination with its results to draft events: one a result, with the range that the text gives.

A test without a result makes an event only where the text says that it was done; a sign with a number is a measurement.
Example: "fell from 8 to 5" makes two events, "CT was performed" one, "fever (38.4 °C)" a body temperature.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.lexicon.measured import measured
from pipeline.lexicon.months import FULL
from pipeline.schema import Interpretation, Measurement, Quantity
from pipeline.timeline.draft import Draft
from pipeline.timeline.story import Told

BESIDE = 60
# What a result did, which is an outcome of its own: "renal function improved". Ordered: the first that fits names it.
COURSES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("no improvement", r"\b(?:not|no|without)\b.*improv|\bunchanged\b"),
        ("improvement", r"improv|recover|amelior"),
        ("worsening", r"worsen|deteriorat|declin|aggravat"),
        ("normalization", r"normali[sz](?:ed|ation|ing)|return\w* to (?:normal|base)"),
        ("stabilization", r"stabili[sz]|\bstable\b"),
    )
)
# What only describes the tissue, whose findings are events, and words that look back at a known image.
DESCRIBES = re.compile(r"patholog|histolog|immunohisto|hematoxylin|microscop|gross exam", re.IGNORECASE)
FINDINGS = re.compile(r"[\w-]*\s?findings?\b", re.IGNORECASE)
REPEATED = re.compile(
    r"\b(?:repeat(?:ed)?|follow-?up|second|third|control|another|further|subsequent|serial|re-?evaluation|post-?\w+)"
    r"(?: [\w-]+){0,2} $",
    re.IGNORECASE,
)
# A course told behind a number is no word for it: "ALT was 212 U/L, which normalized 2 weeks later".
LATER = re.compile(r"[,;)] (?:which|that|and|but|then)\b|\b(?:before|and then)\b")
# Examinations in general, which say nothing by themselves.
GENERIC = frozenset(
    ("physical examination", "laboratory tests", "examination", "workup", "imaging", "laboratory data", "condition",
     "test", "tests", "investigation", "investigations", "evaluation", "neurological examination", "neurologic examination", "auscultation", "clinical examination", "general examination")
)  # fmt: skip
# Words of time between two results of one test.
TIMED = re.compile(
    r"\b(?:(?:hour|day|week|month|year)s?|admission|presentation|arrival|discharge|baseline|later|today|POD|HD|"
    rf"\d+ ?h|{FULL})\b"
)
DONE = re.compile(
    r"\b(?:performed|obtained|taken|sent|done|underwent|undergone|repeated|carried out|collected|showed|shown|"
    r"revealed|demonstrated|confirmed|disclosed|identified|detected|examined|examination|was ordered|conducted)\b",
    re.IGNORECASE,
)

# What a name tells that is normally not there: "CMV antigenemia was found".
SUBSTANCE = re.compile(r"(?:[aei]mia|uria|DNA|RNA|antigen|antibod(?:y|ies))$", re.IGNORECASE)
THERE = re.compile(
    r" (?:was|were) (?:(?:also|first|again|still) )?(?P<found>found|noted|observed|present|documented|seen)\b"
)


def signs(
    base: Draft,
    parts: list[tuple[str, Told]],
    tails: Mapping[str, list[tuple[str, Told]]],
    text: str,
    within: tuple[int, int],
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
        for one in results(replace(base, kind=what.kind, name=what.name), parts, tails, text, within)
    ]


def results(
    base: Draft,
    parts: list[tuple[str, Told]],
    tails: Mapping[str, list[tuple[str, Told]]],
    text: str,
    within: tuple[int, int],
) -> list[Draft]:
    """One draft for each result; without any, one if the text says that the examination was done.

    ``text`` is the view, ``within`` the sentence.
    """
    said = [part for relation, part in parts if relation == "value_of"]
    values, words = _numbers_and_words(text, sorted(said, key=lambda t: t.start)) if said else ([], [])
    made: list[Draft] = []
    if base.key in GENERIC and not any(_has_number(v) for v in values):
        return made
    last: Told | None = None
    for value, same in _apart(values, text):
        at = _place(last, value, text)
        last = value
        course = _course(value)
        if course is not None and base.kind in ("lab", "vital"):
            at = at or ((value.start, value.end) if made else base.at)
            made.append(replace(base, kind="outcome", name=f"{course} of {base.name}", parts=(value,), at=at))
            continue
        ranges = [r for kind, r in tails.get(value.mention.id, []) if kind == "range_of"]
        ranges += [r for kind, r in parts if kind == "range_of"]
        made.append(
            replace(
                base,
                parts=(value, *same, *words, *ranges[:1]),
                measurement=measurement(value, ranges[:1], words),
                at=at or base.at,
            )
        )
    if made:
        return made
    negated = base.head.mention.assertion.negated
    told = f"{base.name} {base.head.mention.text}"
    generic = base.key in GENERIC or (base.kind == "lab" and DESCRIBES.search(told))
    generic = generic or "findings" in told or FINDINGS.match(text, base.head.end + 1)
    if not generic and (base.kind == "imaging" or (base.kind == "lab" and DONE.search(text, *within))):
        again = REPEATED.search(text, max(within[0], base.head.start - BESIDE), base.head.start)
        rules = (*base.rules, "event.repeated") if again else base.rules
        return [replace(base, status="negated" if negated else base.status, rules=rules)]
    there = THERE.match(text, base.head.end) if SUBSTANCE.search(base.head.mention.text) else None
    if there is not None and not negated:
        found = Measurement(text=there["found"], interpretation="positive")
        return [replace(base, measurement=found, rules=(*base.rules, "event.substance_found"))]
    return []


def _place(last: Told | None, value: Told, text: str) -> tuple[int, int] | None:
    """Where a further result is told, if it has a time of its own: "340 on admission, 1,820 on day 2"."""
    if last is None or not TIMED.search(text, last.end, value.start):
        return None
    return value.start, value.end


def _apart(values: Sequence[Told], text: str) -> list[tuple[Told, list[Told]]]:
    """The results, each with those that say it again in another unit: "30% (1.27 L)" is one."""
    found: list[tuple[Told, list[Told]]] = []
    for value in values:
        last = found[-1][0] if found else None
        if (
            last is not None
            and text[last.end : value.start].strip() in ("(", "[", "=", "(=", "or")
            and _has_number(last)
            and _has_number(value)
            and _unit(last) != _unit(value)
        ):
            found[-1][1].append(value)
        else:
            found.append((value, []))
    return found


def _unit(told: Told) -> str | None:
    return told.mention.value.unit if isinstance(told.mention.value, Quantity) else None


def _course(told: Told) -> str | None:
    """What a result without number or level did: "improved", "returned to baseline"."""
    value = told.mention.value
    if isinstance(value, Quantity) and (
        value.value is not None or value.interpretation not in (None, "normal")
    ):
        return None
    return next((name for name, pattern in COURSES if pattern.search(told.mention.text)), None)


def _has_number(told: Told) -> bool:
    return isinstance(told.mention.value, Quantity) and told.mention.value.value is not None


def _numbers_and_words(text: str, values: Sequence[Told]) -> tuple[list[Told], list[Told]]:
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
        if not (_course(w) and any(n.end < w.start and LATER.search(text, n.end, w.start) for n in numbers))
        and any(abs(w.start - n.end) < BESIDE or abs(n.start - w.end) < BESIDE for n in numbers)
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
    return Measurement.trusted(
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
