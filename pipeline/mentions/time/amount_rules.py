"""What an amount of time says by its neighbours: an offset, a window, a duration, a frequency, an age or no time.

The rules are those of time_rule.csv whose anchor is an amount: ``{amount}`` ("3 days", "a week"), ``{number}`` (the
same without "a"), ``{units}`` (a plural without a number, "within hours"), ``{unit}`` (a single unit, "every day";
``{day}``, ``{hour}`` ... name one) and those of ``FORMS``. What "about", "at least" and the like before the amount do
to it is told in ``context``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.mentions.time import context
from pipeline.mentions.time.amounts import Amount
from pipeline.mentions.time.context import Measured
from pipeline.mentions.time.rules import Fit, Rule, Rules
from pipeline.mentions.time.values import Value, found, value
from pipeline.mentions.time.vocabulary import POST, granularity
from pipeline.structure.found import Found

NUMBER, ARTICLE, UNITS, MINUTE, HOUR, DAY, LONG, GESTATIONAL, VIABLE, SECONDS, FRACTION = (
    1 << n for n in range(11)
)
FORMS = {
    "amount": NUMBER | ARTICLE, "number": NUMBER, "units": UNITS, "unit": HOUR | DAY | LONG, "hour": HOUR, "day": DAY,
    "longer unit": LONG, "calendar unit": DAY | LONG, "other unit": HOUR | LONG, "any": (1 << 11) - 1,
    "gestational weeks": GESTATIONAL, "viable weeks": VIABLE, "seconds": SECONDS, "fraction of seconds": FRACTION,
}  # fmt: skip
"""The forms of an amount that a pattern may ask for, as bits."""
DUE = 280.0
"""Days of a pregnancy at the term."""
WEEKS_OF_BIRTH = (20, 43)
"""Weeks at which a birth is one of a living child."""
NEXT = re.compile(r"(?:'s?)?[ -]?([A-Za-z]+|/|\+)")
PLUS = re.compile(r"(\d\d)(?:\+| \+ )$")


@cache
def rules() -> Rules:
    """The rules around an amount."""
    return Rules(FORMS)


def read(text: str, amounts: list[Amount]) -> Iterator[Found]:
    """The expressions around the amounts of a text."""
    between = rules().between
    for amount in amounts:
        left = context.left_of(text, amount.start)
        measured, left = context.measure(text, amount, left)
        following = NEXT.match(text, amount.end)
        form = _form(text, measured)
        for rule in between(_last(left), following[1].lower() if following else "", form):
            if (fit := rule.fits(text, left, amount.end)) is not None:
                if rule.kind != "none":
                    yield _found(text, rule, fit, measured, left)
                break


def _last(left: str) -> str:
    """The word or slash that a left ends with."""
    word = left.rstrip(" -.")
    return (
        "/"
        if word.endswith("/")
        else word[max(word.rfind(" "), word.rfind("-")) + 1 :].lstrip('(,;."\n').lower()
    )


def _form(text: str, measured: Measured) -> int:
    """The bits of what an amount is."""
    amount = measured.amount
    if measured.bare:
        if measured.plural:
            return UNITS
        return (
            MINUTE
            if amount.unit < 0.01
            else HOUR
            if amount.unit < 1.0
            else DAY
            if amount.unit == 1.0
            else LONG
        )
    form = ARTICLE if amount.plain else NUMBER
    surface = text[amount.start : amount.end]
    if "gestational" in surface:
        form |= GESTATIONAL
    if amount.unit == 7.0 and WEEKS_OF_BIRTH[0] * 7 <= amount.low <= WEEKS_OF_BIRTH[1] * 7:
        form |= VIABLE
    if amount.unit < 1e-4:
        form |= SECONDS | (FRACTION if "." in surface else 0)
    return form


def _found(text: str, rule: Rule, fit: Fit, measured: Measured, left: str) -> Found:
    """The candidate of a rule that fits."""
    start = measured.start if fit.start < 0 else measured.start - len(left) + fit.start
    if rule.days == "weeks" and (weeks := PLUS.search(left)):
        # "36+2 weeks of gestation" are 36 weeks and 2 days.
        days = 7.0 * int(weeks[1]) + measured.amount.low / measured.amount.unit
        measured, start = measured._replace(low=days, high=days), start - len(weeks[0])
    if measured.bare and measured.plural:
        measured = measured.some()
    name = rule.reference
    if fit.right is not None and name in ("post", "pre"):
        name = POST[fit.right[name].lower().replace("-", "").replace(" ", "")][0]
    made = value(
        rule.kind, fit.reference or name, direction=rule.direction, granularity=granularity(measured.amount.unit),
        approximate=measured.approximate, **days_of(rule, measured),
    )  # fmt: skip
    return found(start, fit.end, rule.label, rule.id, made, rule.confidence)


def days_of(rule: Rule, measured: Measured) -> Value:
    """The days that the formula of a rule makes of an amount."""
    low, high, formula = measured.low, measured.high, rule.days
    points = measured.amount.points if rule.kind != "frequency" else ()
    if formula in ("n", "weeks"):
        return {"low": low, "high": high, "points": points}
    if formula == "280 + n":
        # A corrected age counts from the day on which the child was due.
        due = tuple((a + DUE, b + DUE) for a, b in points)
        return {"low": low + DUE, "high": None if high is None else high + DUE, "points": due}
    if formula == "-n":
        back = tuple(sorted((-b, -a) for a, b in points))
        return {"low": _minus(high), "high": -low, "points": back}
    if formula == "age":
        # A person is 16 from one birthday to the next.
        year = measured.amount.unit if measured.amount.unit > 360 and not points else 0.0
        return {"low": low, "high": None if high is None else high + year, "points": points}
    if formula == "0..n":
        return {"low": 0.0, "high": high}
    if formula == "-n..0":
        return {"low": _minus(high), "high": 0.0}
    if formula == "0..2n":
        return {"low": 0.0, "high": 2 * low}
    if formula == "-2n..0":
        return {"low": -2 * low, "high": 0.0}
    if formula == "0 until n":
        return {"low": 0.0, "high": 0.0, "until_low": low, "until_high": high}
    return {"low": _minus(high), "high": -low, "until_low": 0.0, "until_high": 0.0}


def _minus(days: float | None) -> float | None:
    return None if days is None else -days
