"""Days from time values: offsets rounded outward, calendar dates as windows.

Example: 11 months are 334.84 days, so the interval is 334..335; "June 2003" is its first to its last day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from math import ceil, floor

from pipeline.schema import TimeValue

ANY_YEAR = 2001  # no leap year
COARSE = ("month", "year")
ISO = re.compile(r"(\d{4})?-{0,2}(\d\d)?(?:-(\d\d))?$")


def outward(low: float | None, high: float | None, value: TimeValue) -> tuple[float | None, float | None]:
    """Months and years, which are averages, rounded outward to whole days; approximate ones widened by a tenth."""
    coarse = value.granularity in COARSE or any(
        x is not None and x != floor(x) and abs(x) > 27 for x in (low, high)
    )
    if value.approximate and low is not None and low == high:
        low, high = low - 0.1 * abs(low), high + 0.1 * abs(high) if high is not None else None
        coarse = coarse or abs(low) >= 7
    if coarse:
        low = floor(low) if low is not None else None
        high = ceil(high) if high is not None else None
    return low, high


def window(iso: str, year: int | None = None) -> tuple[float, float] | None:
    """First and last day (proleptic ordinals) of a partial date; ``year`` completes one that has none."""
    match = ISO.match(iso)
    if not match:
        return None
    y = int(match[1]) if match[1] else year
    if y is None:
        return None
    if not match[2]:
        return float(date(y, 1, 1).toordinal()), float(date(y, 12, 31).toordinal())
    m = int(match[2])
    if not 1 <= m <= 12:
        return None
    last = monthrange(y, m)[1]
    if not match[3]:
        return float(date(y, m, 1).toordinal()), float(date(y, m, last).toordinal())
    d = int(match[3])
    if not 1 <= d <= last:
        return None
    return (float(date(y, m, d).toordinal()),) * 2


def first_year(values: Iterable[object]) -> float:
    """The first day that the dates of a story tell with its year, else one of ``ANY_YEAR``: only differences count."""
    for value in values:
        if isinstance(value, TimeValue) and value.date and value.date[:4].isdigit():
            told = window(value.date)
            if told is not None:
                return told[0]
    return float(date(ANY_YEAR, 7, 1).toordinal())


def nearest(iso: str, last: float) -> tuple[float, float] | None:
    """The window of a partial date; one without a year lies as near as it can to ``last``, the date told before.

    "admitted on December 28 ... discharged on January 9" are twelve days.
    """
    told = window(iso)
    if told is not None:
        return told
    year = date.fromordinal(int(last)).year
    each = [found for y in (year - 1, year, year + 1) if (found := window(iso, y)) is not None]
    return min(each, key=lambda found: abs(found[0] - last), default=None)
