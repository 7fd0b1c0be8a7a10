"""Predictions drawn at random to be read, and their marks counted."""

import csv
import json

import pytest
from typer.testing import CliRunner

from annotations.scoring import ScoringError
from annotations.scoring.sample import draw, judged, write
from flows.cli import app

TEXT = "She was given =aspirin. CRP was 12 mg/L. CRP was high."


def mention(label, words, **more):
    start = TEXT.index(words)
    return {
        "label": label,
        "start": start,
        "end": start + len(words),
        "rule": "test",
        "confidence": 0.9,
    } | more


MENTIONS = [
    mention("DRUG", "=aspirin", name="aspirin"),
    mention(
        "LAB_VALUE", "12 mg/L", value={"text": "12 mg/L", "value": 12.0, "unit": "mg/L", "comparator": None}
    ),
    mention("LAB_VALUE", "high", value={"text": "high", "interpretation": "high"}),
]


@pytest.fixture
def predictions(tmp_path):
    path = tmp_path / "found.jsonl"
    records = [{"id": f"d{n}", "text": TEXT, "mentions": MENTIONS} for n in range(20)]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def test_a_sample_is_the_same_for_the_same_seed(predictions):
    first = draw(predictions, 5, seed=1)
    assert first == draw(predictions, 5, seed=1)
    assert first != draw(predictions, 5, seed=2)
    assert [row["label"] for row in first] == ["DRUG"] * 5 + ["LAB_NUMBER"] * 5 + ["LAB_VALUE"] * 5


def test_each_stands_in_its_sentence_with_what_was_understood(predictions):
    [row] = draw(predictions, 1, seed=1, labels=["LAB_NUMBER"])
    assert (row["before"], row["text"], row["after"]) == ("CRP was", "12 mg/L", ".")
    assert row["value"] == "value=12 unit=mg/L"


def test_all_are_taken_where_there_are_fewer(predictions):
    assert len(draw(predictions, 1000, seed=1, labels=["DRUG"])) == 20


def test_a_label_that_nothing_has_is_named(predictions):
    with pytest.raises(ScoringError, match="no mention of DOSE"):
        draw(predictions, 5, seed=1, labels=["DOSE"])


def marked(predictions, path, marks):
    rows = draw(predictions, len(marks), seed=1, labels=["DRUG"])
    write([row | {"right": mark} for row, mark in zip(rows, marks, strict=True)], path)
    return path


def test_marks_give_the_share_with_its_interval(predictions, tmp_path):
    """9 of 10, one in each document: Wilson's interval of 9 independent ones (10 less one for the spread)."""
    path = marked(predictions, tmp_path / "sample.csv", "yyyyYyyyyn?")
    found, left = judged(path)["DRUG"]
    assert (found.hits, found.of, left) == (9, 10, 1)
    assert (found.low, found.high) == (pytest.approx(0.577, abs=1e-3), pytest.approx(0.984, abs=2e-3))


def test_a_cell_is_no_formula(predictions, tmp_path):
    path = marked(predictions, tmp_path / "sample.csv", "y")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        assert next(csv.DictReader(lines))["text"] == "'=aspirin"


@pytest.mark.parametrize(
    ("content", "reason"),
    [("a,b\n1,2\n", "not a sample"), ("label,document,right\nDRUG,d1,x\n", "line 2: the mark")],
)
def test_what_is_no_marked_sample(tmp_path, content, reason):
    path = tmp_path / "sample.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ScoringError, match=reason):
        judged(path)


def test_the_commands(predictions, tmp_path):
    out = tmp_path / "sample.csv"
    drawn = CliRunner().invoke(
        app, ["precision", "draw", str(predictions), "--number", "3", "--out", str(out)]
    )
    assert drawn.exit_code == 0
    again = CliRunner().invoke(app, ["precision", "draw", str(predictions), "--out", str(out)])
    assert again.exit_code == 2
    counted = CliRunner().invoke(app, ["precision", "count", str(out), "--json"])
    assert json.loads(counted.stdout)["DRUG"] == {
        "right": 0, "of": 0, "precision": None, "low": None, "high": None, "open": 3,
    }  # fmt: skip
