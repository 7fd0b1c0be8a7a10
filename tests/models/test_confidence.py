"""What a confidence is worth: the learned table, its use, and how it is learned."""

from __future__ import annotations

import random
from typing import get_args

import pytest
import spacy

from annotations.scoring.learn import LABELS, learned, settled
from annotations.scoring.records import Span
from pipeline.build import build_nlp
from pipeline.fingerprint import components
from pipeline.mentions.confidence import Confidence, load, terms
from pipeline.schema import Label
from pipeline.structure.found import Found


def judged(label: str, rule: str, confidence: float, right: int, of: int) -> list[tuple[Span, bool, bool]]:
    return [(Span(i, i + 1, label, confidence, rule), False, i < right) for i in range(of)]


def test_the_shipped_table_names_labels_and_moves_each_way():
    weights = load()
    named = {name.partition(":")[2] for name in weights if name.startswith("label:")}
    assert named == {*LABELS} < {*get_args(Label)}
    assert {name.partition(":")[0] for name in weights} == {"label", "slope", "rule"}
    assert min(weights.values()) < 0 < max(weights.values())
    assert all(weights[f"slope:{label}"] > 0 for label in named)  # a surer finder stays the surer one


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, 0.9),  # a label that the table does not name keeps the finder's own
        ({"label:PROCEDURE": 0.0}, 0.5),
        ({"label:PROCEDURE": 0.0, "slope:PROCEDURE": 1.0}, 0.9),
        ({"label:PROCEDURE": 1.0986, "rule:other": 5.0}, 0.75),  # the log of 3 to 1
        ({"label:PROCEDURE": 1.0986, "rule:procedure.lexicon": -1.0986}, 0.5),
    ],
)
def test_the_weights_add_up(weights, expected):
    assert Confidence(weights).of("PROCEDURE", "procedure.lexicon", 0.9) == expected


def test_full_confidence_is_bounded():
    assert terms("DOSE", "x", 1.0)["slope:DOSE"] == terms("DOSE", "x", 0.98)["slope:DOSE"] > 0


def test_only_confidences_change():
    doc = spacy.blank("en")("Dialysis was begun.")
    doc._.found = [Found(0, 8, "PROCEDURE", "procedure.lexicon", confidence=0.9), Found(0, 8, "DRUG", "x")]
    [one, other] = Confidence({"label:PROCEDURE": 0.0})(doc)._.found
    assert one == Found(0, 8, "PROCEDURE", "procedure.lexicon", confidence=0.5)
    assert other == Found(0, 8, "DRUG", "x")


def test_what_is_learned_is_the_share_that_is_right():
    seen = judged("DOSE", "dose.mass", 0.9, 80, 100) + judged("DOSE", "dose.qualifier", 0.9, 30, 100)
    again = {span.rule: span.confidence for span, _, _ in settled(seen, learned(seen))}
    assert again["dose.mass"] == pytest.approx(0.8, abs=0.03)
    assert again["dose.qualifier"] == pytest.approx(0.3, abs=0.03)


def test_a_rule_that_is_seen_once_stays_near_its_label():
    seen = judged("DOSE", "dose.mass", 0.9, 80, 100) + judged("DOSE", "dose.rare", 0.9, 0, 1)
    [rare] = {span.confidence for span, _, _ in settled(seen, learned(seen)) if span.rule == "dose.rare"}
    assert 0.5 < rare < 0.8


def test_the_order_of_the_reports_does_not_matter():
    seen = judged("DOSE", "dose.mass", 0.9, 8, 10) + judged("PROCEDURE", "procedure.verb", 0.7, 3, 9)
    mixed = random.Random(1).sample(seen, len(seen))
    assert learned(mixed) == pytest.approx(learned(seen))


def test_it_is_part_of_the_pipeline_and_of_the_fingerprint():
    nlp = build_nlp()
    names = nlp.pipe_names
    assert names.index("choose") < names.index("confidence") < names.index("assertion")
    assert "models/confidence.csv" in components()
