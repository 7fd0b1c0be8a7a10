"""What a time expression counts from and which event takes it, from sentence to day."""

from __future__ import annotations

import pytest

from caseline import read_text
from tests.timeline.sentences import days, events

START = "A 45-year-old man was admitted with fever. "


def day(text: str, name: str) -> tuple[float | None, float | None]:
    """The days of the first event of that name."""
    events = [event for case in read_text(text).cases for event in case.events if event.name == name]
    return events[0].time.day_low, events[0].time.day_high


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        # a numbered day beside an amount is no list of amounts
        ("Rituximab was given on day 26, nine days after the rash had appeared.", "rituximab", 26),
        ("On the morning of day 7 he had a seizure.", "seizure", 7),
        ("Heparin was stopped on day 8, after 7 days of treatment.", "heparin", 8),
        # words that stand for what was told last
        (
            "Hemodialysis was started on day 5. Rituximab was given two days after the first session.",
            "rituximab",
            7,
        ),
        (
            "Rituximab was given on day 5. Four days after the infusion, neutropenia developed.",
            "neutropenia",
            9,
        ),
        # a subordinate clause keeps its own time
        (
            "Because ferritin rose to 5,400 ng/mL on day 4, rituximab (375 mg/m2) was added on day 6.",
            "rituximab",
            6,
        ),
        ("When he was reviewed on day 4, rituximab was started.", "rituximab", 4),
    ],
)
def test_day(text: str, name: str, expected: float) -> None:
    assert day(START + text, name) == (expected, expected)


def test_a_calendar_day_beside_an_amount() -> None:
    text = "A woman was admitted on June 14. She was discharged on July 30, 46 days after admission."
    assert day(text, "discharge") == (46, 46)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("A man was admitted on January 2. He was discharged on February 3.", "discharge", 32),
        ("A man was admitted on December 28. He was discharged on January 9.", "discharge", 12),
        (
            "A man was admitted on December 28, 2011. He had had a stroke in May 2009. He had a seizure on January 3.",
            "seizure",
            6,
        ),
    ],
)
def test_dates_without_a_year(text: str, name: str, expected: float) -> None:
    assert day(text, name) == (expected, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ferritin was 340 ng/mL on day 1, 1,820 ng/mL on day 2, and 980 ng/mL on day 9.",
            {340: 1, 1820: 2, 980: 9},
        ),
        ("CRP fell from 120 mg/L on day 2 to 34 mg/L on day 9.", {120: 2, 34: 9}),
        ("On day 3 ferritin was 340 ng/mL, on day 7 it was 980 ng/mL.", {340: 3, 980: 7}),
        (
            "KL-6 was 1,560, 980 and 420 U/mL on hospital days 4, 12, and 40, respectively.",
            {1560: 4, 980: 12, 420: 40},
        ),
    ],
)
def test_series(text: str, expected: dict[float, float]) -> None:
    events = [event for case in read_text(START + text).cases for event in case.events]
    assert {e.measurement.value: e.time.day_low for e in events if e.measurement} == expected


def test_follow_up_visits_count_from_one_event() -> None:
    text = (
        START + "He was discharged on hospital day 10. At the 3-month follow-up, the CRP was 2 mg/L. "
        "At the 6-month follow-up, the CRP was 1 mg/L. At the 2-year follow-up, MRI showed no relapse."
    )
    events = [event for case in read_text(text).cases for event in case.events if event.name == "follow-up"]
    assert [event.time.day_low for event in events] == [101, 192, 740]


def test_an_amount_beside_a_numbered_day_counts_as_that_does() -> None:
    text = START + "Prednisolone 60 mg/day was tapered to 20 mg/day by day 40 and to 10 mg/day at 3 months."
    events = [event for case in read_text(text).cases for event in case.events if event.kind == "drug"]
    assert events[-1].time.day_low == 91


def test_a_day_told_again_as_an_amount() -> None:
    text = START + (
        "Heparin was started on day 4. Meropenem was stopped on day 8, after 7 days of treatment. "
        "Two days later, he had a seizure."
    )
    assert day(text, "seizure") == (10, 10)


def test_a_newborns_story_goes_on_from_an_age() -> None:
    text = (
        "A male infant was born at 27 weeks. Apgar scores were 3 and 6 at 1 and 5 minutes. At 12 days of age, he had "
        "bloody stools. Meropenem was commenced and he underwent laparotomy the following day."
    )
    assert day(text, "meropenem") == (12, 13)


def test_a_further_clause_does_not_stop_the_treatment_of_the_first() -> None:
    text = (
        START + "He remained well on tofacitinib 5 mg twice daily alone; prednisolone had been discontinued."
    )
    events = {event.name: event.action for case in read_text(text).cases for event in case.events}
    assert events["prednisolone"] == "stop"
    assert events["tofacitinib"] != "stop"


def test_a_drug_begun_again_ends_its_first_course() -> None:
    text = (
        "Four weeks before admission, he received prednisolone 10 mg/day. A man was admitted with fever. "
        "Prednisolone 60 mg/day was started on day 2."
    )
    first = next(e for case in read_text(text).cases for e in case.events if e.name == "prednisolone")
    assert first.end_time is not None
    assert first.end_time.day_high == 2


def test_a_measured_weight_is_no_complaint() -> None:
    text = "A boy (weight, 28 kg) was admitted with a six-week history of fever."
    assert day(text, "body weight") == (0, 0)
    assert day(text, "fever") == (-42, -42)


def test_a_later_cycle_is_no_day_of_the_first():
    """Its own day is told by nothing but the interval, which may grow by half."""
    text = "Carboplatin (AUC 5) every 3 weeks was started on day 2. On day 8 of cycle 2 he had epistaxis. Ten days after the third infusion he fainted."
    assert [days(e) for e in events(text, "epistaxis")] == [(31, 41.5)]
    without = "Carboplatin (AUC 5) was started on day 2. Ten days after the third infusion he had epistaxis."
    (one,) = events(without, "epistaxis")
    assert (one.time.day_low, one.time.day_high) == (12, None)


def test_a_day_behind_a_cue_is_that_of_the_cue():
    assert [days(e) for e in events("Sodium was 141 mmol/L at discharge on day 21.", "sodium")] == [21]


def test_months_of_a_story_that_begins_with_the_birth_are_ages():
    text = "A boy was born at 37 weeks. Betaine was started on day 6 of life. Homocysteine was 74 umol/L at diagnosis and 28 umol/L at 3 months."
    (case,) = read_text("Case presentation\n" + text).cases
    assert [e.time.day_low for e in case.events if e.measurement and e.measurement.value == 28] == [91]


def test_the_day_told_in_the_sentence_of_the_admission_goes_on():
    text = "He was admitted, and on the third day of admission a bronchoscopy was performed. That evening he became hypoxic. The next day he was intubated."
    (case,) = read_text("Case presentation\nA 50-year-old man had fever. " + text).cases
    assert [e.time.day_low for e in case.events if e.name in ("bronchoscopy", "hypoxia", "intubation")] == [
        3,
        3,
        4,
    ]


def test_a_complaint_for_the_past_months_is_not_the_length_of_the_visit():
    (case,) = read_text(
        "Case presentation\nA 50-year-old man presented with fever for the past 3 months."
    ).cases
    assert [(e.time.day_low, e.end_time) for e in case.events if e.kind == "encounter"] == [(0, None)]


def test_weeks_of_a_further_pregnancy_are_not_those_of_the_first():
    text = (
        "A 29-year-old woman had headache at 30 weeks of gestation. A caesarean section was performed at 30 weeks and 2 days. "
        "Aspirin was begun at 8 weeks of gestation of her next pregnancy."
    )
    (case,) = read_text("Case presentation\n" + text).cases
    found = {e.name: e.time for e in case.events}
    assert found["headache"].day_low == -2
    assert found["cesarean section"].day_low == 0
    assert (found["aspirin"].day_low or 0) >= 0
    assert found["aspirin"].day_high is None


def test_a_further_pregnancy_behind_the_delivery_that_is_told_first():
    text = (
        "Case presentation\nA caesarean section was performed at 38 weeks of gestation in a 29-year-old woman. "
        "Aspirin was begun at 8 weeks of gestation of her next pregnancy."
    )
    (case,) = read_text(text).cases
    (aspirin,) = (e for e in case.events if e.name == "aspirin")
    assert (aspirin.time.day_low or 0) >= 0
