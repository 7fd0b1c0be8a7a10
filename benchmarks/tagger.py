"""A linear-chain CRF over words, with or without the rules' tags as features: the model that the ablation tries.

Needs python-crfsuite (MIT), which caseline itself does not: `.venv/bin/pip install python-crfsuite==0.9.12`.
Features: the word, its endings, its shape, two words to each side, pairs of neighbours; with ``rules`` also the label and rule
that the finders gave the word and its neighbours. L-BFGS from zero weights: no seed, the same model each time.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pycrfsuite

from annotations.scoring.records import Span

WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|\S")
END = re.compile(r"[.!?](?=\s+[A-Z])|\n")
ITERATIONS, L2 = 120, 0.5

Words = list[tuple[int, int, str]]


def words(text: str) -> Words:
    """Words, numbers and signs with their offsets."""
    return [(m.start(), m.end(), m.group()) for m in WORD.finditer(text)]


def sentences(text: str, at: Words) -> list[range]:
    """Ranges of word numbers."""
    ends = {m.end() for m in END.finditer(text)}
    cuts = [0, *(i + 1 for i, (s, e, _) in enumerate(at) if e in ends or "\n" in text[e : e + 1]), len(at)]
    return [range(a, b) for a, b in pairwise(cuts) if b > a]


def tags(at: Words, spans: Iterable[Span]) -> list[tuple[str, str]]:
    """For each word B-, I- and label, or O, and the rule; a shorter span wins inside a longer one."""
    given = [("O", "")] * len(at)
    for span in sorted(spans, key=lambda one: one.end - one.start):
        inside = [
            i for i, (s, e, _) in enumerate(at) if s < span.end and span.start < e and given[i][0] == "O"
        ]
        for number, i in enumerate(inside):
            given[i] = ("I-" if number else "B-") + span.label, span.rule
    return given


def features(at: Words, rules: Sequence[tuple[str, str]] | None) -> list[list[str]]:
    """The features of each word; ``rules`` are the tags that the finders gave."""
    n = len(at)
    low = ["0" if w[0].isdigit() else w.lower() for _, _, w in at]
    shape = [_shape(w) for _, _, w in at]
    found = []
    for i in range(n):
        one = [
            "bias",
            f"w={low[i]}",
            f"3={low[i][-3:]}",
            f"2={low[i][-2:]}",
            f"p={low[i][:4]}",
            f"s={shape[i]}",
        ]
        near = [(d, i + d) for d in (-2, -1, 1, 2) if 0 <= i + d < n]
        one += [f"{d}w={low[j]}" for d, j in near]
        one += [f"{d}3={low[j][-3:]}/{shape[j]}" for d, j in near if abs(d) == 1]
        one += [f"{d}ww={low[min(i, j)]}|{low[max(i, j)]}" for d, j in near if abs(d) == 1]
        if rules:
            tag, rule = rules[i]
            one += [f"r={tag}", f"id={rule}", f"rw={tag}|{low[i]}"]
            one += [f"{d}r={rules[j][0]}" for d, j in near]
            one += [f"{d}rr={tag}|{rules[j][0]}" for d, j in near if abs(d) == 1]
        found.append(one)
    return found


def _shape(word: str) -> str:
    classes = re.sub(r"\d", "0", re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", word)))
    return re.sub(r"(.)\1+", r"\1\1", classes)


class Crf:
    """A trained tagger."""

    def __init__(
        self,
        texts: Mapping[str, str],
        gold: Mapping[str, Sequence[Span]],
        rules: Mapping[str, Sequence[Span]] | None,
    ):
        """Trains on the documents of ``texts``; ``rules`` are the finders' spans where they are features."""
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params({"c1": 0.0, "c2": L2, "max_iterations": ITERATIONS})
        for id, text in texts.items():
            at = words(text)
            x = features(at, tags(at, rules[id]) if rules else None)
            y = [tag for tag, _ in tags(at, gold[id])]
            for part in sentences(text, at):
                trainer.append([x[i] for i in part], [y[i] for i in part])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.crfsuite"
            trainer.train(str(path))
            self._model = path.read_bytes()  # the tagger points into these bytes
        self.tagger = pycrfsuite.Tagger()
        self.tagger.open_inmemory(self._model)

    def find(self, text: str, rules: Sequence[Span] | None) -> list[Span]:
        """The spans, each with the mean marginal of its words as confidence."""
        at = words(text)
        x = features(at, tags(at, rules) if rules is not None else None)
        found: list[Span] = []
        for part in sentences(text, at):
            self.tagger.set([x[i] for i in part])
            open_ = False
            for i, tag in zip(part, self.tagger.tag(), strict=True):
                if tag == "O":
                    open_ = False
                    continue
                kind, label = tag.split("-", 1)
                if open_ and kind == "I" and found[-1].label == label:
                    found[-1] = found[-1]._replace(end=at[i][1])
                else:
                    found.append(
                        Span(at[i][0], at[i][1], label, self._sure(i - part.start, label), "model.tagger")
                    )
                open_ = True
        return found

    def _sure(self, place: int, label: str) -> float:
        return min(
            1.0,
            sum(
                self.tagger.marginal(f"{kind}-{label}", place)
                for kind in "BI"
                if f"{kind}-{label}" in self.tagger.labels()
            ),
        )
