"""Reports of our own with their gold, through the whole pipeline: what is found, dated and put in order may not fall."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotations.agreement import annotated
from annotations.scoring.alike import match
from annotations.scoring.timeline import concordance, right_day
from pipeline.build import build_nlp, extract
from pipeline.schema import Document, Source

STORIES = sorted((Path(__file__).parent / "stories").glob("*.txt"))


@pytest.fixture(scope="module")
def counts():
    """(events of the gold, found, dated, right, pairs told the other way round, right ones) over all stories."""
    nlp = build_nlp()
    total = [0, 0, 0, 0, 0.0, 0.0]
    for path in STORIES:
        text = path.read_text(encoding="utf-8")
        source = Source(uri=path.name, format="text", sha256="0" * 64)
        record = extract(Document(id=path.stem, source=source, text=text), nlp).model_dump()
        gold = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        wanted, said = (annotated(one).events or () for one in (gold, record))
        pairs = match([one.event for one in wanted], [one.event for one in said])
        total[0] += len(wanted)
        total[1] += len(pairs)
        order = concordance([(wanted[i].event, said[j].event) for i, j in pairs])
        total[4] += order["hard pairs"]
        total[5] += order["hard agree"]
        total[2] += sum(one.event.dated for one in wanted)
        total[3] += sum(right_day(wanted[i].event, said[j].event) for i, j in pairs if wanted[i].event.dated)
    return total


def test_most_events_are_found(counts):
    assert counts[1] / counts[0] > 0.84


def test_most_days_are_right(counts):
    assert counts[3] / counts[2] > 0.72


def test_most_pairs_told_the_other_way_round_are_in_order(counts):
    assert counts[4] > 100
    assert counts[5] / counts[4] > 0.8
