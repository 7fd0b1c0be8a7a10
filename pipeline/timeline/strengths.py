"""The moments with names of their own, and how firmly a constraint holds where others contradict it.

Example: "day 3" (STRONG) stands against the reading that the story goes on (LOOSE), which gives way.
"""

from __future__ import annotations

ZERO = "zero"
START = "start"
BIRTH = "birth"
CALENDAR = "calendar"
PREGNANCY = "ref:pregnancy"
STAY = ("admission", "presentation")
STRONG, NAMED, KNOWN, TOLD, LOOSE = 5.0, 4.0, 3.0, 1.0, 0.5
