"""DOSE: an amount given, per time, weight or surface as written; a number of courses; a dose in words.

Frequency, route and duration are mentions of their own. A quantity that may as well be a size or a result is
offered with a low confidence: the neighbourhood decides later. Vocabulary: lexicon/dose.csv and unit.csv.

Example: "<high-dose> methylprednisolone, <1 g> daily, then <375 mg/m2> of rituximab for <4 cycles>".
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.mentions.finder import Finder
from pipeline.mentions.quantity_dose import graded
from pipeline.mentions.worded_dose import WordedDoses
from pipeline.schema import DAYS_PER_MONTH, DAYS_PER_YEAR
from pipeline.structure.found import Found
from pipeline.units import NUMBER, Amount, Unit, amounts, number

LOWEST = 0.3
SHARED = 0.7
DAYS = {"min": 1 / 1440, "h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": DAYS_PER_MONTH, "a": DAYS_PER_YEAR}
TIMES_BEFORE = re.compile(r"(?<![\w.,])\d{1,2}\s?[xX*]\s?$")
FRACTIONS = re.compile(
    r"(?:,?\s?(?:delivered |given |divided |administered )?(?:in|into|over|by)\s|\s?/\s?|\s\(|"
    r",\s)(?:\d{1,2}|[a-z]+(?:-[a-z]+)?)"
    r"(?:\s(?:daily|equal|consecutive))?\s?(?:fractions?|fr|fx|f)\b(?!/)(?:(?<=\(\d\d\s)\))?"
)
CYCLE_DAYS = re.compile(
    r",?\s?\(?\bd\s?\d{1,2}(?:(?:\s?[,-]\s?|,? and )d?\s?\d{1,2}\b(?!\s?[a-z%/]))*\)?(?![\w/])"
)
FROM = re.compile(
    r"(?<!ranging )(?<!ranged )(?<!varying )(?<!range )\bfrom\s(?:an? (?:initial )?(?:daily )?dose of\s)?$"
)
VOLUME = re.compile(r"\s?(?:/|in)\s?(?:a\s)?(?:0?\.\d+|[1-9]\d?)\s?m[lL]\b(?!/)")
"""The volume that an amount is given in: "4 mg/0.1 mL"."""
PARTNER = re.compile(r"\s?/\s?\d[\d.,]*\d?\s?(?:m?g|mcg|ug|units?|IU)\b(?!/)")
"""The amount of the second drug of a combination: "160 mg/800 mg"."""
DILUTED = re.compile(r"(?<![\w.,:/])1\s?:\s?(?:\d{1,3}(?:[, ]?000)+)(?![\w:,])")
DILUTED_DRUG = re.compile(
    r"\b(?:adrenaline?|epinephrine|noradrenaline|norepinephrine|lidocaine|lignocaine|bupivacaine|xylocaine)\b",
    re.IGNORECASE,
)
LISTED = re.compile(
    r"\b(?:of|at|to|with|from|received|given|was|were|took)\s"
    r"(?P<all>\d[\d.]*(?:(?:,? and |,? or |,? then |, | to |/)\d[\d.]*)*)(?:,? and |,? or |,? then |, | to )$"
)
"""The numbers before an amount that share its unit: "doses of <5>, <10> and 20 mg"."""
AREA = re.compile(r"\bAUC(?: of|-)? ?=? ?(?P<n>\d(?:[.,]\d)?)(?:-\d)?\b(?! ?(?:[munp]?g\b|h\b|[*%/x.]\w))")
PLATINUM = re.compile(r"carboplatin|CBDCA|paraplatin|\bCarbo\b|\bCP\b", re.IGNORECASE)
"""The dose of carboplatin by the area under the curve (Calvert 1989), in mg/mL times minutes."""
STEP = re.compile(
    r"(?:reduced|increased|decreased|tapered|lowered|raised|reduction|increase|decrease|steps)\s(?:by|of)\s$"
)
"""What stands before the size of a change, which is no amount given: "reduced by 5 mg every week"."""


def value_of(text: str, amount: Amount | None = None, code: str | None = None) -> dict[str, Any]:
    """The fields of a ``Quantity``: those of the amount, or the words alone."""
    if amount is None:
        return {"text": text, "value": None, "value_high": None, "unit": None, "comparator": None}
    return {
        "text": text,
        "value": amount.value,
        "value_high": None if amount.pair else amount.high,
        "unit": code,
        "comparator": amount.comparator,
    }


class DoseFinder(Finder):
    """Amounts with a unit that can be given, and doses in words."""

    def __init__(self) -> None:
        self.worded = WordedDoses()

    def find(self, doc: Doc) -> Iterable[Found]:
        """The doses of a Doc; those in words give way to amounts that they touch."""
        text = doc._.text
        found = [*_amounts(text), *_areas(text), *_dilutions(text)]
        taken = sorted((one.start, one.end) for one in found)
        yield from found
        at = 0
        for start, end, rule, confidence, count in self.worded.find(doc, text):
            while at < len(taken) and taken[at][1] <= start:
                at += 1
            if at < len(taken) and taken[at][0] < end:
                continue
            value = value_of(text[start:end]) | ({"value": count} if count is not None else {})
            yield Found(start, end, "DOSE", rule, value=value, confidence=round(confidence, 2))


def _amounts(text: str) -> Iterator[Found]:
    for amount in amounts(text):
        unit = amount.unit
        if unit is None:
            continue
        rule, confidence = graded(text, amount)
        if confidence < LOWEST:
            continue
        start, end, code = amount.start, amount.end, unit.code
        if unit.worded and not {"weight", "surface"} & set(unit.per):
            end, code = unit.worded
            yield _rate(unit, end)
        times = TIMES_BEFORE.search(text, max(0, start - 6), start)
        if times:
            start, code, rule = times.start(), code.removesuffix("/d"), "dose.times"
        if unit.kind in ("mass", "activity") and not unit.per and "/" in text[end : end + 2]:
            joined = VOLUME.match(text, end) or PARTNER.match(text, end)
            end = joined.end() if joined else end
        if unit.kind == "radiation":
            fractions = FRACTIONS.match(text, end)
            end = fractions.end() if fractions else end
        elif "surface" in unit.per or "weight" in unit.per:
            days = CYCLE_DAYS.match(text, end)
            end = days.end() if days else end
        if amount.high is not None and not amount.pair and FROM.search(text, max(0, start - 40), start):
            yield from _two_steps(text, start, end, code, confidence)
            continue
        if unit.kind in ("mass", "activity") and confidence >= SHARED:
            yield from _sharing(text, start, code, confidence)
        value = value_of(text[start:end], amount, code)
        if STEP.search(text, max(0, start - 24), start):
            rule, value = "dose.step_by", value_of(text[start:end])
        yield Found(start, end, "DOSE", rule, value=value, confidence=confidence)


def _sharing(text: str, start: int, code: str, confidence: float) -> Iterator[Found]:
    """The doses before an amount that share its unit: "at 2.5, 5 and 10 mg"."""
    listed = LISTED.search(text, max(0, start - 40), start)
    for one in NUMBER.finditer(text, *listed.span("all")) if listed else ():
        value = value_of(one.group()) | {"value": number(one.group()), "unit": code}
        yield Found(*one.span(), "DOSE", "dose.shared_unit", value=value, confidence=confidence)


def _dilutions(text: str) -> Iterator[Found]:
    """Local anaesthetics and adrenaline by their dilution: "1:100,000"."""
    if "000" not in text or ":" not in text:
        return
    for match in DILUTED.finditer(text):
        if DILUTED_DRUG.search(text, max(0, match.start() - 50), match.end() + 30):
            yield Found(
                *match.span(), "DOSE", "dose.dilution", value=value_of(match.group()), confidence=0.85
            )


def _areas(text: str) -> Iterator[Found]:
    """Doses of carboplatin by area under the curve: "AUC 5"."""
    if "AUC" not in text:
        return
    for match in AREA.finditer(text):
        start, end = match.span()
        if PLATINUM.search(text, max(0, start - 60), end + 40):
            value = value_of(match.group()) | {"value": number(match["n"]), "unit": "mg.min/mL"}
            yield Found(start, end, "DOSE", "dose.auc", value=value, confidence=0.9)


def _rate(unit: Unit, end: int) -> Found:
    """The FREQUENCY in "per day", "a week" behind an amount."""
    days = DAYS.get(unit.code.rsplit("/", 1)[-1])
    value: dict[str, Any] = {"kind": "frequency", "low": days, "high": days}
    if days is None:
        value = {"kind": "unresolved", "reason": "no_number"}
    return Found(end + 1, unit.end, "FREQUENCY", "dose.rate", value=value, confidence=0.9)


def _two_steps(text: str, start: int, end: int, code: str, confidence: float) -> Iterator[Found]:
    """Two doses where a change is told: "from 10 to 20 mg"."""
    first = NUMBER.match(text, start)
    second = NUMBER.search(text, first.end() if first else start)
    if not first or not second:
        return
    for part, stop in ((first, first.end()), (second, end)):
        value = value_of(text[part.start() : stop]) | {"value": number(part.group()), "unit": code}
        yield Found(part.start(), stop, "DOSE", "dose.change", value=value, confidence=confidence)


@Language.factory("caseline_dose", requires=["doc._.words"], assigns=["doc.spans", "doc._.found"])
def create_dose_finder(nlp: Language, name: str) -> DoseFinder:
    """The finder of DOSE mentions."""
    return DoseFinder()
