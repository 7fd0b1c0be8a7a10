"""``caseline evaluate``: gold against predictions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

USAGE = 2


def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(
            help="A folder of brat files (.txt and .ann), or of extraction records or timelines (.json); or one such file."
        ),
    ],
    predictions: Annotated[Path, typer.Argument(help="The output of `caseline extract --format jsonl`.")],
    html: Annotated[
        Path | None, typer.Option(help="Write a page of every false positive and negative in its sentence.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="TOML file: which brat types answer which labels. Default: MACCROBAT's."),
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="How many of the worst documents to name.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Compare extractions with gold: spans, confidence, events, days, order.

    Exit status: 0 compared, 2 wrong usage (nothing to compare, unreadable files).
    """
    from annotations import scoring
    from annotations.scoring.gold import read_gold
    from annotations.scoring.mapping import DEFAULT, IDENTITY
    from annotations.scoring.predictions import read_predictions

    try:
        brat = scoring.load_mapping(mapping or DEFAULT)
        wanted = read_gold(gold, brat.types)
        form = brat if mapping or gold.suffix == ".ann" or any(gold.glob("*.ann")) else IDENTITY
        result = scoring.evaluate(wanted, read_predictions(predictions), form)
        if html is not None:
            html.write_text(scoring.page(result), encoding="utf-8")
    except (scoring.ScoringError, OSError) as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"caseline: {escape(str(error))}")
        raise typer.Exit(USAGE) from error
    if as_json:
        print(json.dumps(scoring.figures(result), indent=2))  # noqa: T201
    else:
        console = Console(highlight=False)
        (console if console.is_terminal else Console(highlight=False, width=160)).print(
            scoring.tables(result, worst)
        )
