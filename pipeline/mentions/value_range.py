"""REFERENCE_RANGE: the normal range that a text gives beside a result.

Source: the styles of laboratory reports and journals; grammar of caseline.
Example: "KL-6 was 1,200 U/mL (<normal: 105-435>)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.structure.found import Found
from pipeline.units import Amount, amount_at

LEAD = re.compile(
    r"\b(?<!-)(?:(?:laboratory |lab |adult |institutional |local |age[- ]\w+ |sex[- ]\w+ )*"
    r"(?:[Nn]ormal(?:ly)?|[Rr]eference|[Rr]ef|nl|norm|physiological|therapeutic|[Tt]arget|NR|RR|NV|RV|N|"
    r"[Uu]pper (?:normal )?limits?(?: of (?:the )?normal(?: range)?)?|ULN|[Ll]ower limits?(?: of normal)?|LLN|"
    r"[Cc]ut[- ]?off|expected|standard)\.?"
    r"(?: (?:reference|laboratory|lab|normal|adult|serum|plasma))*"
    r"(?: (?:ranges?|values?|intervals?|limits?|levels?|controls?|concentrations?|titers?|points?))?"
    r"(?: for (?:men|women|males?|females?|adults?|children|age|[a-z]+ age))?)"
    r"(?:,? ?(?:of|is|was|are|were|being|from|between))?\s?[:=;,]?\s?"
    r"(?P<sign>[<>]=?|(?:up to|below|under|less than|above|over|more than|greater than|at most) )?\s?(?=\d)"
)
SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "up to": "<=", "below": "<", "under": "<",
         "less than": "<", "at most": "<=", "above": ">", "over": ">", "more than": ">",
         "greater than": ">"}  # fmt: skip
ANCHOR = re.compile(
    r"ormal|eference|limit|[Cc]ut|\b(?:[Rr]ef|nl|norm|NR|RR|NV|RV|N|ULN|LLN)\b|range|expected|standard|target"
)
BRACKET = re.compile(r"\s?[\[(]\s?(?=(?:[<>]=?\s?)?\d)")
SIGN = re.compile(r"[<>]=? ?")
CLOSED = re.compile(r"\s?[\])]")


def ranges(text: str, numbers: tuple[Amount, ...]) -> Iterator[Found]:
    """The reference ranges, from left to right.

    With a word ("normal 3.5-5.0 g/dL", "range.word"), or in brackets right behind a result ("range.bracket").
    """
    end = -1
    if "ormal" in text or ANCHOR.search(text):
        for lead in LEAD.finditer(text):
            found = _worded(text, lead)
            if found and found.start >= end:
                end = found.end
                yield found
    for amount in numbers:
        found = _bracketed(text, amount)
        if found:
            yield found


def _worded(text: str, lead: re.Match[str]) -> Found | None:
    amount = amount_at(text, lead.end())
    if amount is None:
        return None
    sign = SIGNS.get((lead["sign"] or "").strip())
    plain = lead.group().strip()
    if amount.high is None and sign is None:
        single = re.search(r"[:=]|limit|ULN|LLN|cut|values?\b|levels?\b", plain)
        if not single or (amount.unit is not None and amount.unit.kind == "time" and not amount.unit.per):
            return None
    if (
        amount.unit
        and amount.unit.kind == "time"
        and amount.unit.code not in ("s", "ms", "min")
        and not amount.unit.per
    ):
        return None
    body = lead.start("sign") if lead["sign"] else amount.start
    return Found(
        lead.start(), amount.end, "REFERENCE_RANGE", "range.word", value=_quantity(text, body, amount, sign),
        confidence=0.95,
    )  # fmt: skip


def _bracketed(text: str, amount: Amount) -> Found | None:
    """A range alone in brackets behind a number: "9.1 mg/dL [8.4-10.2]"."""
    opened = BRACKET.match(text, amount.end)
    if not opened:
        return None
    at = opened.end()
    sign = SIGN.match(text, at)
    low = amount_at(text, sign.end() if sign else at)
    if low is None or (low.high is None) == (sign is None) or not CLOSED.match(text, low.end):
        return None
    if amount.unit is None:
        measured = low.unit is not None and ("volume" in low.unit.per or low.unit.kind == "pressure")
        if not measured and "." not in text[amount.start : amount.number_end]:
            return None
        if low.unit and not measured:
            return None
    elif low.unit and low.unit.code != amount.unit.code:
        return None
    if amount.high is not None or (
        amount.unit and amount.unit.kind in ("mass", "time", "length") and not amount.unit.per
    ):
        return None
    return Found(
        at, low.end, "REFERENCE_RANGE", "range.bracket",
        value=_quantity(text, at, low, SIGNS[sign.group().strip()] if sign else None), confidence=0.7,
    )  # fmt: skip


def _quantity(text: str, start: int, amount: Amount, comparator: str | None) -> dict[str, Any]:
    return {
        "text": text[start : amount.end],
        "value": amount.value,
        "value_high": amount.high,
        "unit": amount.unit.code if amount.unit else None,
        "comparator": comparator,
    }
