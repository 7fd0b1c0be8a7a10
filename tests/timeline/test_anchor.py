"""Which place of a report is day 0."""

from __future__ import annotations

import pytest

import caseline


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A man presented to the clinic with polyuria. Sodium was low. On day 20 he was readmitted drowsy.", "presented"),
        ("A 31-year-old woman admitted on May 3 for fever had been seen by her doctor on April 22.", "admitted"),
        ("A boy was born at 34 weeks to a 29-year-old woman. At 4 months he was readmitted with cough.", "born"),
    ],
)  # fmt: skip
def test_the_anchor(text: str, expected: str) -> None:
    (case,) = caseline.read_text("Case presentation\n" + text).cases
    assert case.anchor is not None
    place = "Case presentation\n" + text
    start = case.anchor.start
    assert start is not None
    assert expected in place[start - 4 : start + 20]


def test_a_year_in_a_bracket_does_not_date_the_anchor() -> None:
    text = "Case\nA woman on hemodialysis (since 2015) was admitted on 12 May 2019 with fever. On 15 May vancomycin was stopped."
    (case,) = caseline.read_text(text).cases
    assert [e.time.day_low for e in case.events if e.name == "vancomycin"] == [3]
