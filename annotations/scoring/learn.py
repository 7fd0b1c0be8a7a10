"""Learns what the confidences of the finders are worth, from annotated reports: models/confidence.csv.

    .venv/bin/python -m annotations.scoring.learn CORPUS > models/confidence.csv

CORPUS is a brat folder; ``--mapping`` says how its types are scored. A logistic regression with a penalty on the rules' weights:
a rule that is seen rarely stays near its label. Solved by Newton's method from zero, so that no seed is needed and the same
corpus gives the same table. What is learned is the chance that a mention overlaps a gold span of its label. On standard error:
the calibration error of each label as the finders gave it, and as learned from one half of the reports for the other half.
Source of the method: Platt, Probabilistic outputs for support vector machines, 1999, with one offset a rule.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from spacy.language import Language

from annotations.scoring.calibration import gaps, reliability
from annotations.scoring.gold import read_gold
from annotations.scoring.mapping import DEFAULT, load_mapping
from annotations.scoring.mapping import Mapping as Form
from annotations.scoring.records import Report, Span
from annotations.scoring.spans import compare
from pipeline.build import build_nlp, extract
from pipeline.mentions.confidence import Confidence, terms
from pipeline.reader import read_bytes

PENALTY = {"label": 0.01, "slope": 1.0, "rule": 2.0}
STEPS = 30
# The labels whose finders are corrected; the others say what they are worth by themselves. Of drugs and times MACCROBAT
# leaves out many that are there, so that it cannot tell.
LABELS = ("DOSE", "LAB_VALUE", "PROCEDURE")

Judged = tuple[Span, bool, bool]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m annotations.scoring.learn", description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--mapping", type=Path, default=DEFAULT)
    options = parser.parse_args()
    form = load_mapping(options.mapping)
    nlp = build_nlp()
    nlp.remove_pipe("confidence")
    reports = [
        judge(report, form, nlp) for _, report in sorted(read_gold(options.corpus, form.types).items())
    ]
    halves = [
        [one for n, report in enumerate(reports) if n // 2 % 2 == half for one in report] for half in (0, 1)
    ]
    every = halves[0] + halves[1]
    before = gaps(reliability(every))
    crossed = settled(halves[1], learned(halves[0])) + settled(halves[0], learned(halves[1]))
    after = gaps(reliability(crossed))
    for label in before:
        print(f"{label:<10} {before[label]:.3f} {after[label]:.3f}", file=sys.stderr)  # noqa: T201
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("feature", "weight"))
    out.writerows((name, f"{weight:.4f}") for name, weight in sorted(learned(every).items()))


def judge(gold: Report, form: Form, nlp: Language) -> list[Judged]:
    """The mentions of one report under the record's labels, each with whether it is right, strict and relaxed."""
    text = gold.text or ""
    mentions = extract(read_bytes(text.encode(), gold.id, gold.id), nlp).mentions
    spans = [Span(m.start, m.end, m.label, m.confidence, m.rule) for m in mentions]
    judged: list[Judged] = []
    for label in LABELS:
        alone = Form(types=form.types, labels={label: form.labels[label]}, parts=form.parts)
        compared = compare(gold.spans or (), [s for s in spans if s.label == label], text, alone)
        judged += [(span._replace(label=label), strict, relaxed) for span, strict, relaxed in compared.judged]
    return judged


def learned(judged: Sequence[Judged]) -> dict[str, float]:
    """The weights by feature, of a penalised logistic regression for "overlaps a gold span of its label"."""
    rows = [terms(span.label, span.rule, span.confidence) for span, _, _ in judged]
    names = sorted({name for row in rows for name in row})
    column = {name: number for number, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for number, row in enumerate(rows):
        for name, value in row.items():
            x[number, column[name]] = value
    y = np.array([relaxed for _, _, relaxed in judged], dtype=float)
    penalty = np.array([PENALTY[name.split(":")[0]] for name in names])
    weights = np.zeros(len(names))
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - chance) - penalty * weights
        curvature = (x.T * (chance * (1 - chance))) @ x + np.diag(penalty)
        weights = weights + np.linalg.solve(curvature, slope)
    return {name: float(weight) for name, weight in zip(names, weights, strict=True)}


def settled(judged: Sequence[Judged], weights: Mapping[str, float]) -> list[Judged]:
    """The same mentions with the confidence that the weights give them."""
    of = Confidence(weights).of
    return [
        (span._replace(confidence=of(span.label, span.rule, span.confidence)), s, r) for span, s, r in judged
    ]


if __name__ == "__main__":
    main()
