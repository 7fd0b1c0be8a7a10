"""What expressions count from: another hospital's admission, a pregnancy, a numbered day, a named event with candidates."""

from __future__ import annotations

import pytest

import caseline
from tests.timeline.tales import days, event

START = "She was <ENCOUNTER admitted> to our hospital with <FINDING fever>. "


def test_a_clause_is_no_reference_of_a_numbered_day():
    text = START + (
        "She was <PROCEDURE intubated> on <TIME day 3 after hypoxia|day_number event 3 3> had worsened. "
        "On <TIME day 8|day_number - 8 8> <DRUG aspirin> was given."
    )
    assert days(text, "intubated") == (3, 3)
    assert days(text, "aspirin") == (8, 8)


def test_a_numbered_day_may_count_from_an_event():
    text = START + (
        "On <TIME day 2|day_number admission 2 2> <DRUG rituximab> was given. "
        "On <TIME day 10 after rituximab|day_number event 10 10> a <FINDING rash> appeared."
    )
    assert days(text, "rash") == (12, 12)


def test_weeks_of_gestation_count_from_the_pregnancy():
    text = (
        "She was <ENCOUNTER referred> to our hospital at <TIME 28 weeks of gestation|offset pregnancy 196 196 at week>. "
        "At <TIME 33 weeks|offset - 231 231 at week> <DRUG betamethasone> was given."
    )
    assert days(text, "betamethasone") == (35, 35)


def test_weeks_after_an_admission_are_none_of_a_pregnancy():
    text = START + "At <TIME 33 weeks|offset - 231 231 at week> she was <OUTCOME well>."
    assert days(text, "well") == (231, 231)


def test_on_admission_before_the_referral_is_that_to_the_other_hospital():
    text = (
        "In <TIME May 2011|date 2011-05-02> he was <ENCOUNTER admitted> to a local hospital. "
        "<TIME On admission|event admission at> <LAB_TEST creatinine> was <LAB_VALUE 3|quantity 3>. "
        "He was <ENCOUNTER transferred> to our hospital on <TIME May 6, 2011|date 2011-05-06>."
    )
    assert days(text, "creatinine") == (-4, -4)


def test_on_admission_after_a_transfer_onward_is_that_to_the_further_hospital():
    text = START + (
        "<TIME Five days later|offset previous 5 5> he was <ENCOUNTER transferred> to the national hospital. "
        "<TIME On admission|event admission at> <DRUG heparin> was started."
    )
    assert days(text, "heparin") == (5, 5)


def test_an_operation_of_the_past_is_no_reference():
    text = START + (
        "She had undergone <PROCEDURE hysterectomy>. "
        "<TIME Two days after surgery|offset surgery 2 2> a <FINDING rash> appeared."
    )
    assert days(text, "rash") != (2, 2)
    assert event(text, "rash").time.relative_to == "surgery"


def test_all_events_that_could_be_meant_are_kept_with_scores():
    text = START + (
        "On <TIME day 2|day_number admission 2 2> <DRUG aspirin> was started. "
        "On <TIME day 6|day_number admission 6 6> <DRUG aspirin> was given again. "
        "<TIME One week after aspirin|offset event 7 7> a <FINDING rash> appeared."
    )
    time = event(text, "rash").time
    first, second = (c.event for c in time.candidates)
    assert [first, second] == [event(text, "aspirin").id, event(text, "aspirin", 1).id]
    assert time.relative_to == first
    assert all(0 < c.score <= 1 for c in time.candidates)


@pytest.mark.parametrize("name", ["fever", "admitted"])
def test_what_counts_from_one_thing_alone_has_no_candidates(name):
    assert event(START, name).time.candidates == ()


def test_the_age_of_a_child_is_no_age_of_the_mother():
    text = (
        "A 33-year-old woman was admitted for delivery. She gave birth to a boy on day 1. The infant was discharged at 12 days of age. "
        "At 3 months, she complained of insomnia."
    )
    found = {e.name: e.time.day_low for e in caseline.read_text(text).cases[0].events}
    assert 80 < found["insomnia"] < 120
