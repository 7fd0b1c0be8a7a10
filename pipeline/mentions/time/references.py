"""What a time expression counts from: the phrase behind "after", "before", "since", "of".

Example: "two weeks after <the initiation of rituximab>" counts from an event, "after <admission>" from this.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.mentions.time.vocabulary import REFERENCES, SLOTS

AMOUNT = r"(?!\d[\d.,]*[ -]?(?:m?g|mcg|ug|microg\w*|m?[IM]?I?U|units?|m?[lL]|mEq|mmol|million|%)(?![a-z]))(?!\d+,\d)"
"""No word of an event: "after <hCG> 10,000 IU"."""
WORD = re.compile(rf"[ ]?{AMOUNT}((?:[A-Za-z0-9][\w+/]*(?:-[\w+]+)*(?:'s|'(?= ))?)|-(?=\w))")
STOPS = frozenset(SLOTS["no event"])
OPENERS = frozenset(SLOTS["article"])
# Nouns of an act on something: what it is done to follows, by "of" or at once.
ACTS = frozenset(SLOTS["act"])
# What is counted carries its number behind it: "cycle 2".
COUNTED = frozenset(SLOTS["counted"])
NUMBERED = re.compile(r" (?:\d{1,2}|one|two|three|four|five|six)\b(?! ?(?:mg|g|ml|days?|weeks?))")
GERUNDS = frozenset(SLOTS["gerund"])
GOALS = re.compile(
    r" (?:to|into|from|at|in) (?:(?:our|the|a|an|his|her|this|another|that) )?(?:[\w-]+ ){0,3}?"
    r"(?:hospital|clinic|center|centre|unit|institution|department|ward|ICU|PICU|NICU|ED|ER|room"
    r"|facility|care(?! unit| center)|service)\b"
)
CLAUSE = re.compile(
    r" (?:(?:the|this|his|her|its) (?:[\w-]+ ){1,3}|(?:he|she) |[\w-]+ )(?:was|were|had been|has been"
    r"|being) (?:[a-z]+ly )?"
    r"(?:started|initiated|performed|made|completed|discontinued|stopped|placed|diagnosed|admitted"
    r"|discharged|transferred|"
    r"introduced|administered|given|commenced|begun|withdrawn|removed|resumed|increased|established|born)\b"
    r"(?: with (?!a\b|the\b)(?:[\w-]+ ?){1,3}(?=[.,;]))?",
    re.IGNORECASE,
)
LEADING = frozenset(SLOTS["subject"])
ARRIVALS = frozenset(SLOTS["arrival"])
BARE_TREATMENT = frozenset(SLOTS["bare treatment"])


class Reference(NamedTuple):
    """The name of what is counted from (see ``TimeValue``) and the characters that say so."""

    name: str
    start: int
    end: int


def read(text: str, at: int, limit: int = 6) -> Reference | None:
    """The phrase that starts at ``at`` (at the blank before it), or None where no noun phrase follows."""
    if text[at : at + 1] not in (" ", "-"):
        return None
    clause = CLAUSE.match(text, at)
    if clause:
        return Reference(_named(clause[0]), at + 1, clause.end())
    words: list[tuple[str, int, int]] = []
    position, noun = at + (text[at] == "-"), 0
    while len(words) < limit + 3:
        match = WORD.match(text, position)
        if match is None or match[1] == "-":
            break
        word = match[1].lower()
        if word == "of" and words:
            following = WORD.match(text, match.end())
            if following is None or following[1].lower() in STOPS - OPENERS:
                break
        elif (
            (word in STOPS and not (word in OPENERS and (not words or words[-1][0] == "of")))
            or (word in LEADING and not words)
            or word == "to"
        ):
            break
        elif word in OPENERS:
            if words and words[-1][0] not in ("of",) and words[-1][0] not in GERUNDS:
                break
        elif words and words[-1][0] not in OPENERS and word.endswith("ly"):
            break
        words.append((word, match.start(1), match.end()))
        noun += word not in OPENERS and word != "of"
        position = match.end()
        if noun >= limit:
            break
    while words and words[-1][0] in OPENERS | {"of"}:
        words.pop()
    if not words or not any(word not in OPENERS for word, _, _ in words):
        return None
    return _cut(text, words)


def _cut(text: str, words: list[tuple[str, int, int]]) -> Reference:
    """The phrase up to its head: an event of the lexicon with what belongs to it, else the first nouns."""
    start = words[0][1]
    plain = [_singular(word) for word, _, _ in words]
    heads = [
        i
        for i, word in enumerate(plain)
        if word in REFERENCES or word.endswith(("ectomy", "plasty", "ostomy", "otomy"))
    ]
    if heads:
        head = heads[0]
        for following in heads[1:]:
            if "of" not in plain[head + 1 : following] and following - head <= 3:
                head = following
        stop = head
        if head + 1 < len(words) and plain[head + 1] == "of":
            stop = min(len(words) - 1, head + (5 if plain[head] in ACTS else 4))
        elif plain[head] in GERUNDS:
            stop = min(len(words) - 1, head + 3)
        end = words[stop][2]
        goal = GOALS.match(text, end) if stop == head and plain[head] in ARRIVALS else None
        end = goal.end() if goal else end
        number = NUMBERED.match(text, end) if plain[stop] in COUNTED else None
        end = number.end() if number else end
        return Reference(_named(text[start:end]), start, end)
    stop = min(len(words) - 1, 4 if words[0][0] in OPENERS | GERUNDS else 3)
    if "of" in plain[: stop + 1] and plain[stop] == "of":
        stop -= 1
    return Reference(_named(text[start : words[stop][2]]), start, words[stop][2])


def _singular(word: str) -> str:
    word = word.removesuffix("'s").replace("isation", "ization").replace("haemo", "hemo")
    if word in REFERENCES or not word.endswith("s") or word.endswith("ss") or len(word) < 5:
        return word
    return word[:-1]


ICU = re.compile(r"\b(?:ICU|PICU|NICU|intensive care unit|intensive care)\b")
EMERGENCY = re.compile(r"\b(?:emergency (?:room|department|unit)|ED|ER|A&E)\b")
_QUALIFIED = re.compile(
    r"\b(?:second|third|last|next|re-?admission|repeat|reoperation|mother|vaccin)", re.IGNORECASE
)


def _named(phrase: str) -> str:
    """The name of a reference phrase: the acts on something and what is named by itself are ``event``."""
    words = [_singular(word.lower()) for word in re.findall(r"[A-Za-z][\w'-]*", phrase)]
    if "postoperative" in words or "post-operative" in words:
        return "surgery"
    if ICU.search(phrase):
        return "icu"
    if EMERGENCY.search(phrase):
        return "presentation"
    names = [REFERENCES[word] for word in words if word in REFERENCES]
    if (
        not names
        or _QUALIFIED.search(phrase)
        or any(word in ACTS and REFERENCES.get(word) == "event" for word in words)
    ):
        return "event"
    name = names[0]
    if name == "treatment":
        return name if BARE_TREATMENT.issuperset(words) else "event"
    if name == "event":
        return next((n for n in names if n in ("onset",)), "event")
    return name
