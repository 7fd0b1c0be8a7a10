"""Cues find what their expressions find, on any text; the words that they ask for first are read off rightly."""

import importlib
import pkgutil
import random
import re

import pytest

import pipeline.mentions
import pipeline.structure
import pipeline.timeline
from pipeline.patterns import Cue, cue, required


def cues() -> dict[str, Cue]:
    """All cues of the rooms that read text, by module and name."""
    found = {}
    for room in (pipeline.structure, pipeline.mentions, pipeline.timeline):
        for info in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            for name, value in vars(importlib.import_module(info.name)).items():
                rows = value if isinstance(value, tuple) else (value,)
                parts = [part for row in rows for part in (row if isinstance(row, tuple) else (row,))]
                for number, one in enumerate(part for part in parts if isinstance(part, Cue)):
                    found[f"{info.name}.{name}.{number}"] = one
    return found


CUES = cues()


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (
            r"\b(?:on|at) (?:admission|arrival)\b",
            {"on admission", "on arrival", "at admission", "at arrival"},
        ),
        (r"discharg", {"discharg"}),
        (r"\bhad (?:not |never )?\w+ed\b", {"had "}),
        (r"(?:was |were )?(?:presented|came)", {"presented", "came"}),
        (r"randomi[sz]ed trial", {"randomi"}),
        (r"(?<=x)(?:\d+|night)s", {"s"}),
        (r"(?:abc|abcd)+", {"abc"}),
        (r"Ärzte", {"rzte"}),
    ],
)
def test_the_words_of_an_expression(expression: str, words: set[str]) -> None:
    assert set(cue(expression).words) == words


@pytest.mark.parametrize("expression", [r"\w+", r"(?:word)?", r"(?:word|\d)", r"(?:word)*", r"(?=word)", "é"])
def test_an_expression_that_needs_no_word_is_no_cue(expression: str) -> None:
    with pytest.raises(ValueError, match="certain"):
        cue(expression)


def test_letters_outside_ascii_that_fold_to_ascii_are_found() -> None:
    assert cue("mask").search("ma\u017fk")  # long s
    assert cue("kin").search("\u212a\u0131n")  # Kelvin sign, dotless i


@pytest.mark.parametrize("name", sorted(CUES))
def test_a_cue_finds_what_its_expression_finds(name: str) -> None:
    one, dice = CUES[name], random.Random(name)
    pieces = re.findall(r"[A-Za-z,;-]+", re.sub(r"\\[a-zA-Z]|\(\?[:!=<P]+", " ", one.pattern.pattern))
    matched = 0
    for _ in range(400):
        text = "".join(
            dice.choice(pieces) + dice.choice((" ", " ", " ", "", "ed ", " 3 ")) for _ in range(12)
        )
        text = dice.choice((text, text.upper(), text.capitalize(), text.replace("s", "\u017f")))
        start, end = sorted(dice.choices(range(len(text)), k=2))
        spans = [match.span() for match in one.pattern.finditer(text, start, end)]
        assert [match.span() for match in one.finditer(text, start, end)] == spans
        first = one.search(text)
        assert (first and first.span()) == ((m := one.pattern.search(text)) and m.span())
        assert one.findall(text) == one.pattern.findall(text)
        matched += first is not None
    if all(char.isalpha() or char in "|\\b(?:)" for char in one.pattern.pattern):
        assert matched  # else the texts say nothing


def test_there_are_cues() -> None:
    assert len(CUES) > 20


def test_no_word_holds_another() -> None:
    words = required(re._parser.parse("(?:operation|operations|re-operation)"))  # type: ignore[attr-defined]
    assert words == {"operation"}
