"""States told by a verb: what is said of a part of the body, or of the patient.

What: a word of condition.csv with the role "state" or "predicate" behind "was", "appeared", "became" or the like, with the
part of the body that is its subject; a state of the patient stands alone.
Example: "the <jugular veins were markedly dilated>"; "she looked <pale>"; nothing in "the liver was not palpable".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline import lexicon
from pipeline.mentions.phrase import CONNECTORS, DETERMINERS, MODIFIERS, NOUNS, Word

COPULAS = frozenset(
    ("was", "were", "is", "are", "been", "be", "appeared", "looked", "seemed", "became", "remained", "felt")
)
FOUND = frozenset(("found", "noted", "seen", "observed", "noticed", "described", "reported", "to"))
AUXILIARIES = frozenset(("had", "have", "has", "was", "were"))
LINKS = COPULAS | FOUND | AUXILIARIES
DEGREES = frozenset(("very", "more", "also", "still", "now", "quite"))
INNER = frozenset(("and", "or", "of", "other"))
PERSONS = frozenset(
    entry.term for entry in lexicon.load("course") if "person" in entry.columns["role"].split("; ")
)
REACH = 8


def told(
    words: Sequence[Word],
    at: int,
    states: frozenset[str],
    of_patients: frozenset[str],
    allowed: Callable[[str], bool],
) -> tuple[int, str | None] | None:
    """The index of the first word of what is said, and its name, where a verb links the state at ``at`` to a subject.

    ``allowed`` says which words may stand before a part of the body ("right lingual artery"); ``of_patients`` are the
    states that say something of a patient too, which are named by themselves. None without a subject, or with "not".
    """
    verb = _verb(words, at - 1, states)
    if verb is None:
        return None
    last = verb - 1
    while last > 0 and words[last][0] in LINKS:
        last -= 1
    if last < 0:
        return None
    head = words[last][0]
    if head in PERSONS:
        return (at, None) if words[at][0] in of_patients else None
    if head not in NOUNS:
        return None
    first = index = last
    while index > 0 and last - index < REACH:
        word = words[index - 1][0]
        if word not in DETERMINERS and (allowed(word) or word in NOUNS):
            first = index - 1
        elif word not in INNER and not (word in DETERMINERS and words[max(index - 2, 0)][0] == "of"):
            break
        index -= 1
    return first, " ".join((words[at][0], *(word for word, _, _ in words[first : last + 1])))


def _verb(words: Sequence[Word], at: int, states: frozenset[str]) -> int | None:
    """The index of the copula at ``at`` or before it, past adverbs and states that share it."""
    index = at
    while index > 0 and at - index < REACH:
        word = words[index][0]
        if word in COPULAS:
            return index
        shared = word in CONNECTORS or word in states
        if not (shared or word.endswith("ly") or word in MODIFIERS or word in DEGREES):
            return None
        index -= 1
    return None
