"""LAB_VALUE in notations of their own: pressures, fractions, titres, plus signs, grades, TNM, percentiles.

Source: clinical usage; TNM by the UICC, sequence variants by HGVS; grammar of caseline.
Example: "blood pressure <120/80 mmHg>, acuity <6/18>, ANA <1:640>, protein <2+>, <NYHA class III>, <pT3N0>".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.structure.found import Found
from pipeline.units import NUMBER_WORDS, number, unit_at

FREE = r"(?<![\w.,/^:])(?<![A-Za-z]-)"
ROMAN = r"(?:IV|VI{0,3}|I{1,3})"
LEVEL = rf"(?:{ROMAN}[A-Ea-e]?\d?|[0-5](?:\.\d)?[A-Ea-d]?)"
SPAN = rf"{LEVEL}(?:\s?(?:-|to|/|or)\s?{LEVEL})?"
SYSTEM = (
    r"(?:NYHA|New York Heart Association(?: \(NYHA\))?|ECOG|WHO|ASA|Child-Pugh|Child|Killip|CTCAE|"
    r"Fontaine|Rutherford|"
    r"Fisher|Hunt[- ](?:and[- ])?Hess|Mallampati|Gleason|FIGO|Dukes?'?s?|Ann Arbor|Forrest|Bishop|"
    r"Tanner|Modic|"
    r"Fitzpatrick|Baker|KDIGO|AKIN|RIFLE|TIMI|CCS|Canadian Cardiovascular Society|mMRC|MRC|Clark)"
)
# The first character comes before what looks behind it: looking behind every character of a text takes longer.
RATIO = re.compile(
    r"(\d(?<![\w.,/^:]\d)(?<![A-Za-z]-\d)\d{0,2})\s?/\s?(\d{1,3})(?:\.\d)?(?:\s?\((?:\d{1,3})\))?(?![\d/]|"
    r"[.,]\d)"
)
OVER = re.compile(
    rf"{FREE}(\d{{2,3}})\sover\s(\d{{2,3}})(?![\d/]|[.,]\d|[ -](?:days?|weeks?|hours?|years?|h)\b)"
)
TITRE = re.compile(
    rf"{FREE}(?:[<>]=?\s?)?1\s?:\s?(\d{{1,3}}(?:[, ]\d{{3}})+|\d+)(?:\s?(?:-|"
    rf"to)\s?1\s?:\s?(?:\d{{1,3}}(?:[, ]\d{{3}})+|\d+))?(?![\w:])"
)
PLUS = re.compile(
    r"(?<![\w.+/-])([1-4])\s?\+(?:\s?(?:-|to)\s?[1-4]\s?\+)?(?![\w+])|(?<![\w+])\+(?: ?\+){1,3}(?![\w+])"
)
SIGN = re.compile(r"(?<=\()(?:\+|-)(?:/(?:\+|-))?(?=\))")
"""A sign in brackets behind the name of a test: "HBsAg (+), anti-HBs (-)"."""
GRADE = re.compile(
    rf"[CcGgSsDd](?<![A-Za-z0-9_-][A-Za-z])(?:(?<=[Cc])lass|(?<=[Gg])rade|(?<=[Ss])tage|(?<=[Dd])egree)[ -](?:of )?(?:\d/\d(?!\d)|"
    rf"{SPAN}\+?)(?![\w%.]*\w)"
    r"(?! ?(?:days?|weeks?|months?|h|mg)\b)"
)
GRADED_BY = re.compile(
    rf"(?<![\w-])(?:\d/6(?:th)?|{SYSTEM}(?: (?:functional|performance|"
    rf"status))*)[ -]$|(?<![\w-])functional $"
)
SYSTEM_ALONE = re.compile(
    rf"(?<![\w-]){SYSTEM} (?:{ROMAN}[a-c]?)(?!\w)|(?<![\w-])\d/6(?:th)? grade|"
    rf"(?<![\w-]){ROMAN}th degree"
)
TNM = re.compile(
    r"(?<!\w)[cpyra]{0,3}T(?:is|[0-4xX][a-d]?\d?)(?:\(\w+\))?[ ,]?\s?[cpya]{0,2}N[0-3xX][a-c]?\d?"
    r"(?:[ ,]?\s?[cp]?M[01xX][a-c]?)?(?:[ ,]?\s?G[1-4])?(?!\w)"
)
DIFFERENTIATED = re.compile(r"(?<=\()G[1-4](?=\))")
CENTILE = re.compile(
    r"(?:(?:[<>]=?|less than|more than|below|above|between)\s?(?:the )?)?(?<![\w.])\d{1,2}(?:st|nd|rd|th)?"
    r"(?:\s?(?:-|to|and)\s?\d{1,2})?(?:st|nd|rd|th) (?:per)?centiles?"
)
VARIANT = re.compile(
    r"[cgmp](?<![\w.][cgmp])\.(?:(?<!p\.)[\d_+*-]+(?:del|dup|ins|inv|[ACGT]+\s?>)\w*|"
    r"(?<=p\.)\(?[A-Z][a-z]{2}\d+[A-Za-z*]+\d*\)?)"
)
KARYOTYPE = re.compile(r"(?<![\w,.])4[5-8],\s?X[XYO]{0,2}(?:,[^\s;.]+)?")
MITOSES = re.compile(
    r"(?:(?:[<>]=?|over|less than|more than|up to)\s?)?(?<![\w.])\d+(?:-\d+)?(?: mitos[ei]s|"
    r" mitotic figures?)?\s?(?:/|per)\s?(?:\d+ )?"
    r"(?:HPFs?|high[- ]power(?:ed)?[- ]fields?(?: \(HPFs?\))?)(?!\w)"
)
MULTIPLE = re.compile(
    r"(?:(?:more than|less than|over|about|approximately|nearly|almost|up to|[<>]=?)\s?)?"
    rf"(?<![\w.,/])(?:(?P<n>\d+(?:\.\d+)?|{'|'.join(NUMBER_WORDS)})(?:\s?-\s?\d+(?:\.\d+)?)?[\s-]?(?:times|fold|[xX])|twice|double|triple)"
    r"\s(?:of\s|above\s|over\s)?(?:the\s)?"
    r"(?:(?:upper\s)(?:normal\s|reference\s)?limits?(?:\sof\s(?:the\s)?normal(?:\srange)?)?|ULN|"
    r"normal(?:\s(?:value|limit|level|range)s?)?)(?!\w|\s(?:dos|amount|rate|size|speed|dail|recommend|therap))"
)
"""A result told by the upper limit of normal: "<5 times the upper limit of normal>"."""
PRESSURE_NEAR = re.compile(r"\b(?:pressures?|BP|hypertensi\w+|hypotensi\w+)\b")
GRADED_NEAR = re.compile(
    r"\b(?:murmur|acuity|VA|BCVA|strength|power|GCS|coma|[Aa]pgar|APGAR|scale|score|[Gg]rade|MRC|"
    r"VAS|MMSE|pain|nodes?)\b",
    re.I,
)


def notations(text: str) -> Iterator[Found]:
    """All values in such notations; a pattern never overlaps the one before it in ``PATTERNS``."""
    taken: list[tuple[int, int]] = []
    for pattern, anchor, read in PATTERNS:
        if anchor and not any(sign in text for sign in anchor):
            continue
        for match in pattern.finditer(text):
            found = read(text, match)
            if found and not any(found.start < end and start < found.end for start, end in taken):
                taken.append((found.start, found.end))
                yield found


def _found(text: str, start: int, end: int, rule: str, confidence: float, **value: Any) -> Found:
    return Found(
        start, end, "LAB_VALUE", rule, value={"text": text[start:end], **value}, confidence=confidence
    )


def _ratio(text: str, match: re.Match[str]) -> Found | None:
    """Blood pressure, or a score out of a maximum, or visual acuity."""
    start, end = match.span()
    top, bottom = int(match[1]), int(match[2])
    unit = unit_at(text, end)
    before = text[max(0, start - 60) : start]
    if 40 <= top <= 300 and 10 <= bottom < top:
        if unit and unit.code == "mm[Hg]":
            return _found(
                text, start, unit.end, "value.pressure", 0.95, value=top, value_high=bottom, unit="mm[Hg]"
            )
        if PRESSURE_NEAR.search(before):
            return _found(
                text, start, end, "value.pressure", 0.9, value=top, value_high=bottom, unit="mm[Hg]"
            )
    if bottom == 0 or (unit and unit.kind != "field") or re.match(r"\s?[A-Za-z]*\d*/", text[end : end + 4]):
        return None
    if text.startswith("%", end):
        return None
    graded = GRADED_NEAR.search(text, max(0, start - 60), end + 30)
    acuity = top in (6, 20) and bottom >= top and re.search(r"acuity|\bVA\b|BCVA|vision|eye", before)
    if acuity:
        return _found(text, start, end, "value.acuity", 0.9, value=top / bottom)
    return _found(text, start, end, "value.fraction", 0.8 if graded else 0.5, value=top)


def _over(text: str, match: re.Match[str]) -> Found | None:
    """A blood pressure in words: "90 over 60 mmHg"."""
    found = _ratio(text, match)
    return found if found and found.rule == "value.pressure" else None


def _mitoses(text: str, match: re.Match[str]) -> Found:
    """Mitoses in so many fields of the microscope."""
    numbers = re.findall(r"\d+", match.group())
    unit = f"/({numbers[-1]}.[HPF])" if len(numbers) > 1 else "/[HPF]"
    return _found(text, *match.span(), "value.mitoses", 0.9, value=float(numbers[0]), unit=unit)


def _grade(text: str, match: re.Match[str]) -> Found:
    """A grade with the scale before it ("NYHA class III")."""
    by = GRADED_BY.search(text, max(0, match.start() - 40), match.start())
    return _found(text, by.start() if by else match.start(), match.end(), "value.grade", 0.7)


def _titre(text: str, match: re.Match[str]) -> Found:
    return _found(text, *match.span(), "value.titre", 0.75, value=number(match[1]), unit="titer")


def _plus(text: str, match: re.Match[str]) -> Found:
    count = float(match[1]) if match[1] else float(match.group().count("+"))
    return _found(
        text, *match.span(), "value.plus", 0.55, value=count, unit="+", interpretation="positive",
    )  # fmt: skip


def _multiple(text: str, match: re.Match[str]) -> Found:
    count = number(match["n"]) if match["n"] else 3.0 if "triple" in match.group() else 2.0
    return _found(text, *match.span(), "value.multiple", 0.75, value=count, unit="ULN", interpretation="high")


def _sign(text: str, match: re.Match[str]) -> Found:
    meaning = {"+": "positive", "-": "negative"}.get(match.group())
    return _found(text, *match.span(), "value.sign", 0.4, interpretation=meaning)


def _as(rule: str, confidence: float) -> Callable[[str, re.Match[str]], Found]:
    def read(text: str, match: re.Match[str]) -> Found:
        return _found(text, *match.span(), rule, confidence)

    return read


ALONE = ("NYHA", "Child", "Killip", "Fisher", "Fontaine", "Fitzpatrick", "TIMI", "CCS", "ASA", "WHO",
         "Rutherford", "Hess", "Mallampati", "FIGO", "Forrest", "th degree", "/6 grade", "KDIGO", "Ann Arbor",
         "MRC", "Clark", "Dukes")  # fmt: skip
TIMES = (
    "pper limit",
    "upper normal",
    "ULN",
    "times normal",
    "times the normal",
    "twice normal",
    "twice the normal",
)
PATTERNS: tuple[
    tuple[re.Pattern[str], tuple[str, ...], Callable[[str, re.Match[str]], Found | None]], ...
] = (
    (MITOSES, ("HPF", "power"), _mitoses),
    (MULTIPLE, TIMES, _multiple),
    (TNM, ("N0", "N1", "N2", "N3", "Nx", "NX"), _as("value.tnm", 0.9)),
    (GRADE, ("lass", "rade", "tage", "egree"), _grade),
    (SYSTEM_ALONE, ALONE, _as("value.grade", 0.7)),
    (RATIO, ("/",), _ratio),
    (OVER, (" over ",), _over),
    (TITRE, ("1:", "1 :"), _titre),
    (PLUS, ("+",), _plus),
    (SIGN, ("(+)", "(-)", "(+/-)", "(-/+)"), _sign),
    (CENTILE, ("centile",), _as("value.centile", 0.9)),
    (DIFFERENTIATED, ("(G",), _as("value.differentiated", 0.7)),
    (VARIANT, ("c.", "p.", "g.", "m."), _as("value.variant", 0.3)),
    (KARYOTYPE, (",X", ", X"), _as("value.karyotype", 0.8)),
)
"""What to look for, signs of which one must stand in the text (a cheap precheck), and how it is read."""
