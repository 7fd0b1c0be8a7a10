"""What an amount of time says by its neighbours: an offset, a window, a duration, a frequency or an age.

Examples: "<two weeks after RTX initiation>", "<over the past year>", "for <3 days>", "<every 3 weeks>",
"at <14 months old>", "<37 weeks' gestation>".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.mentions.time.amounts import Amount
from pipeline.mentions.time.context import ARTICLE, lead, left_of
from pipeline.mentions.time.durations import frequency, prefixed
from pipeline.mentions.time.offsets import offset
from pipeline.mentions.time.values import found, value
from pipeline.mentions.time.vocabulary import granularity
from pipeline.mentions.time.windows import window
from pipeline.structure.found import Found

AGE = re.compile(r"'?[- ]?(?:olds?|of age)\b", re.IGNORECASE)
AGED = re.compile(
    r"\b(?:at|when|until|since|till|by|from|after|before|age of)"
    r"(?: (?:the|an) age of| (?:he|she) (?:was|reached|turned))?(?: about| approximately| around)? ?$",
    re.IGNORECASE,
)
GESTATION = re.compile(
    r"(?:'s?|s')?(?:[ -](?:and|\+) ?\d days?)?(?: of| in)?[ -]"
    r"(?:gestation(?:al age)?|pregnancy|gestational|amenorrh\w+|pregnant)\b",
    re.IGNORECASE,
)
BORN = re.compile(r"\b(?:born|deliver\w+|birth|ca?esarean\w*|section)\b[^.;]{0,24} at $", re.IGNORECASE)
NOT_TIME = re.compile(
    r"[- ]?(?:urine|urinary|walk|walking|holter|ambulatory|electrocardio\w+|ECGs?|EEG|blood pressure"
    r"|glucose tolerance|"
    r"postprandial|fasting|survival|pH|esophageal|recording|monitoring|tape|protein\w*|collection|creatinine|"
    r"mortality|care|hospital\b|case|surgery\b|sweats?|blindness|vision|splint|student|shift|supply|/)",
    re.IGNORECASE,
)
FIGURE = re.compile(r"\bfig(?:ure|s)?\.? ?$", re.IGNORECASE)
SECONDS = re.compile(
    r"\b(?:prothrombin|thromboplastin|APTT|PTT|PT|FEV1|volume|time) ?[^.;]{0,12}$", re.IGNORECASE
)
PER = re.compile(
    r"(?:/ ?|\bper |\btimes (?:a |in a )?|\b(?:once|twice|thrice) (?:a |in a |in )?)$", re.IGNORECASE
)
# Weeks at which a birth is one of a living child.
VIABLE = (20, 43)


def read(text: str, amounts: list[Amount]) -> Iterator[Found]:
    """The expressions around the amounts of a text."""
    for amount in amounts:
        one = _read(text, amount)
        if one is not None:
            yield one


def _read(text: str, amount: Amount) -> Found | None:
    left = left_of(text, amount.start)
    if PER.search(left) or NOT_TIME.match(text, amount.end):
        return None
    age = AGE.match(text, amount.end)
    if age:
        return _age(text, amount, left, age.end())
    surface = text[amount.start : amount.end]
    gestation = GESTATION.match(text, amount.end)
    if (gestation or "gestational" in surface) and (not amount.plain or ARTICLE.match(surface)):
        return _gestation(amount, left, gestation.end() if gestation else amount.end)
    if amount.unit == 7.0 and VIABLE[0] * 7 <= amount.low <= VIABLE[1] * 7 and BORN.search(left):
        return _gestation(amount, left, amount.end)
    if FIGURE.search(left) or left.endswith("aged "):
        return None
    if amount.unit < 1e-4 and (SECONDS.search(left) or "." in surface):
        return None
    context = lead(text, amount, left)
    if context.cue == "every":
        return frequency(context)
    return offset(context) or (window(context) if context.cue == "window" else prefixed(context))


def _age(text: str, amount: Amount, left: str, end: int) -> Found | None:
    """An age that tells when ("at 14 months old"), none that describes the patient ("a 14-month-old boy")."""
    if AGED.search(left) is None or (text[end - 3 : end].lower() == "old" and text[amount.end] == "-"):
        return None
    # A person is 16 from one birthday to the next.
    year = amount.unit if amount.unit > 360 and not amount.points else 0.0
    high = None if amount.high is None else amount.high + year
    made = value(
        "age", "birth", direction="at", low=amount.low, high=high, points=amount.points,
        granularity=granularity(amount.unit),
    )  # fmt: skip
    return found(amount.start, end, "TIME", "time.age", made)


def _gestation(amount: Amount, left: str, end: int) -> Found:
    """Weeks of gestation, "36+2" being 36 weeks and 2 days."""
    low, high, start = amount.low, amount.high, amount.start
    weeks = re.search(r"(\d\d)(?:\+| \+ )$", left)
    if weeks:
        low = high = 7.0 * int(weeks[1]) + low / amount.unit
        start -= len(weeks[0])
    unit = granularity(amount.unit)
    made = value("offset", "pregnancy", direction="at", low=low, high=high, granularity=unit)
    return found(start, end, "TIME", "time.gestation", made)
