"""Assumed dates: day 0 of every case put at one declared day, for models that cannot hold "day 28".

Example: with the epoch 2000-01-01 day 28 is 2000-01-29; an interval that is open on one side has no date.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

EPOCH = date(2000, 1, 1)


def assumed_date(epoch: date, low: float | None, high: float | None) -> date | None:
    """The first day of an interval; None where a side is open, or the calendar ends before."""
    if low is None or high is None:
        return None
    try:
        return epoch + timedelta(days=math.floor(low))
    except OverflowError:
        return None


def assumed_moment(epoch: date, low: float | None, high: float | None) -> str | None:
    """The same in ISO form; with hours and minutes (UTC) where the interval begins on no whole day."""
    day = assumed_date(epoch, low, high)
    if day is None or low is None:
        return None
    if low == math.floor(low):
        return day.isoformat()
    minutes = round((low - math.floor(low)) * 24 * 60)
    return (datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)).isoformat() + "Z"
