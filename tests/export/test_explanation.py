"""The explanation of an event: rules in words, and what else an expression could count from."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from pipeline.export.explanation import chain, explanation
from pipeline.export.reasons import REASONS, reason
from pipeline.schema import Extraction, ProducedBy, Source
from tests.timeline.tales import case as told
from tests.timeline.tales import story

TEXT = (
    "She was <ENCOUNTER admitted> to our hospital. On <TIME day 2|day_number admission 2 2> <DRUG aspirin> was started. "
    "On <TIME day 6|day_number admission 6 6> <DRUG aspirin> was given again. "
    "<TIME One week after aspirin|offset event 7 7> a <FINDING rash> appeared. A <PROCEDURE drain> had been placed."
)


@pytest.fixture(scope="module")
def record():
    tale = story(TEXT)
    return Extraction(
        id="x", source=Source(uri="x", format="text", sha256="0" * 64), produced_by=ProducedBy(caseline="0", config="0"),
        text=tale.text, sections=(), mentions=tuple(t.mention for t in tale.told), relations=(), cases=(told(TEXT),),
    )  # fmt: skip


def _event(record, name):
    return next(e for e in record.cases[0].events if e.name == name)


def test_the_chain_names_what_else_could_be_meant(record):
    steps = [step.text for step in chain(record.cases[0], _event(record, "rash"))]
    assert any("counts 7 days from" in text and "aspirin" in text for text in steps)
    (other,) = [text for text in steps if text.startswith("  or from")]
    assert "aspirin (score 1.00, the one chosen 1.00)" in other


def test_a_rule_without_an_expression_is_put_into_words(record):
    console = Console(file=StringIO(), width=200)
    console.print(explanation(record, record.cases[0], _event(record, "drain")))
    said = console.file.getvalue()
    assert f"narrative.had_before: {REASONS['narrative.had_before']}" in said


def test_a_rule_of_time_expressions_is_put_into_words():
    assert reason("time.offset.ago") == "An amount back from the moment of presentation."
    assert reason("time.of_nobody") is None
