"""Cohen's kappa: agreement beyond what the two annotators' own frequencies give by chance.

Source: Cohen, J. (1960). A coefficient of agreement for nominal scales. Educ Psychol Meas 20:37-46.
Example: 20 times both yes, 5 and 10 times only one, 15 times both no: 0.4.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping

Table = Counter[tuple[Hashable, Hashable]]
TOKEN = re.compile(r"\w+|[^\w\s]")


def kappa(counts: Mapping[tuple[Hashable, Hashable], int]) -> float | None:
    """Kappa of a table (answer of A, answer of B) -> count; None where all answers are one, or there is none."""
    total = sum(counts.values())
    if not total:
        return None
    first: Counter[Hashable] = Counter()
    second: Counter[Hashable] = Counter()
    for (a, b), count in counts.items():
        first[a] += count
        second[b] += count
    observed = sum(count for (a, b), count in counts.items() if a == b) / total
    expected = sum(first[answer] * second[answer] for answer in first) / total**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def token_table(text: str, first: Iterable[tuple[int, int]], second: Iterable[tuple[int, int]]) -> Table:
    """Whether each word or sign of the text lies in a span, said by each side; touching with one character counts."""
    tokens = [match.span() for match in TOKEN.finditer(text)]
    table: Table = Counter()
    for answer in zip(_inside(tokens, first), _inside(tokens, second), strict=True):
        table[answer] += 1
    return table


def _inside(tokens: list[tuple[int, int]], spans: Iterable[tuple[int, int]]) -> list[bool]:
    """Which tokens overlap a span; both in one pass, in the order of the text."""
    waiting = sorted(spans)
    reached, answers = 0, []
    rank = 0
    for start, end in tokens:
        while rank < len(waiting) and waiting[rank][0] < end:
            reached = max(reached, waiting[rank][1])
            rank += 1
        answers.append(reached > start)
    return answers
