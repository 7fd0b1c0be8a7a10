"""ROUTE: how something is given; the name is the route without its wording ("i.v." is intravenous).

Vocabulary: lexicon/route.csv. Entries flagged ``context`` ("IV", "im", "infusion") ask for a sign of dosing
beside them: IV is also a roman numeral, an injection also a red eye.

Example: "500 mg <IV> every 8 h", but "stage IV" and "oral ulcers" are none.
"""

import re
from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.mentions.finder import Finder
from pipeline.structure.found import Found
from pipeline.structure.terms import Terms

BESIDE_DRUG = 0.4
"""Confidence of a manner that is one only right behind a drug: "a Kisqali <injection>"."""
MANNERS = frozenset(("infusion", "bolus", "injection"))
NUMERAL_BEFORE = re.compile(
    r"(?:stage|grade|type|class|phase|factor|level|segment|nerve|nephritis|NYHA|group|category|Rutherford|"
    r"Fontaine|zone|"
    r"area|figure|table|hypersensitivity|Mallampati|ASA|\b[IVX]+)[\s,/-]*(?:and |or |to )?$",
    re.IGNORECASE,
)
NUMERAL_AFTER = re.compile(r"\s?[/-]\s?[IVX]+\b|\s(?:disease|carcinoma|cancer|lesion|obesity|infarct)")
DOSING_AFTER = re.compile(
    r"\s?[(,]?\s?(?:\d|[a-z]+(?:in|ine|ol|one|ide|ate|am|mab|cillin|azole|vir|mycin|cin)\b|daily|once|"
    r"twice|every|q\.?\s?\d|"
    r"bid\b|tid\b|qid\b|for \d|for \w+ days|fluids?|antibiotic|steroid|cortico|methyl|immun|hydrat|"
    r"therapy|treatment|"
    r"hepar|insulin|infus|bolus|contrast|gamma|antimicrob|pulse|push|over|at a|and|then|saline|dextrose|"
    r"crystal|form\b)"
)
DOSING_BEFORE = re.compile(
    r"(?:\d\s?(?:m?c?g|mL|ml|mcg|ug|U|IU|units?|mEq|L|tablets?|tabs?|%)(?:/\w+){0,2}|daily|once|twice|"
    r"times|day|given|"
    r"administered|started on|switched to|treated with|with|bid|tid|qid|hourly|h|hours|dose|and|of|via|"
    r"on)\)?[\s,(]*$"
)
GIVEN_NEAR = re.compile(
    r"\b(?:of|with|by|via|as|in|continuous|under|an?|received|given|daily|slow|drug|insulin|heparin|"
    r"[a-z]{4,}(?:in|ine|ol|one|"
    r"ide|ate|am|ab|mide|pine))[\s,(]*$",
    re.IGNORECASE,
)
COUNT_BEFORE = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|several|multiple|single|first|second|third|last))[\s-]+$"
)
PREFIXED = re.compile(r"\bIV(?=CY|MP|IG\b|Ig\b|MTX|CYC)")


class RouteFinder(Finder):
    """Routes of route.csv, and the "IV" at the head of IVIG, IVCY and their like."""

    def __init__(self) -> None:
        self.terms = Terms(lexicon.load("route"))

    def find(self, doc: Doc) -> Iterable[Found]:
        """The routes of a Doc."""
        text = doc._.text
        for hit in self.terms.find(doc):
            name = hit.entry.name
            if "context" not in hit.entry.flags:
                yield Found(hit.start, hit.end, "ROUTE", "route.lexicon", name=name, confidence=0.92)
            elif name in MANNERS:
                if not COUNT_BEFORE.search(text, max(0, hit.start - 12), hit.start):
                    near = GIVEN_NEAR.search(text, max(0, hit.start - 24), hit.start)
                    sure = 0.7 if near else BESIDE_DRUG
                    yield Found(hit.start, hit.end, "ROUTE", "route.manner", name=name, confidence=sure)
            elif _is_route(text, hit.start, hit.end):
                yield Found(hit.start, hit.end, "ROUTE", "route.short", name=name, confidence=0.85)
        if "IV" in text:
            for match in PREFIXED.finditer(text):
                yield Found(
                    match.start(), match.end(), "ROUTE", "route.prefix", name="intravenous", confidence=0.8
                )


def _is_route(text: str, start: int, end: int) -> bool:
    if NUMERAL_BEFORE.search(text, max(0, start - 24), start) or NUMERAL_AFTER.match(text, end):
        return False
    return bool(DOSING_BEFORE.search(text, max(0, start - 24), start) or DOSING_AFTER.match(text, end))


@Language.factory("caseline_route", requires=["doc._.words"], assigns=["doc.spans", "doc._.found"])
def create_route_finder(nlp: Language, name: str) -> RouteFinder:
    """The finder of ROUTE mentions."""
    return RouteFinder()
