"""Records that are put together without a look at their fields are those that a look would give."""

from __future__ import annotations

from pathlib import Path

import pytest

import caseline
from pipeline.schema import Event, Extraction, Mention, When

SAMPLES = sorted((Path(__file__).parents[1] / "annotations" / "samples").iterdir())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_an_extraction_is_one_that_validation_accepts_as_it_is(path: Path) -> None:
    line = caseline.read_file(path).model_dump_json()
    assert Extraction.model_validate_json(line, strict=True).model_dump_json() == line


def test_a_trusted_record_has_its_defaults_in_their_order() -> None:
    fields = {"rule": "r", "id": "m1", "label": "DRUG", "start": 0, "end": 2, "text": "ab", "section": "case"}
    assert Mention.trusted(**fields) == Mention(**fields)
    assert Mention.trusted(**fields).model_dump_json() == Mention(**fields).model_dump_json()


def test_a_record_with_another_field_leaves_the_first_as_it_was() -> None:
    when = When(basis="none", why=("a",))
    event = Event(
        id="e1",
        kind="drug",
        name="x",
        text="x",
        start=0,
        end=1,
        mentions=(),
        time=when,
        order=1,
        confidence=1.0,
    )
    other = event.but(order=2)
    assert (event.order, other.order, other.time) == (1, 2, when)
    assert other == event.model_copy(update={"order": 2})
