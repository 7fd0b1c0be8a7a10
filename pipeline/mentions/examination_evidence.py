"""Whether a name that may also be a drug, a word or a finding stands for a measurement here.

Source: rules of caseline, on the text alone. Example: "iron" is an analyte in "serum iron", "iron was 20 ug/dL",
"low iron" and "ferritin and iron"; not in "iron was given".
"""

from __future__ import annotations

import re

AFTER = re.compile(
    r"(?:\s?\([^()\n]{1,25}\))?"
    r"(?:\s(?:levels?|values?|concentrations?|titers?|titres?|counts?|scores?|results?|tests?|assay|index|range|reactivity)\b"
    r"|\s?[:=<>~]"
    r"|\s(?:was|were|is|are|of|at|had been|remained|with|had|to|from|showed|revealed|for)?\s?"
    r"(?:a\s|an\s|also\s|both\s|all\s|only\s|found to be\s|within\s(?:the\s)?|in\s(?:the\s)?|still\s|not\s|markedly\s|"
    r"slightly\s|mildly\s|significantly\s|approximately\s|about\s|around\s)*"
    r"(?:[<>=~-]?\s?\d|normal|elevated|increased|decreased|reduced|high\b|low\b|raised|negative|positive|undetectable"
    r"|deranged|abnormal|unremarkable|preserved|impaired|intact|stable\b|rose|fell|dropped|declined|improved|measured"
    r"|performed|obtained|sterile|non-?reactive|reactive)"
    r"|,?\s(?:rose|fell|dropped|increased|decreased|declined|revealed|showed|demonstrated|normalized|improved|grew|yielded)\b"
    r"|,\s[<>~]?\d|\s?\([<>~]?\s?\d|\s[<>~]?\d)",
)
BEFORE = re.compile(
    r"(?:\b(?:serum|plasma|urine|urinary|blood|csf|elevated|decreased|low|high|normal|raised|reduced|increased|abnormal"
    r"|total|free|ionized|mean|measured|(?:levels?|values?|concentrations?|titers?|measurements?|percentage|number|count) of"
    r"|(?:positive|negative|immunoreactive|reactive|tested|staining|stained|screened|screening|tests?|testing|serology"
    r"|markers?|studies|assays?|examination|evaluation|smears?|cultures?|pcr) (?:positive |negative )?(?:for|with|of)(?: the)?"
    r"|expressed|express|expression of|expressing|deranged|maximum|maximal|peak|serial|repeat(?:ed)?|improved|impaired"
    r"|included|including|showed|revealed|of|with|positive|negative) )$",
    re.I,
)
WEAK_BEFORE = re.compile(r"\b(?:of|with|included|including|showed|revealed|positive|negative|peak|mean|free|total) $", re.I)
LIST = re.compile(r"\s?(?:,|/|;|and|or|, and|\(|\), and|\),|\)|and the|,? as well as|\[)\s?(?:the |a |his |her )?")
TREATED = re.compile(
    r"\s(?:was|were|had been)\s(?:\w+ly\s)?(?:given|administered|infused|started|prescribed|added|stopped|discontinued|initiated)"
    r"|\s(?:supplement\w*|infusion|therapy|treatment|replacement|tablets?|injection|transfusion)",
)
REACH = 26


def supported(text: str, start: int, end: int, last: int, following: int, *, exact: bool) -> bool:
    """Whether the name at ``start``..``end`` has evidence beside it.

    Args:
        last: where the last accepted name ends, or -1.
        following: where the next unambiguous name starts, or -1.
        exact: whether the name was matched by its very spelling, so that a weaker sign is enough.
    """
    if TREATED.match(text, end):
        return False
    if AFTER.match(text, end):
        return True
    before = BEFORE.search(text, max(0, start - REACH), start)
    if before and (exact or not WEAK_BEFORE.search(text, max(0, start - REACH), start)):
        return True
    if 0 <= last <= start and start - last <= 18 and LIST.fullmatch(text, last, start):
        return True
    return end <= following <= end + 18 and bool(LIST.fullmatch(text, end, following))
