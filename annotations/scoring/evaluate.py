"""Gold against predictions, document by document, and the sums."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from operator import add

from annotations.scoring.calibration import Bin, reliability
from annotations.scoring.mapping import Mapping
from annotations.scoring.records import Report, ScoringError
from annotations.scoring.spans import Compared, Counts, compare
from annotations.scoring.timeline import Timeline, compare_events


@dataclass(frozen=True)
class Evaluation:
    """What was compared, by document id; ``missing`` are gold documents without a prediction, scored as empty."""

    texts: dict[str, str]
    spans: dict[str, Compared]
    timelines: dict[str, Timeline]
    missing: tuple[str, ...]

    @property
    def counts(self) -> dict[str, Counts]:
        """The sums by label."""
        labels = sorted({label for one in self.spans.values() for label in one.counts})
        return {label: reduce(add, (one.counts[label] for one in self.spans.values())) for label in labels}

    @property
    def reliability(self) -> list[Bin]:
        """What the confidences are worth, over all documents."""
        return reliability(judged for one in self.spans.values() for judged in one.judged)

    @property
    def events(self) -> dict[str, float]:
        """The sums of the timelines' counts."""
        names = sorted({name for one in self.timelines.values() for name in one.counts})
        return {name: sum(one.counts.get(name, 0.0) for one in self.timelines.values()) for name in names}

    def worst(self, number: int) -> list[tuple[str, Counts]]:
        """The documents with the lowest relaxed F1 over all labels, worst first."""
        sums = [(id, one.total) for id, one in self.spans.items() if one.total.gold or one.total.predicted]
        return sorted(sums, key=lambda pair: (pair[1].scores(strict=False)[2], pair[0]))[:number]

    def worst_timelines(self, number: int) -> list[tuple[str, dict[str, float]]]:
        """The documents with the smallest share of gold events that are found and on a right day, worst first."""
        scored = [(id, one.counts) for id, one in self.timelines.items() if one.counts["gold"]]

        def share(counts: AnyMapping[str, float]) -> float:
            wanted = counts["gold"] + counts["dated"]
            return (counts["found"] + counts.get("right", 0.0)) / wanted

        return sorted(scored, key=lambda pair: (share(pair[1]), pair[0]))[:number]


def evaluate(
    gold: AnyMapping[str, Report], predicted: AnyMapping[str, Report], mapping: Mapping
) -> Evaluation:
    """Compares all gold documents with the predictions of the same id.

    Raises:
        ScoringError: no document is in both, or a document's offsets point into two different texts.
    """
    missing = tuple(id for id in gold if id not in predicted)
    if len(missing) == len(gold):
        raise ScoringError(
            "the gold and the predictions have no document in common (documents are matched by id)"
        )
    texts: dict[str, str] = {}
    spans: dict[str, Compared] = {}
    timelines: dict[str, Timeline] = {}
    for id, report in gold.items():
        other = predicted.get(id, Report(id, None, (), ()))
        texts[id] = _text(report, other)
        if report.spans is not None:
            spans[id] = compare(report.spans, other.spans or (), texts[id], mapping)
        if report.events is not None:
            timelines[id] = compare_events(report.events, other.events or ())
    return Evaluation(texts, spans, timelines, missing)


def _text(gold: Report, predicted: Report) -> str:
    """The text that both sides' offsets point into."""
    known = [text for text in (gold.text, predicted.text) if text is not None]
    other = gold.text_sha256 and any(sha256(t.encode()).hexdigest() != gold.text_sha256 for t in known)
    if other or len(set(known)) > 1:
        raise ScoringError(
            f"{gold.id}: gold and prediction have different texts, their offsets cannot be compared"
        )
    return known[0] if known else ""
