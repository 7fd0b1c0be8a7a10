"""Amounts of time: numbers in figures and words, ranges, lists and vague words, with their unit.

Example: "<one and a half months>" is 1.5 months, "<2-3 weeks>" 14 to 21 days, "<a few days>" 2 to 6 days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.mentions.time.vocabulary import MONTHS, UNITS, VAGUE, alternation, of_kind, unit_days

NUMBERS = {entry.term: float(entry.columns["low"]) for entry in of_kind("number")}
SMALL = sorted((word for word, n in NUMBERS.items() if n < 20), key=NUMBERS.__getitem__)
TENS = sorted((word for word, n in NUMBERS.items() if 20 <= n < 100), key=NUMBERS.__getitem__)
NUMBERS.update({"a": 1.0, "an": 1.0, "another": 1.0, "half": 0.5, "half a": 0.5, "half an": 0.5})

ORDINALS = {entry.term: int(entry.columns["low"]) for entry in of_kind("ordinal")}
ORDINALS.update({f"twenty-{word}": 20 + n for word, n in list(ORDINALS.items()) if n < 10})
ORDINAL = rf"(?:\d{{1,3}} ?(?:st|nd|rd|th)|{alternation(list(ORDINALS))})"

_VAGUE = rf"(?:a )?(?:good |great )?(?:{'|'.join(VAGUE)})(?: of)?(?: the)?|a number of"
_WORD = rf"(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(SMALL[1:10])}))?|{alternation(SMALL)}|(?:one )?hundred"
ONE = (
    rf"(?:\d{{1,4}}(?:[.,]\d+)?(?:⁄\d)?(?:[- ]and[- ]a[- ]half)?(?:-|(?=[a-z ]))?|(?:{_VAGUE})(?![\w-])|"
    rf"(?:{_WORD})(?![\w])(?:[- ]and[- ]a[- ]half)?|half(?: an?)?(?!\w)|another(?!\w)|an?(?!\w))"
)
_BETWEEN = r"(?:, (?:and |or )?| and | or |-? to |-or-|-to-| ?- ?| & |, )"
_QUALITY = (
    r"(?:consecutive|full|whole|more|additional|further|extra|long|short|calendar|entire|successive"
    r"|complete|post-?operative|"
    r"hospital|gestational|treatment|solid|continuous|sleepless|better)"
)
AMOUNT = re.compile(
    rf"(?<![\w/.,⁄^])(?P<amount>{ONE}(?:{_BETWEEN}{ONE})*)(?P<gap>[- ]{{0,2}}(?:{_QUALITY}[- ])*)$",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"(?P<figure>\d+(?:[.,]\d+)?)(?:(?P<over>⁄)(?P<under>\d))?|(?P<vague>{_VAGUE})(?![\w-])"
    rf"|(?P<word>{_WORD}|half(?: an?)?|another|an?)(?!\w)",
    re.IGNORECASE,
)
_HALF = re.compile(r"[- ]and[- ]a[- ]half", re.IGNORECASE)
_RANGE = re.compile(r"^(?:-?[ -]to[ -]|-or-| or | ?- ?| and )$", re.IGNORECASE)
_LETTERS = frozenset(("h", "d", "s", "mo", "min", "sec", "hr", "hrs", "yr", "yrs", "wk", "wks", "mos"))
LONGEST = 64
# What an amount ends with, as a cheap look before the long one.
LAST = re.compile(
    rf"(?:[\d⁄]|\b(?:an?|half|another|of|the|hundred|{'|'.join((*SMALL, *TENS, *VAGUE))}"
    rf"|{_QUALITY}))[- ]{{0,2}}$",
    re.IGNORECASE,
)


class Amount(NamedTuple):
    """An amount with its unit at its place; ``points`` are the several amounts of a list, all in days.

    ``unit`` is the days of one unit, ``plain`` whether the amount is only "a", "an" or missing.
    """

    start: int
    end: int
    low: float
    high: float | None
    unit: float
    points: tuple[tuple[float, float], ...] = ()
    plain: bool = False
    approximate: bool = False


def parse(text: str) -> tuple[float, float, tuple[tuple[float, float], ...], bool] | None:
    """Lowest and highest number of an amount, the several ones of a list, and whether it is vague.

    >>> parse("1, 3 and 6")
    (1.0, 6.0, ((1.0, 1.0), (3.0, 3.0), (6.0, 6.0)), False)
    """
    values: list[tuple[float, float]] = []
    vague = False
    joins: list[str] = []
    at = 0
    while (part := _PART.search(text, at)) is not None:
        if values:
            joins.append(text[at : part.start()])
        at = part.end()
        if part["figure"]:
            value = _figure(part["figure"], part["over"], part["under"])
        elif part["vague"]:
            words = re.sub(r"[^a-z ]", "", part["vague"].lower()).split()
            low, high = next((VAGUE[word] for word in words if word in VAGUE), (3.0, 10.0))
            values.append((low, high))
            vague = True
            continue
        else:
            words = re.split(r"[- ]", part["word"].lower())
            value = (
                0.5
                if words[0] == "half"
                else sum(NUMBERS[word] for word in words)
                if "hundred" not in words
                else 100.0
            )
        half = _HALF.match(text, at)
        if half:
            value += 0.5
            at = half.end()
        values.append((value, value))
    if not values:
        return None
    if len(values) == 1:
        return (*values[0], (), vague)
    if len(values) == 2 and _RANGE.match(joins[0]) and joins[0] != " and " and values[0][0] < values[1][1]:
        return values[0][0], values[1][1], (), vague
    return min(v[0] for v in values), max(v[1] for v in values), tuple(values), vague


def _figure(figure: str, over: str | None, under: str | None) -> float:
    """A figure; one half is written 1⁄2 in the view, so that "21⁄2" is two and a half."""
    if over and under:
        whole, numerator = figure[:-1], figure[-1]
        return (float(whole) if whole else 0.0) + float(numerator) / float(under)
    return float(figure.replace(",", "."))


# "on day 26, nine days after", "on May 3, two days later": a day and an amount, not a list of amounts.
YEAR = re.compile(r"(?:19|20)\d\d,")
NUMBERED = re.compile(rf"\b(?:days?|{alternation(list(MONTHS))})\.? \Z", re.IGNORECASE)


def find(text: str, words: Iterable[tuple[str, int, int]]) -> Iterator[Amount]:
    """The amounts of a text, at its unit words, from left to right."""
    for word, start, end in words:
        if word not in UNITS and word + "s" not in UNITS:
            continue
        surface = text[start:end].split("'")[0]
        unit = unit_days(surface)
        if unit is None:
            continue
        end = start + len(surface)
        short = surface.lower() in _LETTERS
        if short and not surface.islower() and surface not in ("Min", "Hr", "Hrs", "Mo"):
            continue
        floor = max(0, start - LONGEST)
        found = AMOUNT.search(text[floor:start]) if LAST.search(text, max(floor, start - 16), start) else None
        if found is None or "\n" in found[0]:
            if not short and surface.lower() != "second":
                yield Amount(start, end, 1.0 * unit, 1.0 * unit, unit, plain=True)
            continue
        if re.match(r"0\d", found["amount"]) or (surface == "s" and re.search(r"\d{4}$", found["amount"])):
            continue
        begin, amount = floor + found.start("amount"), found["amount"]
        if "," in amount and (NUMBERED.search(text, max(0, begin - 12), begin) or YEAR.match(amount)):
            begin, amount = begin + len(amount) - len(rest := amount.rpartition(",")[2].lstrip()), rest
        parsed = parse(amount)
        if parsed is None or (short and not amount[-1].isdigit() and amount[-1] != "-"):
            continue
        low, high, points, vague = parsed
        yield Amount(
            begin,
            end,
            low * unit,
            high * unit,
            unit,
            tuple((a * unit, b * unit) for a, b in points),
            plain=amount.lower() in ("a", "an"),
            approximate=vague,
        )


def join(text: str, amounts: Iterable[Amount]) -> list[Amount]:
    """Amounts beside each other as one: in smaller units ("2 years and 3 months"), or a list of one unit."""
    joined: list[Amount] = []
    for one in amounts:
        last = joined[-1] if joined else None
        if last and last.high is not None and one.high is not None and not one.plain:
            between = text[last.end : one.start]
            if (
                between in (" and ", " ", ", ", "-and-", ", and ")
                and one.unit < last.unit
                and not (last.points or one.points)
            ):
                joined[-1] = last._replace(
                    end=one.end, low=last.low + one.low, high=last.high + one.high, unit=one.unit, plain=False
                )
                continue
            if between in (" and ", " or ", " to ", "-", " - ", ", and ", ", ") and not last.plain:
                if (
                    between in (" or ", " to ", "-", " - ")
                    and not (last.points or one.points)
                    and last.low < one.high
                ):
                    joined[-1] = last._replace(end=one.end, high=one.high)
                    continue
                if one.unit == last.unit or between == " and ":
                    points = (last.points or ((last.low, last.high),)) + (
                        one.points or ((one.low, one.high),)
                    )
                    joined[-1] = last._replace(
                        end=one.end, low=min(last.low, one.low), high=max(last.high, one.high), points=points
                    )
                    continue
        half = text[one.end : one.end + 11].lower()
        if half == " and a half" and one.high is not None:
            one = one._replace(
                end=one.end + 11, low=one.low + one.unit / 2, high=one.high + one.unit / 2, plain=False
            )
        joined.append(one)
    return joined
