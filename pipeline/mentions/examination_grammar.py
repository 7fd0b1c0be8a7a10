"""The open forms of examinations: antibodies, antigens of cells, "<kind> examination", "<analyte> count".

Source: rules of caseline. Examples: "<anti-MDA5 antibody>", "<CD20>", "<ophthalmological examination>",
"<Ki-67 index>".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from spacy.tokens import Doc

from pipeline.mentions.phrase import SITES, Word
from pipeline.structure.found import Found
from pipeline.structure.tokenizer import where

EXTENDERS = re.compile(
    r"[ -](?:counts?|index|indices|activity|tests?|testing|assays?|stain(?:ing)?|stains|titers?|titres?"
    r"|antibod(?:y|ies)"
    r"|antigens?|ratio|panel|profile|scores?|screen(?:ing)?|analys[ie]s|examinations?|monitoring|smears?"
    r"|cultures?"
    r"|serolog(?:y|ies)|immunostain(?:ing)?|stud(?:y|ies)|PCR)\b"
)
NEUTRAL = re.compile(
    r"[ -](?:tests?|testing|assays?|stain(?:ing)?|stains|titers?|titres?|scores?|analys[ie]s)$"
)

# "anti-X antibody": the word before "antibody" back to "anti", or antigens in capitals.
ANTIBODY = re.compile(
    r"\b(?:[Aa]nti-?\s?[\w/-]+(?:\s[\w/()-]+){0,4}?\s?(?:\([^()\n]{1,14}\)\s)?"
    r"|(?:[A-Z][\w-]*[A-Z0-9][\w/-]*\s))"
    r"(?:Ig[GAM]4?\s)?(?:auto)?antibod(?:y|ies)\b"
)
ANTI = re.compile(r"\banti-(?:[A-Z][A-Za-z]?[A-Z0-9][\w/-]*|[a-z]{1,3}[A-Z][\w/-]*)(?:\sIg[GAM])?\b")
# Targets of medicines: an antibody of these is given, not measured.
MEDICINE = re.compile(
    r"monoclonal|[Aa]nti-?(?:CD\d|TNF|PD-?L?1|VEGF|HER-?2|EGFR|IL-?\d|IgE|CTLA|RANKL|CGRP|D\b|Xa\b)"
)

SCORED = re.compile(r"(?:score|index)\b")
SCORE = re.compile(
    r"(?<![\w-])(?!(?:The|An?|This|That|These|His|Her|Their|Its|Our|In|At|On|With|And|But|When|Initial|Mean|Total|High|"
    r"Low|Patient\S*)[ ])[A-Z][A-Za-z'-]*[A-Za-z](?:[ -][A-Z][A-Za-z'-]*){0,3} (?:[a-z]{4,12} ){0,2}(?:score|index)"
    r"(?= (?:was|of|is|were|remained|rose|fell|improved|at|increased|decreased|\()|\s?[=:])"
)
"""A capitalised name before "score" or "index", with a value behind it."""
HEADS: dict[str, str] = {
    **dict.fromkeys(
        (
            "test", "testing", "analysis", "study", "staining", "stain", "culture", "assay", "count",
            "smear", "serology", "antibody", "antigen", "function", "sequencing", "enzyme", "evaluation",
            "assessment", "score", "index", "panel", "screening", "investigation", "marker", "ratio",
            "status", "size", "motility", "thickness", "monitoring", "sensation", "strength", "gradient",
            "content", "titer", "parameter", "hormone", "reflex", "profile", "volume", "measurement",
        ),
        "LAB_TEST",
    ),
    **dict.fromkeys(("examination", "exam", "biopsy", "imaging", "scintigraphy"), "IMAGING"),
    **dict.fromkeys(("pressure", "saturation"), "VITAL"),
}  # fmt: skip
"""The last word of an open form, with its label."""
KIND_WORDS = frozenset(
    (
        "laboratory", "serum", "blood", "urine", "plasma", "csf", "stool", "sputum", "antibody", "antigen",
        "tissue", "mutation", "gene", "dna", "rna", "sequence", "sensitivity", "imaging", "routine",
        "speculum", "toxicology", "sperm", "semen", "fluid", "stress", "challenge", "tolerance",
        "stimulation", "suppression", "provocation", "patch", "prick", "breath", "agglutination",
        "neutralization", "inhibition", "motor", "sensory", "speech", "gait", "coagulation", "platelet",
        "cell", "immune", "autoimmune", "tumor", "lymphocyte", "neutrophil", "eosinophil", "leukocyte",
        "erythrocyte", "monocyte", "reticulocyte", "granulocyte", "blast", "airway", "sphincter",
        "severity", "disability", "activity", "risk", "filling", "protein", "mental", "gross", "muscle", "nerve", "light", "vibration", "pain", "touch",
    )
)  # fmt: skip
KIND_FORM = re.compile(r".{3,}(?:al|ic|ar|ary|ive|ous|ile)")
# Adjectives that say how an examination went, when, or for whom, not which it is.
NO_KIND = frozenset(
    (
        "growth", "normal", "abnormal", "additional", "initial", "maximal", "minimal", "final", "several", "total",
        "partial", "positive", "negative", "residual", "extensive", "comprehensive", "serial", "usual",
        "preliminary", "previous", "various", "similar", "typical", "atypical", "specific", "general",
        "optimal", "critical", "crucial", "essential", "further", "regular", "particular", "special",
        "primary", "secondary", "stable", "conclusive", "definitive", "quantitative", "qualitative",
        "necessary", "retrospective", "prospective", "intensive", "medical", "surgical", "clinical",
        "chronic", "marital", "basic", "experimental", "actual", "simultaneous", "social", "national",
        "statistical", "anterior", "bilateral", "unilateral", "original", "consecutive", "subsequent",
        "diagnostic", "therapeutic", "public", "historical", "local", "small", "multiple", "economic",
        "academic", "academical", "intravenous", "dual", "ethical", "pivotal", "pilot", "monoclonal",
        "polyclonal", "and", "with", "left", "right", "in", "to", "on", "of", "at", "near", "common",
        "both", "scientific",
    )
)  # fmt: skip
OPEN = frozenset(("size", "volume", "thickness", "content", "measurement"))  # only of an organ
CLUSTER = "cd"
HOT = frozenset((*HEADS, CLUSTER))


def extended(text: str, end: int, name: str) -> tuple[int, str]:
    """The end of a name with the noun that belongs to it ("Ki-67 <index>"), and the name with it."""
    match = EXTENDERS.match(text, end)
    if match is None or name.endswith(match.group()[1:].rstrip("s")):
        return (match.end() if match else end), name
    noun = match.group()
    return match.end(), name if NEUTRAL.match(noun) else f"{name} {noun[1:].lower()}"


def antibodies(text: str) -> Iterator[Found]:
    """Antibodies as a family: "anti-X (IgG) antibody", "X antibody", "anti-X" with X in capitals."""
    if "ntibod" not in text and "nti-" not in text:
        return
    for pattern, sure in ((ANTIBODY, 0.9), (ANTI, 0.7)):
        for match in pattern.finditer(text):
            if MEDICINE.search(match.group()):
                continue
            name = re.sub(r"ies$", "y", match.group()).replace("autoantib", "antib")
            yield Found(*match.span(), "LAB_TEST", "lab_test.antibody", name=name, confidence=sure)


def scores(text: str) -> Iterator[Found]:
    """Scores by the names of their makers or places: "Rotterdam score was 0.15"."""
    if "score" not in text and "index" not in text:
        return
    for noun in SCORED.finditer(text):
        for match in SCORE.finditer(text, max(0, noun.start() - 70), noun.end() + 12):
            if match.end() == noun.end():
                yield Found(*match.span(), "LAB_TEST", "lab_test.score", match.group(), confidence=0.7)


def open_forms(doc: Doc, text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Clusters of differentiation ("CD20") and heads with their kind ("dermatological examination").

    ``found`` are the names found already, which a head leaves alone.
    """
    taken = sorted((one.start, one.end) for one in found)
    words = doc._.words
    for index in where(doc, HOT):
        word = words[index][0]
        if word == CLUSTER:
            yield from _cluster(words, text, index)
        else:
            yield from _headed(words, text, index, taken)


def _cluster(words: Sequence[Word], text: str, index: int) -> Iterator[Found]:
    start = words[index][1]
    number = words[index + 1] if index + 1 < len(words) else ("", 0, 0)
    if not number[0].isdigit() or len(number[0]) > 3 or text[max(0, start - 5) : start].lower() == "anti-":
        return
    end = number[2]
    if text[end : end + 1].isalpha() and len(words[index + 2][0]) == 1:
        end += 1
    name = text[start:end].replace(" ", "")
    yield Found(start, end, "LAB_TEST", "lab_test.cluster", name=name, confidence=0.8)


@lru_cache(maxsize=10_000)
def _is_kind(word: str) -> bool:
    return word not in NO_KIND and bool(word in KIND_WORDS or word in SITES or KIND_FORM.fullmatch(word))


def _headed(
    words: Sequence[Word], text: str, index: int, taken: Sequence[tuple[int, int]]
) -> Iterator[Found]:
    word, _, end = words[index]
    label = HEADS[word]
    first = index
    while first > 0 and index - first < 3:
        kind, _, stop = words[first - 1]
        if words[first][1] - stop > 1 or not _is_kind(kind) or (word in OPEN and kind not in SITES):
            break
        first -= 1
    if first == index:
        return
    begin = words[first][1]
    at = bisect_left(taken, (end, 0)) - 1
    if at >= 0 and taken[at][1] > begin:
        return
    yield Found(begin, end, label, f"{label.lower()}.headed", name=text[begin:end].lower(), confidence=0.7)
