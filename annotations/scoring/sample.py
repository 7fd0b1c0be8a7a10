"""Precision by reading: predictions drawn at random, each in its sentence, and what a reader's marks say of all of them.

What: gold has gaps, so that a "false" prediction may be right. ``draw`` takes a number of mentions of each label, every one as likely as
the other; the reader puts y, n or ? into the column ``right``, by annotations/GUIDELINE.md; ``judged`` counts the marks, with Wilson's
interval at 95%, widened where the errors cluster in documents.
``LAB_NUMBER`` are the values that hold a digit. The same predictions and seed give the same sample.
Example: 93 of 100 right are 0.93 (0.86 to 0.97).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from annotations.learning.interval import Share, share
from annotations.scoring.gold import read_json
from annotations.scoring.records import ScoringError
from pipeline.export.context import bounds
from pipeline.export.csv import defused

COLUMNS = (
    "label",
    "document",
    "start",
    "end",
    "before",
    "text",
    "after",
    "name",
    "value",
    "rule",
    "confidence",
    "right",
)
NUMBERS = "LAB_NUMBER"
MARKS = {"y": True, "n": False}


def draw(predictions: Path, number: int, seed: int, labels: Collection[str] = ()) -> list[dict[str, object]]:
    """``number`` mentions of each label (all where there are fewer), by label and place; of these labels where any are named.

    Raises:
        ScoringError: the predictions cannot be read, lack a field, or have none of a named label.
    """
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for record in read_json(predictions):
        try:
            for row in _rows(record):
                found[str(row["label"])].append(row)
        except (KeyError, TypeError) as error:
            raise ScoringError(
                f"{predictions}: {record['id']}: a field is missing or of the wrong form: {error}"
            ) from error
    if unknown := [label for label in labels if label not in found]:
        raise ScoringError(f"{predictions}: no mention of {', '.join(unknown)}")
    drawn = []
    for label in sorted(labels or found):
        rows = sorted(found[label], key=lambda row: (str(row["document"]), row["start"], row["end"]))
        places = sorted(Random(f"{seed} {label}").sample(range(len(rows)), min(number, len(rows))))
        drawn += [rows[place] for place in places]
    return drawn


def _rows(record: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    text = record.get("text") or ""
    for mention in record["mentions"]:
        start, end = mention["start"], mention["end"]
        first, last = bounds(text, start, end)
        value = mention.get("value") or {}
        row = {
            "label": mention["label"], "document": record["id"], "start": start, "end": end,
            "before": _line(text[first:start]), "text": _line(text[start:end]), "after": _line(text[end:last]),
            "name": mention.get("name"), "value": _value(value), "rule": mention.get("rule"),
            "confidence": mention.get("confidence"), "right": "",
        }  # fmt: skip
        yield row
        if mention["label"] == "LAB_VALUE" and any(c.isdigit() for c in text[start:end]):
            yield row | {"label": NUMBERS}


def _line(text: str) -> str:
    return " ".join(text.split())


def _value(value: Mapping[str, Any]) -> str:
    """What was understood, so that it can be judged with the characters."""
    shown = {key: told for key, told in value.items() if key != "text" and told not in (None, [], (), False)}
    return " ".join(
        f"{key}={told:g}" if isinstance(told, float) else f"{key}={told}" for key, told in shown.items()
    )


def write(rows: Iterable[Mapping[str, object]], path: Path) -> None:
    """The sample as CSV for a spreadsheet, without cells that it would take for formulas."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows({column: defused(row[column]) for column in COLUMNS} for row in rows)


def judged(path: Path) -> dict[str, tuple[Share, int]]:
    """By label the share of right ones among those marked y or n, and how many are left open (empty or ?).

    Raises:
        ScoringError: the file is no sample, or a mark is none of y, n and ?.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise ScoringError(f"{path}: cannot be read") from error
    if not rows or not {"label", "document", "right"} <= set(rows[0]):
        raise ScoringError(f"{path}: not a sample: columns label, document and right are needed")
    marks: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    left: dict[str, int] = defaultdict(int)
    for number, row in enumerate(rows, 2):
        mark = (row["right"] or "").strip().lower()
        if mark in ("", "?"):
            left[row["label"]] += 1
        elif mark in MARKS:
            marks[row["label"]][row["document"]].append(MARKS[mark])
        else:
            raise ScoringError(f"{path}: line {number}: the mark is none of y, n and ?")
    return {
        label: (share([(sum(one), len(one)) for one in marks[label].values()]), left[label])
        for label in sorted({*marks, *left})
    }
