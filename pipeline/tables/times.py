"""What the head of a row or column says of time: a day, a visit, a date, "before treatment".

Heads are terser than prose: "D14", "POD 2", "3 months", "Baseline". Source: forms of published tables.
Example: "HD 3" is the third hospital day, "3" under "Days after admission" the third day from admission.
"""

from __future__ import annotations

import re

from pipeline.schema import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, TimeValue

I = re.IGNORECASE  # noqa: E741
LENGTHS = {"h": 1 / 24, "d": 1.0, "w": DAYS_PER_WEEK, "m": DAYS_PER_MONTH, "y": DAYS_PER_YEAR}
GRAINS = {"h": "hour", "d": "day", "w": "week", "m": "month", "y": "year"}
UNIT = r"(?P<unit>hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mos?|m|years?|yrs?|y)"
NUMBER = r"[+]?(?P<n>-?\d{1,3}(?:\.\d)?)(?:\s?(?:-|to|~|/)\s?(?P<to>\d{1,3}))?"
REFERENCES = (
    ("admission", r"admission|admitted|hospitali[sz]ation|hospital(?: stay)?|\bHD\b|\bHOD\b"),
    ("surgery", r"surg|operat|\bPOD\b|post-?op"),
    ("transplantation", r"transplant|\bHSCT\b|infusion of cells"),
    ("birth", r"birth|\blife\b|\bDOL\b|\bage\b|postnatal"),
    ("delivery", r"deliver|postpartum|\bPPD\b"),
    ("discharge", r"discharge"),
    ("icu", r"\bICU\b|intensive care"),
    ("onset", r"onset|symptom|illness"),
    ("diagnosis", r"diagnos"),
    ("presentation", r"presentation|arrival|first visit|initial visit"),
    ("treatment", r"treatment|therapy|start of|initiation|dose|medication|treated|infusion"),
)  # fmt: skip
NUMBERED = re.compile(
    rf"(?P<before>(?:[A-Za-z-]+ ){{0,3}}?)(?P<unit>days?|d|weeks?|w|wk|months?|mo|m|years?|y|HD|POD|DOL|PPD|HOD)"
    rf"\.?(?P<after>(?: (?:after|post|since|from|of|following|on)(?: [A-Za-z-]+){{1,4}})?)[ :#]*{NUMBER}(?: ?\(.*\))?$", I
)  # fmt: skip
LATER = re.compile(
    rf"(?:at |after )?{NUMBER}[ -]?{UNIT}\b(?P<rest>.*)$", I
)  # fmt: skip
ORDINAL = re.compile(
    r"(?P<n>\d{1,2})(?:st|nd|rd|th) (?P<before>(?:[A-Za-z-]+ )?)(?P<unit>day|week|month)(?P<after>.*)$", I
)
BACK = re.compile(r"\b(?:before|prior|pre-?|earlier|ago)\b", I)
REST = re.compile(
    r"(?: ?(?:after|post|since|from|before|prior to|later|following|of|on|into)\b.*| ?(?:follow[- ]?up|visit).*| ?\(.*\))?$",
    I,
)
ADMITTED = re.compile(
    r"(?:(?:on|at|upon|day of|hospital) )?(?:admission|arrival|hospitali[sz]ation|emergency department|ED|ER)(?: day| values?| labs?)?$",
    I,
)
PRESENTED = re.compile(
    r"(?:(?:on|at|upon|initial|first) )?(?:presentation|initial|initial (?:values?|visit|evaluation|results?|labs?)|baseline|first visit|pre-?admission visit)(?: values?)?$",
    I,
)
DISCHARGED = re.compile(r"(?:(?:on|at|upon|day of) )?discharge(?: day)?$", I)
LAST = re.compile(
    r"(?:(?:at|on) )?(?:the )?(?:last|latest|final|most recent) (?:follow[- ]?up|visit|examination|control|evaluation)(?: visit)?$",
    I,
)
BESIDE = re.compile(
    r"(?P<side>before|prior to|pre-?|after|post-?|following|during|at|on|start of|end of|at the end of) ?"
    r"(?P<what>(?:the )?(?:treatment|therapy|surgery|operation|transplant(?:ation)?|diagnosis|onset|delivery|discharge|admission|"
    r"treated|op|operative(?:ly)?|tx))$", I
)  # fmt: skip
MONTHS = {m: i for i, m in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
ISO = re.compile(r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?$")
NUMERIC = re.compile(r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)?\d\d)$")
WORDED = re.compile(
    rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[- ])?{MONTH}(?:[ -](?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?,?(?:[ -](?P<y>(?:19|20)\d\d))?$",
    I,
)
BARE = re.compile(r"[+]?-?\d{1,3}(?:\s?-\s?\d{1,3})?$")
AXIS = re.compile(r"(?:day|week|month|year|hour|\bHD\b|\bPOD\b|time|date|visit)", I)


def time(text: str, above: str = "") -> TimeValue | None:
    """What a head says of time; ``above`` is what stands over a bare number ("Day", "Days after admission")."""
    text = text.strip(" :.,;")
    if BARE.fullmatch(text) and (AXIS.search(above) or NUMBERED.match(f"{above} {text}")):
        return _numbered(f"{_axis_words(above)} {text}")
    return (
        _date(text) or _visit(text) or _numbered(text) or _later(text) or _ordinal(text)
        or (time(text[: text.index("(")]) if "(" in text[1:] else None)
    )  # fmt: skip


def reference_in(text: str) -> str | None:
    """The event that words count from, or None."""
    return next((name for name, pattern in REFERENCES if re.search(pattern, text, I)), None)


def _axis_words(above: str) -> str:
    """The head of an axis without brackets and slashes: "Time (days)" counts days."""
    inner = re.search(r"\((hours?|days?|weeks?|months?|years?)\)", above, I)
    return inner[1] if inner else re.split(r"[/(]", above)[0].strip()


def _numbered(text: str) -> TimeValue | None:
    found = NUMBERED.fullmatch(text)
    if not found:
        return None
    word = found["unit"].lower()
    reference = reference_in(f"{found['before']} {found['unit']} {found['after']}")
    if (
        found["before"]
        and reference is None
        and not re.fullmatch(r"(?:at|on|the|study|follow-?up|illness|cycle) ?", found["before"], I)
    ):
        return None
    unit = "d" if word in ("hd", "pod", "dol", "ppd", "hod") else word[0]
    if unit == "m" and word == "m" and not found["before"] and " " in text:
        return None
    low = float(found["n"])
    high = float(found["to"]) if found["to"] else None
    if unit == "d" and not found["after"]:
        return TimeValue(kind="day_number", reference=reference, direction="during" if high else "at", low=low,
                         high=low, until_low=high, until_high=high, granularity="day")  # fmt: skip
    size = LENGTHS[unit]
    first = low if high is not None or found["after"] or unit in "hd" else max(low - 1, min(low, 0.0))
    return TimeValue(kind="offset", reference=reference, direction="after", low=first * size, high=(high or low) * size,
                     granularity=GRAINS[unit])  # fmt: skip


def _later(text: str) -> TimeValue | None:
    found = LATER.fullmatch(text)
    if not found or not REST.fullmatch(found["rest"]):
        return None
    unit = found["unit"][0].lower()
    sign = -1.0 if BACK.search(found["rest"]) else 1.0
    ends = sorted(sign * float(n) * LENGTHS[unit] for n in (found["n"], found["to"] or found["n"]))
    return TimeValue(kind="offset", reference=reference_in(found["rest"]), direction="before" if sign < 0 else "after",
                     low=ends[0], high=ends[1], granularity=GRAINS[unit])  # fmt: skip


def _ordinal(text: str) -> TimeValue | None:
    found = ORDINAL.fullmatch(text)
    if not found or (found["after"] and reference_in(found["after"]) is None):
        return None
    days = float(found["n"]) * LENGTHS[found["unit"][0].lower()]
    return TimeValue(kind="day_number" if found["unit"].lower() == "day" else "offset", direction="at", low=days, high=days,
                     reference=reference_in(found["before"] + found["after"]), granularity="day")  # fmt: skip


def _visit(text: str) -> TimeValue | None:
    for pattern, reference in (
        (ADMITTED, "admission"),
        (PRESENTED, "presentation"),
        (DISCHARGED, "discharge"),
        (LAST, "follow-up"),
    ):
        if pattern.fullmatch(text):
            return TimeValue(kind="event", reference=reference, direction="at", low=0.0, high=0.0)
    found = BESIDE.fullmatch(text)
    if not found:
        return None
    side = found["side"].lower()
    what = "surgery" if found["what"].lower().startswith("op") else reference_in(found["what"]) or "treatment"
    if side.startswith(("before", "prior", "pre")):
        return TimeValue(kind="event", reference=what, direction="before", high=0.0)
    if side in ("at", "on", "start of"):
        return TimeValue(kind="event", reference=what, direction="at", low=0.0, high=0.0)
    return TimeValue(kind="event", reference=what, direction="after", low=0.0)


def _date(text: str) -> TimeValue | None:
    if found := ISO.fullmatch(text):
        return _calendar(found["y"], int(found["m"]), found["d"])
    if found := WORDED.fullmatch(text):
        day = found["d"] or found["d2"]
        if day or found["y"]:
            return _calendar(found["y"], MONTHS[found["name"].lower()], day)
    if (found := NUMERIC.fullmatch(text)) and len(found["y"]) == 4:
        a, b = int(found["a"]), int(found["b"])
        if found["sep"] == "." or a > 12:
            return _calendar(found["y"], b, found["a"])
        if b > 12 or a == b:
            return _calendar(found["y"], a, found["b"])
        return TimeValue(
            kind="unresolved", date=found["y"], granularity="day", reason="day_and_month_ambiguous"
        )
    return None


def _calendar(year: str | None, month: int, day: str | None) -> TimeValue | None:
    if not 1 <= month <= 12 or (day and not 1 <= int(day) <= 31):
        return None
    date = (year or "-") + f"-{month:02d}" + (f"-{int(day):02d}" if day else "")
    return TimeValue(kind="date", date=date, granularity="day" if day else "month")
