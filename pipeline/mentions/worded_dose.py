"""Doses in words: "high-dose", "tapering doses", "4 cycles", "two units", "a single dose".

A look-back from the nouns that end them, by the entries of lexicon/dose.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.structure.terms import key
from pipeline.structure.tokenizer import where
from pipeline.units import NUMBER_WORDS, number

COUNT = (
    r"(?<![\w.,/-])(?P<count>\d{1,3}|"
    + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
    + r")(?P<more>(?:[\s-](?:and )?(?:hundred|thousand|million|forty|fifty|sixty|seventy|eighty|ninety|"
    r"(?<=y[\s-])(?:one|two|three|four|five|six|seven|eight|nine)|twenty|thirty)\b)*)(?:[\s-]+a)?,?[\s-]+"
)
BETWEEN = (
    r"(?:(?:additional|more|further|daily|weekly|biweekly|monthly|consecutive|separate|repeated|"
    r"intravenous|IV|intravitreal|"
    r"intramuscular|subcutaneous|oral|full|complete|completed|loading|divided|initial|subsequent|prior|"
    r"previous|adjuvant|"
    r"neoadjuvant|induction|consolidation|maintenance|high[ -]dose|low[ -]dose|booster|bolus|large|small|"
    r"equal|treatment|"
    r"chemotherapy|steroid|pulse|planned|double-strength|single-strength|extra-strength|sublingual|vaginal|rectal|"
    r"\d+[ -](?:day|week|mg|h|hour|month))[\s-]+){0,2}"
)
COUNTED_BEFORE = re.compile(COUNT + BETWEEN + r"$", re.IGNORECASE)
AMOUNT_AFTER = re.compile(
    r"\s?(?:[,(]\s?|(?:of|at|was|were|is|to|up to|from|ranging from|between|equal to)\s){0,2}(?:about\s|"
    r"approximately\s|up to\s)?"
    r"[<>]?\s?\d"
)
MULTIPLE_BEFORE = re.compile(
    r"(?<![\w-])(?:half|twice|double|triple|quadruple|(?:an?|one|two|three)[\s-](?:half|thirds?|quarters?|fifth|tenth)|"
    r"(?:\d{1,3}|" + "|".join(NUMBER_WORDS) + r")(?:[\s-]times|[\s-]?fold))\s(?:of\s)?"
    r"(?:the\s|his\s|her\s|their\s)?(?:(?:usual|recommended|prescribed|normal|maximum|maximal|therapeutic|daily|"
    r"intended|standard|initial|previous|original)\s){0,3}$",
    re.IGNORECASE,
)
"""A multiple of a dose: "ten times the recommended dose", "half the dose"."""
GIVEN_NOUNS = frozenset((
    "dose", "tablet", "caplet", "capsule", "pill", "unit", "vial", "ampoule", "ampule", "bottle", "sachet", "packet",
    "drop", "teaspoon", "tablespoon", "patch", "suppository", "injection", "infusion", "puff", "cycle", "course",
))  # fmt: skip
OF_DRUG = re.compile(
    r" of (?!(?:this |the |adjuvant |neoadjuvant )?(?:chemo|radio|radiation|therap|treatment))"
)
"""What makes the count inside a time a dose as well: "after <two cycles> of cisplatin"."""
NOT_TREATMENT_BEFORE = re.compile(
    r"(?:menstrual|cardiac|ovarian|respiratory|life|cell|ejection|heat)\s$", re.IGNORECASE
)
NOT_TREATMENT_AFTER = re.compile(
    r"[\s-]*(?:CT|computed|chest CT|helical|dexamethasone suppression|suppression test|of (?:normal|"
    r"the upper))\b",
    re.IGNORECASE,
)
PASSED_BEFORE = re.compile(
    r"\b(?:after|following|during|between|until|since|before|over|within|throughout|despite|post|"
    r"at)\s(?:the\s)?"
    r"(?:first\s|last\s|completing\s|completion of\s|receiving\s)?$",
    re.IGNORECASE,
)
TENS = {"forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
WHOLE = frozenset(("megadose", "microdose"))
MEASURES = frozenset(("gram", "milligram", "microgram", "liter", "milliliter"))
LONGEST = 3
Worded = tuple[int, int, str, float, float | None]


class WordedDoses:
    """The look-back, with its vocabulary loaded once."""

    def __init__(self) -> None:
        self.counted: dict[str, float] = {}
        self.qualifiers: dict[str, dict[str, tuple[str, float]]] = {}
        for entry in lexicon.load("dose"):
            kind, confidence = entry.columns["kind"], float(entry.columns["confidence"])
            if kind == "counted":
                self.counted[key(entry.term)] = confidence
            for noun in entry.columns.get("before", "").split():
                self.qualifiers.setdefault(noun, {})[key(entry.term)] = (kind, confidence)
        self.nouns = frozenset(self.counted) | frozenset(self.qualifiers) | {"dosage", "dosing"}
        self.cues = self.nouns.union(WHOLE)
        self.qualifiers["dosage"] = self.qualifiers["dosing"] = self.qualifiers["dose"]

    def find(self, doc: Doc, text: str) -> Iterator[Worded]:
        """(start, end, rule, confidence, count) of every dose in words."""
        nouns, words = self.nouns, doc._.words
        for at in where(doc, self.cues):
            word, start, end = words[at]
            if word in WHOLE:
                yield start, end, "dose.qualifier", 0.85, None
            elif word in nouns:
                if word == "treatment" and at + 1 < len(words) and words[at + 1][0] in nouns:
                    continue
                one = (
                    self._count(word, start, end, text)
                    or _multiple(word, start, end, text)
                    or self._qualified(words, at, text)
                )
                if one:
                    yield one

    def _count(self, noun: str, start: int, end: int, text: str) -> Worded | None:
        confidence = self.counted.get(noun)
        if confidence is None:
            return None
        match = COUNTED_BEFORE.search(text, max(0, start - 48), start)
        if not match or NOT_TREATMENT_BEFORE.search(text, max(0, start - 14), start):
            return None
        if text.startswith("/", end):
            return None
        if noun in MEASURES and match["count"].isdigit():
            return None
        whole = noun in GIVEN_NOUNS and OF_DRUG.match(text, end)
        if not whole and PASSED_BEFORE.search(text, max(0, match.start() - 30), match.start()):
            confidence -= 0.45
        if noun == "dose" and AMOUNT_AFTER.match(text, end) and match["count"].lower() in ("one", "once"):
            return None
        return match.start(), end, f"dose.count_{noun}", confidence, _counted(match["count"], match["more"])

    def _qualified(self, words: Sequence[tuple[str, int, int]], at: int, text: str) -> Worded | None:
        noun, _, end = words[at]
        known = self.qualifiers.get(noun)
        if not known or NOT_TREATMENT_AFTER.match(text, end):
            return None
        for size in range(min(LONGEST, at), 0, -1):
            found = known.get(" ".join(word for word, _, _ in words[at - size : at]))
            start = words[at - size][1]
            if found and "\n" not in text[start:end]:
                kind, confidence = found
                if noun in ("course", "round"):
                    confidence = 0.8 if text.startswith(" of ", end) else 0.45
                if PASSED_BEFORE.search(text, max(0, start - 30), start):
                    confidence = min(confidence, 0.5)
                if kind == "step" and AMOUNT_AFTER.match(text, end):
                    return None
                return start, end, f"dose.{kind}", confidence, None
        return None


def _counted(first: str, more: str) -> float:
    """The number that words tell: "five hundred" is 500, "twenty-five" 25."""
    if not more:
        return number(first)
    total, part = 0.0, number(first)
    for word in more.lower().replace("-", " ").replace(" and ", " ").split():
        if word == "hundred":
            part *= 100
        elif word in ("thousand", "million"):
            total, part = (total + part) * (1e3 if word == "thousand" else 1e6), 0.0
        else:
            part += TENS.get(word) or number(word)
    return total + part


def _multiple(noun: str, start: int, end: int, text: str) -> Worded | None:
    """A dose told by another one."""
    before = MULTIPLE_BEFORE.search(text, max(0, start - 60), start) if noun == "dose" else None
    return (before.start(), end, "dose.multiple", 0.75, None) if before else None
