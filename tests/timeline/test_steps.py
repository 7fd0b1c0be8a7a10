"""Further steps told without the name of the treatment, on hand-made stories."""

import pytest

from tests.timeline.tales import case


def actions(text, name="aspirin"):
    """(action, day) of each event of a treatment."""
    told = [e for e in case("She was <ENCOUNTER admitted>. " + text).events if e.name == name]
    return [(e.action, e.time.day_low) for e in sorted(told, key=lambda e: (e.order, e.start))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<DRUG Aspirin> was started on <TIME day 2|day_number - 2 2> and stopped on <TIME day 9|day_number - 9 9>.",
            [("start", 2), ("stop", 9)],
        ),
        (
            "<DRUG Aspirin> was stopped on <TIME day 2|day_number - 2 2> but was restarted on <TIME day 9|day_number - 9 9>.",
            [("stop", 2), ("start", 9)],
        ),
        # The second verb has a treatment of its own.
        ("<DRUG Aspirin> was started and <DRUG heparin> was stopped.", [("start", 0)]),
        # Its subject is the patient.
        ("<DRUG Aspirin> was started and she stopped smoking.", [("start", 0)]),
        # What was not given has no further step.
        ("<DRUG.negated Aspirin> was not started and was stopped.", None),
        # The same step again: when the taper began.
        (
            "<DRUG Aspirin> was tapered over weeks, starting on <TIME day 9|day_number - 9 9>.",
            [("change", 9)],
        ),
    ],
)
def test_steps(text, expected):
    told = actions(text)
    assert (len(told) == 1) if expected is None else (told == expected)


def test_a_step_with_its_dose():
    told = [
        e
        for e in case(
            "She was <ENCOUNTER admitted>. <DRUG Aspirin> was started at <DOSE 50 mg|quantity 50 mg> and increased to "
            "<DOSE 100 mg|quantity 100 mg> after <TIME 4 days|offset previous 4 4>."
        ).events
        if e.name == "aspirin"
    ]
    assert [(e.action, e.dose.value) for e in told] == [("start", 50), ("change", 100)]
