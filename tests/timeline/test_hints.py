"""The words of a sentence never hide a cue that is found in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.timeline import resolve  # noqa: F401  all cues of the timeline are made on import
from pipeline.timeline.cues import DISCHARGE, HISTORY, PLUPERFECT
from pipeline.timeline.hints import _watched, cue, hints, in_name

SAMPLES = Path(__file__).parents[2] / "annotations" / "samples"


def test_no_cue_of_the_samples_is_missed() -> None:
    found = 0
    for path in sorted(SAMPLES.iterdir()):
        for sentence in re.split(r"(?<=\.)\s", path.read_text(encoding="utf-8")):
            matching = [one for one in _watched if one.pattern.search(sentence)]
            assert set(matching) <= set(hints(sentence))
            found += len(matching)
    assert found > 100


def test_what_no_word_tells_is_left_out() -> None:
    known = hints("She was discharged home.")
    assert DISCHARGE in known
    assert HISTORY not in known
    assert PLUPERFECT not in known


@pytest.mark.parametrize("text", ["DI\u017fCHARGED home", "d\u0130scharged", "no word of it, but an \u0131"])
def test_letters_that_lower_case_does_not_tell_hide_nothing(text: str) -> None:
    assert DISCHARGE in hints(text)


def test_a_cue_of_short_words_is_always_possible() -> None:
    assert cue(r"\bn=\d") in hints("nothing of the kind")


def test_a_name_holds_a_cue_or_not() -> None:
    assert in_name(DISCHARGE, "discharge")
    assert not in_name(DISCHARGE, "admission")
