"""The guideline speaks of everything that the record can hold: definition, boundary, examples, open questions."""

import re
from typing import get_args

import pytest

from pipeline.schema import (
    Action,
    Assertion,
    Basis,
    Case,
    Dose,
    Event,
    EventKind,
    Exposure,
    Interpretation,
    Label,
    Measurement,
    Mention,
    Patient,
    RelationKind,
    Status,
    TimeValue,
    When,
)
from tests.conftest import ROOT

GUIDELINE = (ROOT / "annotations/GUIDELINE.md").read_text(encoding="utf-8")
SECTIONS = {
    label: body
    for title, body in re.findall(r"^### (.*)\n((?:(?!^#).*\n)*)", GUIDELINE, re.MULTILINE)
    for label in re.findall(r"[A-Z_]{3,}", title)
}
CODE = {word for code in re.findall(r"`([^`]+)`", GUIDELINE) for word in code.split()}
# Where a thing stands and how it is called says the record's own description.
PLACES = {
    "id",
    "label",
    "start",
    "end",
    "text",
    "section",
    "rule",
    "head",
    "tail",
    "of",
    "value",
    "time",
    "events",
}


def rows(*header):
    """The rows of the tables with this header, each as its cells."""
    lines = GUIDELINE.splitlines()
    top = f"| {' | '.join(header)} |"
    found = []
    for at in (number for number, line in enumerate(lines) if line == top):
        for line in lines[at + 2 :]:
            if not line.startswith("|"):
                break
            found.append(
                [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
            )
    return found


@pytest.mark.parametrize("label", get_args(Label))
def test_each_label_has_definition_boundary_examples_and_open_questions(label):
    body = SECTIONS[label]
    for part in (r"\*\*(Is|Are):\*\*", r"\*\*Boundary:\*\*", r"\*\*Examples:\*\*.*\[", r"\*\*Open:\*\*"):
        assert re.search(part, body), part


@pytest.mark.parametrize("relation", get_args(RelationKind))
def test_each_relation_has_definition_boundary_example_and_open_question(relation):
    table = rows("relation", "definition: head to tail", "boundary", "example", "open")
    [row] = [row for row in table if f"`{relation}`" in row[0]]
    assert len(row) == 5
    assert all(row)


@pytest.mark.parametrize(
    "word",
    sorted(
        {
            *(
                word
                for kind in (RelationKind, Action, Status, Basis, Interpretation, EventKind)
                for word in get_args(kind)
            ),
            *(get_args(TimeValue.model_fields["kind"].annotation)),
            *(
                field
                for record in (
                    Assertion,
                    Mention,
                    Event,
                    Case,
                    Patient,
                    Dose,
                    Exposure,
                    Measurement,
                    When,
                    TimeValue,
                )
                for field in record.model_fields
            ),
        }
        - PLACES
    ),
)
def test_each_attribute_is_explained(word):
    assert word in CODE


def test_each_row_of_an_attribute_says_what_it_is():
    table = rows("attribute", "definition and boundary", "example", "open")
    assert len(table) > 30
    for row in table:
        assert row[0].startswith("`"), row
        assert row[1], row


def test_each_bracket_of_an_example_is_closed():
    text = re.sub(r"`[^`]*`", "", GUIDELINE)
    assert re.findall(r"[\[\]]", text) == ["[", "]"] * text.count("[")
