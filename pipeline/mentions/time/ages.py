"""Ages that tell when: "at the <age of 7>", "when <aged 5 years>", "<at 37>, she ...".

The age of the patient ("a 2-year-old girl", "aged 45") belongs to another finder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.mentions.time.amounts import NUMBERS, ONE, parse
from pipeline.mentions.time.values import found, value
from pipeline.mentions.time.vocabulary import granularity, unit_days
from pipeline.structure.found import Found

I = re.IGNORECASE  # noqa: E741
AGE = re.compile(
    rf"(?: of)?(?: about| approximately| around| just)? (?P<amount>{ONE}(?:(?:-| to | and "
    rf"| or |, (?=\d{{1,2}}(?:,| and | or ))){ONE})*)"
    r"(?:[ -]?(?P<unit>years?|months?|weeks?|days?|yrs?|y|mo)\b)?(?: old\b)?",
    I,
)
AT = re.compile(r"[Aa]t (?P<age>\d{1,2})(?=,? (?:she|he|the patient|years,)\b)")
LIMIT = 120.0
WORDS = frozenset(("age", "aged", "at"))


def read(text: str, words: Sequence[tuple[str, int, int]]) -> Iterator[Found]:
    """The ages of a text that tell when."""
    for word, start, end in words:
        if word == "at":
            bare = AT.match(text, start)
            if bare:
                yield _bare(bare)
            continue
        if word not in ("age", "aged") or text[start - 1 : start] == "-":
            continue
        match = AGE.match(text, end)
        if match is None:
            continue
        one = _age(text, start, match, word)
        if one is not None:
            yield one


def _bare(match: re.Match[str]) -> Found:
    days = float(match["age"]) * 365.25
    made = value("age", "birth", direction="at", low=days, high=days + 365.25, granularity="year")
    return found(match.start(), match.end(), "TIME", "time.age.bare", made, 0.7)


def _age(text: str, start: int, match: re.Match[str], word: str) -> Found | None:
    of = match[0].startswith(" of")
    left = text[max(0, start - 24) : start]
    amount = match["amount"].rstrip("- ")
    if not of and not amount[0].isdigit() and amount.lower().split("-")[0] not in NUMBERS:
        return None
    parsed = parse(amount)
    if parsed is None or amount.lower() in ("a", "an") or parsed[1] > LIMIT:
        return None
    if word == "aged" and not re.search(r"\b(?:when|while|at|since) $", left, I):
        return None
    low, high, points, _ = parsed
    unit = unit_days(match["unit"]) if match["unit"] else 365.25
    unit = {"y": 365.25, "mo": 30.44}.get((match["unit"] or "").lower(), unit or 365.25)
    prefix = re.search(r"\b(?P<cue>since|until|till|before|after|from) (?:the |an )?$", left, I)
    begin = start
    direction = "at"
    if prefix:
        begin = start - len(left) + prefix.start() if of and prefix["cue"].lower() == "since" else start
        direction = {
            "since": "since",
            "from": "since",
            "until": "until",
            "till": "until",
            "before": "before",
            "after": "after",
        }[prefix["cue"].lower()]
    end = match.end() - (1 if text[match.end() - 1] in "- " else 0)
    # A person is 7 from the seventh birthday to the eighth.
    year = unit if unit > 360 and high == int(high) else 0.0
    points = tuple((a * unit, b * unit) for a, b in points)
    made = value(
        "age", "birth", direction=direction, low=low * unit, high=high * unit + year, points=points,
        granularity=granularity(unit),
    )  # fmt: skip
    return found(begin, end, "TIME", "time.age", made)
