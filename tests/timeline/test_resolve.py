"""Whole stories: which day each event gets, and where only the order is known."""

from __future__ import annotations

import pytest

from pipeline.timeline.resolve import resolve
from tests.timeline.tales import case, days, event, story

START = "She was <ENCOUNTER admitted> to our hospital with <FINDING fever>. "


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (START, "fever", (0, 0)),
        (START + "<TIME Two days later|offset previous 2 2> <DRUG aspirin> was started.", "aspirin", (2, 2)),
        (START + "On <TIME hospital day 5|day_number admission 5 5> she had <FINDING rash>.", "rash", (5, 5)),
        (
            START + "On <TIME day 3|day_number admission 3 3> <DRUG aspirin> was given. "
            "<TIME The next day|offset previous 1 1> <FINDING rash> appeared.",
            "rash",
            (4, 4),
        ),
        (
            "She was <ENCOUNTER admitted> with a <DURATION 6-week|duration 42 42> history of <FINDING cough>.",
            "cough",
            (-42, -42),
        ),
        (
            START
            + "She had had <PROCEDURE appendectomy> <TIME 2 years earlier|offset previous -730.5 -730.5>.",
            "appendectomy",
            (-731, -730),
        ),
        (
            START + "The patient underwent <PROCEDURE gastrectomy> on <TIME day 4|day_number admission 4 4>. "
            "<TIME Ten days after surgery|offset surgery 10 10> <FINDING ileus> developed.",
            "ileus",
            (14, 14),
        ),
        (
            "On <TIME March 3, 2012|date 2012-03-03> she was <ENCOUNTER admitted>. "
            "On <TIME March 10|date --03-10> <DRUG aspirin> was started.",
            "aspirin",
            (7, 7),
        ),
        (
            START + "On <TIME day 2|day_number admission 2 2> <DRUG aspirin> was started. "
            "<PROCEDURE Intubation> followed. On <TIME day 3|day_number admission 3 3> <FINDING rash> appeared.",
            "intubation",
            (2, 3),
        ),
        (
            START
            + "<TIME Eleven months later|offset previous 334.84 334.84> she was well without <DRUG aspirin>.",
            "aspirin",
            (334, 335),
        ),
    ],
)
def test_days(text, name, expected):
    assert days(text, name) == expected


def test_a_chain_of_times_that_ends_at_the_admission_counts_back_from_it():
    text = (
        "In <TIME April 2011|date 2011-04> she had <FINDING fever>. "
        "<TIME Four days later|offset previous 4 4> <DRUG aspirin> was prescribed. "
        "She was <ENCOUNTER admitted> to our ward <TIME 6 days later|offset previous 6 6>."
    )
    assert days(text, "aspirin") == (-6, -6)
    assert days(text, "fever") == (-10, -10)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (START + "She had a history of <DIAGNOSIS.historical gout>.", "gout"),
        (START + "Past medical history included <DIAGNOSIS asthma>.", "asthma"),
        ("A woman with <DIAGNOSIS asthma> was <ENCOUNTER admitted> with <FINDING fever>.", "asthma"),
    ],
)
def test_background_has_an_order_but_no_days(text, name):
    found = event(text, name)
    assert (found.time.day_low, found.time.day_high, found.time.basis) == (None, None, "none")
    assert found.order < event(text, "admitted").order


def test_an_offset_is_kept_where_its_reference_has_no_day():
    text = (
        START
        + "The <PROCEDURE resection> was done. <TIME 9 days after surgery|offset surgery 9 9> she was <ENCOUNTER discharged>."
    )
    found = event(text, "discharged")
    assert (found.time.day_low, found.time.day_high) == (9, None)
    assert (found.time.relative_to, found.time.offset_low, found.time.offset_high) == ("surgery", 9, 9)


def test_a_day_in_an_aside_does_not_move_the_story():
    text = (
        START + "She had had a <DIAGNOSIS stroke> <TIME 10 days earlier|offset previous -10 -10>. "
        "On examination <FINDING jaundice> was seen."
    )
    assert days(text, "stroke") == (-10, -10)
    assert days(text, "jaundice") == (0, 1)


def test_a_treatment_with_a_duration_has_an_end():
    text = (
        START
        + "On <TIME day 3|day_number admission 3 3> <DRUG aspirin> was given for <DURATION 5 days|duration 5 5>."
    )
    end = event(text, "aspirin").end_time
    assert end is not None
    assert (end.day_low, end.day_high) == (8, 8)


def test_each_result_of_a_test_is_an_event():
    text = START + "<LAB_TEST creatinine> fell from <LAB_VALUE 8|quantity 8> to <LAB_VALUE 2|quantity 2>."
    assert [e.measurement.value for e in case(text).events if e.kind == "lab"] == [8, 2]


def test_a_word_beside_a_number_describes_it():
    text = START + "<LAB_TEST Ferritin> was <LAB_VALUE elevated> at <LAB_VALUE 900 ng/mL|quantity 900 ng/mL>."
    assert [e.measurement.value for e in case(text).events if e.kind == "lab"] == [900]


@pytest.mark.parametrize(("value", "expected"), [("900", "high"), ("10", "low"), ("50", "normal")])
def test_the_range_of_the_text_interprets_a_number(value, expected):
    text = (
        START + f"<LAB_TEST Ferritin> was <LAB_VALUE {value}|quantity {value}> "
        "(<REFERENCE_RANGE 20-250|range 20 250>)."
    )
    assert event(text, "ferritin").measurement.interpretation == expected


def test_a_test_without_a_result_is_no_event_unless_done():
    assert [e.kind for e in case(START + "<LAB_TEST Ferritin> matters.").events if e.kind == "lab"] == []
    assert [e.kind for e in case(START + "<LAB_TEST Ferritin> was obtained.").events if e.kind == "lab"] == [
        "lab"
    ]


def test_a_second_telling_adds_a_mention_not_an_event():
    text = START + "<DRUG Aspirin> was started. The <DRUG aspirin> was well tolerated."
    (found,) = [e for e in case(text).events if e.kind == "drug"]
    assert found.mentions == ("m3", "m4")
    assert found.action == "start"


def test_what_a_relative_had_keeps_its_status():
    text = START + "Her mother received <DRUG.family aspirin>."
    assert event(text, "aspirin").status == "family"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She was <ENCOUNTER admitted> with fever.", "admission"),
        ("She <ENCOUNTER presented> with fever.", "presentation"),
        ("The patient underwent <PROCEDURE gastrectomy>.", "surgery"),
        ("She was treated with <DRUG aspirin>.", "treatment"),
        (
            "She was admitted to a local hospital. She was <ENCOUNTER transferred> to our hospital.",
            "admission",
        ),
    ],
)
def test_the_anchor(text, expected):
    assert case(text).anchor.event == expected


def test_the_reporting_hospital_is_the_anchor():
    text = (
        "She was <ENCOUNTER admitted> to a local hospital. <DRUG Aspirin> was given. "
        "She was <ENCOUNTER transferred> to our hospital."
    )
    assert days(text, "transferred") == (0, 0)
    assert event(text, "aspirin").order < event(text, "transferred").order


def test_each_case_of_a_series_has_its_own_day_zero():
    cases, _ = resolve(
        story(
            "Case 1. She was <ENCOUNTER admitted> with <FINDING fever>.\n"
            "Case 2. He was <ENCOUNTER admitted>. On <TIME day 2|day_number admission 2 2> <FINDING rash> appeared."
        )
    )
    assert [c.id for c in cases] == ["c1", "c2"]
    assert [(e.id, e.name) for e in cases[1].events] == [("e3", "admitted"), ("e4", "rash")]


def test_the_same_story_gives_the_same_case():
    text = START + "<TIME Two days later|offset previous 2 2> <DRUG aspirin> was started."
    assert resolve(story(text)) == resolve(story(text))


def test_ranks_follow_the_days_not_the_telling():
    text = (
        START + "On <TIME day 9|day_number admission 9 9> <OUTCOME remission> was reached. "
        "<DRUG Aspirin> had been given on <TIME day 2|day_number admission 2 2>."
    )
    assert event(text, "aspirin").order < event(text, "remission").order


def test_a_story_told_back_from_its_presentation_comes_back_to_it():
    text = (
        "He <ENCOUNTER presented> to our hospital in <TIME December|date --12>. "
        "He received <DRUG vaccine> on <TIME 6 December 2020|date 2020-12-06>. "
        "<TIME The next day|offset previous 1 1> <FINDING fever> began. It rose <TIME over the following 4 days|span previous 0 4> "
        "when he presented with <FINDING rash>."
    )
    assert days(text, "rash") == (0, 0)
    assert days(text, "fever") == (-4, -4)
    assert days(text, "vaccine") == (-5, -5)


def test_at_the_discharge_tells_the_discharge():
    text = (
        START
        + "On <TIME day 21|day_number admission 21 21> <FINDING rash> faded. <TIME At discharge|event discharge at> "
        "she was <OUTCOME well>. She was <ENCOUNTER discharged> home."
    )
    assert days(text, "well") == (21, 25)
