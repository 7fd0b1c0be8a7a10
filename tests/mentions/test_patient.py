"""AGE and SEX: ages in figures and words, words for the patient, relatives left out."""

import pytest
from spacy.vocab import Vocab

from pipeline.mentions.patient import PatientFinder
from pipeline.structure.found import Found
from pipeline.structure.tokenizer import Tokenizer

TOKENIZER = Tokenizer(Vocab())
FINDER = PatientFinder()


def found(text: str) -> list[Found]:
    return list(FINDER.find(TOKENIZER(text)))


def marked(text: str, label: str) -> list[str]:
    return [text[one.start : one.end] for one in found(text) if one.label == label]


@pytest.mark.parametrize(
    ("text", "ages", "low"),
    [
        ("A 2-year-old girl had fever.", ["2-year-old"], 730.5),
        ("The patient, 49 years old, smoked.", ["49 years old"], 17897.25),
        ("An 18-month-old boy fell.", ["18-month-old"], 547.92),
        ("A 2-year 3-month-old boy was seen.", ["2-year 3-month-old"], 821.82),
        ("A 10-day-old neonate cried.", ["10-day-old", "neonate"], 10.0),
        ("A sixty-five-year-old farmer coughed.", ["sixty-five-year-old"], 23741.25),
        ("A 62 yo man collapsed.", ["62 yo"], 22645.5),
        ("A woman in her 60s was admitted.", ["in her 60s"], 21915.0),
        ("A man aged 71 years was referred.", ["aged 71 years"], 25932.75),
        ("A 34-year female was seen.", ["34-year"], 12418.5),
    ],
)
def test_ages(text: str, ages: list[str], low: float) -> None:
    assert marked(text, "AGE") == ages
    first = next(one for one in found(text) if one.label == "AGE")
    assert first.value is not None
    assert first.value["kind"] == "age"
    assert first.value["low"] == pytest.approx(low)


@pytest.mark.parametrize(
    "text",
    [
        "Her 40-year-old mother was healthy.",
        "The kidney came from a 30-year-old donor.",
        "Symptoms had begun 2 years earlier.",
        "She had a 10-year-old scar.",
        "The mice were aged 12 weeks.",
    ],
)
def test_no_age_of_the_patient(text: str) -> None:
    assert marked(text, "AGE") == []


@pytest.mark.parametrize(
    ("text", "words", "sex"),
    [
        ("A 2-year-old girl had fever.", ["girl"], "female"),
        ("This gentleman was seen.", ["gentleman"], "male"),
        ("A 30-year-old male presented.", ["male"], "male"),
        ("A 70-year-old woman died.", ["woman"], "female"),
    ],
)
def test_sex(text: str, words: list[str], sex: str) -> None:
    assert marked(text, "SEX") == words
    assert [one.name for one in found(text) if one.label == "SEX"] == [sex]


@pytest.mark.parametrize(
    "text",
    [
        "He was well.",
        "Girls are affected more often.",
        "A female donor gave blood.",
        "The male to female ratio is 2.",
    ],
)
def test_no_sex_of_the_patient(text: str) -> None:
    assert "female" not in [w for w in marked(text, "SEX") if "ratio" not in text]
    assert len(marked(text, "SEX")) <= text.count("female ratio")
