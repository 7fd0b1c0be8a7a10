"""Which value belongs to which test, which dose to which drug: candidates, score, choice.

Example: "RTX 375 mg/m2 weekly" gives ``dose_of`` and ``frequency_of`` with RTX as their head.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from pipeline.links.doses import last_drug, link_doses
from pipeline.links.gap import Link, Sentence
from pipeline.links.values import link_values
from pipeline.structure.found import Found

__all__ = ["Link", "link"]

OPENED = re.compile(r"\s?[(\[]\s?")
CLOSED = re.compile(r"\s?[)\],;:=]")


def link(text: str, sentences: Sequence[tuple[int, int]], found: Sequence[Found]) -> list[Link]:
    """The relations between the mentions of a document; ``found`` is in the order of the text."""
    starts = [start for start, _ in sentences]
    groups: dict[int, list[int]] = {}
    for i, one in enumerate(found):
        groups.setdefault(max(bisect_right(starts, one.start) - 1, 0), []).append(i)
    links: list[Link] = []
    earlier: int | None = None
    last = -1
    for number, members in groups.items():
        start, end = sentences[number] if sentences else (0, len(text))
        sentence = Sentence(text, start, end, found, members)
        near = (
            earlier
            if number - last <= 1 and "\n" not in text[sentences[last][1] if last >= 0 else 0 : start]
            else None
        )
        links += link_doses(sentence, near)
        links += link_values(sentence)
        links += _abbreviations(sentence)
        told = last_drug(found, members)
        earlier = told if told is not None else near
        last = number
    return links


def _abbreviations(sentence: Sentence) -> Iterator[Link]:
    """A short form in brackets behind its long form, both of one label: "prednisolone (PSL)"."""
    found, text = sentence.found, sentence.text
    for left, right in zip(sentence.members, sentence.members[1:], strict=False):
        long, short = found[left], found[right]
        if long.label != short.label or not OPENED.fullmatch(text, long.end, max(long.end, short.start)):
            continue
        if not CLOSED.match(text, short.end) or short.end - short.start >= long.end - long.start:
            continue
        same = long.name is not None and long.name == short.name
        if same or _initials(text[long.start : long.end], text[short.start : short.end]):
            yield Link("abbreviation_of", left, right, 0.95 if same else 0.8, "abbreviation.bracket")


def _initials(long: str, short: str) -> bool:
    """Whether the letters of the short form come in order in the long form, the first of both alike."""
    letters = [c for c in short.lower() if c.isalnum()]
    if not letters or not long or letters[0] != long[0].lower():
        return False
    rest = iter(long.lower())
    return all(c in rest for c in letters)
