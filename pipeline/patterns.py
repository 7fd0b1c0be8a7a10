r"""Regular expressions that look at a text only where one of their words is in it.

Most sentences hold none of the words of a cue; a few substring searches say so in a tenth of the time that the
expression takes to try every position. The words are read off the expression itself, so they cannot be forgotten.
Example: ``cue(r"\b(?:on|at) (?:admission|arrival)")`` runs only over text with "admission" or "arrival" in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from sys import maxsize
from typing import Any

MOST, LONG = 24, 5
# Letters that a pattern without regard to case takes for "i" and "s", but ``str.lower`` does not.
ODD = ("\u0130", "\u0131", "\u017f")
REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)


class Cue:
    """A compiled expression with the words of which its every match holds one."""

    __slots__ = ("pattern", "words")

    def __init__(self, pattern: re.Pattern[str], words: tuple[str, ...]) -> None:
        self.pattern = pattern
        self.words = words

    def possible(self, text: str) -> bool:
        """Whether a match may lie in the text."""
        lower = text.lower()
        for word in self.words:  # a loop takes half the time of any()
            if word in lower:
                return True
        return not text.isascii() and any(letter in text for letter in ODD)

    def search(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        """The first match between two offsets, as ``re.Pattern.search``."""
        return self.pattern.search(text, start, end) if self.possible(text[start:end]) else None

    def findall(self, text: str) -> list[Any]:
        """As ``re.Pattern.findall``."""
        return self.pattern.findall(text) if self.possible(text) else []

    def finditer(self, text: str, start: int = 0, end: int = maxsize) -> Iterator[re.Match[str]]:
        """All matches between two offsets, as ``re.Pattern.finditer``."""
        return self.pattern.finditer(text, start, end) if self.possible(text[start:end]) else iter(())


def cue(expression: str, flags: int = re.IGNORECASE) -> Cue:
    """The cue of an expression.

    Raises:
        ValueError: it can match without any certain word.
    """
    words = required(parser.parse(expression, flags))
    if not words:
        raise ValueError("an expression without certain words is no cue")
    return Cue(re.compile(expression, flags), tuple(sorted(words, key=lambda word: (len(word), word))))


def required(sequence: Any) -> frozenset[str]:
    """Words, in lower case, of which every match of a parsed expression holds one; empty where none is certain."""
    found: list[frozenset[str]] = []
    run = frozenset(("",))
    for op, value in [*sequence, (None, None)]:
        spelled = _spelled(op, value)
        if len(spelled) != 1:
            found.append(run if "" not in run else frozenset())
        if spelled and len(run) * len(spelled) <= MOST:
            run = frozenset(a + b for a in run for b in spelled)
            continue
        run = spelled or frozenset(("",))
        if op is ops.SUBPATTERN:
            found.append(required(value[3]))
        elif op is ops.BRANCH:
            each = [required(one) for one in value[1]]
            found.append(frozenset().union(*each) if all(each) else frozenset())
        elif op in REPEATS and value[0] > 0:
            found.append(required(value[2]))
    best = max(filter(None, found), key=_worth, default=frozenset[str]())
    return frozenset(w for w in best if not any(other in w for other in best if other != w))


def _worth(words: frozenset[str]) -> tuple[int, int]:
    """Few words are better than many, if they are long enough to be rare."""
    return min(LONG, min(map(len, words))), -len(words)


def _spelled(op: Any, value: Any) -> frozenset[str]:
    """All that one node of an expression matches, where that is a few ASCII words; empty where it is not."""
    if op is ops.LITERAL:
        return frozenset((chr(value).lower(),)) if value < 128 else frozenset()
    if op is ops.SUBPATTERN:
        return _spelled_in_turn(value[3])
    if op is ops.BRANCH:
        each = [_spelled_in_turn(one) for one in value[1]]
        return frozenset().union(*each) if all(each) and len(each) <= MOST else frozenset()
    if op is ops.MAX_REPEAT and value[:2] == (0, 1):
        once = _spelled_in_turn(value[2])
        return once | {""} if once else once
    return frozenset()


def _spelled_in_turn(sequence: Any) -> frozenset[str]:
    whole = frozenset(("",))
    for op, value in sequence:
        spelled = _spelled(op, value)
        if not spelled or len(whole) * len(spelled) > MOST:
            return frozenset()
        whole = frozenset(a + b for a in whole for b in spelled)
    return whole
