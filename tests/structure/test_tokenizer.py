"""The tokens, words and places that the finders share."""

import random

import pytest
from spacy.vocab import Vocab

from pipeline.structure.tokenizer import MARKS, SKIPPED, SPELLINGS, TOKEN, Tokenizer, fold, where

TOKENIZER = Tokenizer(Vocab())


def test_every_british_spelling_has_a_mark() -> None:
    assert [british for british, _ in SPELLINGS if not any(mark in british for mark in MARKS)] == []


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Haemoglobin's", "hemoglobin"), ("OEDEMA", "edema"), ("tumours", "tumor"), ("litres", "liter"),
        ("normalisation", "normalization"), ("leucocytes", "leukocyte"), ("biopsies", "biopsy"), ("pus", "pus"),
        ("diarrhoea", "diarrhea"), ("cephalexin", "cefalexin"), ("fibres", "fiber"), ("is", "is"),
    ],
)  # fmt: skip
def test_a_word_is_folded(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_tokens_words_and_places_of_any_text_agree() -> None:
    dice = random.Random(3)
    for _ in range(300):
        text = "".join(dice.choices("ab1.,/ \n\t-'é\xa0", k=dice.randint(0, 20)))
        doc = TOKENIZER(text)
        assert doc.text == doc._.text == text
        tokens = [match for match in TOKEN.finditer(text) if match[0] not in SKIPPED]
        words = [(fold(m[0]), *m.span()) for m in tokens]
        glued = {end for _, _, end in words} | {m.end() for m in TOKEN.finditer(text) if m[0] in SKIPPED}
        kept = [w for w in words if w[0] != " " or w[1] == 0 or text[w[1] - 1] == "\n" or w[1] not in glued]
        assert doc._.words == kept
        assert [w for w, *_ in kept] == [
            word for _, word in sorted((at, word) for word, places in doc._.places.items() for at in places)
        ]


def test_the_places_of_wanted_words_are_in_order() -> None:
    doc = TOKENIZER("fever, cough and fevers; no cough")
    assert [doc._.words[at][1] for at in where(doc, {"fever", "cough", "rash"})] == [0, 7, 17, 28]
