"""AGE and SEX of the patient.

What: ages as adjectives ("2-year-old"), in apposition ("aged 5 years", "49 years old"), by decade ("in her
60s") and by the words for the newborn; words for a woman, man, girl or boy of patient.csv. Relatives and
donors are left out.
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
from pipeline.structure.tokenizer import fold, where

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
    r"^[ ,-]*(?:\w+ ){0,2}?(?:mother|father|brother|sister|son|daughter|wife|husband|uncle|aunt|cousin"
    r"|grand\w+|twin|sibling|donors?|scar|history|lesion|wound|fracture|stent|graft|controls?|volunteers?)\b"
)
OLD_WORDS = frozenset(("old", "yo", "y"))
POSSESSIVES = frozenset(("his", "her", "their"))
NEAR = 45


class PatientFinder(Finder):
    """Ages, and the words of patient.csv."""

    def __init__(self) -> None:
        entries = lexicon.load("patient")
        self.sexes = {entry.term: entry.name for entry in entries if entry.columns["role"] == "sex"}
        self.no_person = frozenset(e.term for e in entries if e.columns["role"] == "no person before")
        self.newborn = {e.term: float(e.columns["days"]) for e in entries if e.columns["role"] == "age"}
        self.cues = frozenset((*self.sexes, *self.newborn, *OLD_WORDS, *POSSESSIVES, "aged"))

    def find(self, doc: Doc) -> Iterator[Found]:
        """The ages and sexes, in the order of the text."""
        text: str = doc._.text
        words = doc._.words
        cues = self.cues
        found: dict[tuple[int, int, str], Found] = {}
        sexes: list[Found] = []
        for index in where(doc, cues):
            word, start, end = words[index]
            for one in _ages(text, word, start, end):
                found.setdefault(one[:3], one)
            following = words[index + 1][0] if index + 1 < len(words) else ""
            plural = fold(text[start:end]) != text[start:end].lower()
            if plural or following in self.no_person:
                continue
            if word in self.sexes:
                sexes.append(Found(start, end, "SEX", "sex.word", name=self.sexes[word], confidence=0.6))
                for one in _bare(text, start):
                    found.setdefault(one[:3], one)
            elif word in self.newborn:
                high = self.newborn[word]
                value = {"kind": "age", "reference": "birth", "low": 0.0, "high": high, "approximate": True}
                one = Found(start, end, "AGE", "age.word", name=word, value=value, confidence=0.5)
                found.setdefault(one[:3], one)
        for sex in sexes:
            near = any(abs(age.start - sex.start) < NEAR for age in found.values())
            found[sex[:3]] = sex._replace(confidence=0.95) if near else sex
        return iter(sorted(found.values(), key=lambda one: one[:3]))


def _ages(text: str, word: str, start: int, end: int) -> Iterator[Found]:
    """The ages that a cue word ends or begins."""
    one = None
    if word == "aged" and text[start - 1 : start] != "-":
        match = AGED.match(text, end + 1)
        if match and APPOSED.search(text, max(0, start - 40), start):
            low, unit = float(match["low"]), _unit(match["unit"] or "years")
            one = _age(start, match.end(), "age.aged", low, low, unit, confidence=0.85)
    elif word in OLD_WORDS:
        one = _old(text, start, end)
    elif word in POSSESSIVES:
        match = DECADE.match(text, start - 3)
        if match:
            low = float(match["decade"])
            one = _age(match.start(), match.end(), "age.decade", low, low + 9, "y", confidence=0.7)
    if one and not RELATIVE.match(text[one.end : one.end + 40]):
        yield one


def _old(text: str, start: int, end: int) -> Found | None:
    """The age that ends in "old" or a short form of it, in figures or in words."""
    match = OLD.search(text, max(0, start - 40), end + 4)
    if match and match.end() >= end:
        if match["short"]:
            return _age(
                match.start(), match.end(), "age.old", float(match["short"]), float(match["short"]), "y"
            )
        more = _number(match["more"]) * DAYS[_unit(match["small"])] if match["more"] else None
        low, high = _number(match["low"]), _number(match["high"] or match["low"])
        return _age(match.start(), match.end(), "age.old", low, high, _unit(match["unit"]), more)
    match = SPELLED.search(text, max(0, start - 40), end)
    if match and match.end() >= end and (match["tens"] or match["ones"]):
        tens = TENS.index((match["tens"] or "").lower()) * 10 if match["tens"] else 0
        low = float(tens + (ONES.index(match["ones"].lower()) if match["ones"] else 0))
        return _age(match.start(), match.end(), "age.spelled", low, low, _unit(match["unit"]))
    return None


def _bare(text: str, start: int) -> Iterator[Found]:
    """The age before a word for the patient: "a 34-year female"."""
    match = BARE.search(text, max(0, start - 24), start + 6)
    if match:
        low = float(match["low"])
        yield _age(match.start(), match.end(), "age.bare", low, low, _unit(match["unit"]), confidence=0.8)


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
