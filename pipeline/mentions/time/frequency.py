"""How often: "<twice daily>", "<three times a week>", "<q8h>", "<tid>", "<8-10 episodes per day>".

"every 3 weeks" is read with the other amounts of time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.mentions.time.amounts import ONE, parse
from pipeline.mentions.time.values import found, value
from pipeline.mentions.time.vocabulary import SLOTS, granularity, number, unit_days
from pipeline.structure.found import Found
from pipeline.structure.terms import Hit

I = re.IGNORECASE  # noqa: E741
_PER = r"(?: ?/ ?| per | a | an | each | every | in a |-per-|-a-| daily\b(?P<daily>))"
_UNIT = r"(?P<unit>day|d|week|wk|month|mo|year|yr|hour|hr|h|minute|min|night|24 hours?|24 h)\b"
AFTER = re.compile(rf"(?:{_PER}(?:{_UNIT})?|-daily\b)", I)
EVENTS = frozenset(SLOTS["occasion"])
ONCE = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
LIVING = (" living", " life", " activit", "-living", " routine", " basis of life")
WORDS = EVENTS | ONCE.keys() | {"q"}
INTERVAL = re.compile(
    r"[qQ]\.? ?(?P<amount>\d{1,2}(?:-\d{1,2})?) ?-?(?P<unit>h|hr|hrs|hours?|d|days?|w|wk|weeks?|min|mo)\b\.?"
)
DOSED = re.compile(
    r"\b(?:mg|g|ug|mcg|ml|mL|units?|U|IU|mmol|mEq|tablets?|capsules?|drops?|puffs?|p\.?o\.?|PO|iv|IV"
    r"|i\.v\.?|po|sc|SC|im|IM|orally|intravenously|dose|kg|orally,?|subcutaneously|oral|day|inhaled"
    r"|\d)[ ,)]*$"
)


def word(text: str, hit: Hit) -> Found | None:
    """A frequency word of time.csv; a Latin one only behind a dose or a route."""
    entry = hit.entry
    before = text[max(0, hit.start - 24) : hit.start]
    surface = text[hit.start : hit.end]
    if "dosed" in entry.flags and (DOSED.search(before) is None or not surface.replace(".", "").isalpha()):
        return None
    if before.endswith(("/", "-")) or text.startswith(LIVING, hit.end):
        return None
    days = number(entry, "low")
    if days is None:
        made = value("unresolved", reason="no_number")
        return found(hit.start, hit.end, "FREQUENCY", entry.columns["rule"], made, 0.6)
    made = value("frequency", low=days, high=days, granularity=granularity(days))
    return found(hit.start, hit.end, "FREQUENCY", entry.columns["rule"], made)


def read(text: str, words: Sequence[tuple[str, int, int]]) -> Iterator[Found]:
    """The rates of a text."""
    for name, start, end in words:
        one = None
        if name in EVENTS or name in ONCE:
            one = _rate(text, name, start, end)
        elif name == "q":
            one = _interval(text, start)
        if one is not None:
            yield one


def _interval(text: str, start: int) -> Found | None:
    match = INTERVAL.match(text, start)
    parsed = parse(match["amount"]) if match else None
    if match is None or parsed is None:
        return None
    unit = 7.0 if match["unit"].lower() == "w" else unit_days(match["unit"])
    if unit is None:
        return None
    made = value("frequency", low=parsed[0] * unit, high=parsed[1] * unit, granularity=granularity(unit))
    return found(start, match.end() - (match[0][-1] == "."), "FREQUENCY", "time.frequency.latin", made)


def _rate(text: str, word: str, start: int, end: int) -> Found | None:
    """A count of occasions in a stretch of time."""
    rate = AFTER.match(text, end)
    if rate is None:
        return None
    daily = rate["daily"] is not None or rate[0] == "-daily"
    if not daily and rate["unit"] is None:
        return None
    if word in ONCE:
        low = high = ONCE[word]
        at = start
    else:
        left = text[max(0, start - 40) : start]
        match = re.search(
            rf"(?:^|(?<=[ (,~\n]))(?P<amount>{ONE}(?:(?: ?- ?| to | or ){ONE})?)[- ]?$", left, I
        )
        parsed = parse(match["amount"]) if match else None
        if match is None or parsed is None or parsed[0] == 0:
            return None
        low, high = parsed[:2]
        at = start - len(left) + match.start()
    unit = 1.0 if daily or rate["unit"].lower().startswith("24") else unit_days(rate["unit"])
    if unit is None:
        return None
    made = value("frequency", low=unit / high, high=unit / low, granularity=granularity(unit))
    return found(at, rate.end(), "FREQUENCY", "time.frequency.rate", made)
