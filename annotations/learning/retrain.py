"""Learns the table of confidences anew from reviewed documents, and keeps it only where it is better.

What: the finders' confidences against what people left of their mentions (a mention is right where one of its label still
overlaps it). Some documents are held back by the hash of their text and a seed, so that a document stays on its side
however many are reviewed later. The weights move from the present table (``prior``), or are learned from zero where a
corpus is given too. Better is a lower Brier score on the documents held back, with no label clearly worse; the
calibration error is shown beside it. Confidences change, and with them the queue and the exports; no mention does.
Source of the score: Brier, Monthly Weather Review 1950; 78:1-3.
Example: 40 reviewed reports, 28 to learn from, 12 held back: Brier 0.110 before, 0.093 after: kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from spacy.language import Language

from annotations.learning.finished import Finished
from annotations.scoring.calibration import gaps, reliability
from annotations.scoring.learn import LABELS, Judged, judged_spans, learned, settled
from annotations.scoring.mapping import IDENTITY
from annotations.scoring.records import Span
from pipeline.build import extract
from pipeline.schema import Document

ALL = "all"
SEED = 1
HELD_BACK = 0.3
LEAST_LEARNED = 30  # mentions of a label to learn from
LEAST_HELD = 30  # mentions held back, below which nothing can be said
LEAST_DOCUMENTS = 2  # on each side
CLEARLY = 0.01  # of the Brier score of a label


class TooFewError(ValueError):
    """Too little has been reviewed to learn from, or to judge by; the message has the counts."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One label on the documents held back: mentions, then calibration error and Brier score, before and after."""

    mentions: int
    gap_before: float
    gap_after: float
    brier_before: float
    brier_after: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A new table and what it is worth; ``worse`` says why it is not better, null where it is."""

    weights: dict[str, float]
    labels: tuple[str, ...]
    seed: int
    learned_from: tuple[str, ...]  # ids of documents
    held_back: tuple[str, ...]
    mentions: int  # learned from
    figures: dict[str, Figures]
    worse: str | None


def retrain(
    documents: Iterable[Finished],
    nlp: Language,
    old: Mapping[str, float],
    *,
    corpus: Sequence[Judged] = (),
    seed: int = SEED,
    share: float = HELD_BACK,
) -> Trial:
    """Learns from finished documents, and tries it on those held back.

    ``nlp`` is the pipeline without its component ``confidence``; ``corpus`` are judged mentions of annotated reports
    (``scoring.learn.judge``), to learn from only.

    Raises:
        TooFewError: fewer documents or mentions than can be learned from or judged by.
    """
    sides: dict[bool, list[tuple[str, list[Judged]]]] = {False: [], True: []}
    for one in documents:
        sides[held_back(one.machine.source.sha256, seed, share)].append((one.id, judge(one, nlp)))
    for side, which in ((sides[False], "to learn from"), (sides[True], "held back")):
        if len(side) < LEAST_DOCUMENTS:
            raise TooFewError(f"{len(side)} finished documents {which}, {LEAST_DOCUMENTS} are wanted")
    seen = [*corpus, *(one for _, judged in sides[False] for one in judged)]
    kept = [one for _, judged in sides[True] for one in judged]
    weights, labels = relearned(seen, old, corpus=bool(corpus))
    figures, worse = compared(kept, old, weights)
    ours, theirs = (tuple(id for id, _ in sides[side]) for side in (False, True))
    return Trial(weights, labels, seed, ours, theirs, len(seen), figures, worse)


def held_back(text_sha256: str, seed: int, share: float) -> bool:
    """Whether a document is held back; equal texts stand on one side."""
    return int(sha256(f"{seed}:{text_sha256}".encode()).hexdigest()[:8], 16) < share * 16**8


def judge(one: Finished, nlp: Language) -> list[Judged]:
    """What the pipeline finds in a document now, each mention with whether people left one of its label there."""
    machine = one.machine
    document = Document(
        id=machine.id, source=machine.source, text=machine.text,
        sections=machine.sections, blocks=machine.blocks, tables=machine.tables,
    )  # fmt: skip
    mentions = extract(document, nlp).mentions
    gold = [Span(m.start, m.end, m.label) for m in one.record.mentions]
    return judged_spans(mentions, gold, machine.text, IDENTITY, sorted({m.label for m in mentions}))


def relearned(
    seen: Sequence[Judged], old: Mapping[str, float], *, corpus: bool
) -> tuple[dict[str, float], tuple[str, ...]]:
    """The new table and the labels that were learned; the others keep their weights."""
    counts = Counter(span.label for span, _, _ in seen)
    labels = tuple(sorted(label for label, number in counts.items() if number >= LEAST_LEARNED))
    prior: dict[str, float] = {} if corpus else dict(old)
    for label in labels:
        if f"label:{label}" not in old and not (corpus and label in LABELS):
            prior[f"slope:{label}"] = 1.0  # begins with the finder's own confidence
    fresh = learned([one for one in seen if one[0].label in labels], prior) if labels else {}
    return {name: round(weight, 4) for name, weight in sorted({**old, **fresh}.items())}, labels


def compared(
    kept: Sequence[Judged], old: Mapping[str, float], new: Mapping[str, float]
) -> tuple[dict[str, Figures], str | None]:
    """The figures by label and over all, and why the new table is not better.

    Raises:
        TooFewError: too few mentions to judge by.
    """
    if len(kept) < LEAST_HELD:
        raise TooFewError(f"{len(kept)} mentions are held back, {LEAST_HELD} are wanted")
    before, after = settled(kept, old), settled(kept, new)
    figures = {}
    for label in (*sorted({span.label for span, _, _ in kept}), ALL):
        one, two = (
            [(span._replace(label=label), s, r) for span, s, r in side if label in (span.label, ALL)]
            for side in (before, after)
        )
        first, second = (gaps(reliability(side))[label] for side in (one, two))
        figures[label] = Figures(len(one), first, second, brier(one), brier(two))
    return figures, _worse(figures)


def brier(judged: Sequence[Judged]) -> float:
    """The mean squared distance of the confidences from what turned out, 0 to 1."""
    return sum((span.confidence - relaxed) ** 2 for span, _, relaxed in judged) / len(judged)


def _worse(figures: Mapping[str, Figures]) -> str | None:
    total = figures[ALL]
    if total.brier_after >= total.brier_before:
        return f"its Brier score is not lower ({total.brier_after:.4f}, the present one {total.brier_before:.4f})"
    for label, one in figures.items():
        if one.mentions >= LEAST_HELD and one.brier_after > one.brier_before + CLEARLY:
            return f"{label} is clearly worse (Brier {one.brier_after:.4f}, the present one {one.brier_before:.4f})"
    return None
