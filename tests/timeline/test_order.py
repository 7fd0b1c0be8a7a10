"""Where the text tells events the other way round: who comes before whom, by tense, section, kind and plain knowledge."""

from __future__ import annotations

import pytest

import caseline
from tests.timeline.tales import case, event

START = "She was <ENCOUNTER admitted> to our hospital with <FINDING fever>. "
DAY_3 = "On <TIME day 3|day_number admission 3 3> <FINDING rash> appeared. "
DAY_9 = "On <TIME day 9|day_number admission 9 9> she was <OUTCOME well>. "
CREATININE = "<LAB_TEST Creatinine> was <LAB_VALUE 1.2|quantity 1.2>. "


@pytest.mark.parametrize(
    ("text", "first", "then"),
    [
        (START + DAY_9 + "A <PROCEDURE chest tube> had been placed.", "chest tube", "well"),
        (START + DAY_9 + "<DRUG Aspirin> had been given before that.", "aspirin", "well"),
        (START + "He had undergone <PROCEDURE herniotomy>.", "herniotomy", "admitted"),
        (START + DAY_9 + "<DRUG Aspirin> was given.", "well", "aspirin"),
        (START + CREATININE + "<VITAL Pulse> was <LAB_VALUE 98|quantity 98>.", "pulse", "creatinine"),
        (START + "She had <DIAGNOSIS hypertension>.", "hypertension", "admitted"),
        (START + "She was on <DRUG.historical aspirin>.", "aspirin", "fever"),
        (
            START + "Despite <DRUG aspirin>, the <FINDING headache> persisted.",
            "aspirin",
            "headache",
        ),
        (START + "<DRUG Aspirin> was given for <FINDING headache>.", "headache", "aspirin"),
        (
            "# Case presentation\n" + START + "\n# Investigations\n" + CREATININE + DAY_9 + "\n# Treatment\n"
            "<DRUG Aspirin> was given.",
            "aspirin",
            "well",
        ),
        (
            "# Case presentation\n" + START + "\n# Investigations\n<LAB_TEST Antinuclear antibody> was "
            "<LAB_VALUE negative>.\n# Treatment\n<DRUG Aspirin> was given.",
            "aspirin",
            "antinuclear antibody",
        ),
        (
            START + "<LAB_TEST Procalcitonin> was later reported as <LAB_VALUE 3|quantity 3>. <DRUG Aspirin> was given.",
            "aspirin",
            "procalcitonin",
        ),
        (
            START + DAY_9 + "<DRUG Aspirin> was given <TIME during the stay|event admission during>. "
            "She was <ENCOUNTER discharged> on <TIME day 12|day_number admission 12 12>.",
            "aspirin",
            "discharged",
        ),
        (
            START + "She was <ENCOUNTER discharged> on <TIME day 12|day_number admission 12 12>. "
            "<TIME During her stay|event admission during> she received <DRUG aspirin>.",
            "aspirin",
            "discharged",
        ),
        (
            START + "<PROCEDURE Gastrectomy> was performed. <PROCEDURE Drainage> followed. "
            "The <LAB_TEST histology> showed <LAB_VALUE cancer> in the resected specimen.",
            "gastrectomy",
            "histology",
        ),
        (START + "The <OUTCOME death> was sudden. <DRUG Aspirin> was given.", "aspirin", "death"),
    ],
)  # fmt: skip
def test_one_comes_before_the_other(text, first, then):
    assert event(text, first).order < event(text, then).order


def test_what_looks_back_gets_no_day():
    time = event(START + DAY_9 + "A <PROCEDURE chest tube> had been placed.", "chest tube").time
    assert (time.day_low, time.day_high, time.basis) == (None, 9, "none")
    assert time.why == ("narrative.had_before",)


@pytest.mark.parametrize("verb", ["had improved", "had elevated", "had been stable on"])
def test_a_state_told_with_had_is_that_of_the_time_itself(verb):
    found = event(START + DAY_9 + f"She {verb} <DRUG aspirin>.", "aspirin")
    assert "narrative.had_before" not in found.time.why


def test_a_new_disease_is_no_history():
    found = event(START + "She had newly diagnosed <DIAGNOSIS hypertension>.", "hypertension")
    assert "narrative.chronic_disease" not in found.time.why


def test_an_emergency_operation_is_done_at_once():
    text = START + "Emergency <PROCEDURE laparotomy> was performed."
    found = event(text, "laparotomy").time
    assert (found.day_low, found.day_high) == (0, 2)
    assert event(text.replace("Emergency ", "A "), "laparotomy").time.day_high is None


def test_vital_signs_after_treatment_are_not_those_of_the_admission():
    text = START + "<DRUG Aspirin> was given. <VITAL Pulse> was <LAB_VALUE 98|quantity 98>."
    assert event(text, "aspirin").order <= event(text, "pulse").order
    assert "narrative.examination" not in event(text, "pulse").time.why


def test_ranks_are_dense_and_agree_with_the_days():
    events = case(START + DAY_3 + DAY_9 + "<DRUG Aspirin> had been given.").events
    assert sorted({e.order for e in events}) == list(range(1, len({e.order for e in events}) + 1))
    dated = [e for e in events if e.time.day_low is not None and e.time.day_high is not None]
    for a in dated:
        for b in dated:
            if a.time.day_high < b.time.day_low:
                assert a.order < b.order


def test_what_others_are_counted_from_comes_before_them():
    text = (
        "A man was admitted with fever. Following stabilization of his blood pressure, he noticed diplopia."
    )
    found = {e.name: e.order for e in caseline.read_text(text).cases[0].events}
    assert found["stabilization of his blood pressure"] < found["diplopia"]
