"""Numbers as texts write them, with range, comparator and unit.

``amounts`` reads every number in digits of a text, once for all finders that want it.

Examples: "1,250 mg", "12 000 cells/mm3", "0,6 ml", "<0.5 ng/ml", "10 to 20 mg", "120/80 mmHg".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.lexicon.months import FULL
from pipeline.units.reading import Unit, unit_at

NUMBER_WORDS = {
    "half": 0.5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30, "single": 1, "once": 1, "twice": 2,
    "double": 2,
}  # fmt: skip
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d{1,3}(?: \d{3})+(?![\d.,]?\d)|\d+(?:[.,]\d+)?")
"""A number in digits: "1,250", "12 000", "0,6", "1.5"."""
# The digit comes first: looking behind every character of a text takes longer.
START = re.compile(r"\d(?:(?<![\w.,/^]\d)(?<!\w-\d)|(?<=x\d))")
BETWEEN = re.compile(r"\s?(?:-{1,2}|to|~|and|or)\s?(?=\d)")
COMPARED = re.compile(
    r"(?:(?P<le><=|=<|up to|at most|a maximum of|maximum of|not more than|no more than)"
    r"|(?P<ge>>=|=>|at least|not less than|a minimum of|minimum of)"
    r"|(?P<lt><|less than|lower than|fewer than|below|under)"
    r"|(?P<gt>>|more than|greater than|higher than|above|over|exceeding))\s*$",
    re.IGNORECASE,
)
COMPARING = (
    "<", "=", ">", "than", "up to", "at most", "at least", "imum of", "below", "under", "above", "over", "exceeding",
)  # fmt: skip
"""What the words of ``COMPARED`` end with."""
COMPARATORS = {"le": "<=", "ge": ">=", "lt": "<", "gt": ">"}

BARE_POWER = re.compile(r"(?:\^|\()(1[0-2]|[2-9])(?:(?<=\(\d)\)|(?<=\(\d\d)\)|(?![\d)]))(?=[\s-][A-Za-z])")
"""The exponent of a power of ten that stands alone: "10(6) IU"."""
PAIR = re.compile(r"/(\d+(?:\.\d+)?)(?![\d/,]|\.\d)")


class Amount(NamedTuple):
    """A number, or a range, with its unit.

    ``number_end`` is where the number ends and the unit may begin; ``start`` leaves the comparator out,
    ``full_start`` takes it in. ``pair`` tells "120/80" (``high`` 80) from a range.
    """

    start: int
    end: int
    full_start: int
    number_end: int
    value: float
    high: float | None
    comparator: str | None
    unit: Unit | None
    pair: bool = False


# "from 120 mg/L on day 2 to 34 mg/L": the number of the day begins no range.
LABELLED = re.compile(
    rf"\b(?:days?|weeks?|months?|years?|POD|HD|DOL|case|patient|{FULL}) \Z",
    re.IGNORECASE,
)


def number(written: str) -> float:
    """The value of a number in digits or as a word.

    A comma or blank before three digits marks thousands, unless the number begins with "0,".

    Raises:
        ValueError: for what is no number.
    """
    word = NUMBER_WORDS.get(written.lower())
    if word is not None:
        return float(word)
    if re.fullmatch(r"[1-9]\d{0,2}(?:[, ]\d{3})+(?:\.\d+)?", written):
        return float(written.replace(",", "").replace(" ", ""))
    return float(written.replace(",", "."))


def amount_at(text: str, at: int) -> Amount | None:
    """The amount whose digits begin at ``at``, or None where no number does."""
    first = NUMBER.match(text, at)
    if not first:
        return None
    value, high, end = number(first.group()), None, first.end()
    alone = BARE_POWER.match(text, end) if first.group() == "10" else None
    if alone and unit_at(text, alone.end()):
        value, end = 10.0 ** int(alone[1]), alone.end()
    pair = PAIR.match(text, end)
    if pair:
        high, end = float(pair.group(1)), pair.end()
    unit = unit_at(text, end)
    between = BETWEEN.match(text, unit.end if unit else end)
    second = NUMBER.match(text, between.end()) if between and not pair else None
    if between and second:
        top = number(second.group())
        upper = unit_at(text, second.end())
        joined = (
            between.group().strip() in ("-", "--", "to", "~", "or") or text[max(0, at - 8) : at] == "between "
        )
        labelled = upper is not None and LABELLED.search(text, max(0, at - 12), at)
        if (
            joined
            and not labelled
            and (unit is None or (upper is not None and upper.code == unit.code))
            and top > value
        ):
            high, end, unit = top, second.end(), upper
    if text[at - 1 : at] == "-" and (at < 2 or text[at - 2] in " (["):
        at, value, high = at - 1, -value, -high if high is not None else None
    comparator, full = None, at
    ahead = text[max(0, at - 14) : at].rstrip().lower()
    compared = COMPARED.search(text, max(0, at - 14), at) if ahead.endswith(COMPARING) else None
    if compared and compared.lastgroup:
        before = text[compared.start() - 1 : compared.start()]
        if not (before.isalpha() and compared.group()[0].isalpha()):
            comparator, full = COMPARATORS[compared.lastgroup], compared.start()
    if unit and unit.factor != 1:
        value, high = value * unit.factor, high * unit.factor if high is not None else None
    return Amount(at, unit.end if unit else end, full, end, value, high, comparator, unit, bool(pair))


@lru_cache(maxsize=2)
def amounts(text: str) -> tuple[Amount, ...]:
    """All numbers in digits with their ranges, comparators and units, from left to right, none in another.

    Numbers inside words ("IL6", "T4") are left out.
    """
    found: list[Amount] = []
    end = -1
    for place in START.finditer(text):
        if place.start() < end:
            continue
        amount = amount_at(text, place.start())
        if amount:
            found.append(amount)
            end = amount.end
    return tuple(found)
