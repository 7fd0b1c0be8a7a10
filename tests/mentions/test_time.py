"""TIME, DURATION and FREQUENCY: the entries of time.csv, and what an expression counts from; the rules are tested by time_rule.csv."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline import lexicon
from tests.mentions.test_time_rules import FINDER, TOKENIZE, marked

EXAMPLES = [entry for entry in lexicon.load("time") if entry.columns.get("example")]


@pytest.mark.parametrize("entry", EXAMPLES, ids=[entry.term for entry in EXAMPLES])
def test_each_entry_of_the_lexicon_finds_its_example(entry: lexicon.Entry) -> None:
    text, spans = marked(entry.columns["example"])
    found = FINDER.find(TOKENIZE(text))
    assert [(one.start, one.end) for one in found] == spans
    if entry.columns.get("rule"):
        assert found[0].rule == entry.columns["rule"]


REFERENCES = [
    ("seen <2 weeks after rituximab initiation>.", "rituximab initiation"),
    ("seen <2 weeks after the initiation of rituximab>, he", "the initiation of rituximab"),
    ("seen <6 days after starting prednisone>, he", "starting prednisone"),
    ("seen <6 days after admission to our hospital> with fever", "admission to our hospital"),
    ("seen <13 months after the initial diagnosis>.", "the initial diagnosis"),
    ("seen <1 year after this treatment was started>, he", "this treatment was started"),
    ("seen <3 days after symptom onset> by him", "symptom onset"),
    ("<After the biopsy>, he bled.", "the biopsy"),
    ("He bled <at the time of admission>.", "admission"),
    ("<Following cardiopulmonary bypass> he bled.", "cardiopulmonary bypass"),
]


@pytest.mark.parametrize(("example", "phrase"), REFERENCES)
def test_references_keep_their_characters(example: str, phrase: str) -> None:
    text, spans = marked(example)
    [one] = FINDER.find(TOKENIZE(text))
    assert [(one.start, one.end)] == spans
    assert one.value is not None
    assert text[one.value["reference_start"] : one.value["reference_end"]] == phrase


def test_expressions_do_not_overlap() -> None:
    text = "On day 3 of admission, 2 weeks after surgery, at 8 pm on June 3, 2012, he slept for 3 days."
    found = FINDER.find(TOKENIZE(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert len(found) == 5
