"""What stands beside a drug name: its salt and form, a test that it is part of, evidence that it was given.

Example: "<prednisolone acetate> 1%"; "calcium 8.7 mg/dL" is a value, "<calcium> 1 g IV" a drug.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.structure.found import Found

SPAN = 80
"""Characters read on either side."""

SALT = re.compile(
    r"(?:[ -](?:hydrochloride|hcl|sodium|disodium|potassium|calcium|magnesium|phosphate|sulf?phate|sulfate|acetate|"
    r"maleate|mesyl?ate|mesilate|tosylate|tartrate|bitartrate|citrate|fumarate|succinate|besylate|besilate|bromide|"
    r"hydrobromide|chloride|nitrate|carbonate|gluconate|lactate|malate|pamoate|palmitate|propionate|dipropionate|"
    r"valerate|furoate|acetonide|butyrate|hemisuccinate|decanoate|enant?hate|cypionate|pivoxil|axetil|proxetil|"
    r"medoxomil|etexilate|mofetil|disoproxil|alafenamide|trihydrate|dihydrate|monohydrate|hydrate|anhydrous|"
    r"liposomes?|liposomal|alfa|alpha|beta|betadex|polistirex|lysine|erbumine|arginine|tromethamine|isethionate|"
    r"vedotin|emtansine|deruxtecan|ozogamicin|tiuxetan|pegol|LAR|XR|ER|SR|CR|depot)(?![\w-]))+",
    re.IGNORECASE,
)
MANNER = re.compile(
    r"[ -](?:(?:steroid[ -])?pulse(?:[ -](?:therapy|treatment))?|pulses|replacement(?: therapy)?|"
    r"supplement(?:s|ation)(?: regimen)?)\b",
    re.IGNORECASE,
)
HEAD = re.compile(r"[ -](?:drugs?|agents?|medications?|medicines?|preparations?|pills?)\b", re.IGNORECASE)
CURE = re.compile(
    r"[ -](?:therap(?:y|ies)|treatments?|prophylaxis|regimens?|coverage|cover)\b", re.IGNORECASE
)
BEFORE = re.compile(
    r"(?:liposomal|pegylated|inhaled|low[- ]molecular[- ]weight|antitumou?r)[ -]$", re.IGNORECASE
)
TEST_AFTER = re.compile(
    r"[ -](?:(?:serum |plasma |blood |trough |peak |drug )*(?:levels?|concentrations?|assays?|titers?|titres?)\b|"
    r"receptors?\b|antibod(?:y|ies)\b|auto-?antibod(?:y|ies)\b|deficien|resistan|sensitiv|suscepti|intolerance\b|"
    r"metabolism\b|channels?\b|transporters?\b|binding\b|test(?:s|ing)?\b|stimulation\b|challenge\b|"
    r"responsive|dependen|refractory|na[i\xef]ve|eluting|coated|stain(?:s|ed|ing)?\b|binding|"
    r"activity\b|score\b|index\b|ratio\b|synthe|secret|releas(?:e|ing)\b|excretion\b|uptake\b|clearance\b|"
    r"intermediate\b|non-?suscepti|free\b|positiv|negativ|gene\b|pathway)",
    re.IGNORECASE,
)
VALUE_AFTER = re.compile(
    r"(?: (?:levels?|values?|concentrations?))?(?:[ ,:=(]| was| were| of| is| at)*"
    r"(?:[<>]=? ?)?\d[\d.,]*(?: ?[x*] ?10\S*)? ?(?:-? ?\d[\d.,]* ?)?"
    r"(?:m?g/d[lL]|g/[lL]|mg/[lL]|[mun]?mol/[lL]|mEq|meq|[munp]g/m?[lL]|I?U/m?[lL]|m?I?U/|%|/ ?[uL]|/mm|10\^|pg|mmHg)",
)
GIVEN_AFTER = re.compile(
    r"(?:[ -](?:chloride|sulfate|gluconate|carbonate|oral|intravenous|IV|tablets?))*[ -](?:"
    r"infus(?:ion|ed)|transfus(?:ion|ed)|transfusions|infusions|supplement|replacement|therap|treatment|injections?\b|"
    r"administration|administered|drip\b|tablets?\b|capsules?\b|pump\b|prophylaxis|chemotherapy|regimen|"
    r"inhalation|support\b|resuscitation|boluse?s?\b|(?:was|were|had been|is) (?:\w+ly )?(?:given|administered|started|"
    r"initiated|infused|transfused|added|prescribed|commenced|discontinued|stopped|tapered|continued|instituted|"
    r"injected|withdrawn|increased to \d+ ?mg|reduced to \d+ ?mg)|"
    r"\(?\d[\d.,]*(?:-\d+)? ?(?:mg|g|mcg|ug|units?|IU|U|mL|ml|L)(?:/(?:kg|day|d|h|hr|hour|min|m2))*\b(?!/)|"
    r"(?:via|by|through) (?:nasal|face|mask|a mask))",
    re.IGNORECASE,
)
GIVEN_BEFORE = re.compile(
    r"(?:\b(?:given|receiv(?:ed?|ing)|administer(?:ed|ing)?|administration of|treat(?:ed|ment|ing) with|"
    r"therapy with|infus(?:ed|ion of|ions of)|transfus(?:ed|ion of|ions of|ed with)|injection of|injected|"
    r"supplement(?:s|ed|ation)? (?:with|of)|replace(?:d|ment) with|started on|start(?:ed|ing)|initiated|prescribed|"
    r"consist(?:ed|ing) of|combination of|"
    r"doses? of|units? of|bags? of|bolus(?:es)? of|course of|cycles? of|courses of|taking|took|tak(?:en|es)|used|"
    r"intravenous|oral|IV|i\.v\.|parenteral|subcutaneous|supplemental|inhaled|"
    r"\d ?(?:mg|g|mcg|ug|IU|mL|ml|L|L/min) (?:of )?)"
    r"(?: (?:a|an|the|of|with|and|oral|intravenous|IV|total|daily|\d[\d.]* ?(?:mg|g|L|mL|ml|L/min|units?)?|"
    r"packed|additional|more|exogenous|prophylactic|combined|adjuvant|supplemental|high-dose|low-dose|\w+,))* ?)$",
    re.IGNORECASE,
)
TARGET = re.compile(
    r"\banti-[A-Za-z][\w-]*(?: [a-z]+)?[ -](?:drugs?|agents?|medications?|medicines?|therap(?:y|ies)|treatments?|"
    r"prophylaxis)\b"
)
JOINT = re.compile(r" ?[/+] ?|-| ?/ ?")


def judge(text: str, start: int, end: int, kind: str, ambiguous: bool) -> tuple[int, int, float] | None:
    """Start, end and confidence of the mention of a name at ``start:end``, or None where it is no drug there.

    ``kind`` is the entry's class ("drug", "class", "adjective", ...); ``ambiguous`` names need evidence of treatment.
    """
    before, after = text[max(0, start - SPAN) : start], text[end : end + SPAN]
    if ambiguous:
        if kind == "adjective":
            head = HEAD.match(after)
            return (start, end + head.end(), 0.8) if head else None
        if TEST_AFTER.match(after) or VALUE_AFTER.match(after):
            return None
        given = GIVEN_AFTER.match(after)
        if not given and not GIVEN_BEFORE.search(before):
            return None
        confidence = 0.7
    else:
        if TEST_AFTER.match(after):
            return None
        confidence = 0.95
    for pattern in (SALT, MANNER):
        if grown := pattern.match(text, end):
            end = grown.end()
    if kind == "class":
        for pattern in (HEAD, CURE):
            if grown := pattern.match(text, end):
                end = grown.end()
                break
    if grown := BEFORE.search(text, max(0, start - 24), start):
        start = grown.start()
    return start, end, confidence


def by_target(text: str) -> Iterator[tuple[int, int]]:
    """Drugs named by what they act against: "anti-epilepsy medications", "anti-VEGF therapy"."""
    if "anti-" in text:
        for match in TARGET.finditer(text):
            yield match.span()


def joined(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """Combinations as one mention: names joined by a slash, plus or hyphen; what lies inside another is dropped."""
    last: Found | None = None
    for one in found:
        if last is None:
            last = one
        elif one.start < last.end:
            if one.end - one.start > last.end - last.start:
                last = one
        elif JOINT.fullmatch(text, last.end, one.start):
            name = f"{last.name}/{one.name}"
            last = last._replace(end=one.end, name=name, codes=None, rule="drug.combination")
        else:
            yield last
            last = one
    if last:
        yield last
