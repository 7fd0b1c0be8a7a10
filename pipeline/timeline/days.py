"""Days from time values: offsets rounded outward, calendar dates as windows.

Example: 11 months are 334.84 days, so the interval is 334..335; "June 2003" is its first to its last day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from math import ceil, floor

from pipeline.schema import TimeValue

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
