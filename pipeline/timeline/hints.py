"""Which cues may be found in a sentence, read off its words in one pass.

Most sentences hold no word of most cues. Each word of the cues is looked up by its first letters while the words of a
sentence are read once, so that asking for a cue that cannot match costs no search at all. Example: "She was discharged."
may hold ``DISCHARGE`` and nothing that tells a history.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Set
from functools import cache, lru_cache
from typing import NewType

from pipeline import patterns
from pipeline.patterns import ODD, Cue

Watched = NewType("Watched", Cue)
"""A cue that ``hints`` knows."""

HEAD = 3
WORD = re.compile(r"[a-z]{3,}")
WORDS, NAMES = 20_000, 4_096  # kept, of all that a process has read
_watched: list[Watched] = []


def cue(expression: str) -> Watched:
    """The cue of an expression, see ``patterns.cue``, known to ``hints``."""
    made = Watched(patterns.cue(expression))
    _watched.append(made)
    for known in (_index, _of_word, of_name):
        known.cache_clear()
    return made


def hints(text: str) -> Set[Watched]:
    """The cues that may match in the text; none of the others does."""
    always = _index()[1]
    if not text.isascii() and any(letter in text for letter in ODD):
        return frozenset(_watched)
    return always.union(*map(_of_word, WORD.findall(text.lower())))


@lru_cache(maxsize=NAMES)
def of_name(name: str) -> Set[Watched]:
    """As ``hints``, for the names of events, which come again."""
    return hints(name)


def in_name(one: Watched, name: str) -> bool:
    """Whether a cue is found in the name of an event."""
    return one in of_name(name) and one.search(name) is not None


@lru_cache(maxsize=WORDS)
def _of_word(word: str) -> frozenset[Watched]:
    heads = _index()[0]
    return frozenset(
        one
        for at in range(len(word) - HEAD + 1)
        for part, cues in heads.get(word[at : at + HEAD], ())
        if word.startswith(part, at)
        for one in cues
    )


@cache
def _index() -> tuple[dict[str, list[tuple[str, list[Watched]]]], frozenset[Watched]]:
    """The parts of words by their first letters, each with its cues; the cues that one of too few letters may begin."""
    by_part: dict[str, list[Watched]] = defaultdict(list)
    always: list[Watched] = []
    for one in _watched:
        parts = [max(WORD.findall(word), key=len, default="") for word in one.words]
        if not all(parts):
            always.append(one)
            continue
        for part in dict.fromkeys(parts):
            by_part[part].append(one)
    heads: dict[str, list[tuple[str, list[Watched]]]] = defaultdict(list)
    for part, cues in by_part.items():
        heads[part[:HEAD]].append((part, cues))
    return heads, frozenset(always)
