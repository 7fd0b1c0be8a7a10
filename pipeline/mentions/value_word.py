"""LAB_VALUE in words: "normal", "elevated", "within normal limits", "negative", "improved".

The words of value.csv mean a result only where a test is spoken of. The place of a word in its sentence names
the rule: behind a copula ("was <normal>"), before a noun ("<elevated> creatinine"), a change ("<improvement>
in FVC", "the count <dropped>"), before its target ("<positive> for CD34"). ``choose`` keeps those with a test
in reach.

Source: value.csv.
Example: "CRP was markedly <elevated>, cultures were <negative>".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.structure.found import Found
from pipeline.structure.terms import Terms

COPULA = re.compile(
    r"\b(?:was|were|is|are|be|been|being|remain(?:s|ed|ing)?|became|become|appear(?:s|ed)|seem(?:s|"
    r"ed)|stayed|tested|returned|"
    r"came back|turned|looked|felt|proved|kept|found|considered|interpreted as|reported as|read as|"
    r"graded as)"
    r"(?: (?:not|also|all|still|both|again|otherwise|now|then|thus|only|very|quite|too|to be|back|"
    r"entirely|completely|totally|either|"
    r"as|mostly|bilaterally|clinically|\w+ly))*,? $"
)
WORD_AFTER = re.compile(r" (?=[A-Za-z])|-(?=[A-Za-z])")
PREFIX = re.compile(r"-(?!normal|to\b|and\b|than\b)[a-z]")
"""A word that names a kind, not a result: "high-frequency loss", "low-grade fever"."""
TARGET = re.compile(r" (?:for|to|with|against)\b")
NOUN_AFTER = re.compile(
    r" (?!\w+ly\b|and\b|or\b|but\b|after\b|with\b|during\b|by\b|over\b|on\b|at\b|within\b|until\b|"
    r"when\b|as\b|despite\b|following\b|before\b|again\b|since\b|without\b|while\b|under\b|upon\b|"
    r"further\b)(?=[A-Za-z])|-(?=[A-Za-z])"
)
CHANGE_OF = re.compile(r" (?:in|of|from|to)\b")
NEGATED = re.compile(r"\b(?:not|never|n't) (?:been |be |\w+ly )?$")


class Words:
    """The words of value.csv at their places."""

    def __init__(self) -> None:
        self.terms = Terms(lexicon.load("value"))

    def find(self, doc: Doc) -> Iterator[Found]:
        """The candidates, each with the rule of its place and the interpretation that the word states."""
        text = doc._.text
        for start, end, entry, _, _ in self.terms.find(doc):
            kind = entry.columns["kind"]
            before = text[max(0, start - 40) : start]
            said = COPULA.search(before)
            if kind in ("trend", "level") and CHANGE_OF.match(text, end):
                place, confidence = "change", 0.4
            elif kind == "polarity" and TARGET.match(text, end):
                place, confidence = "for", 0.6 if said else 0.5
            elif said:
                place, confidence = "said", 0.5 if kind in ("norm", "course", "quality") else 0.45
            elif kind == "trend" and not NOUN_AFTER.match(text, end):
                place, confidence = "change", 0.4
            elif kind == "level" and PREFIX.match(text, end):
                continue
            elif WORD_AFTER.match(text, end):
                place, confidence = "before", 0.5 if kind == "norm" else 0.4
            else:
                place, confidence = "alone", 0.3
            if "context" in entry.flags:
                confidence -= 0.2
            meaning: str | None = entry.columns.get("interpretation")
            if meaning in ("high", "low") and NEGATED.search(before):
                meaning = "normal" if kind == "level" else None
            yield Found(
                start, end, "LAB_VALUE", f"value.{kind}.{place}",
                value={"text": text[start:end], "interpretation": meaning}, confidence=confidence,
            )  # fmt: skip
