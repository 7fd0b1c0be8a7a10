"""The same text gives the same bytes: whatever was read before, however often, under any order of hashes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import caseline
from pipeline.build import build_nlp
from pipeline.structure import tokenizer
from pipeline.structure.found import GROUP, candidates

TEXTS = (
    "A 40-year-old woman was admitted with fever (38.5 C). Prednisolone (PSL) 20 mg/day was started on day 2.",
    "Two weeks after surgery the hemoglobin fell from 12 to 8.1 g/dL; she was transfused and discharged.",
    "He had no history of asthma. CT showed a mass; rituximab 375 mg/m2 weekly was given for four weeks.",
)
READ = f"import caseline; print(*(caseline.read_text(t).model_dump_json() for t in {TEXTS!r}), sep='\\n')"


def read(text: str) -> str:
    return caseline.read_text(text).model_dump_json()


def test_in_any_order_and_again() -> None:
    first = [read(text) for text in TEXTS]
    assert [read(text) for text in reversed(TEXTS)] == first[::-1]
    assert [read(text) for text in TEXTS] == first


@pytest.mark.parametrize("seed", ["1", "2"])
def test_under_any_order_of_hashes(seed: str) -> None:
    command = [sys.executable, "-c", READ]
    done = subprocess.run(
        command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}
    )
    assert done.stdout.decode().splitlines() == [read(text) for text in TEXTS]


def test_a_vocabulary_that_has_grown_large_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = build_nlp()
    before = [[one.key for one in candidates(nlp(text))] for text in TEXTS]
    monkeypatch.setattr(tokenizer, "STRINGS", 0)
    sizes = []
    for text in TEXTS * 3:
        doc = nlp(text)
        sizes.append(len(doc.vocab.strings))
    assert max(sizes[3:]) == max(sizes[:3])
    assert [[one.key for one in candidates(nlp(text))] for text in TEXTS] == before


def test_the_spans_are_those_of_the_candidates() -> None:
    nlp = build_nlp()
    for text in TEXTS:
        doc = nlp(text)
        found = candidates(doc)
        spans = list(doc.spans[GROUP])
        assert [span.label_ for span in spans] == [one.label for one in found]
        assert all(
            s.start_char <= one.start and one.end <= s.end_char for s, one in zip(spans, found, strict=True)
        )
