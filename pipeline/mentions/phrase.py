"""Growing a found word into its phrase: modifiers to the left, "of the ..." to the right.

Reads modifier.csv and body_part.csv, which the finders of procedures and conditions share. Words are those
of ``doc._.words``: hyphens and slashes are no words, so "left-sided" is two; punctuation is, so a phrase ends
there.

Example: from "swelling" in "progressive <swelling of the left lower leg>" to the whole of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline import lexicon
from pipeline.structure.terms import key

Word = tuple[str, int, int]
DETERMINERS = frozenset(
    ("the", "a", "an", "his", "her", "their", "its", "both", "this", "these", "my", "all")
)
PREPOSITIONS = frozenset(
    ("of", "in", "on", "over", "at", "around", "involving", "along", "to", "from", "within")
)
CONNECTORS = frozenset(("and", "or", ","))
REACH = 7  # words that a phrase may take in on either side


def words_of(name: str, *roles: str) -> frozenset[str]:
    """The single words of the entries of a lexicon, all or those of ``roles``."""
    return frozenset(
        word
        for entry in lexicon.load(name)
        if not roles or entry.columns.get("role") in roles
        for word in key(entry.term).split(" ")
    )


MODIFIERS = words_of("modifier") - {"t", "b", "in", "non", "on", "to", "near", "long", "well"}
PLACES = words_of("modifier", "place") - {"both"}
NOUNS = words_of("body_part", "noun") - {"tract", "wall", "common", "white", "matter"}
SITES = (words_of("body_part") | PLACES) - {"common"}


def grow_left(words: Sequence[Word], first: int, allowed: Callable[[str], bool]) -> int:
    """The index of the first word of the phrase that ends in ``words[first]``."""
    at = first
    while at > 0 and first - at < REACH and allowed(words[at - 1][0]):
        at -= 1
    return at


def grow_right(
    words: Sequence[Word],
    last: int,
    prepositions: frozenset[str] = PREPOSITIONS,
    heads: frozenset[str] = NOUNS,
) -> int:
    """The index of the last word of the prepositional phrase that follows ``words[last]``, or ``last``.

    The phrase is a preposition, a determiner, modifiers and a body part: "pain in <the left lower leg>".
    """
    count = len(words)
    at = last + 1
    if at >= count or words[at][0] not in prepositions:
        return last
    at += 1
    if at < count and words[at][0] in DETERMINERS:
        at += 1
    end = last
    for index in range(at, min(at + REACH, count)):
        word = words[index][0]
        if word in heads:
            end = index
        elif word not in SITES and word not in MODIFIERS and not (end > last and word in CONNECTORS):
            break
    return end
