"""What was done with a treatment, by the verb beside it."""

from __future__ import annotations

import pytest

from tests.timeline.tales import event


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She was started on <DRUG aspirin>.", "start"),
        ("<DRUG Aspirin> was discontinued.", "stop"),
        ("<DRUG Aspirin> was continued.", "continue"),
        ("The dose of <DRUG aspirin> was increased to 3 mg.", "change"),
        ("She received <DRUG aspirin>.", "given"),
        ("She refused <DRUG aspirin>.", "not_given"),
        ("Treatment was switched from <DRUG aspirin> to heparin.", "stop"),
        ("Treatment was switched from heparin to <DRUG aspirin>.", "start"),
        ("<DRUG Aspirin> was replaced by heparin.", "stop"),
        ("The <DRUG aspirin> tasted well.", None),
    ],
)
def test_action(text, expected):
    assert event("She was <ENCOUNTER admitted>. " + text, "aspirin").action == expected
