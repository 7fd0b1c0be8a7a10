"""What stands between two mentions, and how far apart it sets them.

A cost of 0 is "nothing but a blank"; words cost a little, a new clause or a rival much.
Example: in "A (10 mg) and B 20 mg" the 20 mg is near to B (a blank) and far from A (a clause).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.patterns import cue
from pipeline.structure.found import Found

ASIDE = re.compile(r"\s?(?:\([^()]*\)|\[[^\[\]]*\])")
JOINED = (
    r"\s?(?:,|;|/|-|\+|&|\band\b|\bor\b|\bplus\b|\bwith\b|\bas well as\b|\bfollowed by\b)[\s,]*"
    r"(?:(?:and|or)\s)?(?:[\w-]+\s?){0,3}"
)
LISTED = re.compile(rf"(?:{JOINED}){{1,2}}")
CLAUSE = cue(r";|:|\b(?:but|while|whereas|then|after|before|which|who|because|although)\b", flags=0)
PER_CHARACTER = 0.12


class Link(NamedTuple):
    """``head`` and ``tail`` are positions in the list of mentions."""

    kind: str
    head: int
    tail: int
    confidence: float
    rule: str


class Sentence(NamedTuple):
    """The mentions of one sentence: ``members`` are positions in ``found``, in the order of the text."""

    text: str
    start: int
    end: int
    found: Sequence[Found]
    members: Sequence[int]

    def of(self, *labels: str) -> list[int]:
        """The positions of the mentions with one of the labels."""
        return [i for i in self.members if self.found[i].label in labels]


def between(text: str, left: int, right: int) -> str:
    """The characters between two offsets, what stands in whole brackets left out."""
    gap = text[left:right] if right > left else ""
    return ASIDE.sub("", gap) if "(" in gap or "[" in gap else gap


def distance(gap: str) -> float:
    """The cost of the words and signs of a gap."""
    cost = PER_CHARACTER * len(gap)
    cost += 2.0 * gap.count(",") + 8.0 * len(CLAUSE.findall(gap)) + 4.0 * (" and " in gap or " or " in gap)
    cost += 8.0 * (gap.count(")") + gap.count("]"))
    return cost


def listed(gap: str) -> bool:
    """Whether a gap does no more than join the members of a list."""
    return bool(LISTED.fullmatch(gap)) or gap.strip() in (",", "/", "and", "or")


def sure(cost: float, margin: float) -> float:
    """The confidence of a choice, 0 to 1, from its cost and its lead over the next one."""
    confidence = 0.97 - 0.012 * cost - (0.2 if margin < 2 else 0.08 if margin < 5 else 0.0)
    return round(max(0.2, confidence), 3)
