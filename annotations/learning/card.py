"""The learned table as a file, with a card that says where it comes from.

What: ``confidence.csv``, and ``confidence.md`` and ``confidence.json`` with the seed, the counts, the command, the
pipeline that it was learned with and the figures on the documents held back. No word of a document is in them, but the
documents' ids are in the JSON: keep it to yourself where these are private.
Example: ``caseline extract reports/ --set confidence.table=models/confidence.csv`` uses the table.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from annotations.learning.retrain import Trial

TABLE = "confidence.csv"


def write(trial: Trial, folder: Path, made: Mapping[str, str]) -> Path:
    """Writes table and cards; the table's path. ``made`` are facts for the card: command, version, what it replaces.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TABLE).write_text(table(trial.weights), encoding="utf-8", newline="")
    (folder / "confidence.md").write_text(card(trial, made), encoding="utf-8")
    facts = {**made, **asdict(trial)}
    del facts["weights"]
    (folder / "confidence.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return folder / TABLE


def table(weights: Mapping[str, float]) -> str:
    """The weights as CSV."""
    buffer = io.StringIO()
    out = csv.writer(buffer, lineterminator="\n")
    out.writerow(("feature", "weight"))
    out.writerows((name, f"{weight:.4f}") for name, weight in sorted(weights.items()))
    return buffer.getvalue()


def card(trial: Trial, made: Mapping[str, str]) -> str:
    """The card as Markdown."""
    labels = ", ".join(trial.labels) or "none"
    lines = [
        "# A table of confidences",
        "",
        "Learned from reviewed documents; it finds and drops nothing.",
        "",
    ]
    lines += [f"- {name}: {value}" for name, value in made.items()]
    lines += [
        f"- seed of the split: {trial.seed}; nothing else is drawn at random",
        f"- learned from {len(trial.learned_from)} documents ({trial.mentions} mentions, of a corpus too where one was "
        f"named), tried on {len(trial.held_back)} that were held back",
        f"- labels that were learned: {labels}; the others keep their weights",
        "- right means that people left a mention of the label there; what nobody has touched counts as right",
        "",
        *figures(trial),
    ]
    return "\n".join(lines) + "\n"


def figures(trial: Trial) -> list[str]:
    """The figures on the documents held back, as lines of a Markdown table."""
    lines = [
        "| label | mentions | calibration error before | after | Brier before | after |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for label, one in trial.figures.items():
        numbers = (one.gap_before, one.gap_after, one.brier_before, one.brier_after)
        lines.append(f"| {label} | {one.mentions} | " + " | ".join(f"{n:.4f}" for n in numbers) + " |")
    return lines
