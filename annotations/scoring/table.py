"""The result of an evaluation as tables for a terminal, and as plain figures for a program."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from annotations.scoring.calibration import gaps
from annotations.scoring.evaluate import Evaluation
from annotations.scoring.timeline import shares


def figures(result: Evaluation) -> dict[str, Any]:
    """Everything that ``tables`` shows, as JSON types; shares are between 0 and 1."""
    return {
        "documents": len(result.texts),
        "missing": list(result.missing),
        "labels": {
            label: {
                "gold": counts.gold,
                "found": counts.predicted,
                "strict": dict(zip("PRF", counts.scores(strict=True), strict=True)),
                "relaxed": dict(zip("PRF", counts.scores(strict=False), strict=True)),
            }
            for label, counts in result.counts.items()
        },
        "calibration": [vars(one) for one in result.reliability],
        "timeline": {name: {"share": share, "of": of} for name, (share, of) in shares(result.events).items()}
        if result.timelines
        else {},
    }


def tables(result: Evaluation, worst: int) -> RenderableType:
    """Labels, calibration, timeline, and the ``worst`` documents of each."""
    parts: list[RenderableType] = [Text(f"{len(result.texts)} documents")]
    if result.missing:
        names = ", ".join(result.missing[:3])
        parts.append(
            Text(f"{len(result.missing)} are missing from the predictions, scored as empty: {names}")
        )
    if result.spans:
        parts += [_labels(result), _calibration(result), *([_worst(result, worst)] if worst else ())]
    if result.timelines:
        parts += [_timeline(result), *([_worst_timelines(result, worst)] if worst else ())]
    return Group(*parts)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _labels(result: Evaluation) -> Table:
    table = _table(
        "spans", "label", "gold", "found", "strict P", "R", "F1", "relaxed P", "R", "F1",
    )  # fmt: skip
    for label, counts in result.counts.items():
        scores = (*counts.scores(strict=True), *counts.scores(strict=False))
        table.add_row(label, str(counts.gold), str(counts.predicted), *(f"{score:.3f}" for score in scores))
    return table


def _calibration(result: Evaluation) -> Table:
    bins = result.reliability
    off = gaps(bins)
    table = _table(
        "confidence", "label", "from", "to", "mentions", "mean", "strict P", "relaxed P", "gap of label"
    )
    last = ""
    for one in bins:
        first = one.label != last
        table.add_row(
            one.label if first else "", f"{one.low:.2f}", f"{one.high:.2f}", str(one.mentions),
            f"{one.confidence:.3f}", f"{one.strict:.3f}", f"{one.relaxed:.3f}", f"{off[one.label]:.3f}" if first else "",
        )  # fmt: skip
        last = one.label
    return table


def _worst(result: Evaluation, number: int) -> Table:
    table = _table(
        "worst documents (spans)", "document", "gold", "found", "relaxed hits", "strict F1", "relaxed F1"
    )
    for id, counts in result.worst(number):
        strict, relaxed = counts.scores(strict=True)[2], counts.scores(strict=False)[2]
        row = (
            str(counts.gold),
            str(counts.predicted),
            str(counts.relaxed),
            f"{strict:.3f}",
            f"{relaxed:.3f}",
        )
        table.add_row(id, *row)
    return table


def _timeline(result: Evaluation) -> Table:
    table = _table("timeline", "figure", "share", "of")
    for name, (share, of) in shares(result.events).items():
        table.add_row(name, f"{share:.3f}", f"{of:.0f}")
    return table


def _worst_timelines(result: Evaluation, number: int) -> Table:
    table = _table("worst documents (timeline)", "document", "events", "found", "dated", "right day")
    for id, counts in result.worst_timelines(number):
        table.add_row(id, *(f"{counts.get(name, 0.0):.0f}" for name in ("gold", "found", "dated", "right")))
    return table
