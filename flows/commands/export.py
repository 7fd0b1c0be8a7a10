"""``caseline export``: the records of the store, as reviewed, in every format of ``caseline extract``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from flows.commands.common import SOME_FAILED, StoreOption, complain, errors, opened
from flows.output import Format, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.schema import Extraction

AsExtracted = Annotated[
    bool,
    typer.Option(
        "--as-extracted", help="Records as extracted, without what people have corrected and decided."
    ),
]
FromStore = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="Take records, as reviewed, from this store instead; the arguments are then ids (none: all).",
        show_default=False,
    ),
]


def stored(store: str | None, ids: Sequence[str], *, as_extracted: bool) -> Iterator[Extraction]:
    """The records of a store that count, with the cases that may be the same patients.

    A wrong store or id ends the command with status 2.
    """
    from annotations.review.final import records
    from annotations.same import marked
    from pipeline.store import duplicates

    with opened(store) as one:
        pairs = duplicates.every(one)
        for record in records(one, ids, machine=as_extracted):
            yield marked(record, pairs)


def export(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Documents: id, PMCID, PMID or DOI; without any, all.")
    ] = None,
    store: StoreOption = None,
    format: Annotated[Format, typer.Option(help="As of `caseline extract`.")] = Format.table,
    out: Annotated[
        Path | None, typer.Option(help="Write into this folder instead of standard output.")
    ] = None,
    as_extracted: AsExtracted = False,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="Leave the report's own words out of the results.")
    ] = True,
    zero: Annotated[str | None, typer.Option(help="Count days from this event: rituximab, drug:mtx.")] = None,
) -> None:
    """Write the records of the store, each as reviewed where somebody has, with who decided what and when.

    The adjudicated decisions count, else those of the only annotator who has called the document done.
    Exit status: 0 all written, 1 the output cannot be written, 2 wrong usage (no such store or document).
    """
    from pipeline.export.withheld import withhold
    from pipeline.timeline.rezero import rezeroed

    if format is Format.parquet and out is None:
        raise typer.BadParameter("parquet is no text; name a folder with --out", param_hint="--format")
    written = 0
    try:
        with Writer(format, out) as writer:
            for record in stored(store, ids or (), as_extracted=as_extracted):
                one = record if zero is None else rezeroed(record, zero)
                writer.write(one if text else withhold(one))
                written += 1
    except BrokenPipeError:  # the reader of our output has closed it: `caseline export … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        complain(str(error.filename or out or "output"), (error.strerror or "cannot be written").lower())
        raise typer.Exit(SOME_FAILED) from error
    if out is not None:
        errors.print(f"{written} documents written to {escape(str(out))}")
