"""What everybody knows: constraints that hold unless the text says otherwise, and then a warning."""

from __future__ import annotations

import pytest

from pipeline.timeline.resolve import resolve
from tests.timeline.tales import days, event, story

START = "She was <ENCOUNTER admitted> to our hospital with <FINDING fever>. "
DAY_4 = "<TIME day 4|day_number admission 4 4>"


@pytest.mark.parametrize(
    ("text", "name", "lowest"),
    [
        (START + f"<PROCEDURE Extubation> succeeded. <PROCEDURE Intubation> was needed on {DAY_4}.", "extubation", 4),
        (START + f"<ENCOUNTER Readmission> was needed. The <ENCOUNTER discharge> was on {DAY_4}.", "readmission", 4),
        (START + f"<FINDING Postoperative ileus> was seen. <PROCEDURE Gastrectomy> was on {DAY_4}.", "postoperative ileus", 4),
        (START + f"<DRUG Aspirin> was started on {DAY_4}.", "aspirin", 4),
    ],
)  # fmt: skip
def test_what_follows_what(text, name, lowest):
    low, _ = days(text, name)
    assert low is not None
    assert low >= lowest


def test_what_the_text_says_stands_and_the_contradiction_is_a_warning():
    text = START + (
        "<PROCEDURE Extubation> was done on <TIME day 2|day_number admission 2 2>. "
        f"<PROCEDURE Intubation> was done on {DAY_4}."
    )
    _, notices = resolve(story(text))
    assert days(text, "extubation") == (2, 2)
    assert [n.message.split()[0] for n in notices if n.code == "contradiction"] == [
        "known.extubation_after_intubation"
    ]


def test_death_ends_the_course():
    text = START + (
        f"On {DAY_4} <DRUG aspirin> was given. The <OUTCOME death> came. <DRUG Heparin> was tried. "
        "<PROCEDURE Autopsy> was done."
    )
    assert event(text, "heparin").order < event(text, "death").order
    assert event(text, "death").order <= event(text, "autopsy").order
