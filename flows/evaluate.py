"""``caseline evaluate``: gold against predictions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from flows.commands.common import Lexicons, Settings
from flows.commands.learning import pipeline

USAGE, BROKEN = 2, 1


def evaluate(
    gold: Annotated[
        Path | None,
        typer.Argument(
            help="A folder of brat files (.txt and .ann), or of extraction records or timelines (.json); or one such file."
        ),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Argument(help="The output of `caseline extract --format jsonl`.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page of every false positive and negative in its sentence.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="TOML file: which brat types answer which labels. Default: MACCROBAT's."),
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="How many of the worst documents to name.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    regressions: Annotated[
        Path | None,
        typer.Option(
            help="A folder of `caseline annotations regressions`: run its cases, name those that broke."
        ),
    ] = None,
    lexicon: Lexicons = None,
    settings: Settings = None,
) -> None:
    """Compare extractions with gold: spans, confidence, events, days, order; or run regression cases.

    Exit status: 0 compared, 1 a regression case broke, 2 wrong usage (nothing to compare, unreadable files).
    """
    if gold is None or predictions is None:
        if regressions is None or gold is not None:
            raise typer.BadParameter(
                "name gold and predictions, or --regressions", param_hint="GOLD PREDICTIONS"
            )
        _regressions(regressions, lexicon, settings)
        return
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
    if regressions is not None:
        _regressions(regressions, lexicon, settings)


def _regressions(folder: Path, lexicon: list[Path] | None, settings: list[str] | None) -> None:
    """Runs the cases of a folder; names those that do not hold any more."""
    from annotations.learning.regressions import RegressionError, broken, read

    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        cases = read(folder)
    except RegressionError as error:
        errors.print(f"caseline: {escape(str(error))}")
        raise typer.Exit(USAGE) from error
    failed = broken(cases, pipeline(lexicon, settings))
    for case in failed:
        errors.print(f"caseline: {escape(case.name)}: broken ({case.expected.field or case.expected.what})")
    print(f"regression cases {len(cases)}, hold {len(cases) - len(failed)}, broken {len(failed)}")  # noqa: T201
    if failed:
        raise typer.Exit(BROKEN)
