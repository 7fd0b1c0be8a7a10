"""``caseline clinical``: cases for the models of clinical data, with the assumptions said."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from flows.annotations import complete, records, save
from flows.commands.export import AsExtracted, FromStore
from pipeline.reader.read import MAX_BYTES


class Model(StrEnum):
    """The models; each module's head says what is assumed and what is lost."""

    fhir = "fhir"
    omop = "omop"


def clinical(
    model: Annotated[
        Model, typer.Argument(help="fhir: an R4 Bundle a document. omop: tables of CDM 5.4, unmapped.")
    ],
    out: Annotated[Path, typer.Option(help="Write into this folder.")],
    paths: Annotated[
        list[str] | None, typer.Argument(help="Records (.jsonl), or reports: files, folders, glob patterns.")
    ] = None,
    store: FromStore = None,
    as_extracted: AsExtracted = False,
    epoch: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The assumed date of day 0 of every case.")
    ] = datetime(2000, 1, 1),
    max_bytes: Annotated[int, typer.Option(min=1, help="Refuse larger documents.")] = MAX_BYTES,
) -> None:
    """Write cases for a clinical data model. Reports give days, not dates: all dates are assumed from the epoch.

    Exit status: 0 all written, 1 something could not be read or written.
    """
    write = partial(import_module(f"pipeline.export.{model}").write, epoch=epoch.date())
    found = records(paths or [], max_bytes, store, as_extracted=as_extracted)
    save(list(complete(found)), write, out)
