"""What is thought about each word once: a dictionary that fills itself and is emptied where it has grown large.

``functools.lru_cache`` notes at each look-up which word was asked for last, which takes longer than the look-up itself.
Example: ``Remembered(str.upper)["a"]`` is "A".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

KEPT = 100_000
"""Words remembered at most."""
T = TypeVar("T")


class Remembered(dict[str, T]):
    """The answers of a pure function by word."""

    def __init__(self, think: Callable[[str], T]) -> None:
        super().__init__()
        self.think = think

    def __missing__(self, word: str) -> T:
        """The answer for a word not asked for lately."""
        if len(self) >= KEPT:
            self.clear()
        self[word] = answer = self.think(word)
        return answer
