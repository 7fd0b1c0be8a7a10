"""Plain text from marked-up text: which source characters stand for which plain ones.

``pieces("375 mg/m<sup>2</sup>", 0, 20)`` yields "375 mg/m" and "2", each with the source characters it stands for.
Citations set as superscripts are dropped, powers are kept ("10^9", "m2"); emphasis, tags, entities, links, ligatures,
soft hyphens, words broken at a line end, accents and typographic signs become plain.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "ϒ": "gamma", "Γ": "gamma",
    "Δ": "delta", "Θ": "theta", "Λ": "lambda", "Σ": "sigma", "Φ": "phi", "Ψ": "psi", "Ω": "omega", "Β": "beta",
}  # fmt: skip
SIGNS = {
    "μ": "u", "µ": "u", "×": "x", "✕": "x", "∗": "*", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-",
    "‒": "-", "﹣": "-", "≤": "<=", "⩽": "<=", "≦": "<=", "≥": ">=", "⩾": ">=", "≧": ">=", "＜": "<",
    "＞": ">", "’": "'", "‘": "'", "‛": "'", "‚": "'", "′": "'", "´": "'", "“": '"', "”": '"', "„": '"',
    "″": '"', "º": "°", "˚": "°", "◦": "°", "∘": "°", "℃": "°C", "℉": "°F", "·": ".", "∙": ".", "⋅": ".",
    "∼": "~", "～": "~", "≈": "~", "ß": "beta", "≠": "≠", "⁄": "/", "∕": "/", "®": "", "™": "", "©": "",
    "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "", "\u200e": "", "\u200f": "",
}  # fmt: skip
FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75", "⅓": ".33", "⅔": ".67", "⅛": ".125"}
SUPERSCRIPTS = {**dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)), "⁻": "-", "⁺": "+"}

TRIGGER = re.compile(r"[<&*_`\\\[!]|-(?=[^\S\n]*\r?\n)|\s(?:\s+|(?<! ))|[^\x00-\x7f]")
SUPERSCRIPT = re.compile(r"<sup>\s*(?P<body>[^<]{1,40}?)\s*</sup>", re.IGNORECASE)
SMALL = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺,]*[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]")
TAG = re.compile(r"</?(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
BREAKING = frozenset(("br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "hr", "sec", "title"))
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
LINK = re.compile(r"\[(?P<inner>[^\[\]\n]{1,200})\]\((?:https?:|#|mailto:|www\.)[^()\s]*\)")
IMAGE = re.compile(r"!\[[^\]\n]*\]\([^()\n]*\)")
BREAK = re.compile(r"[-\u00ad‐][^\S\n]*\r?\n\s*")
EXPONENT = re.compile(r"[-−–+]?\d{1,2}$")
UNIT_EXPONENT = re.compile(r"[-−–]?[123]$")
CITATION = re.compile(r"[\[(]?(?:\d{1,3}|[a-f*†‡§¶#\\])(?:[\d,;\s–—*†‡§¶#\\a-f-]*)[\])]?$")
TEN = re.compile(r"(?<![\d.,])10\s?$")
LENGTH = re.compile(r"(?<![A-Za-z])(?:[cdkmnuµμ]?m|in|ft)$")
UNIT = re.compile(r"(?<![A-Za-z])(?:[cdkmnuµμ]?[mgsLl]|min|hr?|d|kg|sec|yr|day|mol|mmol)$")
KEEPS_HYPHEN = frozenset(
    ("anti", "non", "post", "pre", "self", "well", "long", "short", "high", "low", "half", "follow", "year", "month",
     "week", "day", "old", "co", "ex", "cross", "life", "dose", "ill", "so", "end", "left", "right", "one", "two",
     "three", "four", "six", "ten", "rapid", "age", "full", "first", "second", "third", "double", "single")
)  # fmt: skip


def mends(before: str, after: str) -> str | None:
    """What stands between the halves of a word broken at a line end after a hyphen: nothing, or its hyphen.

    None where there is no broken word. ``before`` ends with the hyphen, ``after`` begins with the rest.
    """
    half = re.search(r"[\w-]*$", before.rstrip()[:-1])
    word = half.group() if half else ""
    if not word or not after[:1].isalnum():
        return None
    keeps = "-" in word or not (word[-1].islower() and after[0].islower()) or word.casefold() in KEEPS_HYPHEN
    return "-" if keeps else ""


@lru_cache(maxsize=4096)
def plain(character: str) -> str:
    """The plain form of one character."""
    for table in (SIGNS, GREEK, SUPERSCRIPTS):
        if character in table:
            return table[character]
    if character.isspace():
        return " "
    decomposed = unicodedata.normalize("NFKD", character)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return "".join(GREEK.get(c, SIGNS.get(c, c)) for c in kept)


def _raised(source: str, start: int, at: int, end: int, body: str) -> str | None:
    """What a superscript between ``at`` and ``end`` says: a power, a charge, a degree, or nothing (a citation).

    None leaves its characters as they are.
    """
    before = source[max(start, at - 8) : at]
    if EXPONENT.match(body) and TEN.search(before):
        return "^" + "".join(map(plain, body))
    if body in ("o", "0", "⁰", "°", "º", "∘", "◦") and re.match(r"\s?[CF]\b", source[end : end + 3]):
        return "°"
    if UNIT_EXPONENT.match(body) and (UNIT if body[0] in "-−–" else LENGTH).search(before):
        return "".join(map(plain, body))
    if (
        body[:1].isdigit()
        and not before[-1:].isalnum()
        and re.match(r"[A-Z][a-z]?(?![a-z])", source[end : end + 3])
    ):
        return None
    return "" if CITATION.match(body) else None


def pieces(source: str, start: int, end: int) -> Iterator[tuple[str | None, int, int]]:
    """The plain text of the source from start to end, as (text, source start, source end).

    A text of None means the source characters themselves, one for one.
    """
    at = start
    while True:
        found = TRIGGER.search(source, at, end)
        if found is None:
            break
        a, b = found.span()
        if a > at:
            yield None, at, a
        sign = source[a]
        at = b
        if sign in " \t\r\n\f\v":
            yield " ", a, b
        elif sign == "<":
            raised = SUPERSCRIPT.match(source, a, end)
            text = _raised(source, start, a, raised.end(), raised["body"]) if raised else None
            tag = TAG.match(source, a, end)
            if raised and text is not None:
                at = raised.end()
                if text == raised["body"]:
                    yield None, *raised.span("body")
                elif text:
                    yield text, a, at
            elif tag:
                at = tag.end()
                if (tag["name"] or "").lower() in BREAKING:
                    yield " ", a, at
            else:
                yield None, a, b
        elif sign == "&":
            entity = ENTITY.match(source, a, end)
            text = html.unescape(entity.group()) if entity else "&"
            if entity and text != entity.group():
                at = entity.end()
                yield "".join(map(plain, text)), a, at
            else:
                yield None, a, b
        elif sign in "*_":
            if source[a : a + 2] == sign * 2 and a + 2 <= end:
                at = a + 2
                continue
            previous, following = source[a - 1 : a] if a > start else "", source[b : b + 1] if b < end else ""
            opens = not (previous.isalnum() or previous == sign) and following.isalnum()
            closes = (previous.isalnum() or previous in ".,)%") and previous and not (following.isalnum())
            if not (opens or closes):
                yield None, a, b
        elif sign == "\\":
            if b < end and source[b] in "*_#[]<>~`\\-().!+|{}":
                at = b + 1
                yield None, b, at
            else:
                yield None, a, b
        elif sign == "[":
            link = LINK.match(source, a, end)
            if not link:
                yield None, a, b
                continue
            at = link.end()
            if link["inner"].replace(",", "").replace("-", "").isdigit():
                yield None, a, link.end("inner") + 1
            else:
                yield from pieces(source, *link.span("inner"))
        elif sign == "!":
            image = IMAGE.match(source, a, end)
            if image:
                at = image.end()
            else:
                yield None, a, b
        elif sign == "-" or (sign in "\u00ad‐" and BREAK.match(source, a, end)):
            broken = BREAK.match(source, a, end)
            between = mends(source[start : a + 1][-30:], source[broken.end() : end][:1]) if broken else None
            if broken and between is not None:
                at = broken.end()
                if between:
                    yield "-", a, a + 1
            else:
                yield "-" if sign != "\u00ad" else "", a, b
        elif sign == "`":
            yield "'", a, b
        elif sign in SUPERSCRIPTS:
            small = SMALL.match(source, a, end)
            at = small.end() if small else b
            body = "".join(SUPERSCRIPTS.get(c, c) for c in source[a:at])
            text = _raised(source, start, a, at, body)
            text = body if text is None else text
            if text:
                yield text, a, at
        elif sign in FRACTIONS:
            whole = a > start and source[a - 1].isdigit()
            yield FRACTIONS[sign] if whole else "0" + FRACTIONS[sign], a, b
        else:
            yield plain(sign), a, b
    if end > at:
        yield None, at, end
