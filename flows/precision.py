"""``caseline precision``: predictions drawn at random to be read, and what the marks say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

USAGE = 2

app = typer.Typer(
    help="Precision by reading: draw predictions at random, mark them in a spreadsheet, count the marks.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@app.command(
    epilog="Example: `caseline precision draw extractions.jsonl --label DRUG --number 100 --out sample.csv`"
)
def draw(
    predictions: Annotated[Path, typer.Argument(help="The output of `caseline extract --format jsonl`.")],
    out: Annotated[Path, typer.Option(help="The CSV to write; an existing one is not overwritten.")],
    number: Annotated[int, typer.Option(min=1, help="How many of each label.")] = 100,
    seed: Annotated[int, typer.Option(help="Another seed draws another sample.")] = 1,
    label: Annotated[list[str] | None, typer.Option(help="Only this label; several are allowed.")] = None,
) -> None:
    """Draw mentions at random, each in its sentence.

    Put y, n or ? into the column "right", by annotations/GUIDELINE.md. Exit status: 0 drawn, 2 wrong usage.
    """
    from annotations.scoring import ScoringError, sample

    try:
        if out.exists():
            raise ScoringError(f"{out}: is there already, and may hold marks")
        rows = sample.draw(predictions, number, seed, label or ())
        sample.write(rows, out)
    except (ScoringError, OSError) as error:
        _complain(error)
        raise typer.Exit(USAGE) from error
    Console(stderr=True, highlight=False).print(f"{len(rows)} mentions to read in {escape(str(out))}")


@app.command(epilog="Example: `caseline precision count sample.csv`")
def count(
    sample: Annotated[Path, typer.Argument(help="The CSV with the marks.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Count the marks of a sample: precision of each label with its 95% interval.

    Exit status: 0 counted, 2 wrong usage.
    """
    from annotations.scoring import ScoringError
    from annotations.scoring.sample import judged

    try:
        found = judged(sample)
    except ScoringError as error:
        _complain(error)
        raise typer.Exit(USAGE) from error
    if as_json:
        figures = {
            label: {
                "right": one.hits,
                "of": one.of,
                "precision": one.value,
                "low": one.low,
                "high": one.high,
                "open": left,
            }
            for label, (one, left) in found.items()
        }
        print(json.dumps(figures, indent=2))  # noqa: T201
        return
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("label")
    for column in ("right", "of", "precision", "95% interval", "open"):
        table.add_column(column, justify="right")
    for label, (one, left) in found.items():
        value = "" if one.value is None else f"{one.value:.3f}"
        interval = "" if one.low is None or one.high is None else f"{one.low:.3f} to {one.high:.3f}"
        table.add_row(label, str(one.hits), str(one.of), value, interval, str(left))
    Console(highlight=False).print(table)


def _complain(error: Exception) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"caseline: {escape(str(error))}")
