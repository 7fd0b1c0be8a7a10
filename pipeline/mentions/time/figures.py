"""The numbers of numbered days: "day <1, 3 and 7>", "the <second and third> week", as text for patterns and as values."""

from __future__ import annotations

import re

from pipeline.mentions.time.amounts import NUMBERS, ORDINAL, ORDINALS, SMALL

I = re.IGNORECASE  # noqa: E741
NUMBER = rf"(?:\d{{1,3}}(?!\d|[.,]\d|%)|(?:{'|'.join(SMALL[1:])})\b)"
# "on day 2, and 980 ng/mL on day 9", "on May 5 and 10 g/dL on May 20": a number with a unit is a result.
UNIT = r"(?:[munkp]|mc|mill?i)?(?:g|mol|L|U|IU|Eq)|mm|cm|mmHg|cells|units?"
NUMBERED = (
    rf"(?: ?# ?| no\.? | number |[- ]?(?=[+-])| ?)(?P<sign>[+-])?(?P<first>{NUMBER})"
    rf"(?P<rest>(?:(?:, and |, | and | or | to | through |-|/| - )(?:days? "
    rf"|d )?[+]?{NUMBER}(?![ -]?(?:years?|months?|weeks?|days?|hours?|h|times|[a-z]{{4,}}s|{UNIT})\b))*)(?![\w%]"
    rf"|[./]\d| ?(?:{UNIT}|%|x|times|years?|months?|weeks?)\b)"
)
ORDERED = rf"{ORDINAL}(?:(?: (?:and|to|or) (?:the )?|-){ORDINAL})?"
RANGE = re.compile(r"^(?: to | through |-| - )", I)


def figures(match: re.Match[str]) -> tuple[list[float], bool]:
    """The numbers of a match of ``NUMBERED``, and whether they are the two ends of a range."""
    sign = -1.0 if match["sign"] == "-" else 1.0
    numbers = [match["first"], *re.findall(NUMBER, match["rest"], I)]
    is_range = len(numbers) == 2 and RANGE.match(match["rest"]) is not None
    return [sign * (float(n) if n.isdigit() else NUMBERS[n.lower()]) for n in numbers], is_range


def ordered(text: str) -> list[float]:
    """The numbers of a text that ``ORDERED`` matches."""
    return [
        float(n[: re.match(r"\d*", n).end()] or ORDINALS[n.lower()])  # type: ignore[union-attr]
        for n in re.findall(ORDINAL, text, I)
    ]
