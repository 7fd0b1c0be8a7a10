"""Calendar dates, complete and partial, and times of the clock.

Examples: "<12th December 2007>", "<Feb. 18, 2016>", "<14/9/2005>", "<June 2003>", "<January and June 2002>",
"<beginning of August 2006>", "in <2005>", "<2011-10-27>", "at <8:00 am>".
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence

from pipeline.mentions.time.figures import UNIT
from pipeline.mentions.time.values import Value, found, value
from pipeline.mentions.time.vocabulary import MONTHS, alternation
from pipeline.structure.found import Found

I = re.IGNORECASE  # noqa: E741
MONTH = rf"(?:{alternation([m.capitalize() for m in MONTHS])})\b\.?"
YEAR = r"(?:19|20)\d\d(?!\d|[.,]\d|-\d)"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)(?: ?(?:st|nd|rd|th)\b)?"
_PART = r"(?:(?:beginning|start|end|middle|first half|second half) of |(?:early|late|mid)[- ])"
MEASURED = rf" ?(?:%|x ?10|(?:{UNIT})(?:\b|/)|bpm|°|/)"
BEFORE = re.compile(
    rf"(?:(?<!\d)(?P<day>{_DAY})(?: of)?(?:-(?P<day2>{_DAY})| (?:and|to) (?P<day3>{_DAY}))?[ -]"
    rf"|(?P<part>{_PART}))$",
    I,
)
AFTER_MONTH = re.compile(
    rf"(?:(?:-| ){YEAR}|,? (?:of )?(?P<year>{YEAR})|[ -](?P<day>{_DAY})(?!-?(?:year|month|week|day"
    rf"|hour)|[:%])(?:(?:-| to | and )(?P<day2>{_DAY})(?!\d|[.,]\d|{MEASURED}))?(?:,? ?(?:of )?(?P<year2>{YEAR}))?)",
    I,
)
SECOND = re.compile(
    rf"(?P<join>,? (?:and|to|through|until|or) |-"
    rf"| - )(?:(?P<day>{_DAY}) )?(?P<month>{MONTH})(?: (?P<day2>{_DAY})(?=,|\b(?! ?(?:st|nd|rd"
    rf"|th)\d)))?(?:,? (?:of )?(?P<year>{YEAR}))?"
)
LONE = re.compile(
    r"\b(?:in|since|until|till|from|by|of|during|between|around|before|after|early|late|on|to|last"
    r"|and)(?: (?:early|late|mid))?[ -]$",
    I,
)
SURE = re.compile(r"\b(?:in|since|until|during|by|of)(?: (?:early|late|mid))?[ -]$", I)
NUMERIC = re.compile(
    r"(?<![\w/.,-])(?:(?P<iso>(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:[12]\d|3[01]|0?[1-9]))|"
    r"(?P<a>[12]\d|3[01]|0?[1-9])(?P<sep>[/.-])(?P<b>[12]\d|3[01]|0?[1-9])(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)|"
    r"(?P<m>0[1-9]|1[0-2])/(?P<my>(?:19|20)\d\d))(?![\w/-]|\.\d)"
)
YEARS = re.compile(
    r"(?<![\w/.,])(?<!\d-)(?P<year>(?:19|20)\d\d)(?P<decade>'?s)?(?:(?P<join>-| to | - | and "
    r"|, )(?P<year2>(?:19|20)\d\d))?(?![\w/-]|[.,]\d)"
)
YEAR_LEFT = re.compile(
    r"(?:\b(?:in|since|until|till|from|by|during|before|after|between|year|late|early|mid|of|around"
    r"|and|to)(?: the(?= $))?(?: (?:the )?(?:year|early|late|mid|end of|beginning of|spring of"
    r"|summer of|autumn of|fall of|winter of))?|\b(?:spring|summer|autumn|fall"
    r"|winter)(?: of)?)(?:[ -])$",
    I,
)
SEASON = re.compile(
    r"\b(?:(?:the )?(?:spring|summer|autumn|fall|winter)(?: of)?|(?:the )?(?:beginning|end"
    r"|middle) of(?: the year)?|early|late|mid)[ -]$",
    I,
)
CITED = re.compile(r"(?:et al\.?,?|[A-Z][a-z]+(?: and [A-Z][a-z]+)?,?) \(?$")
NO_YEAR = re.compile(
    r" ?(?:mg|ml|mL|g|IU|U|cells|patients|cases|m|cm|mm|ng|pg|kcal|copies|guidelines?|classification"
    r"|criteria|WHO|revis)\b"
)
CLOCK = re.compile(
    r"(?<![\w/.,:-])(?:(?P<h>[01]?\d|2[0-4])[:.](?P<m>[0-5]\d)(?: ?(?P<ap>[ap]\.? ?m\b)| ?(?:h|hours"
    r"|hrs|o'clock)\b|(?=[ ,.;)]))|(?P<h2>1[0-2]|0?[1-9]) ?(?P<ap2>[ap]\.m\b|[ap]m\b)|(?P<h3>1[0-2]"
    r"|[1-9]) o'clock)",
    I,
)
GATE = re.compile(r"\d(?:[:/.-]\d|\d{3}(?!\d)| ?[apAP]\.? ?[mM]\b| o'c)")
AT_CLOCK = re.compile(r"\b(?:at|around|about|until|by|from|approximately|and|to|between) $", I)


def read(text: str, words: Sequence[tuple[str, int, int]]) -> Iterator[Found]:
    """The dates and times of the clock of a text."""
    behind = 0
    for word, start, end in words:
        if word in MONTHS and start >= behind and text[start].isupper():
            one = _month(text, start, end)
            if one is not None:
                behind = one.end
                yield one
    stop = 0
    for gate in GATE.finditer(text):
        at = gate.start()
        while at > stop and text[at - 1].isdigit():
            at -= 1
        if at < stop:
            continue
        for pattern, read_match in ((NUMERIC, _numeric), (YEARS, _year), (CLOCK, _clock)):
            match = pattern.match(text, at)
            one = read_match(text, match) if match else None
            if match and one is not None:
                stop = match.end()
                yield one
                break


def iso(year: int | None, month: int, day: int | None) -> str | None:
    """The ISO date, partial where day or year ("--MM-DD") is missing; None for a day that no month has."""
    if day is not None and not 1 <= day <= monthrange(year or 2000, month)[1]:
        return None
    head = f"{year:04d}" if year else "-"
    return f"{head}-{month:02d}" + (f"-{day:02d}" if day else "")


def _day(text: str | None) -> int | None:
    digits = re.match(r"\d+", text) if text else None
    return int(digits[0]) if digits else None


def _month(text: str, start: int, end: int) -> Found | None:
    number = MONTHS[text[start:end].lower()]
    if text[end : end + 1] == ".":
        end += 1
    left = text[max(0, start - 36) : start]
    before, after = BEFORE.search(left), AFTER_MONTH.match(text, end)
    begin = start - len(left) + before.start() if before else start
    day = _day(before["day"]) if before else None
    last_day = _day(before["day2"] or before["day3"]) if before else None
    year: int | None = None
    if after:
        found_year = re.search(r"(?:19|20)\d\d$", after[0])
        year = int(found_year[0]) if found_year else None
        if after["day"]:
            if day is not None and year is None:
                after = None
            else:
                day, last_day = _day(after["day"]), _day(after["day2"])
    stop = after.end() if after else end
    second = SECOND.match(text, stop)
    if second and (second["year"] or year or day):
        return _two(begin, second, number, day, year)
    if day is None and year is None:
        # "may" and "march" are also verbs, and short forms other words, but for "in May".
        name = text[start:end].lower().rstrip(".")
        lone = LONE if name not in ("may", "march") else SURE
        if (len(name) < 5 and name not in ("june", "july", "may")) or not lone.search(left):
            return None
    first = iso(year, number, day)
    if first is None:
        return None
    end_date = iso(year, number, last_day) if last_day else None
    part = before["part"] if before else None
    made = value(
        "date", date=first, date_end=end_date, granularity="day" if day else "month", approximate=bool(part)
    )
    stop = stop - 1 if stop == end and text[stop - 1] == "." and not after else stop
    return found(begin, stop, "TIME", "time.date.month" if day is None else "time.date.day", made)


def _two(begin: int, second: re.Match[str], number: int, day: int | None, year: int | None) -> Found | None:
    """As in "January to July 2013", "January and June 2002", "12 May to 3 June 2010"."""
    year2 = int(second["year"]) if second["year"] else year
    number2 = MONTHS[second["month"].rstrip(".").lower()]
    first = iso(year or (year2 if year2 and number <= number2 else year2 - 1 if year2 else None), number, day)
    last = iso(year2, number2, _day(second["day"] or second["day2"]))
    if first is None or last is None:
        return None
    made = value("date", date=first, date_end=last, granularity="day" if day else "month")
    rule = "time.date.pair" if "and" in second["join"] or "or" in second["join"] else "time.date.range"
    return found(begin, second.end(), "TIME", rule, made)


def _numeric(text: str, match: re.Match[str]) -> Found | None:
    made = _numeric_value(match)
    return found(match.start(), match.end(), "TIME", "time.date.numeric", made) if made else None


def _numeric_value(match: re.Match[str]) -> Value | None:
    if match["iso"]:
        year, month, day = (int(n) for n in re.split(r"[-/.]", match["iso"]))
        made = iso(year, month, day)
    elif match["m"]:
        return value("date", date=f"{match['my']}-{match['m']}", granularity="month")
    else:
        if len(match["y"]) == 2 and match["sep"] != "/":
            return None
        day, month = int(match["a"]), int(match["b"])
        year = int(match["y"]) if len(match["y"]) == 4 else 2000 + int(match["y"])
        ambiguous = day <= 12 and month <= 12 and day != month
        if ambiguous and match["sep"] == "/":
            return value(
                "unresolved",
                date=f"{year}",
                granularity="day",
                reason="day_and_month_ambiguous",
                approximate=True,
            )
        if month > 12:
            day, month = month, day
        if month > 12:
            return None
        made = iso(year, month, day)
    return value("date", date=made, granularity="day") if made else None


def _year(text: str, match: re.Match[str]) -> Found | None:
    left = text[max(0, match.start() - 40) : match.start()]
    prefix = YEAR_LEFT.search(left)
    if prefix is None or NO_YEAR.match(text, match.end()) or re.search(rf"{MONTH},?(?: of)? $", left):
        return None
    if CITED.search(left) and not prefix:
        return None
    season = SEASON.search(left)
    start = match.start() - (len(left) - season.start() if season else 0)
    year2 = match["year2"]
    end = match.end()
    if year2 and match["join"] == ", ":
        year2, end = None, match.end("year")
    date_end = year2
    if match["decade"]:
        date_end = f"{int(match['year'][:3])}9"
    made = value(
        "date",
        date=match["year"],
        date_end=date_end,
        granularity="year",
        approximate=bool(season or match["decade"]),
    )
    return found(start, end, "TIME", "time.date.year", made)


def _clock(text: str, match: re.Match[str]) -> Found | None:
    half = match["ap"] or match["ap2"]
    hour = int(match["h"] or match["h2"] or match["h3"])
    left = text[max(0, match.start() - 16) : match.start()]
    if not half and not match["h3"]:
        separator = text[match.end("h")]
        unit = text[match.end("m") : match.end()].strip()
        if not (AT_CLOCK.search(left) and (separator == ":" or unit)):
            return None
    if half:
        hour = hour % 12 + (12 if half[0].lower() == "p" else 0)
    moment = (hour + int(match["m"] or 0) / 60) / 24
    if moment > 1.0:
        return None
    return found(
        match.start(),
        match.end(),
        "TIME",
        "time.clock",
        value(
            "clock", direction="at", low=moment, high=moment, granularity="minute" if match["m"] else "hour"
        ),
    )
