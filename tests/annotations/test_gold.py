import hashlib
import json

import pytest

from tests.conftest import ROOT, SAMPLES

GOLD = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (ROOT / "annotations/gold").glob("*.json")
}


def test_every_sample_has_its_gold():
    assert sorted(GOLD) == [path.stem for path in SAMPLES]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_gold_points_into_the_text(path):
    text = path.read_bytes().decode("utf-8")
    gold = GOLD[path.stem]
    assert hashlib.sha256(text.encode()).hexdigest() == gold["text_sha256"]
    for case in gold["cases"]:
        for span in (
            case["anchor"],
            *case["events"],
            *(e["time"] for e in case["events"] if e["time"]["text"]),
        ):
            assert text[span["start"] : span["end"]] == span["text"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_gold_order_agrees_with_its_days(path):
    for case in GOLD[path.stem]["cases"]:
        dated = [e for e in case["events"] if e["time"]["day_low"] is not None]
        for a in dated:
            for b in dated:
                if a["time"]["day_high"] < b["time"]["day_low"]:
                    assert a["order"] < b["order"], (a["name"], b["name"])
