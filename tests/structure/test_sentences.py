"""Sentences of article prose: "|" marks where one ends."""

import pytest
import spacy

import pipeline.structure  # noqa: F401  (registers the factories)
from pipeline.structure.sentences import split


@pytest.mark.parametrize(
    "text",
    [
        "He was seen by Dr. Ito (Fig. 2).[3] |RTX was given.", "ILD.[3, 5-7] |Then he died.", "E. coli grew. |He died.",
        "He got 5 mg i.v. b.i.d. and p.o. |The dose rose.", "Smith et al. [9] saw it. |Abe et al. reported it.",
        "No. 5 vs. No. 6, approx. 3 days.", "CRP was 12. |3 days later it fell.", "The pH was 7. 35 today.",
        "It followed vaccination.14 |Our patient had it.", "J. Smith and A. B. Jones came.", "It was 5 mg. |mTOR rose.",
        "So. |anti-MDA5 was high.", "He had hepatitis B. |She did not.", "(see below.) |And so it was.", "Why? |Because.",
        "He died.|She lived on.", "One line|\nand the next", "It was 2.5 g/L. |Rituximab was given.",
        "At 3 p.m. |He left on Feb. 18, 2016.", "The dose (i.e. 5 mg) was low.", "of 12.5 mg. |375 mg/m2 of RTX",
    ],
)  # fmt: skip
def test_sentences(text: str) -> None:
    plain = text.replace("|", "")
    found = [plain[start:end] for start, end in split(plain)]
    assert found == [part.strip() for part in text.split("|")]


def test_no_text_has_no_sentence() -> None:
    assert split("") == []
    assert split(" \n \n") == []


def test_the_doc_knows_its_sentences() -> None:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "caseline.tokenizer.v1"}}})
    nlp.add_pipe("caseline_sentences")
    doc = nlp("She came (Fig. 1). She left.\nShe died")
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "She came (Fig. 1).",
        "She left.",
        "She died",
    ]
    assert doc._.sentences == [(0, 18), (19, 28), (29, 37)]
    assert not nlp("")._.sentences
