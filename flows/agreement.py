"""``caseline agreement``: how far annotators agree."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

USAGE = 2


def agreement(
    files: Annotated[
        list[Path],
        typer.Argument(help="One file of records (.jsonl) an annotator; each pair of them is compared."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Compare annotators: spans, attributes of events, days, order; for each pair of files.

    Exit status: 0 compared, 2 wrong usage (fewer than two files, unreadable or different texts).
    """
    from annotations import agreement as room
    from annotations.scoring.records import ScoringError

    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    names = [file.stem if [f.stem for f in files].count(file.stem) == 1 else str(file) for file in files]
    try:
        if len(files) < 2:
            raise ScoringError("name at least two files, one an annotator")
        read = [room.read_annotator(file) for file in files]
        results = [
            room.agreement(names[i], names[j], read[i], read[j])
            for i, j in combinations(range(len(files)), 2)
        ]
    except ScoringError as error:
        errors.print(f"caseline: {escape(str(error))}")
        raise typer.Exit(USAGE) from error
    if as_json:
        print(json.dumps([room.figures(result) for result in results], indent=2))  # noqa: T201
        return
    console = Console(highlight=False)
    console = console if console.is_terminal else Console(highlight=False, width=160)
    for result in results:
        console.print(room.tables(result))
