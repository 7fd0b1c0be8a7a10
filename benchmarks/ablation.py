"""What lexicons, grammars and a statistical model each contribute, alone and together, with the words a second of each.

    .venv/bin/python benchmarks/ablation.py CORPUS [--folds N]

CORPUS is a brat folder in MACCROBAT's form. ``lexicons`` are the finders of names (drug, examination, procedure,
route, condition, course, patient), ``grammars`` those of quantities and times (dose, value, time); links, cases and timeline run
in each. The models are trained on all folds but one and scored on that one: ``model`` sees words alone, ``rules + model``
the rules' tags too and replaces their LAB_TEST, LAB_VALUE, PROCEDURE and DRUG, ``rules, adding`` keeps the rules and takes what
the model alone finds with a confidence of at least 0.7, ``rules, boundaries`` only corrects boundaries of the rules' spans, and
``rules, filtered`` drops the rules' spans that a logistic regression over them doubts. Speeds are of one process, best of three passes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import spacy
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from tagger import Crf, words

from annotations.scoring import Mapping as Form
from annotations.scoring import evaluate, load_mapping
from annotations.scoring.gold import read_gold
from annotations.scoring.records import Report, Span
from pipeline.build import build_nlp, extract
from pipeline.reader import read_bytes

NAMES = ("drug", "examination", "procedure", "route", "condition", "course", "patient")
GRAMMARS = ("dose", "value", "time")
LEARNED = ("LAB_TEST", "LAB_VALUE", "PROCEDURE", "DRUG")
ADDED, DROPPED, MOVED = 0.7, 0.4, 0.6
PASSES = 3

Spans = dict[str, list[Span]]


def main() -> None:
    """Prints one row a configuration."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--folds", type=int, default=6)
    options = parser.parse_args()
    form = load_mapping()
    gold = read_gold(options.corpus, form.types)
    texts = {id: report.text or "" for id, report in gold.items()}
    total = sum(len(text.split()) for text in texts.values())

    def row(name: str, spans: Spans | None, seconds: float | None) -> None:
        cells = [f"{name:<18}", f"{total / seconds:>8,.0f}" if seconds else " " * 8]
        if spans is not None:
            found = {id: Report(id, texts[id], tuple(spans[id]), ()) for id in gold}
            for label, counts in evaluate(gold, found, form).counts.items():
                cells.append(
                    f"{label} {counts.scores(strict=True)[2]:.3f}/{counts.scores(strict=False)[2]:.3f}"
                )
        print("  ".join(cells), flush=True)

    tokenizer = spacy.blank("en").make_doc
    row("spaCy's tokenizer", None, timed(lambda: [tokenizer(text) for text in texts.values()])[0])
    rules: Spans = {}
    for name, off in (("lexicons", GRAMMARS), ("grammars", NAMES), ("rules (both)", ())):
        nlp = build_nlp()
        with nlp.select_pipes(disable=list(off)):
            seconds, rules = timed(
                lambda nlp=nlp: {id: found_in(id, text, nlp) for id, text in texts.items()}
            )
        row(name, rules, seconds)
    rule_seconds = seconds
    scored = {id: [s for s in gold[id].spans or () if s.label in LEARNED] for id in gold}
    alone, alone_seconds = crossed(texts, scored, None, options.folds)
    row("model", {id: [*spans] for id, spans in alone.items()}, alone_seconds)
    joined, extra = crossed(texts, scored, rules, options.folds)
    kept = {id: [s for s in spans if form.labels.get(s.label) not in LEARNED] for id, spans in rules.items()}
    row("rules + model", {id: kept[id] + joined[id] for id in gold}, rule_seconds + extra)
    row(
        "rules, adding",
        {id: rules[id] + added(rules[id], joined[id], form) for id in gold},
        rule_seconds + extra,
    )
    row("rules, boundaries", {id: moved(rules[id], joined[id], form) for id in gold}, rule_seconds + extra)
    start = time.perf_counter()
    filtered = doubted(texts, scored, rules, options.folds, form)
    row("rules, filtered", filtered, rule_seconds + (time.perf_counter() - start) / options.folds)


def timed(run: Callable[[], object]) -> tuple[float, object]:
    """The shortest of a few passes, in seconds, and the result."""
    best, result = float("inf"), None
    for _ in range(PASSES):
        start = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - start)
    return best, result


def found_in(id: str, text: str, nlp: spacy.language.Language) -> list[Span]:
    """The mentions of one text."""
    mentions = extract(read_bytes(text.encode(), id, id), nlp).mentions
    return [Span(m.start, m.end, m.label, m.confidence, m.rule) for m in mentions]


def crossed(texts: Mapping[str, str], gold: Spans, rules: Spans | None, folds: int) -> tuple[Spans, float]:
    """What models find in the documents that they were not trained on, and the seconds that finding took."""
    ids = sorted(texts)
    found: Spans = {}
    seconds = 0.0
    for fold in range(folds):
        crf = Crf({id: texts[id] for n, id in enumerate(ids) if n % folds != fold}, gold, rules)
        start = time.perf_counter()
        for id in ids[fold::folds]:
            found[id] = crf.find(texts[id], rules[id] if rules else None)
        seconds += time.perf_counter() - start
    return found, seconds


def added(rules: Sequence[Span], model: Sequence[Span], form: Form) -> list[Span]:
    """The model's surer spans where the rules have no scored mention."""
    scored = [s for s in rules if s.label in form.labels]
    return [
        m
        for m in model
        if m.confidence >= ADDED and not any(s.start < m.end and m.start < s.end for s in scored)
    ]


def moved(rules: Sequence[Span], model: Sequence[Span], form: Form) -> list[Span]:
    """The rules' spans with the boundaries of the one span that the model has in their place."""
    spans = []
    for s in rules:
        label = form.labels.get(s.label)
        over = [m for m in model if m.label == label and m.start < s.end and s.start < m.end]
        if len(over) == 1 and over[0].confidence >= MOVED:
            s = s._replace(start=over[0].start, end=over[0].end)
        spans.append(s)
    return spans


def doubted(texts: Mapping[str, str], gold: Spans, rules: Spans, folds: int, form: Form) -> Spans:
    """The rules' spans without those that a logistic regression, trained on the other folds, holds for wrong."""
    ids = sorted(texts)
    rows = {id: [(s, described(texts[id], rules[id], n)) for n, s in enumerate(rules[id])] for id in ids}

    def right(id: str, span: Span) -> bool:
        label = form.labels[span.label]
        return any(g.label == label and g.start < span.end and span.start < g.end for g in gold[id])

    learned = {label for label, scored in form.labels.items() if scored in LEARNED}
    kept: Spans = {}
    for fold in range(folds):
        train = [
            (id, s, x)
            for n, id in enumerate(ids)
            if n % folds != fold
            for s, x in rows[id]
            if s.label in learned
        ]
        columns = DictVectorizer()
        model = LogisticRegression(C=0.03, max_iter=400)
        model.fit(columns.fit_transform([x for _, _, x in train]), [right(id, s) for id, s, _ in train])
        for id in ids[fold::folds]:
            kept[id] = [
                s for s, x in rows[id]
                if s.label not in learned or model.predict_proba(columns.transform([x]))[0, 1] >= DROPPED
            ]  # fmt: skip
    return kept


def described(text: str, spans: Sequence[Span], place: int) -> dict[str, float]:
    """A rule's span as features: what found it, its words, the words and mentions around it."""
    span = spans[place]
    inside = [w.lower() for _, _, w in words(text[span.start : span.end])]
    before = [w.lower() for _, _, w in words(text[max(0, span.start - 60) : span.start])][-3:]
    after = [w.lower() for _, _, w in words(text[span.end : span.end + 60])][:3]
    found = {f"rule={span.rule}", f"w={' '.join(inside)}", f"last={inside[-1]}", f"end={inside[-1][-4:]}"}
    found |= {f"b{n}={w}" for n, w in enumerate(reversed(before))} | {
        f"a{n}={w}" for n, w in enumerate(after)
    }
    for step in (-2, -1, 1, 2):
        if 0 <= place + step < len(spans):
            other = spans[place + step]
            gap = max(other.start - span.end, span.start - other.end)
            found.add(f"{step}={other.label}|{'near' if gap < 15 else 'mid' if gap < 60 else 'far'}")
    shared = {**dict.fromkeys(found, 1.0), "confidence": span.confidence, "words": min(len(inside), 6) / 3}
    return shared | {f"{span.label}|{name}": value for name, value in shared.items()}


if __name__ == "__main__":
    main()
