"""LAB_VALUE that is a number: with a unit of measurement, or bare behind the name of a test.

Every number of the text is weighed by its unit: "mg/dL" is a result, "mg/kg" a dose, "cm" a measurement or a
size. The confidence says how much; ``choose`` decides with the neighbourhood.

Source: grammar of caseline over pipeline/units.py.
Example: "platelets <8 x 109/L>, saturation <86%-96%>, pH <7.45>, amylase <386> and <928 U/L>".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pipeline.structure.found import Found
from pipeline.units import Amount, Unit, amount_at, unit_at

SURE, LIKELY, WEAK, BARE = 0.9, 0.7, 0.4, 0.3
NO_RANGES: Mapping[int, int] = MappingProxyType({})
NEVER = frozenset(("smoking", "occasion", "form", "radioactivity", "radiation", "energy"))
ALWAYS = frozenset((
    "pressure", "temperature", "concentration", "titer", "index", "sound", "resistance", "rate", "radiodensity",
))  # fmt: skip
AMOUNTS = frozenset(("mass", "substance", "activity", "count", "catalytic", "volume"))
SHORT_TIMES = frozenset(("s", "ms"))

CELLS = re.compile(
    r" (?:(?:segmented |band |mature |immature |atypical |activated |circulating |peripheral |myelo)*"
    r"(?:polymorphonuclear(?: cells| leu[ck]ocytes| neutrophils)?|neutrophils|lymphocytes|monocytes|"
    r"eosinophils|basophils|"
    r"blasts?(?: cells)?|macrophages|mononuclear cells|plasma cells|granulocytes|leukocytes|"
    r"band forms|bands|reticulocytes|"
    r"histiocytes|polymorphs|segs|schistocytes|PMNs?|myelocytes|metamyelocytes|"
    r"promyelocytes))\b(?! count| level)"
)
CHANGE = re.compile(r" (?:decrease|increase|reduction|rise|fall|drop|decline|improvement|loss|stenosis)\b")
# What a bare number may be followed by; a noun would be what it counts.
AFTER_BARE = re.compile(
    r"\s?(?:[.,;:)\]]|$|\(|\n)|\s(?:and|or|to|with|on|in|at|after|by|for|from|which|but|during|"
    r"before|while|under|"
    r"despite|without|as|when|then|upon|through|until|within|over|following|using|was|were|is|had)\b"
)
BEFORE_BARE = re.compile(
    r"(?:\b(?:of|is|was|were|be|been|at|to|from|and|or|score|scores|scored|level|levels|value|"
    r"values|index|ratio|grade|"
    r"approximately|about|around|between|below|above|over|under|than|only|remained|reached|stage|"
    r"count|with|as|nearly|almost)"
    r"|[:=,;(\[<>~]|[A-Za-z]\w*)\s?[<>]?=?\s?$"
)
ELSEWHERE = re.compile(
    r"(?:\b(?:[Ff]ig(?:ure)?s?\.?|[Tt]ables?|[Dd]ays?|DAY|POD|PND|[Ww]eeks?|[Mm]onths?|[Yy]ears?|"
    r"aged?|AGE|[Nn]o\.?|[Cc]ases?|[Pp]atients?|"
    r"[Rr]efs?\.?|[Cc]hapter|[Pp]hase|[Cc]ycles?|[Ss]tep|[Vv]ersion|n ?=|p ?[<=>]+|P ?[<=>]+|"
    r"[Jj]anuary|[Ff]ebruary|[Mm]arch|"
    r"[Aa]pril|[Mm]ay|[Jj]une|[Jj]uly|[Aa]ugust|[Ss]eptember|[Oo]ctober|[Nn]ovember|[Dd]ecember|"
    r"[Gg]ravida|[Pp]ara|[Cc]hromosomes?|"
    r"[Ee]xons?|[Gg]enotypes?|[Tt]ypes?|leads?|segments?|factors?|in|since|until|lot|room|bed|"
    r"levels? [TLCS])|\bd)\s?[<>]?$"
)
FIGURE = re.compile(
    r"\b(?:[Ff]ig(?:ure)?s?|[Tt]ables?|[Pp]anels?)\.? ?(?:\d?[A-Za-z]?[,;] ?|"
    r"and ?)*\(?(?:[Ff]ig(?:ure)?s?\.?)?\d?[A-Z]?\)?;?$"
)
LISTED = re.compile(r"[;,.:] ?\($")
CITED = re.compile(r"[a-z]{4} \((?:\d{1,3}, ?)*$")
"""What stands before a citation that ends a sentence: "rich in neutrophils (15-19)."."""
# "10% neutral formalin", "12% consistent": a share of something that only a test nearby makes a result.
OF_WHAT = re.compile(
    r" (?!of\b|and\b|or\b|to\b|with\b|on\b|in\b|at\b|after\b|by\b|for\b|from\b|which\b|but\b|"
    r"during\b|before\b|while\b|under\b|"
    r"despite\b|without\b|as\b|when\b|then\b|upon\b|through\b|until\b|within\b|over\b|following\b|"
    r"predicted\b|using\b|was\b|were\b|is\b)[a-z]"
)
SIZE_BEFORE = re.compile(r"\d(?: ?[cm]m)? ?(?:x|by) ?$")
SIZE_AFTER = re.compile(r" ?(?:[cm]m )?(?:x|by) ?\d+(?:[.,]\d+)? ?(?:x|by|[cm]?m\b)")
TWO_RESULTS = re.compile(r"(?<=\w|%) (?:to|and) (?=\d)")
FROM = re.compile(r"(?<!ranging )(?<!ranged )(?<!range )(?:from|between) $")
COHORT_AFTER = re.compile(
    r"\)? (?:of|in) (?:\w+ ){0,4}?(?:patients?|cases?|children|adults?|women|men|individuals|people|"
    r"subjects|population|reports?|"
    r"infants|neonates|series|studies|pregnancies|persons|survivors)\b"
)
RATE_BEFORE = re.compile(
    r"\b(?:mortality|incidence|prevalence|survival|fatality|morbidity|occurs? in|seen in|"
    r"reported in|accounts? for|accounting for|"
    r"sensitivity|specificity|recurrence rate|remission rate|response rate|frequency of|risk of|"
    r"likelihood|probability)\b[^.;]*$|\bdos(?:es?|age)\b[^.;]* by (?:about )?$"
)
BODY_HEAT = {"Cel": (30, 45), "[degF]": (85, 115)}
INHALED = re.compile(r"nitric oxide|\bi?NO\b|inhal")
DIMENSIONS = re.compile(r"[234]-?D\b")
PANEL = re.compile(r"\(\d ?[A-H](?:\)|, ?[A-H]\b)|^\W?\d[A-H]\W?$")
OPENED = re.compile(r" ?[\[(] ?")
CLOSED = re.compile(r" ?[\])]")
YEAR = re.compile(r"(?:19|20)\d\d$")
UP = r"elevated|increased|raised|high|higher|prolonged|hypertensive|tachycardic|febrile"
DOWN = r"decreased|reduced|lowered|low|lower|depressed|diminished|hypotensive|bradycardic"
# "was elevated at", "low (": what the value is called; "rose to" tells a course, not a level.
STATED = re.compile(rf"(?<!had )(?<!ha[sv]e )\b(?:(?P<high>{UP})|(?P<low>{DOWN})),? ?(?:\(|at|to|of|:) ?$")
ADJECTIVE = re.compile(
    r"\b(?:(?P<high>elevated|increased|raised|high|prolonged)|(?P<low>decreased|reduced|low|"
    r"depressed|diminished)|(?P<normal>normal))"
    r" (?:[\w-]+ ){1,5}(?:\(\w+\) )?(?:level |levels |count |value )?(?:of |at |\()$"
)
JOINT = re.compile(
    r"\s?(?:,|and|or|to|/|, and|to|until|followed by|,? then|vs\.?|versus)\s?(?:to )?(?:then )?$"
)


def strength(unit: Unit) -> float:
    """How surely a number with this unit is a result, from 0 (a dose, a date, a device) to ``SURE``."""
    if unit.kind in NEVER or ("weight" in unit.per and not unit.code.endswith("/g")) or "dose" in unit.per:
        return (
            WEAK
            if unit.kind in ("volume", "substance") and "weight" in unit.per and "time" in unit.per
            else 0.0
        )
    if unit.kind in ALWAYS:
        return SURE
    if unit.kind == "fraction":
        return LIKELY
    if unit.kind in AMOUNTS and ("volume" in unit.per or "field" in unit.per):
        return SURE
    if unit.code in ("/min", "/mm3", "/uL") or unit.kind == "occurrence":
        return SURE
    if unit.kind == "count":
        return (
            SURE
            if unit.code.startswith("10*")
            or "surface" in unit.per
            or ("time" in unit.per and "min" in unit.code)
            else WEAK
        )
    if unit.kind == "length" and unit.per == ("time",):
        return SURE
    if unit.kind == "volume" and "surface" in unit.per:
        return SURE
    if unit.kind == "time":
        return WEAK if unit.code in SHORT_TIMES and not unit.per else 0.0
    if unit.kind in ("mass", "substance", "activity") and "surface" in unit.per:
        return 0.0
    return WEAK


def numbers(text: str, found: tuple[Amount, ...], ranges: Mapping[int, int] = NO_RANGES) -> Iterator[Found]:
    """The results among the numbers of a text, from left to right.

    ``ranges`` maps the start of each reference range to its end: a unit behind its bracket is that of the
    result before it ("2,180 (normal: <300) U/mL").
    """
    later: tuple[int, Unit, float] | None = None
    read: list[Found] = []
    parts = [part for amount in found for part in _apart(text, amount)]
    for amount in reversed(parts):
        if SIZE_BEFORE.search(text, max(0, amount.start - 8), amount.start) or SIZE_AFTER.match(
            text, amount.end
        ):
            later = None
            continue
        unit, confidence, rule = amount.unit, 0.0, "value.unit"
        if unit is not None and FIGURE.search(text, max(0, amount.start - 24), amount.start):
            unit = None
        elif unit is not None:
            confidence = strength(unit)
            letter = unit.code in ("10*3", "10*9") and text[unit.start].isalpha()
            if _no_result(text, amount, unit):
                confidence = 0.0
            elif letter or (
                unit.kind == "fraction"
                and OF_WHAT.match(text, amount.end)
                and not CELLS.match(text, amount.end)
            ):
                confidence = WEAK
        elif behind := _behind(text, amount, ranges):
            unit, confidence, rule = behind, strength(behind), "value.behind"
        elif later and JOINT.match(text[amount.end : later[0]]) and not _is_year(text, amount):
            unit, confidence, rule = later[1], later[2], "value.series"
        elif _bare(text, amount):
            scored = text.endswith("scored ", 0, amount.full_start)
            confidence, rule = (LIKELY, "value.scored") if scored else (BARE, "value.bare")
        if amount.high is None and amount.comparator is None and unit is None and confidence == 0.0:
            later = None
            continue
        later = (amount.full_start, unit, confidence) if unit else None
        if confidence:
            read.append(_result(text, amount, unit, confidence, rule))
    yield from reversed(read)


def _no_result(text: str, amount: Amount, unit: Unit) -> bool:
    """A share of a cohort, a rate in the literature, a gas given, a letter that is no unit ("serotype 23F", "2D")."""
    if unit.code == "[ppm]":
        return INHALED.search(text, max(0, amount.start - 60), amount.end + 30) is not None
    if unit.kind == "fraction":
        return bool(
            COHORT_AFTER.match(text, amount.end)
            or RATE_BEFORE.search(text, max(0, amount.start - 70), amount.start)
        )
    if DIMENSIONS.match(text, amount.start) or PANEL.search(text, max(0, amount.start - 1), amount.end + 1):
        return True
    if unit.code in BODY_HEAT and unit.end - unit.start == 1:
        low, high = BODY_HEAT[unit.code]
        return not low <= amount.value <= high
    return False


def _apart(text: str, amount: Amount) -> tuple[Amount, ...]:
    """The two results of "fell from 798 to 98", which are no range."""
    if amount.high is None:
        return (amount,)
    written = text[amount.start : amount.end]
    joint = TWO_RESULTS.search(written)
    before = text[max(0, amount.full_start - 16) : amount.full_start]
    if joint is None or not FROM.search(before):
        return (amount,)
    first = unit_at(written, joint.start())
    lead = amount_at(text, amount.start + joint.end())
    one = amount_at(written[: joint.start()], 0)
    if lead is None or one is None or (first is None and one.unit is None and before.endswith("between ")):
        return (amount,)
    left = one._replace(
        start=amount.start, end=amount.start + one.end, full_start=amount.full_start,
        number_end=amount.start + one.number_end, comparator=amount.comparator,
    )  # fmt: skip
    return left, lead


def _behind(text: str, amount: Amount, ranges: Mapping[int, int]) -> Unit | None:
    """The unit that stands behind the bracketed reference range of a number, or in it: "114 (120-152 g/L)"."""
    opened = OPENED.match(text, amount.end)
    end = ranges.get(opened.end()) if opened else None
    closed = CLOSED.match(text, end) if end is not None else None
    unit = unit_at(text, closed.end()) if closed else None
    if unit is None and opened and closed and (within := amount_at(text, opened.end())):
        inner = within.unit
        unit = inner if inner and ("volume" in inner.per or inner.kind == "pressure") else None
    return unit


def _bare(text: str, amount: Amount) -> bool:
    """Whether a number without a unit stands where a result may."""
    start = amount.full_start
    before = text[max(0, start - 24) : start]
    if ELSEWHERE.search(before) or not BEFORE_BARE.search(before) or not AFTER_BARE.match(text, amount.end):
        return False
    if _is_year(text, amount) and not before.rstrip().endswith(("=", ":")):
        return False
    if text.startswith(")", amount.end) and LISTED.search(before):
        return False
    if amount.value < 100 and text.startswith(").", amount.end) and CITED.search(before):
        return False
    if text[amount.end : amount.end + 1] == "," and text[amount.end + 1 : amount.end + 2].isdigit():
        return False
    return not (before.endswith("[") and text.startswith(("]", ",", "-"), amount.end))


def _is_year(text: str, amount: Amount) -> bool:
    return YEAR.fullmatch(text, amount.start, amount.end) is not None


def _result(text: str, amount: Amount, unit: Unit | None, confidence: float, rule: str) -> Found:
    start, end = amount.full_start, amount.end
    value, high = amount.value, amount.high
    if start == amount.start and text[start - 1 : start] == "+" and not text[start - 2 : start - 1].isalnum():
        start -= 1
    if high is not None and text.startswith("between ", max(0, start - 8)):
        start -= 8
    comparator = amount.comparator
    if (
        comparator in ("<=",)
        and re.match(r"up to", text[start:], re.I)
        and re.search(r"(?:was|were|rose|went|increased) $", text[max(0, start - 12) : start])
    ):
        start, comparator = amount.start, None
    if unit is not None and unit.kind == "fraction":
        tail = CELLS.match(text, end) or CHANGE.match(text, end)
        end = tail.end() if tail else end
    quantity: dict[str, Any] = {
        "text": text[start:end], "value": value, "value_high": high, "unit": unit.code if unit else None,
        "comparator": comparator, "interpretation": _interpretation(text, start),
    }  # fmt: skip
    return Found(start, end, "LAB_VALUE", rule, value=quantity, confidence=confidence)


def _interpretation(text: str, start: int) -> str | None:
    """What the words before a number call it: "elevated at 3.9 mg/dL", "a low platelet count (44,000"."""
    before = text[max(0, start - 60) : start]
    stated = STATED.search(before) or ADJECTIVE.search(before)
    return stated.lastgroup if stated else None
