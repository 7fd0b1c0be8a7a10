"""The guideline speaks of everything that the record can hold."""

import re
from typing import get_args

import pytest

from pipeline.schema import (
    Action,
    Assertion,
    Basis,
    Dose,
    Interpretation,
    Label,
    Measurement,
    RelationKind,
    Status,
    When,
)
from tests.conftest import ROOT

GUIDELINE = (ROOT / "annotations/GUIDELINE.md").read_text(encoding="utf-8")
HEADINGS = " ".join(re.findall(r"^### (.*)$", GUIDELINE, re.MULTILINE))
CODE = {word for code in re.findall(r"`([^`]+)`", GUIDELINE) for word in code.split()}


@pytest.mark.parametrize("label", get_args(Label))
def test_each_label_has_its_paragraph(label):
    assert re.search(rf"\b{label}\b", HEADINGS)


@pytest.mark.parametrize(
    "word",
    [
        *(word for kind in (RelationKind, Action, Status, Basis, Interpretation) for word in get_args(kind)),
        *Assertion.model_fields,
        *({*Dose.model_fields, *Measurement.model_fields} - {"text", "reference_range"}),
        *({*When.model_fields} & {"day_low", "day_high"}),
        "end_time",
    ],
)
def test_each_attribute_and_relation_is_explained(word):
    assert word in CODE


def test_each_bracket_of_an_example_is_closed():
    assert re.findall(r"[\[\]]", GUIDELINE) == ["[", "]"] * GUIDELINE.count("[")
