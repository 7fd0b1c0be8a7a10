"""Results, units and reference ranges as cells write them.

Footnote marks go, "NA", "ND" and dashes say nothing. Examples: "<0.1", "12.3*", "145 H", "1,250", "120/80",
"(+)", "12.3 (5-10)"; heads "CRP (mg/L)", "WBC, 10^9/L [4-10]".
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipeline import lexicon
from pipeline.schema import Interpretation, Quantity
from pipeline.units import Amount, amount_at, unit_at

SILENT = re.compile(
    r"(?:-+|\.+|…|/|x|n\.?/?\s?[adrtkm]\.?|nil reported|none|unknown|not (?:done|tested|available|applicable|measured|reported|performed|"
    r"examined|determined|recorded|given|stated)|unavailable|missing|pending|unremarkable\?)", re.IGNORECASE
)  # fmt: skip
MARKS = re.compile(r"(?:\s*[*†‡§¶#^]+|(?<=\d)\s?\(?[a-d]\)?)+$")
ARROWS = {"↑": "high", "↓": "low", "H": "high", "L": "low", "HH": "high", "LL": "low"}
FLAG = re.compile(r"\s*\(?(?P<flag>[↑↓]+|HH?|LL?)\)?$")
LEAD = re.compile(r"^(?P<flag>[↑↓])\s*")
TITER = re.compile(r"(?P<sign>[<>]=?)?\s?(?:1\s?:\s?)(?P<n>\d{1,3}(?:,\d{3})+|\d+)$")
SIGNS = re.compile(r"\(?(?:(?P<plus>\+{1,4}|[1-4]\+)|(?P<minus>-))\)?$")
RANGE = re.compile(
    r"(?P<low>\d[\d.,]*)\s?(?:-|to|~)\s?(?P<high>\d[\d.,]*)|(?P<sign><=?|>=?|up to|below|above|under|over)\s?(?P<limit>\d[\d.,]*)",
    re.IGNORECASE,
)
BRACKET = re.compile(r"[(\[](?P<inner>[^()\[\]]*)[)\]]")
SEXED = re.compile(r"\b(?P<sex>females?|women|woman|males?|men|man|F|M)\b\s*[:=,]?\s*", re.IGNORECASE)


class Limits(NamedTuple):
    """A reference range as written, with the unit beside it; ``low`` or ``high`` may be open."""

    text: str
    low: float | None
    high: float | None


class Head(NamedTuple):
    """The head of a row of results: unit as written and as code, and the range in it."""

    unit_text: str | None
    unit: str | None
    limits: Limits | None


@cache
def _words() -> dict[str, Interpretation | None]:
    words: dict[str, Interpretation | None] = {}
    for entry in lexicon.load("value"):
        words[entry.term.casefold()] = entry.columns.get("interpretation")  # type: ignore[assignment]
    return words


def silent(text: str) -> bool:
    """Whether a cell says nothing."""
    return not text.strip() or SILENT.fullmatch(MARKS.sub("", text).strip()) is not None


def result(text: str, unit_text: str | None, unit: str | None) -> tuple[Quantity, Limits | None] | None:
    """The result that a cell holds, with the range in its brackets; None for anything else.

    ``unit_text`` and ``unit`` are those of the head, for a cell that has none.
    """
    if silent(text):
        return None
    if signs := SIGNS.fullmatch(text.strip()):
        found: Interpretation = "positive" if signs["plus"] else "negative"
        return Quantity(text=text, interpretation=found), None
    body = text.strip()
    flag = None
    if lead := LEAD.match(body):
        flag, body = ARROWS[lead["flag"]], body[lead.end() :]
    body = MARKS.sub("", body).strip()
    mark = FLAG.search(body)
    if mark and body[mark.start() - 1] != "/" and re.search(r"\d\s*$|\d\s*\S+\s$", body[: mark.start()]):
        flag, body = ARROWS.get(mark["flag"]) or ARROWS[mark["flag"][0]], body[: mark.start()].strip()
    bracket = BRACKET.search(body)
    limits = None
    if bracket and bracket.start():
        limits = reference(bracket["inner"], None)
        if limits or not re.search(r"\d", bracket["inner"]):
            body = (body[: bracket.start()] + body[bracket.end() :]).strip()
    body = MARKS.sub("", body).strip()
    if titer := TITER.fullmatch(body):
        value = float(titer["n"].replace(",", ""))
        return Quantity(
            text=body, value=value, unit="titer", comparator=titer["sign"], interpretation=flag
        ), limits
    amount = _amount(body)
    if amount is not None:
        own = amount.unit.code if amount.unit else None
        shown = body if own or not unit_text else f"{body} {unit_text}"
        return Quantity(text=shown, value=amount.value, value_high=amount.high, unit=own or unit,
                        comparator=amount.comparator, interpretation=flag), limits  # fmt: skip
    word = body.casefold()
    if word in _words():
        return Quantity(text=body, interpretation=_words()[word]), limits
    return None


def _amount(body: str) -> Amount | None:
    """The amount that a text is from its first to its last character."""
    digits = re.search(r"\d", body)
    if not digits or digits.start() > 4:
        return None
    amount = amount_at(body, digits.start())
    if amount is None or body[: amount.full_start].strip(" ~+=") or body[amount.end :].strip(" .,;"):
        return None
    return amount


def head(text: str) -> Head:
    """Unit and range in the head of a row: in brackets, or behind a comma."""
    unit_text = unit = None
    limits = None
    parts = [match["inner"].strip() for match in BRACKET.finditer(text)]
    parts += [BRACKET.sub("", part).strip() for part in text.split(",")[1:]]
    for part in (piece.strip() for whole in parts for piece in re.split(r"[;,]\s", whole)):
        code = _unit(part)
        if code is not None and unit is None:
            unit_text, unit = part, code
        elif limits is None and RANGE.search(part) and not re.search(r"[A-Za-z]{4,}", _normal(part)):
            limits = reference(part, None)
    return Head(unit_text, unit, limits)


def unit_of(text: str) -> tuple[str, str] | None:
    """A cell that is a unit, as (text, code)."""
    code = _unit(text.strip(" ()[]"))
    return None if code is None else (text.strip(" ()[]"), code)


def _unit(text: str) -> str | None:
    body = re.sub(r"^(?:in|x|\*)\s?(?=[\d10])", "", text.strip())
    for candidate in (text.strip(), body, f"x{body}"):
        found = unit_at(" " + candidate, 0) if candidate else None
        if found and found.end >= len(candidate) + 1:
            return found.code
    return (
        "%"
        if re.match(r"% ?(?:of )?(?:predicted|pred\.?|expected|total)?$", text.strip(), re.IGNORECASE)
        else None
    )


def reference(text: str, sex: str | None) -> Limits | None:
    """The reference range in a cell; of those for women and men that of ``sex``, None where that is unknown."""
    parts = list(SEXED.finditer(text))
    if len(parts) > 1:
        if sex is None:
            return None
        wanted = ("f", "w") if sex == "female" else ("m",)
        for number, part in enumerate(parts):
            if part["sex"][0].lower() in wanted:
                end = parts[number + 1].start() if number + 1 < len(parts) else len(text)
                return reference(text[part.end() : end].strip(" ;,/"), None)
    found = RANGE.search(text)
    if not found or RANGE.search(text, found.end()):
        return None
    written = text.strip(" ;,")
    if found["low"]:
        return Limits(written, _number(found["low"]), _number(found["high"]))
    limit = _number(found["limit"])
    if found["sign"][0] == "<" or found["sign"].lower() in ("up to", "below", "under"):
        return Limits(written, None, limit)
    return Limits(written, limit, None)


def _normal(text: str) -> str:
    return re.sub(
        r"\b(?:normal|reference|range|values?|ref|interval|limits?)\b", "", text, flags=re.IGNORECASE
    )


def _number(written: str) -> float:
    written = written.rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written):
        return float(written.replace(",", ""))
    return float(written.replace(",", "."))
