"""``caseline store backup|restore|check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from flows.commands.common import SOME_FAILED, USAGE, StoreOption, errors, opened, out

app = typer.Typer(name="store", help="Copy the store, put a copy back, look it over.", no_args_is_help=True)


@app.command(epilog="Example: `caseline store backup cases-2026-11.sqlite`")
def backup(
    file: Annotated[Path, typer.Argument(help="The file to make.")], store: StoreOption = None
) -> None:
    """Copy the store to a file, also while it is in use."""
    from pipeline.store import backup

    with opened(store) as one:
        backup.backup(one, file)
    out.print(f"copied to {escape(str(file))}")


@app.command(epilog="Example: `caseline store restore cases-2026-11.sqlite`")
def restore(
    file: Annotated[Path, typer.Argument(help="A file made by `caseline store backup`.")],
    store: StoreOption = None,
) -> None:
    """Put a backup in the place of the store; the present store is kept beside it as NAME.replaced."""
    from pipeline.store import StoreError, backup
    from pipeline.store.engine import url

    try:
        where = url(store)
        if where.get_backend_name() != "sqlite" or not where.database:
            raise StoreError("a PostgreSQL store is put back with pg_restore")
        backup.restore(Path(where.database), file)
    except StoreError as error:
        errors.print(f"caseline: {escape(str(error))}")
        raise typer.Exit(USAGE) from error
    out.print(f"restored {escape(where.database)}")


@app.command(epilog="Example: `caseline store check`")
def check(store: StoreOption = None) -> None:
    """Look for damage: the database itself, hashes of texts, offsets, rows that do not match their record."""
    from pipeline.store import backup

    with opened(store) as one:
        faults = list(backup.check(one))
        for fault in faults:
            out.print(escape(fault))
        if faults:
            raise typer.Exit(SOME_FAILED)
        out.print("no fault found")
