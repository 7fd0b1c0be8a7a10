"""``caseline agreement``: how far annotators agree."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from flows.commands.common import opened

if TYPE_CHECKING:
    from annotations.agreement.compare import Agreement

USAGE = 2


def agreement(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="One file of records (.jsonl) an annotator; each pair of them is compared."),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store", help="Compare the annotators of this store instead, on what both have finished."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Compare annotators: spans, attributes of events, days, order; for each pair of files.

    Exit status: 0 compared, 2 wrong usage (fewer than two files, unreadable or different texts).
    """
    from annotations import agreement as room
    from annotations.scoring.records import ScoringError

    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        results = _of_files(files or []) if store is None else _of_store(store)
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


def _of_files(files: list[Path]) -> list[Agreement]:
    """Each pair of files."""
    from annotations import agreement as room
    from annotations.scoring.records import ScoringError

    if len(files) < 2:
        raise ScoringError("name at least two files, one an annotator; or a --store")
    names = [file.stem if [f.stem for f in files].count(file.stem) == 1 else str(file) for file in files]
    read = [room.read_annotator(file) for file in files]
    return [
        room.agreement(names[i], names[j], read[i], read[j]) for i, j in combinations(range(len(files)), 2)
    ]


def _of_store(store: str) -> list[Agreement]:
    """Each pair of annotators of a store."""
    from annotations.review.agreement import results
    from annotations.scoring.records import ScoringError

    with opened(store) as one:
        found = results(one)
    if not found:
        raise ScoringError("no two annotators have finished the same document")
    return found
