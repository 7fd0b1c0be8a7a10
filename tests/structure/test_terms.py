"""Look-up of lexicon entries: against a plain longest-match search, and where it could go wrong."""

import random

import pytest
import spacy
from spacy.tokens import Doc

import pipeline.structure  # noqa: F401  (registers the tokenizer)
from pipeline.lexicon import Entry
from pipeline.structure.terms import Terms, key


def doc(text: str) -> Doc:
    return spacy.blank(
        "en", config={"nlp": {"tokenizer": {"@tokenizers": "caseline.tokenizer.v1"}}}
    ).make_doc(text)


def entry(term: str, *flags: str) -> Entry:
    return Entry(term, term, frozenset(flags), "test")


def found(text: str, *entries: Entry) -> list[str]:
    return [text[start:end] for start, end, *_ in Terms(entries).find(doc(text))]


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("acute renal failure", ["renal failure", "acute renal failure", "renal"], ["acute renal failure"]),
        ("acute renal pain", ["acute renal failure", "renal"], ["renal"]),
        ("interleukin-6 and IL6", ["IL 6", "interleukin 6"], ["interleukin-6", "IL6"]),
        ("white blood cells", ["white blood cell count", "white blood cell"], ["white blood cells"]),
        ("blood", ["blood count", "blood"], ["blood"]),
        ("ends in white blood", ["white blood cell", "white"], ["white"]),
        ("a b a b c", ["a b c", "b"], ["b", "a b c"]),
    ],
)
def test_the_longest_term_wins(text: str, terms: list[str], expected: list[str]) -> None:
    assert found(text, *map(entry, terms)) == expected


def test_an_exact_entry_needs_its_spelling_and_an_exception_hides_what_it_covers() -> None:
    assert found("MAP and map", entry("MAP", "exact")) == ["MAP"]
    assert found("iron lung, iron", entry("iron"), entry("iron lung", "not")) == ["iron"]


def test_it_finds_what_a_plain_search_finds() -> None:
    dice = random.Random(7)
    terms = sorted({" ".join(dice.choices("abcd", k=dice.randint(1, 4))) for _ in range(60)})
    lookup, known = Terms(map(entry, terms)), set(map(key, terms))
    for _ in range(40):
        words = dice.choices("abcdx", k=30)
        expected, at = [], 0
        while at < len(words):
            fits = range(min(4, len(words) - at), 0, -1)
            size = next((n for n in fits if " ".join(words[at : at + n]) in known), 0)
            if size:
                expected.append(" ".join(words[at : at + size]))
            at += max(size, 1)
        text = " ".join(words)
        assert [text[start:end] for start, end, *_ in lookup.find(doc(text))] == expected
