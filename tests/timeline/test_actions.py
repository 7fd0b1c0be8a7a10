"""What was done with a treatment, by the verb beside it."""

from __future__ import annotations

import pytest

from tests.timeline.sentences import events
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


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (
            "Oxaliplatin was given. Oxaliplatin was omitted because of neuropathy.",
            "oxaliplatin",
            ["given", "stop"],
        ),
        ("Chemotherapy was omitted because of his age.", "chemotherapy", ["not_given"]),
        ("Nivolumab was not resumed.", "nivolumab", ["not_given"]),
        ("The seizure stopped after lorazepam 4 mg.", "lorazepam", [None]),
        ("He was transferred intubated and was extubated the next day.", "intubation", ["given"]),
        ("The ileostomy was closed.", "ileostomy closure", ["given"]),
        ("Reversal of the loop colostomy was performed.", "loop colostomy closure", ["given"]),
        (
            "E. coli was resistant to ampicillin, and ceftriaxone 2 g daily was given.",
            "ceftriaxone",
            ["given"],
        ),
    ],
)
def test_actions_of_sentences(text, name, expected):
    assert [one.action for one in events(text, name)] == expected
