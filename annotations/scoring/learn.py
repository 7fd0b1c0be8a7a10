"""Learns what the confidences of the finders are worth, from annotated reports: models/confidence.csv.

    .venv/bin/python -m annotations.scoring.learn CORPUS > models/confidence.csv

CORPUS is a brat folder; ``--mapping`` says how its types are scored. A logistic regression with a penalty on the rules' weights:
a rule that is seen rarely stays near its label. With a ``prior`` the penalty is on leaving it, so that few reports move an
earlier table only as far as they can. Solved by Newton's method from zero, so that no seed is needed and the same
corpus gives the same table. What is learned is the chance that a mention overlaps a gold span of its label. On standard error:
the calibration error of each label as the finders gave it, and as learned from one half of the reports for the other half.
Source of the method: Platt, Probabilistic outputs for support vector machines, 1999, with one offset a rule.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
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
from pipeline.schema import Mention

PENALTY = {"label": 0.01, "slope": 1.0, "rule": 2.0}
STEPS = 30
# The labels whose finders are corrected; the others say what they are worth by themselves. Of drugs and times MACCROBAT
# leaves out many that are there, so that it cannot tell.
LABELS = ("DOSE", "LAB_VALUE", "PROCEDURE")

NOTHING: Mapping[str, float] = MappingProxyType({})

Judged = tuple[Span, bool, bool]
FloatArray = npt.NDArray[np.float64]


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
    return judged_spans(mentions, gold.spans or (), text, form, LABELS)


def judged_spans(
    mentions: Iterable[Mention], gold: Sequence[Span], text: str, form: Form, labels: Iterable[str]
) -> list[Judged]:
    """The mentions of these labels, each with whether it has a gold span, strict and relaxed."""
    spans = [Span(m.start, m.end, m.label, m.confidence, m.rule) for m in mentions]
    judged: list[Judged] = []
    for label in labels:
        alone = Form(types=form.types, labels={label: form.labels[label]}, parts=form.parts)
        compared = compare(gold, [s for s in spans if s.label == label], text, alone)
        judged += [(span._replace(label=label), strict, relaxed) for span, strict, relaxed in compared.judged]
    return judged


def learned(judged: Sequence[Judged], prior: Mapping[str, float] = NOTHING) -> dict[str, float]:
    """The weights by feature, of a penalised logistic regression for "overlaps a gold span of its label".

    Only features that occur; ``prior`` holds the weights from which they are moved, 0 where it names none.
    """
    rows = [terms(span.label, span.rule, span.confidence) for span, _, _ in judged]
    names = sorted({name for row in rows for name in row})
    column = {name: number for number, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for number, row in enumerate(rows):
        for name, value in row.items():
            x[number, column[name]] = value
    y = np.array([relaxed for _, _, relaxed in judged], dtype=float)
    penalty = np.array([PENALTY[name.split(":")[0]] for name in names])
    start = np.array([prior.get(name, 0.0) for name in names])
    weights: FloatArray = start

    def loss(of: FloatArray) -> float:
        scores = x @ of
        return float(np.sum(np.logaddexp(0, scores) - y * scores) + penalty @ (of - start) ** 2 / 2)

    for _ in range(STEPS):
        chance = np.exp(-np.logaddexp(0, -(x @ weights)))
        slope = x.T @ (y - chance) - penalty * (weights - start)
        curvature = (x.T * (chance * (1 - chance))) @ x + np.diag(penalty)
        step: FloatArray = np.linalg.solve(curvature, slope)
        while loss(weights + step) > loss(weights) and np.abs(step).max() > 1e-9:
            step = step / 2  # far from the end the whole step may lead away
        weights = weights + step
    return {name: float(weight) for name, weight in zip(names, weights, strict=True)}


def settled(judged: Sequence[Judged], weights: Mapping[str, float]) -> list[Judged]:
    """The same mentions with the confidence that the weights give them."""
    of = Confidence(weights).of
    return [
        (span._replace(confidence=of(span.label, span.rule, span.confidence)), s, r) for span, s, r in judged
    ]


if __name__ == "__main__":
    main()
