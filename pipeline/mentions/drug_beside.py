"""Drugs named by what they act on, and the measurements of drugs.

Example: "<epidermal growth factor receptor inhibitors>", "<anti-VEGF therapy>"; "<tacrolimus trough level>" is a test.
Source: rules of caseline.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.mentions.drug_context import TEST_AFTER
from pipeline.structure.found import Found
from pipeline.structure.terms import Hit

ACTING = re.compile(
    r"(?<![\w-])(?:[A-Za-z0-9][\w'-]+ ){0,3}(?:receptors?|[A-Za-z]{2,}ase|channels?|enzyme|pump|reuptake|checkpoint|calcineurin|proteasome|"
    r"thrombin|factor(?:[ -](?:alpha|Xa))?|TNF(?:[ -]alpha)?)"
    r"(?:[ -](?:type[ -])?\d+[A-Z]?)?[ -](?:inhibitors?|antagonists?|agonists?|blockers?)\b"
)
"""Drugs named by what they act on: "epidermal growth factor receptor inhibitors"."""
ACTS = ("inhibitor", "antagonist", "agonist", "blocker")
NO_PART = re.compile(
    r"(?<![\w-])(?:an?|the|of|with|and|or|by|to|on|in|for|other|new|novel|this|these|oral|several|various|selective|"
    r"potent|receiving|taking|using|including|from|after|during|as|such|than|both|is|are|was|were|be|been|received|"
    r"against|antibodies|started|given|versus|plus|her|his|their|two|three|first|second|third|generation|also|an|"
    r"controlled|managed|treated|prescribed|took|use|uses|used|add|added|introduce|introduced|like|called|that|"
    r"about|into|at|not|no|any|all|some|most|more|only|concomitant|combined|concurrent|currently|regular|later|then|subsequently|finally|additional)(?: |$)",
    re.IGNORECASE,
)
"""Words that stand before the name of what is acted on and are no part of it."""
LEVEL_AFTER = re.compile(
    r"[ -](?:(?:serum|plasma|blood|trough|peak|drug|whole-blood) )*(?:levels?|concentrations?|trough)\b"
)
"""What makes a drug's name the name of its measurement: "<tacrolimus trough level>"."""
TARGET = re.compile(
    r"\b[Aa]nti-[A-Za-z][\w-]*(?: [a-z]+)?[ -](?:drugs?|agents?|medications?|medicines?|therap(?:y|ies)|"
    r"treatments?|prophylaxis)\b"
)
MEASURED = ("drug", "abbreviation")


def by_target(text: str) -> Iterator[tuple[int, int]]:
    """Drugs named by what they act against: "anti-epilepsy medications", "anti-VEGF therapy"."""
    if "nti-" in text:
        for match in TARGET.finditer(text):
            yield match.span()
    for head in ACTS:
        if head in text:
            for match in ACTING.finditer(text):
                start, end = match.span()
                for small in NO_PART.finditer(text, start, end):
                    start = small.end()
                if not TEST_AFTER.match(text, end):
                    yield start, end
            return


def levels(text: str, hits: Iterable[Hit]) -> Iterator[Found]:
    """The measurements of drugs: "<tacrolimus trough level> of 8 ng/mL"."""
    for start, end, entry, _, _ in hits:
        level = LEVEL_AFTER.match(text, end) if entry.columns.get("class", "drug") in MEASURED else None
        if level:
            name = f"{entry.name} level"
            yield Found(start, level.end(), "LAB_TEST", "lab_test.drug_level", name, confidence=0.8)
