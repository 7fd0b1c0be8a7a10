"""AGE and SEX of the patient.

What: ages as adjectives ("2-year-old"), in apposition ("aged 5 years", "49 years old"), by decade ("in her
60s") and by the words for the newborn; words for a woman, man, girl or boy of patient.csv. Relatives and donors
are left out.
Example: "A <2-year-old> <girl>"; values are days from birth, from the birthday to the day before the next.
Requires: doc._.words. Assigns: doc.spans, doc._.found.
"""

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.mentions.finder import Finder
from pipeline.schema import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR
from pipeline.structure.found import Found
from pipeline.structure.tokenizer import fold

DAYS = {"y": DAYS_PER_YEAR, "m": DAYS_PER_MONTH, "w": DAYS_PER_WEEK, "d": 1.0, "h": 1 / 24}
GRANULARITY = {"y": "year", "m": "month", "w": "week", "d": "day", "h": "hour"}
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
UNIT = r"(?:years?|yrs?|y|months?|mos?|weeks?|wks?|days?|hours?)"
NUMBER = r"\d{1,3}(?:[.,]\d)?"
# "2-year-old", "2-year 3-month old", "49 years old", "62 yo", "three-year-old".
OLD = re.compile(
    rf"(?P<low>{NUMBER})(?:-(?P<high>{NUMBER}))?[ -]?(?P<unit>{UNIT})"
    rf"(?:,? ?(?:and[ -])?(?P<more>{NUMBER})[ -]?(?P<small>months?|weeks?|days?))?[ -](?:old|aged)\b"
    r"|(?P<short>\d{1,3}) ?-?(?:yo|y/o|y\.o\.)(?!\w)",
    re.I,
)
SPELLED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(TENS[2:])})[ -]?)?(?P<ones>{'|'.join(ONES)})?[ -](?P<unit>{UNIT})[ -]old\b",
    re.I,
)
AGED = re.compile(rf"(?P<low>\d{{1,3}})(?! ?[-x/%.]? ?\d)(?: (?P<unit>{UNIT})\b(?: of age| old)?)?", re.I)
DECADE = re.compile(r"\bin (?:his|her|their) (?:early |mid |mid-|late )?(?P<decade>[1-9]0)'?s\b")
# "A 34-year female", "45 years male": an age only before the patient.
BARE = re.compile(
    r"(?P<low>\d{1,3})[ -](?P<unit>years?|yrs?|months?)(?:[ -]of[ -]age)?"
    r"(?=,? (?:fe)?male\b|,? (?:wo)?man\b|,? girl\b|,? boy\b)",
    re.I,
)
APPOSED = re.compile(
    r"\b(?:patient|man|woman|girl|boy|male|female|child|infant|lady|gentleman)\b[^.;\n]{0,12}$", re.I
)
RELATIVE = re.compile(
    r"^[ ,-]*(?:\w+ ){0,2}?(?:mother|father|brother|sister|son|daughter|wife|husband|uncle|aunt|cousin|grand\w+"
    r"|twin|sibling|donors?|scar|history|lesion|wound|fracture|stent|graft|controls?|volunteers?)\b"
)
NEAR = 45


class PatientFinder(Finder):
    """Ages, and the words of patient.csv."""

    def __init__(self) -> None:
        entries = lexicon.load("patient")
        self.sexes = {entry.term: entry.name for entry in entries if entry.columns["role"] == "sex"}
        self.no_person = frozenset(
            entry.term for entry in entries if entry.columns["role"] == "no person before"
        )
        self.newborn = {
            entry.term: float(entry.columns["days"]) for entry in entries if entry.columns["role"] == "age"
        }

    def find(self, doc: Doc) -> Iterator[Found]:
        """The ages and sexes, in the order of the text."""
        text: str = doc.text
        ages = _ages(text)
        places = [age.start for age in ages]
        found = list(ages)
        words = doc._.words
        for index, (word, start, end) in enumerate(words):
            sex = self.sexes.get(word)
            days = None if sex else self.newborn.get(word)
            if sex is None and days is None:
                continue
            if fold(text[start:end]) != text[start:end].lower():
                continue  # a plural
            following = words[index + 1][0] if index + 1 < len(words) else ""
            if following in self.no_person:
                continue
            if sex:
                near = any(abs(place - start) < NEAR for place in places)
                found.append(Found(start, end, "SEX", "sex.word", name=sex, confidence=0.95 if near else 0.6))
            elif days is not None:
                value = {"kind": "age", "reference": "birth", "low": 0.0, "high": days, "approximate": True}
                found.append(Found(start, end, "AGE", "age.word", name=word, value=value, confidence=0.5))
        return iter(sorted(found, key=lambda one: one[:3]))


def _ages(text: str) -> list[Found]:
    """The ages in numbers or number words."""
    found: list[Found] = []
    for match in OLD.finditer(text):
        if match["short"]:
            low = high = float(match["short"])
            unit = "y"
        else:
            low, high, unit = (
                _number(match["low"]),
                _number(match["high"] or match["low"]),
                _unit(match["unit"]),
            )
        more = _number(match["more"]) * DAYS[_unit(match["small"])] if match["more"] else None
        found.append(_age(match.start(), match.end(), "age.old", low, high, unit, more))
    if "-old" in text or " old" in text:
        for match in SPELLED.finditer(text):
            if match["tens"] or match["ones"]:
                tens = TENS.index((match["tens"] or "").lower()) * 10 if match["tens"] else 0
                low = float(tens + (ONES.index(match["ones"].lower()) if match["ones"] else 0))
                found.append(_age(match.start(), match.end(), "age.spelled", low, low, _unit(match["unit"])))
    for at in _places(text, "aged "):
        match = AGED.match(text, at + 5)
        if match and APPOSED.search(text, max(0, at - 40), at):
            low, unit = float(match["low"]), _unit(match["unit"] or "years")
            found.append(_age(at, match.end(), "age.aged", low, low, unit, confidence=0.85))
    for match in DECADE.finditer(text):
        low = float(match["decade"])
        found.append(_age(match.start(), match.end(), "age.decade", low, low + 9, "y", confidence=0.7))
    for match in BARE.finditer(text):
        low = float(match["low"])
        found.append(
            _age(match.start(), match.end(), "age.bare", low, low, _unit(match["unit"]), confidence=0.8)
        )
    return [one for one in found if not RELATIVE.match(text[one.end : one.end + 40])]


def _places(text: str, literal: str) -> Iterator[int]:
    at = text.find(literal)
    while at >= 0:
        yield at
        at = text.find(literal, at + 1)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _unit(word: str) -> str:
    return word[0].lower()


def _age(
    start: int,
    end: int,
    rule: str,
    low: float,
    high: float,
    unit: str,
    more: float | None = None,
    confidence: float = 0.95,
) -> Found:
    """An age as days from birth; ``more`` days are those of "and 3 months"."""
    days = DAYS[unit]
    bottom = low * days + (more or 0.0)
    top = high * days + (more + DAYS_PER_MONTH if more is not None else days)
    value = {
        "kind": "age",
        "reference": "birth",
        "low": round(bottom, 2),
        "high": round(top, 2),
        "granularity": GRANULARITY[unit],
    }
    return Found(start, end, "AGE", rule, value=value, confidence=confidence)


@Language.factory("caseline_patient", requires=["doc._.words"], assigns=["doc.spans", "doc._.found"])
def create_patient_finder(nlp: Language, name: str) -> PatientFinder:
    """The finder of AGE and SEX mentions."""
    return PatientFinder()
