"""A word is thought about once; what has grown large is forgotten."""

import pytest

from pipeline.structure import remembered
from pipeline.structure.remembered import Remembered


def test_each_word_is_thought_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "KEPT", 2)
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    lengths = Remembered(length)
    assert [lengths[word] for word in ("a", "bb", "a")] == [1, 2, 1]
    assert asked == ["a", "bb"]
    assert lengths["ccc"] == 3
    assert lengths == {"ccc": 3}
