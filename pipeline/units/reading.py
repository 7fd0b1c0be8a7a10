"""Units as texts write them, and their UCUM codes.

The atoms of lexicon/unit.csv, put together by "/", "per", negative exponents and powers of ten.
Source: UCUM 2.1 (https://ucum.org) for the codes.

Example: "mg/m 2" is "mg/m2", "x 109/L" is "10*9/L" (a lost superscript), "mg kg-1 day-1" is "mg/kg/d".
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline import lexicon

MAGNITUDES = {"million": 1e6, "millions": 1e6, "mio": 1e6, "billion": 1e9, "thousand": 1e3}

POWER = re.compile(
    r"\s?(?:[xX*]\s?10\s?(?:\^|\*\*?|[eE]|exp)?\s?\(?\+?(?P<n>1[0-2]|[2-9])\)?|10(?:\^|\*\*?|"
    r"[eE])(?P<m>1[0-2]|[2-9]))(?!\d)"
)
PIECE = re.compile(r"[A-Za-z]+|[°%‰]|\d+")
PER = re.compile(
    r"\.?\s?/\s?|[\s-]?\bper[\s-]|(?:[ .*]| [x*] )(?=[A-Za-z]{1,4}\d?\^?\(?-[123]\b)|\sa(?=\sday\b)\s"
)
DOTTED = re.compile(r"[IM]\.(?=U\b)")
INVERSE = re.compile(r"\^?\(?-[123]\)?")
COUNTED = re.compile(r"(\d+)(?![.,]\d)(?:st\b)?[\s-]?")
WEIGHT_BY_VOLUME = re.compile(r"\s?\(?[wv]/[wv]\b\)?")
BODY = re.compile(
    r"\s?(?:of\s)?(?:ideal\s|actual\s|lean\s)?(?:body[\s-]?(?:weight|mass|surface(?:[\s-]area)?)|weight|"
    r"BW|bw|BSA|b\.w\.)\b"
)
SURFACE_OF_GFR = re.compile(r"\s?(?:/|per)\s?1[.,]73\s?(?:m\s?\^?2|square met(?:er|re)s?)")
# "um/L": the mole of a concentration left out.
MOLAR = {"nm": "nmol", "um": "umol", "mm": "mmol"}
MISREAD_LITER = re.compile(r"[I1]\b(?![/.]?\w)")
LONGEST = 5
COUNTABLE = frozenset(("time", "field", "volume", "area", "occasion", "length", "count"))


class Unit(NamedTuple):
    """A unit at its place.

    ``code`` is UCUM; ``kind`` that of the numerator in unit.csv ("mass"), and ``per`` the kinds of the
    denominators, where mass is "weight", area "surface". ``factor`` is a magnitude in words (million).
    ``worded`` is the end and the code without a last time in words ("mg" of "mg per day"), or None.
    """

    start: int
    end: int
    code: str
    kind: str
    per: tuple[str, ...] = ()
    factor: float = 1.0
    worded: tuple[int, str] | None = None


@cache
def _atoms() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """(as spelled, in lower case) -> (code, kind); terms are joined without blanks."""
    spelled: dict[str, tuple[str, str]] = {}
    lower: dict[str, tuple[str, str]] = {}
    for entry in lexicon.load("unit"):
        term, meaning = entry.term.replace(" ", ""), (entry.name, entry.columns["kind"])
        spelled[term] = meaning
        if "exact" not in entry.flags:
            lower[term.lower()] = meaning
    return spelled, lower


def _look_up(key: str) -> tuple[str, str] | None:
    spelled, lower = _atoms()
    found = spelled.get(key) or lower.get(key.lower())
    if found is None and len(key) > 3 and key[-1] in "sS":
        found = spelled.get(key[:-1]) or lower.get(key[:-1].lower())
    return found


def _atom(text: str, at: int, below: bool) -> tuple[int, str, str] | None:
    """(end, code, kind) of the longest atom; a lost exponent ("m 2") must stand ``below`` the line."""
    pieces: list[tuple[str, int]] = []
    position = at
    while len(pieces) < LONGEST:
        match = PIECE.match(text, position)
        if not match:
            break
        piece = match.group()
        if dotted := DOTTED.match(text, match.start()):  # "I.U."
            pieces.append((piece, dotted.end()))
            position = dotted.end()
            continue
        if (
            pieces
            and piece.isdigit()
            and match.start() > pieces[-1][1]
            and not below
            and pieces[-1][0] != "H"
        ):
            break
        pieces.append((piece, match.end()))
        position = match.end()
        if text.startswith(("^2", "^3"), position):
            pieces.append((text[position + 1], position + 2))
            position += 2
        elif text.startswith(("(2)", "(3)"), position):
            pieces.append((text[position + 1], position + 3))
            position += 3
        if text.startswith((" ", "-"), position):
            position += 1
    for size in range(len(pieces), 0, -1):
        if size > 1 and pieces[size - 1][0] == "s" and pieces[size - 1][1] > pieces[size - 2][1] + 1:
            continue  # "mg s.c." is no plural
        found = _look_up("".join(piece for piece, _ in pieces[:size]))
        if found:
            end = pieces[size - 1][1]
            if size == 1 and pieces[0][0] == "u" and not text.startswith("/", end):
                return None  # a lost "micro"
            if not (end < len(text) and text[end].isalnum() and text[end - 1].isalnum()):
                return end, *found
    return None


@lru_cache(maxsize=4096)
def _known(first: str) -> bool:
    """Whether a unit may begin with this word: spares the parse of most words after a number."""
    starts = _first_words()
    low = first.lower()
    return low in starts or (len(low) > 3 and low.endswith("s") and low[:-1] in starts)


@cache
def _first_words() -> frozenset[str]:
    terms = [
        spelling for entry in lexicon.load("unit") for spelling in (entry.term, entry.term.replace(" ", ""))
    ]
    return frozenset(match.group().lower() for match in map(PIECE.match, terms) if match)


def unit_at(text: str, at: int) -> Unit | None:
    """The unit that begins at ``at``, one blank or hyphen left out, or None."""
    factor, powers = 1.0, ""
    power = POWER.match(text, at)
    if power:
        powers, at = f"10*{power['n'] or power['m']}", power.end()
    start = at + 1 if text.startswith((" ", "-"), at) else at
    if not power and text.startswith(("/", "per "), start):
        return _denominators(text, start, start, "1", "count", 1.0)
    word = PIECE.match(text, start)
    if word and word.group().lower() in MAGNITUDES:
        factor = MAGNITUDES[word.group().lower()]
        after = word.end() + 1 if text.startswith((" ", "-"), word.end()) else word.end()
        word, start_unit = PIECE.match(text, after), after
    else:
        start_unit = start
    atom = (
        _atom(text, start_unit, False)
        if word and not word.group().isdigit() and _known(word.group())
        else None
    )
    first = power.start() + (1 if power and text[power.start()] == " " else 0) if power else start
    if atom is None:
        if power:
            return _denominators(text, power.end(), first, powers, "count", 1.0) or Unit(
                first, power.end(), powers, "count"
            )
        return None
    end, code, kind = atom
    if kind == "fraction":
        share = WEIGHT_BY_VOLUME.match(text, end)
        end = share.end() if share else end
    if powers:
        code = powers if code == "1" else f"{powers}.{code}"
    return _denominators(text, end, first, code, kind, factor) or Unit(first, end, code, kind, (), factor)


def _denominators(text: str, at: int, start: int, code: str, kind: str, factor: float) -> Unit | None:
    """The unit with all that it is per, or None where nothing follows."""
    per: list[str] = []
    parts: list[str] = []
    end, worded = at, None
    while True:
        gfr = SURFACE_OF_GFR.match(text, end)
        if gfr:
            parts.append("{1.73_m2}")
            per.append("surface")
            end = gfr.end()
            continue
        by = PER.match(text, end)
        if not by:
            break
        position = by.end()
        count = COUNTED.match(text, position)
        misread = (
            MISREAD_LITER.match(text, position)
            if kind in ("activity", "substance", "count", "mass")
            else None
        )
        if misread and (misread.group() == "I" or by.group() == "/"):
            parts.append("L")
            per.append("volume")
            end = misread.end()
            continue
        atom = _atom(text, count.end() if count else position, True)
        if atom is None:
            break
        stop, below, below_kind = atom
        if count and (below_kind not in COUNTABLE or (code == "1" and not per and below_kind != "field")):
            break
        if below_kind in ("fraction", "concentration", "rate", "index", "titer", "smoking", "temperature"):
            break
        inverse = INVERSE.match(text, stop)
        if inverse:
            stop = inverse.end()
            if below == "m" and "2" in inverse.group():
                below, below_kind = "m2", "area"
        elif not by.group().strip(" .*x"):
            break
        if below_kind == "time" and by.group().strip(" .-") not in ("/", ""):
            worded = (end, _join(code, parts)) if not count else None
        body = BODY.match(text, stop)
        end = body.end() if body else stop
        counted = float(count.group(1)) if count else 1.0
        if below_kind == "time" and below == "h" and counted == 24:
            below, counted = "d", 1.0
        if below_kind in ("occasion", "form") or below == "1":
            per.append("dose")
            continue
        parts.append(below if counted == 1 else f"({counted:g}.{below})")
        per.append({"mass": "weight", "area": "surface"}.get(below_kind, below_kind))
    if end == at:
        return None
    if parts == ["L"] and code in MOLAR:
        code, kind = MOLAR[code], "substance"
    return Unit(start, end, _join(code, parts), kind, tuple(per), factor, worded)


def _join(code: str, parts: list[str]) -> str:
    return "/".join(["" if code == "1" and parts else code, *parts])
