"""What the flows ``evaluate`` and ``retrain`` do: the present pipeline against gold; a better table of confidences.

Example: ``scores(Path("annotations/gold"), Path("annotations/samples"), Options())`` reads the texts of the gold, extracts them anew and compares.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.runs import Options, store_of

Row = dict[str, str | int | float]


def scores(gold: Path, reports: Path | None, options: Options) -> dict[str, Any]:
    """The figures of ``caseline evaluate`` for the present pipeline on the texts of a gold standard.

    ``reports`` is the folder of the texts where the gold does not hold them.

    Raises:
        ScoringError: the gold cannot be read, or holds no text.
    """
    from annotations import scoring
    from annotations.scoring.gold import read_gold
    from annotations.scoring.mapping import DEFAULT, IDENTITY
    from annotations.scoring.predictions import read_predictions
    from pipeline.build import build_nlp, extract
    from pipeline.export import jsonl
    from pipeline.reader import read_bytes
    from pipeline.reader.files import find_files

    brat = scoring.load_mapping(DEFAULT)
    wanted = read_gold(gold, brat.types)
    texts = {id: report.text.encode() for id, report in wanted.items() if report.text}
    if reports is not None:
        texts |= {id: path.read_bytes() for id, path in find_files([str(reports)]).files if id in wanted}
    if not texts:
        raise scoring.ScoringError(f"{gold}: holds no text to extract")
    nlp = build_nlp(options.lexicons, options.settings)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "extractions.jsonl"
        with path.open("w", encoding="utf-8") as lines:
            for id, text in sorted(texts.items()):
                document = read_bytes(text, id, id, max_bytes=options.max_bytes)
                lines.write(jsonl.line(extract(document, nlp)))
        form = brat if any(gold.glob("*.ann")) or gold.suffix == ".ann" else IDENTITY
        return scoring.figures(scoring.evaluate(wanted, read_predictions(path), form))


def rows(figures: dict[str, Any]) -> list[Row]:
    """The scores as the rows of a table artifact."""
    labels: list[Row] = [
        {
            "what": label,
            "gold": one["gold"],
            "found": one["found"],
            "strict F1": round(one["strict"]["F"], 3),
            "relaxed F1": round(one["relaxed"]["F"], 3),
        }
        for label, one in figures["labels"].items()
    ]
    shares: list[Row] = [
        {"what": name, "gold": one["of"], "found": "", "strict F1": "", "relaxed F1": round(one["share"], 3)}
        for name, one in figures["timeline"].items()
        if one["share"] is not None
    ]
    return labels + shares


def markdown(found: list[Row]) -> str:
    """The same as a table in Markdown; a timeline's share stands in the last column."""
    names = ("what", "gold", "found", "strict F1", "relaxed F1")
    lines = ["# evaluate", "", "| " + " | ".join(names) + " |", "| --- | ---: | ---: | ---: | ---: |"]
    return (
        "\n".join((*lines, *("| " + " | ".join(str(row[n]) for n in names) + " |" for row in found))) + "\n"
    )


def relearned(out: Path, options: Options) -> tuple[str, list[str]]:
    """Learns confidences from the finished reviews of a store; what came of it, and the figures.

    A table that is not better is not written.

    Raises:
        ValueError: there are too few finished reviews.
    """
    from annotations.learning import card
    from annotations.learning import retrain as room
    from annotations.learning.finished import finished
    from pipeline.build import build_nlp
    from pipeline.mentions.confidence import TABLE, load

    own = out / card.TABLE
    present = own if own.exists() else TABLE
    nlp = build_nlp(options.lexicons)
    mark = nlp.meta["fingerprint"]
    nlp.remove_pipe("confidence")
    with store_of(options) as store:
        trial = room.retrain(finished(store), nlp, load(present))
    if trial.worse is not None:
        return f"not written: {trial.worse}", card.figures(trial)
    made = {
        "command": "the flow retrain",
        "pipeline that it was learned with": mark,
        "in place of": str(present),
    }
    return f"written to {card.write(trial, out, made)}", card.figures(trial)
