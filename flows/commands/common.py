"""What the commands with a store share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from pipeline.store import Store

USAGE, SOME_FAILED = 2, 1
errors = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="A SQLite file, or postgresql://user@host/name; else CASELINE_STORE, else in your data directory.",
        show_default=False,
    ),
]
Lexicons = Annotated[
    list[Path] | None,
    typer.Option(
        "--lexicon",
        help="A CSV of your own names (label,term,name,source), of DRUG, LAB_TEST, VITAL or IMAGING; several are allowed.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="COMPONENT.OPTION=VALUE",
        help="In place of the shipped setting, as confidence.enabled=false; several are allowed.",
    ),
]


def complain(name: str, reason: str) -> None:
    """One line on standard error."""
    errors.print(f"caseline: {escape(name)}: {escape(reason)}")


@contextmanager
def complaining() -> Iterator[None]:
    """What is wrong with a store or a source is told in one line, exit status 2."""
    from flows.sources import FetchError
    from pipeline.store import StoreError

    try:
        yield
    except (StoreError, FetchError) as error:
        errors.print(f"caseline: {escape(str(error))}")
        raise typer.Exit(USAGE) from error


@contextmanager
def opened(location: str | None, *, create: bool = False) -> Iterator[Store]:
    """The store; what is wrong with it is told in one line, exit status 2."""
    from pipeline.store import StoreError, open_store

    try:
        store = open_store(location, create=create)
        try:
            yield store
        finally:
            store.close()
    except StoreError as error:
        errors.print(f"caseline: {escape(str(error))}")
        raise typer.Exit(USAGE) from error
