"""Numbered days: hospital day, post-operative day, day of life, week 10, "third day of admission".

Examples: "on <hospital day 2>", "<7th postoperative day>", "<days 1-3>", "<POD 9>", "<day +42>".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.mentions.time import named_days, references
from pipeline.mentions.time.amounts import NUMBERS, ORDINAL, ORDINALS, SMALL
from pipeline.mentions.time.references import Reference
from pipeline.mentions.time.values import found, value
from pipeline.mentions.time.vocabulary import QUALIFIERS, REFERENCES, of_kind
from pipeline.structure.found import Found

I = re.IGNORECASE  # noqa: E741
KINDS = {entry.term: float(entry.columns["low"]) for entry in of_kind("numbered")}
# What stands for "postoperative day" and the like.
SHORT = {entry.term: entry.name for entry in of_kind("short")}
_QUALIFIER = re.compile(r"(?:^|(?<=[^\w]))((?:post[- ]?)?[A-Za-z]+(?: therapy| treatment)?)[ -]$")
_NUMBER = rf"(?:\d{{1,3}}(?!\d|[.,]\d|%)|(?:{'|'.join(SMALL[1:])})\b)"
# "on day 2, and 980 ng/mL on day 9": a number with a unit is a result.
UNIT = r"(?:[munkp]|mc|mill?i)?(?:g|mol|L|U|IU|Eq)|mm|cm|mmHg|cells|units?"
FIGURES = re.compile(
    rf"(?: ?# ?| no\.? | number |[- ]?(?=[+-])| ?)(?P<sign>[+-])?(?P<first>{_NUMBER})"
    rf"(?P<rest>(?:(?:, and |, | and | or | to | through |-|/| - )(?:days? "
    rf"|d )?[+]?{_NUMBER}(?![ -]?(?:years?|months?|weeks?|days?|hours?|h|times|{UNIT})\b))*)(?![\w%]"
    rf"|[./]\d| ?(?:{UNIT}|%|x|times|years?|months?|weeks?)\b)",
    I,
)
ORDINAL_LEFT = re.compile(
    rf"(?:^|(?<=[^\w]))(?P<ordinal>{ORDINAL})(?P<more>(?: (?:and|to|or) (?:the )?"
    rf"|-){ORDINAL})?[ -](?P<qualifier>(?:(?:post[- ]?)?[A-Za-z]+ )?)$",
    I,
)
# "on day 8, after 7 days of treatment" does not count from the treatment.
REFERENCE = re.compile(
    rf"(?:,? (?:of|after|following|since|from|post|in)(?= )(?! (?:\d|(?:{'|'.join(SMALL[1:])})\b))|[ -]post(?=-| ))",
    I,
)
OF_LIFE = re.compile(r" of (?:his |her |the )?(?:postnatal )?life\b", I)
POSTWARD = re.compile(
    r" (?P<word>postoperatively|post-operatively|postpartum|postnatally|post-?op\b|of age)", I
)
RANGE = re.compile(r"^(?: to | through |-| - )", I)
_D_BEFORE = re.compile(r"(?:\b(?:on|from|at|by|until|till|to|and|day|after)|[,(]) ?$", I)
WORDS = KINDS.keys() | SHORT.keys() | {"pods", "d"}


def read(text: str, words: Sequence[tuple[str, int, int]]) -> Iterator[Found]:
    """The numbered and the named days of a text."""
    for word, start, end in words:
        if word in KINDS:
            one = (
                _ordinal(text, word, start, end)
                or _numbered(text, word, start, end)
                or named_days.read(text, word, start, end, KINDS[word])
            )
        elif word in SHORT or word == "pods":
            one = _short(text, word, start, end)
        elif word == "d":
            one = _letter(text, start, end)
        else:
            continue
        if one is not None:
            yield one


def _figures(match: re.Match[str]) -> list[float]:
    sign = -1.0 if match["sign"] == "-" else 1.0
    numbers = [_number(match["first"])] + [_number(n) for n in re.findall(_NUMBER, match["rest"], I)]
    return [sign * number for number in numbers]


def _number(text: str) -> float:
    return float(text) if text.isdigit() else NUMBERS[text.lower()]


def _qualifier(left: str) -> tuple[str, int] | None:
    """The reference that the word before "day" names, and its length."""
    match = _QUALIFIER.search(left)
    if match is None:
        return None
    word = re.sub(r"[- ]", "", match[1].lower())
    word = word.removesuffix("therapy").removesuffix("treatment") or word
    name = QUALIFIERS.get(word) or REFERENCES.get(word)
    return (name, len(left) - match.start()) if name else None


def _make(
    text: str,
    start: int,
    end: int,
    rule: str,
    numbers: list[float],
    unit: float,
    name: str | None,
    is_range: bool,
) -> Found:
    """The candidate for numbers of days or longer units, with the reference that follows it."""
    reference: Reference | str | None = name
    life, post, behind = OF_LIFE.match(text, end), POSTWARD.match(text, end), REFERENCE.match(text, end)
    if life:
        reference, end = "birth", life.end()
    elif post:
        word = post["word"].lower()
        reference = (
            "birth" if "natal" in word or "age" in word else "delivery" if "partum" in word else "surgery"
        )
        end = post.end()
    elif behind and (
        behind[0].strip(" ,").lower() != "in"
        or text.startswith((" the hospital", " hospital", " the ICU"), behind.end())
    ):
        if text.startswith((" the hospital", " hospital"), behind.end()) and "in" in behind[0]:
            stop = behind.end() + (13 if text.startswith(" the", behind.end()) else 9)
            reference, end = "admission", stop
        else:
            named = references.read(text, behind.end())
            if named and not re.fullmatch(
                r"(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|May|[Jj]u[nl]|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec)\w*.*",
                text[named.start : named.end],
            ):
                reference, end = named, named.end
    low, high = min(numbers), max(numbers)
    if unit >= 7.0 or unit < 1.0:
        # The fourth week runs from day 21 to day 28; a week 0 is the start itself.
        spans = tuple(((max(n - 1, 0.0)) * unit, n * unit) for n in numbers)
        made = value(
            "offset",
            reference,
            direction="at",
            low=min(s[0] for s in spans),
            high=max(s[1] for s in spans),
            points=spans if len(spans) > 1 and not is_range else (),
            granularity={7.0: "week", 30.44: "month", 365.25: "year"}.get(unit, "hour"),
        )
        return found(start, end, "TIME", rule, made)
    if is_range:
        made = value(
            "day_number",
            reference,
            direction="during",
            low=low,
            high=low,
            until_low=high,
            until_high=high,
            granularity="day",
        )
    else:
        points = tuple((n, n) for n in numbers) if len(numbers) > 1 else ()
        made = value(
            "day_number", reference, direction="at", low=low, high=high, points=points, granularity="day"
        )
    return found(start, end, "TIME", rule, made)


def _ordinal(text: str, word: str, start: int, end: int) -> Found | None:
    left = text[max(0, start - 44) : start]
    match = ORDINAL_LEFT.search(left)
    if match is None or word in ("hour",):
        return None
    qualifier = match["qualifier"].strip()
    name: str | None = None
    if qualifier:
        known = _qualifier(left)
        if known is None:
            return None
        name = known[0]
    numbers = [float(_ordinal_number(match["ordinal"]))]
    if match["more"]:
        numbers.append(
            float(_ordinal_number(re.sub(r"^(?: (?:and|to|or) (?:the )?|-)", "", match["more"], flags=I)))
        )
    plural = text[end - 1 : end] == "s"
    if plural and not match["more"]:
        return None
    at = start - len(left) + match.start()
    if word == "year" and not (OF_LIFE.match(text, end) or REFERENCE.match(text, end)):
        return None
    if OF_LIFE.match(text, end) and KINDS[word] >= 7.0:
        life = OF_LIFE.match(text, end)
        assert life is not None
        made = value(
            "age",
            "birth",
            direction="at",
            low=(min(numbers) - 1) * KINDS[word],
            high=max(numbers) * KINDS[word],
        )
        return found(at, life.end(), "TIME", "time.age.ordinal", made)
    return _make(text, at, end, _rule("ordinal", name), numbers, KINDS[word], name, False)


def _rule(kind: str, name: str | None) -> str:
    names = {
        "admission": "hospital_day",
        "surgery": "postoperative_day",
        "icu": "icu_day",
        "birth": "day_of_life",
    }
    return f"time.{names.get(name or '', 'day_number')}" + (".ordinal" if kind == "ordinal" else "")


def _ordinal_number(text: str) -> int:
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else ORDINALS[text.lower()]


def _numbered(text: str, word: str, start: int, end: int) -> Found | None:
    if word in ("night", "morning", "evening"):
        return None
    life = re.match(r" of life:? (?=\d)", text[end : end + 12], I)
    figures = FIGURES.match(text, end + (life.end() - 1 if life else 0))
    left = text[max(0, start - 44) : start]
    if figures is None or (figures[0][0] != " " and text[start:end].isupper() is False and word != "day"):
        return None
    if re.search(
        r"(?:\d|/|\bper|\bper a|\btimes a|\bonce a|\btwice a|\b(?:one|two|three|four|five|six|seven"
        r"|eight|nine|ten|few|several|each|every|a))[ -]?$",
        left,
        I,
    ):
        return None
    known = _qualifier(left)
    name, at = (known[0], start - known[1]) if known else ("birth" if life else None, start)
    numbers = _figures(figures)
    return _make(
        text, at, figures.end(), _rule("numbered", name), numbers, KINDS[word], name,
        len(numbers) == 2 and RANGE.match(figures["rest"]) is not None,
    )  # fmt: skip


def _short(text: str, word: str, start: int, end: int) -> Found | None:
    name = SHORT[word.removesuffix("s")]
    left = text[max(0, start - 30) : start]
    ordinal = ORDINAL_LEFT.search(left)
    if ordinal and not ordinal["qualifier"]:
        at = start - len(left) + ordinal.start()
        return _make(
            text,
            at,
            end,
            _rule("ordinal", name),
            [float(_ordinal_number(ordinal["ordinal"]))],
            1.0,
            name,
            False,
        )
    figures = FIGURES.match(text, end)
    if figures is None or not text[start:end].rstrip("s").isupper():
        return None
    numbers = _figures(figures)
    return _make(
        text,
        start,
        figures.end(),
        _rule("numbered", name),
        numbers,
        1.0,
        name,
        len(numbers) == 2 and RANGE.match(figures["rest"]) is not None,
    )


def _letter(text: str, start: int, end: int) -> Found | None:
    """As in "d 31", "D+30", "d 22 to 24"; a capital needs a sign or a preposition (vitamin D, D5W)."""
    figures = FIGURES.match(text, end)
    left = text[max(0, start - 12) : start]
    cycle = re.search(r"(?:^|(?<=[^\w]))[Cc]\d{1,2}$", left)
    if cycle and figures:
        made = value(
            "day_number",
            "event",
            direction="at",
            low=_figures(figures)[0],
            high=_figures(figures)[0],
            granularity="day",
        )
        return found(start - len(cycle[0]), figures.end(), "TIME", "time.cycle_day", made)
    if figures is None or (left and left[-1] in "/-+") or left.lower().endswith("vitamin "):
        return None
    if not figures["sign"] and _D_BEFORE.search(left) is None:
        return None
    if text[start] == "D" and text[figures.end() : figures.end() + 1].isalpha():
        return None
    numbers = _figures(figures)
    return _make(
        text,
        start,
        figures.end(),
        "time.day_number",
        numbers,
        1.0,
        None,
        len(numbers) == 2 and RANGE.match(figures["rest"]) is not None,
    )
