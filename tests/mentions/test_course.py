"""ENCOUNTER and OUTCOME: places, names, subjects, and what is neither."""

import pytest
from spacy.vocab import Vocab

from pipeline.mentions.course import CourseFinder
from pipeline.structure.found import Found, register
from pipeline.structure.tokenizer import Tokenizer

register()
TOKENIZER = Tokenizer(Vocab())
FINDER = CourseFinder()


def found(text: str, label: str) -> list[Found]:
    return [one for one in FINDER.find(TOKENIZER(text)) if one.label == label]


@pytest.mark.parametrize(
    ("text", "span", "name"),
    [
        ("He was admitted to our hospital.", "admitted to our hospital", "admission"),
        ("She went to a local clinic.", "went to a local clinic", "visit to another hospital"),
        ("She was moved to our intensive care unit.", "moved to our intensive care unit",
         "transfer to intensive care unit"),
        ("The boy was discharged home.", "discharged home", "discharge"),
        ("The patient was discharged.", "discharged", "discharge"),
        ("She was referred to our department.", "referred to our department", "referral"),
        ("A man presented to the emergency department.", "presented to the emergency department",
         "presentation to emergency department"),
        ("A 30-year-old woman presented with fever.", "presented", "presentation"),
        ("The patient was seen in the outpatient clinic.", "seen in the outpatient clinic", "visit"),
        ("He was brought to the hospital.", "brought to the hospital", "presentation"),
        ("At the last follow-up she worked.", "last follow-up", "follow-up"),
    ],
)  # fmt: skip
def test_encounters(text: str, span: str, name: str) -> None:
    (one,) = found(text, "ENCOUNTER")
    assert (text[one.start : one.end], one.name) == (span, name)


def test_the_house_is_told() -> None:
    (one,) = found("He was admitted to another hospital.", "ENCOUNTER")
    assert one.codes == {"place": "elsewhere"}
    (one,) = found("He was admitted to our hospital.", "ENCOUNTER")
    assert one.codes == {"place": "here"}


def test_a_dating_noun_is_less_sure_than_a_verb() -> None:
    (dating,) = found("Rituximab was given 3 days after admission.", "ENCOUNTER")
    (verb,) = found("He was admitted.", "ENCOUNTER")
    assert dating.confidence < verb.confidence


@pytest.mark.parametrize(
    "text",
    [
        "We presented this case earlier.",
        "Embryo transfer was done.",
        "There was purulent discharge.",
        "The birth weight was low.",
        "These changes were seen in the liver.",
        "Blood was taken twice.",
    ],
)
def test_no_encounter(text: str) -> None:
    assert found(text, "ENCOUNTER") == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Her lung function worsened.", "lung function worsened"),
        ("The nutritional status steadily improved.", "nutritional status steadily improved"),
        ("Quality of sleep improved.", "Quality of sleep improved"),
        ("She died.", "died"),
        ("He was weaned off dialysis.", "weaned off"),
        ("The fever subsided.", "fever subsided"),
        ("There was marked improvement of the rash.", "marked improvement of the rash"),
        ("The patient improved.", "improved"),
        ("He remained asymptomatic.", "asymptomatic"),
        ("There was no recurrence.", "no recurrence"),
        ("Liver function returned to normal.", "Liver function returned to normal"),
    ],
)
def test_outcomes(text: str, span: str) -> None:
    assert [text[one.start : one.end] for one in found(text, "OUTCOME")] == [span]


@pytest.mark.parametrize(
    "text",
    [
        "Cell death was seen.",
        "High-resolution images were taken.",
        "The immune response was studied.",
        "A fatal disease.",
    ],
)
def test_no_outcome(text: str) -> None:
    assert found(text, "OUTCOME") == []
