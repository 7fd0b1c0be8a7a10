"""Numbered days: hospital day, post-operative day, day of life, week 10, "third day of admission".

Examples: "on <hospital day 2>", "<7th postoperative day>", "<days 1-3>", "<POD 9>", "<day +42>". The rules are those of
time_rule.csv around ``{numbered}`` (what has a number behind it) or ``{ordered}`` (what has an ordinal before it), the
short forms ``{POD}``, ``{HD}``, ``{DOL}`` and ``{PPD}`` for days after the operation, of the stay, of life and after a
delivery, and ``{d}``. What they count from may stand behind all of them: "on <day 28 of hospitalization>".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pipeline.mentions.time import named_days, references
from pipeline.mentions.time.amounts import SMALL
from pipeline.mentions.time.figures import figures, ordered
from pipeline.mentions.time.references import Reference
from pipeline.mentions.time.rules import Rule, Rules
from pipeline.mentions.time.values import found, value
from pipeline.mentions.time.vocabulary import DAYS_OF, MONTHS, alternation, of_kind
from pipeline.structure.found import Found

I = re.IGNORECASE  # noqa: E741
KINDS = {entry.term: float(entry.columns["low"]) for entry in of_kind("numbered")}
# What stands for "postoperative day" and the like.
SHORT = {entry.term: entry.name for entry in of_kind("short")}
PARTS = frozenset(("night", "morning", "evening"))
NUMBERED, ORDERED, LETTER, POD, HD, DOL, PPD = (1 << n for n in range(7))
FORMS = {"numbered": NUMBERED, "ordered": ORDERED, "d": LETTER, "POD": POD, "HD": HD, "DOL": DOL, "PPD": PPD}
SHORTS = {"surgery": POD, "admission": HD, "birth": DOL, "delivery": PPD}
WORD_FORMS = {word: (0 if word in PARTS else NUMBERED) | (0 if word == "hour" else ORDERED) for word in KINDS}
WORD_FORMS |= {form: SHORTS[name] for word, name in SHORT.items() for form in (word, word + "s")}
WORD_FORMS["d"] = LETTER
LEFT = 44
# "on day 8, after 7 days of treatment" does not count from the treatment.
REFERENCE = re.compile(
    rf"(?:,? (?P<by>of|after|following|since|from|post|in)(?= )(?! (?:\d|(?:{'|'.join(SMALL[1:])})\b))|[ -]post(?=-| ))",
    I,
)
STAY = re.compile(r"(?: the)? hospital")
OF_LIFE = re.compile(r" of (?:his |her |the )?(?:postnatal )?life\b", I)
POSTWARD = re.compile(
    r" (?P<word>postoperatively|post-operatively|postpartum|postnatally|post-?op\b|of age)", I
)
MONTH = re.compile(rf"(?:{alternation([month.capitalize() for month in MONTHS])})\b")
_D_BEFORE = re.compile(r"(?:\b(?:on|from|at|by|until|till|to|and|day|after)|[,(]) ?$", I)
TO = frozenset(
    (" to ", " to the ", " through ", " through the ", " until ", " until the ", "-", " - ", " till ")
)
LONGEST_JOIN = 15
BETWEEN = re.compile(r"\bbetween (?:the )?$", I)
GRANULARITY = {7.0: "week", 30.44: "month", 365.25: "year"}
WORDS = WORD_FORMS.keys()


@cache
def rules() -> Rules:
    """The rules around what is numbered."""
    return Rules(FORMS)


def read(text: str, words: Sequence[tuple[str, int, int]]) -> Iterator[Found]:
    """The numbered and the named days of a text."""
    last: Found | None = None
    for word, start, end in words:
        form = WORD_FORMS.get(word)
        if form is None:
            continue
        one = _numbered(text, word, start, end, form)
        if one is None and word in KINDS:
            one = named_days.read(text, word, start, end, KINDS[word])
        if one is None:
            continue
        if last is not None and one.start - last.end < LONGEST_JOIN and (whole := _spanning(text, last, one)):
            yield whole
        yield one
        last = one


def _spanning(text: str, first: Found, last: Found) -> Found | None:
    """Two days of one count as the ends of a span: "<hospital day 3 to hospital day 9>", "between <day 3 and day 6>"."""
    joined = text[first.end : last.start]
    if joined not in TO and not (
        joined == " and " and BETWEEN.search(text, max(0, first.start - 12), first.start)
    ):
        return None
    a, b = first.value or {}, last.value or {}
    if first.rule != last.rule or not _single(a) or not _single(b) or a["low"] >= b["low"]:
        return None
    if a.get("reference") not in (None, b.get("reference")):
        return None
    made = dict(b) | {
        "direction": "during", "low": a["low"], "high": a["low"], "until_low": b["low"], "until_high": b["high"],
    }  # fmt: skip
    return found(first.start, last.end, "TIME", last.rule, made)


def _single(made: Mapping[str, Any]) -> bool:
    return made["kind"] == "day_number" and "points" not in made and "until_low" not in made


def _numbered(text: str, word: str, start: int, end: int, form: int) -> Found | None:
    left = text[max(0, start - LEFT) : start]
    if left.rstrip(" -")[-1:].isdigit():
        form &= ~NUMBERED
    last = (
        left[max(left.rfind(" ", 0, -1), left.rfind("-", 0, -1)) + 1 :].rstrip(" -").lstrip('(,;."\n').lower()
    )
    following = text[end : end + 5].strip().partition(" ")[0].lower()
    for rule in rules().between(last, following, form):
        fit = rule.fits(text, left, end)
        if fit is None:
            continue
        if rule.kind == "none":
            return None
        begin = start if fit.start < 0 else start - len(left) + fit.start
        behind, name = fit.right, rule.reference
        if name == "qualifier" and fit.left is not None:
            name = DAYS_OF[fit.left["qualifier"].lower().replace("-", "")]
        if behind is None:
            one = _ordinal(text, rule, name, word, begin, start, end)
        elif not _written(text, rule, word, left, start, end, behind):
            continue
        else:
            numbers, is_range = figures(behind)
            is_range = is_range or (
                len(numbers) == 2 and BETWEEN.search(text, max(0, begin - 12), begin) is not None
            )
            one = _make(text, begin, behind.end(), rule, name, numbers, KINDS.get(word, 1.0), is_range)
        if one is not None:
            return one
    return None


def _written(
    text: str, rule: Rule, word: str, left: str, start: int, end: int, behind: re.Match[str]
) -> bool:
    """Whether a word with numbers behind it is written as a numbered day is.

    "Week" has a blank before its number, "POD" capitals; "d 31" needs a preposition, but not "D+30" (vitamin D, D5W).
    """
    if word in KINDS:
        return word == "day" or behind[0][0] == " " or text[start:end].isupper()
    if word != "d":
        return text[start:end].rstrip("s").isupper()
    if rule.id == "time.cycle_day":  # "C3d 2+" is a complement
        return behind[0][0] != " "
    return rule.id != "time.day_number" or _is_day(text, left, start, behind)


def _is_day(text: str, left: str, start: int, behind: re.Match[str]) -> bool:
    """As in "d 31", "D+30", "d 22 to 24"; without a sign it needs a preposition (vitamin D, D5W)."""
    if (left and left[-1] in "/-+") or left.lower().endswith("vitamin "):
        return False
    if not behind["sign"] and _D_BEFORE.search(left[-12:]) is None:
        return False
    return not (text[start] == "D" and text[behind.end() : behind.end() + 1].isalpha())


def _ordinal(
    text: str, rule: Rule, name: str | None, word: str, begin: int, start: int, end: int
) -> Found | None:
    """A day with its ordinal before it; "the second days" are none, a third year is one of something."""
    numbers = ordered(text[begin:start])
    if text[end - 1] == "s" and len(numbers) == 1 and word in KINDS:
        return None
    life = OF_LIFE.match(text, end)
    size = KINDS.get(word, 1.0)
    if word == "year" and not (life or REFERENCE.match(text, end)):
        return None
    if life and size >= 7.0:
        made = value("age", "birth", direction="at", low=(min(numbers) - 1) * size, high=max(numbers) * size)
        return found(begin, life.end(), "TIME", "time.age.ordinal", made)
    return _make(text, begin, end, rule, name, numbers, size, False)


def _from(text: str, end: int) -> tuple[Reference | str, int] | None:
    """What the numbers count from, where it stands behind them, and where it ends."""
    if life := OF_LIFE.match(text, end):
        return "birth", life.end()
    if post := POSTWARD.match(text, end):
        word = post["word"].lower()
        name = "birth" if "natal" in word or "age" in word else "delivery" if "partum" in word else "surgery"
        return name, post.end()
    behind = REFERENCE.match(text, end)
    if behind is None:
        return None
    if (behind["by"] or "").lower() == "in":
        if stay := STAY.match(text, behind.end()):
            return "admission", stay.end()
        if not text.startswith(" the ICU", behind.end()):
            return None
    named = references.read(text, behind.end())
    return (named, named.end) if named and MONTH.match(text, named.start) is None else None


def _make(
    text: str,
    start: int,
    end: int,
    rule: Rule,
    name: str | None,
    numbers: list[float],
    unit: float,
    is_range: bool,
) -> Found:
    """The candidate for numbers of days or longer units."""
    reference, end = _from(text, end) or (name, end)
    low, high = min(numbers), max(numbers)
    if unit >= 7.0 or unit < 1.0:
        # The fourth week runs from day 21 to day 28; a week 0 is the start itself.
        spans = tuple(((max(n - 1, 0.0)) * unit, n * unit) for n in numbers)
        made = value(
            "offset", reference, direction="at", low=min(s[0] for s in spans), high=max(s[1] for s in spans),
            points=spans if len(spans) > 1 and not is_range else (), granularity=GRANULARITY.get(unit, "hour"),
        )  # fmt: skip
    elif is_range:
        made = value(
            "day_number", reference, direction="during", low=low, high=low, until_low=high, until_high=high,
            granularity="day",
        )  # fmt: skip
    else:
        points = tuple((n, n) for n in numbers) if len(numbers) > 1 else ()
        made = value(
            "day_number", reference, direction="at", low=low, high=high, points=points, granularity="day"
        )
    return found(start, end, "TIME", rule.id, made)
