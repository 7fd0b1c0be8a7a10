"""What a time expression counts from and which event takes it, from sentence to day."""

from __future__ import annotations

import pytest

from caseline import read_text

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
