"""How far the neighbourhood bears a candidate out: a result its test, a dose its drug.

Source: rules of caseline.
Example: "7.45" alone is nothing, in "pH was <7.45>" it is a result; "5 mg" is a dose beside "prednisone", a
result behind "urine protein was".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.mentions.drug_context import DOSED_AFTER, harmful
from pipeline.structure.found import Found

TESTS = frozenset(("LAB_TEST", "VITAL", "IMAGING"))
Span = tuple[int, int]
STATES = frozenset(("FINDING", "DIAGNOSIS"))
LENGTHS = frozenset(("mm", "cm", "m", "mm2", "cm2", "[in_i]"))
OF_FINDING = re.compile(r" ?(?:of|\(|at|:|,|to)? ?(?:approximately |about |over |more than |up to )?")
OF_TEST = re.compile(r" (?:of )?(?:[a-z]+ )?")
SHOWN = re.compile(r"\b(?:show\w+|reveal\w+|found|noted|with|an?)\b")
QUANTITIES = {"DOSE", "LAB_VALUE"}
ENOUGH = 0.5
HEADS = re.compile(
    r"\b(?:levels?|counts?|tests?|results?|findings?|examinations?|function|culture|cultures|"
    r"values?|titers?|titres?|"
    r"staining|stain|studies|activity|concentrations?|markers?|enzymes?|parameters|panel|profile|"
    r"serolog(?:y|ies)|biopsy|"
    r"responses?|frequency|quality|content|appearance|flow|rhythm|tone|strength|sensation|motility|"
    r"progression|reactivity|health|perfusion|margins|fluid|specimens?|"
    r"smears?|scans?|course|period|condition|signs|recovery|status|size|symptoms|sounds?|compliance|"
    r"electrolytes|immunohistochem\w+|antibod(?:y|ies)|rate|pressure|acuity|reflex(?:es)?)\b"
)
LINK = re.compile(
    r"(?:[\s,:;=()\[\]~-]|\b(?:of|was|were|is|are|be|been|had|has|have|to|at|from|and|or|with|a|an|"
    r"the|in|by|as|"
    r"level|levels|value|values|count|counts|score|scores|scored|ratio|index|rate|concentration|"
    r"concentrations|measured|measuring|"
    r"estimated|calculated|recorded|reached|reaching|remained|approximately|about|around|between|"
    r"only|up|down|"
    r"increased|decreased|elevated|reduced|rose|rising|risen|fell|fallen|falling|dropped|dropping|declined|"
    r"declining|increasing|decreasing|normalized|improved|worsened|peaked|peaking|plateaued|doubled|tripled|"
    r"climbed|jumped|spiked|exceeded|exceeding|stood|settled|stabilized|returned|came|went|"
    r"low|high|prolonged|right|left|both|eyes?|ears?|sides?|predicted|"
    r"raised|found|noted|reported|still|also|then|again|further|gone|had|showed|showing|revealed|"
    r"respectively|"
    r"initial|initially|peak|maximum|maximal|mean|serum|plasma|blood|total|his|her|"
    r"markedly|mildly|slightly|significantly|estimated|equal|stable|constant)\b)*"
)
TREATING = (
    re.compile(
        r"\b(?:given|gave|administ\w+|receiv\w+|treat\w+ with|infus\w+|inject\w+|start\w+(?: on)?|"
        r"initiat\w+|prescrib\w+|"
        r"supplement\w*|replac\w+|transfus\w+|therapy with|treatment with|took|taking|oral|"
        r"intravenous|IV|i\.v\.|doses? of|"
        r"(?:mg|g|mL|ml|L|units?|U|IU|mEq|mmol)(?:/\w+)? (?:of )?|\d%|1:\d[\d,]*0|added|"
        r"resuscitat\w+ with)(?: (?:with|of|an?|the|oral|intravenous|IV|additional|high-dose))*\s$"
    ),
    re.compile(
        r"(?: (?:(?:was|were|is) (?:also )?(?:given|administered|started|initiated|added|infused|"
        r"injected|prescribed|discontinued|stopped)|"
        r"(?:oral\w* |intravenous\w* )?(?:infusions?|injections?|supplement\w*|replacement|therapy|"
        r"treatment|administration|tablets?|"
        r"capsules?|transfusions?|drip|loading|1:\d[\d,]*000\b))|"
        r",? \(?\d[\d.,]*(?: ?- ?\d[\d.,]*)? ?(?:(?:x|X) ?10\(?\d\)? ?)?(?:mg|g|mL|ml|ug|mcg|"
        r"microg\w*|mEq|(?:million )?units|M?I?U|mU)\b(?!/(?:d?L|ml|mL)))"
    ),
)
DRUG_GAP = re.compile(
    r"[\s,(]*(?:of |at |dose of |a dose of |dosage of |IV |oral |with |intravenous |per day |"
    r"daily )*[\s,(]*"
)
GIVEN = re.compile(
    r"\b(?:given|administered|received|receiving|treated|infus\w+|inject\w+|started on|initiated|"
    r"dos(?:e|es|age|ed)|prescribed|"
    r"bolus|therapy with|treatment with|took|taking|oral|intravenous\w*|premedicat\w+)\b"
)
MODIFIERS = re.compile(
    r"[\s-](?:(?:levels?|values?|titers?|concentrations?|activity|amounts?|degree) )?(?:(?:of|in|"
    r"for|to) )?(?:(?:the|his|her|a|an|all|both) )?(?:[\w-]+ ){0,2}"
)
SURE_DRUG = 0.9
REACH_WORD, REACH_NUMBER = 90, 60


def supported(text: str, sentences: Sequence[tuple[int, int]], found: Sequence[Found]) -> list[Found]:
    """The candidates with the confidence that their neighbours give them, those without support left out."""
    starts = [start for start, _ in sentences]
    by_sentence: dict[int, list[Found]] = {}
    for one in found:
        by_sentence.setdefault(bisect_right(starts, one.start) - 1, []).append(one)
    kept: list[Found] = []
    for number, group in by_sentence.items():
        begin, end = sentences[number] if number >= 0 else (0, len(text))
        kept += _settled(text, begin, end, group)
    return kept


def treating(text: str, start: int, end: int) -> bool:
    """Whether the words around a name say that it is given, or that it did harm."""
    before, after = TREATING
    return bool(
        before.search(text, max(0, start - 40), start)
        or after.match(text, end, end + 40)
        or DOSED_AFTER.match(text, end, end + 80)
        or harmful(text, start, end)
    )


def _is_drug(text: str, test: Span, drug: Found) -> bool:
    """Whether what may be a test is a drug here: a word of its name ("piperazine citrate"), or given."""
    start, end = test
    if (start, end) == (drug.start, drug.end):
        return treating(text, start, end)
    return drug.start <= start and end <= drug.end and drug.confidence >= SURE_DRUG


def _settled(text: str, begin: int, end: int, group: list[Found]) -> list[Found]:
    given = [one for one in group if one.label == "DRUG"]
    drugs = [(one.start, one.end) for one in given]
    ends = {end for _, end in drugs}
    tests = [(one.start, one.end) for one in group if one.label in TESTS]
    if tests and given:
        tests = [
            test
            for test in tests
            if not any(
                one.start <= test[0] and test[1] <= one.end and _is_drug(text, test, one) for one in given
            )
        ]
    findings = [(one.start, one.end) for one in group if one.label in STATES]
    heads: list[Span] | None = None
    kept: list[Found] = []
    last = -1
    for one in group:
        if one.label == "LAB_VALUE":
            worded = one.rule.count(".") == 2
            if worded and heads is None:
                heads = sorted({*tests, *(match.span() for match in HEADS.finditer(text, begin, end))})
            score = (
                _word(text, one, heads or []) if worded else _number(text, one, tests, drugs, findings, last)
            )
        elif one.label == "DOSE":
            score = _dose(text, one, tests, drugs, begin)
        else:
            if one.confidence < ENOUGH and one.label == "ROUTE" and one.start - 1 not in ends:
                continue
            last = one.end if one.label == "REFERENCE_RANGE" else last
            kept.append(one)
            continue
        if score < ENOUGH:
            continue
        if kept and kept[-1].end > one.start and {kept[-1].label, one.label} == QUANTITIES:
            if kept[-1].confidence >= score:
                continue
            kept.pop()
        if one.label == "LAB_VALUE":
            last = one.end
        kept.append(one.with_confidence(round(min(score, 0.99), 3)))
    return kept


def _dose(text: str, one: Found, tests: list[Span], drugs: list[Span], begin: int) -> float:
    """Nearer to a drug than to a test, or beside a verb of giving."""
    score = one.confidence
    if one.value is None or one.value.get("unit") is None:
        return score
    gaps = [one.start - end if end <= one.start else start - one.end for start, end in drugs]
    nearest = min(gaps, default=None)
    if one.rule in ("dose.percent", "dose.strength_beside"):
        beside = text[one.end : one.end + 4] != " of " and text[one.start - 1] in " ("
        return 0.7 if nearest is not None and nearest <= 2 and beside else 0.0
    if nearest is not None and nearest <= 40:
        score += 0.25
    elif nearest is not None or GIVEN.search(text, begin, one.start):
        score += 0.1
    else:
        score -= 0.1
    before = max((end for _, end in tests if end <= one.start), default=-1)
    if before >= 0 and one.start - before <= REACH_NUMBER and LINK.fullmatch(text, before, one.start):
        score -= 0.35
    return score


def _told_of(text: str, one: Found, finding: Span) -> bool:
    """Whether an amount tells of a finding ("weight loss of 8 kg"); a length is the size of one."""
    unit = (one.value or {}).get("unit")
    if unit is None or unit in LENGTHS:
        return False
    start, end = finding
    if end <= one.start:
        return one.start - end <= 20 and OF_FINDING.fullmatch(text, end, one.start) is not None
    return text[one.end : start] in (" ", "-", " of ")


def _number(
    text: str, one: Found, tests: list[Span], drugs: list[Span], findings: list[Span], last: int
) -> float:
    score = one.confidence
    before = max((end for _, end in tests if end <= one.start), default=-1)
    anchor = max(before, last)
    linked = anchor >= 0 and one.start - anchor <= REACH_NUMBER and LINK.fullmatch(text, anchor, one.start)
    if linked and not (score < ENOUGH and one.rule == "value.unit" and SHOWN.search(text, anchor, one.start)):
        score += 0.4 if anchor == before or one.confidence > 0.3 else 0.25
    elif any(_told_of(text, one, finding) for finding in findings):
        score += 0.3
    elif any(0 < start - one.end <= 15 and OF_TEST.fullmatch(text, one.end, start) for start, _ in tests):
        score += 0.25
    for start, end in drugs:
        gap = (end, one.start) if end <= one.start else (one.end, start)
        if gap[1] - gap[0] <= 25 and DRUG_GAP.fullmatch(text, *gap):
            score -= 0.45
            break
    return score


def _word(text: str, one: Found, heads: list[Span]) -> float:
    place = one.rule.rsplit(".", 1)[1]
    score = one.confidence
    before = max((end for _, end in heads if end <= one.start), default=-1)
    after = next((start for start, end in heads if start >= one.end), -1)
    if place in ("said", "alone", "change") and before >= 0 and one.start - before <= REACH_WORD:
        score += 0.3 if place == "said" else 0.25
    if (
        place in ("before", "change", "alone")
        and 0 <= after - one.end <= 40
        and MODIFIERS.fullmatch(text, one.end, after)
    ):
        score += 0.3
    return score
