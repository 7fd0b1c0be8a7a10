"""``caseline compare``: one row a case over many reports, and the swimmer plot."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.annotations import records
from flows.batch import Failure
from flows.commands.common import SOME_FAILED, complain
from flows.commands.export import AsExtracted, FromStore
from pipeline.export import compare as cases
from pipeline.export import swimmer
from pipeline.reader.read import MAX_BYTES
from pipeline.timeline.rezero import rezeroed

if TYPE_CHECKING:
    from pipeline.schema import Extraction


class Format(StrEnum):
    """The formats of the comparison."""

    csv = "csv"
    html = "html"


def compare(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Records (.jsonl), or reports: files, folders, glob patterns.")
    ] = None,
    store: FromStore = None,
    as_extracted: AsExtracted = False,
    zero: Annotated[
        str | None, typer.Option(help="Count days from this event; cases without it are left out.")
    ] = None,
    format: Annotated[
        Format, typer.Option(help="csv for a spreadsheet; html has the swimmer plot too.")
    ] = Format.csv,
    out: Annotated[Path | None, typer.Option(help="Write into this file instead of standard output.")] = None,
    max_bytes: Annotated[int, typer.Option(min=1, help="Refuse larger documents.")] = MAX_BYTES,
) -> None:
    """Compare the cases of many reports: patient, drugs, laboratory values, outcome.

    Exit status: 0 all read, 1 some documents failed or the output cannot be written, 2 wrong usage.
    """
    found: list[Extraction] = []
    failed = False
    for result in records(paths or [], max_bytes, store, as_extracted=as_extracted):
        if isinstance(result, Failure):
            failed = True
            complain(result.name, result.reason)
        else:
            found.append(result if zero is None else rezeroed(result, zero))
    for one in found:
        for notice in one.warnings:
            if notice.code == "no_zero_event":
                complain(one.id, notice.message)
    rows = cases.rows(found)
    text = cases.csv(rows) if format is Format.csv else swimmer.page(rows, _title(zero))
    if out is None:
        sys.stdout.write(text)
    else:
        try:
            out.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            complain(str(out), (error.strerror or "cannot be written").lower())
            raise typer.Exit(SOME_FAILED) from error
    if failed:
        raise typer.Exit(SOME_FAILED)


def _title(zero: str | None) -> str:
    return "Comparison of cases" if zero is None else f"Comparison of cases, days from {zero}"
