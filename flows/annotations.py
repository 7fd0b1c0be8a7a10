"""``caseline annotations export`` and ``import``: the annotation layer in the formats of other tools."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from flows.batch import Failure, Job, Options, run
from flows.commands.common import opened
from flows.commands.export import AsExtracted, FromStore, stored
from pipeline.export.formats import FORMATS
from pipeline.reader.files import find_files
from pipeline.reader.read import MAX_BYTES

if TYPE_CHECKING:
    from pipeline.export.exchange import Originals
    from pipeline.export.formats import Read, Write
    from pipeline.schema import Extraction

FAILED, USAGE = 1, 2

app = typer.Typer(no_args_is_help=True, help="Exchange annotations with other tools, both ways.")
errors = Console(stderr=True, highlight=False, soft_wrap=True)


class Exchange(StrEnum):
    """The formats; each module's head says what it cannot hold."""

    records = "records"
    brat = "brat"
    bioc_json = "bioc-json"
    bioc_xml = "bioc-xml"
    label_studio = "label-studio"
    docbin = "docbin"
    web_annotation = "web-annotation"
    doccano = "doccano"


@app.command("export", epilog="Example: `caseline annotations export brat extractions.jsonl --out for_brat`")
def export(
    format: Annotated[Exchange, typer.Argument(help="The format to write.")],
    out: Annotated[Path, typer.Option(help="Write into this folder.")],
    paths: Annotated[
        list[str] | None, typer.Argument(help="Records (.jsonl), or reports: files, folders, glob patterns.")
    ] = None,
    store: FromStore = None,
    as_extracted: AsExtracted = False,
    max_bytes: Annotated[int, typer.Option(min=1, help="Refuse larger documents.")] = MAX_BYTES,
) -> None:
    """Write mentions and relations for another annotation tool. Cases and events stay behind.

    Exit status: 0 all written, 1 something could not be read or written.
    """
    write = FORMATS[format].write()
    found = records(paths or [], max_bytes, store, as_extracted=as_extracted)
    save(list(complete(found)), write, out)


@app.command(
    "import", epilog="Example: `caseline annotations import brat for_brat --text reports > reviewed.jsonl`"
)
def import_(
    format: Annotated[Exchange, typer.Argument(help="The format to read.")],
    path: Annotated[Path, typer.Argument(help="The file, or the folder of files.")],
    text: Annotated[
        list[str] | None,
        typer.Option(help="The original texts: records (.jsonl), which also give provenance, or reports."),
    ] = None,
    annotator: Annotated[
        str | None, typer.Option(help="Label Studio: whose annotations, where a task has several.")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            help="Take them into this store, as decisions of a layer, instead of printing records.",
            show_default=False,
        ),
    ] = None,
    layer: Annotated[
        str, typer.Option(help="With --store: whose layer: an annotator's name, or adjudicated.")
    ] = "local",
    add_only: Annotated[bool, typer.Option("--add-only", help="With --store: remove nothing.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="With --store: say what would change.")] = False,
    max_bytes: Annotated[int, typer.Option(min=1, help="Refuse larger documents.")] = MAX_BYTES,
) -> None:
    """Read annotations back as records, one JSON object a line; nothing is printed unless all is valid.

    With --store the texts are those of the store, what differs becomes decisions that the review pages show and can
    undo, and a line for each document says how many.

    Exit status: 0 all read, 1 something is not valid: file, line and reason are named; 2 wrong usage.
    """
    from pipeline.export.exchange import ExchangeError
    from pipeline.export.jsonl import line

    read = FORMATS[format].read()
    if annotator is not None:
        if format is not Exchange.label_studio:
            errors.print("caseline: --annotator is for label-studio")
            raise typer.Exit(USAGE)
        read = partial(read, annotator=annotator)
    if store is not None:
        if text:
            raise typer.BadParameter("the texts are those of the store", param_hint="--text")
        _into_store(store, layer, read, path, add_only=add_only, preview=preview)
        return
    if add_only or preview or layer != "local":
        raise typer.BadParameter("--layer, --add-only and --preview are for --store", param_hint="--store")
    try:
        found = list(read(path, _originals(text or [], max_bytes)))
    except ExchangeError as error:
        errors.print(f"caseline: {escape(str(error))}")
        raise typer.Exit(FAILED) from error
    for record in found:
        sys.stdout.write(line(record))


def _into_store(location: str, layer: str, read: Read, path: Path, *, add_only: bool, preview: bool) -> None:
    """Makes the annotations of a file or folder the state of a layer, and says what changed."""
    from annotations.review.transfer import StoreOriginals, take
    from pipeline.export.exchange import ExchangeError

    with opened(location) as one:
        try:
            found = list(read(path, StoreOriginals(one)))
        except ExchangeError as error:
            errors.print(f"caseline: {escape(str(error))}")
            raise typer.Exit(FAILED) from error
        done = take(one, layer, layer, found, add_only=add_only, preview=preview)
    for result in done:
        told = ", ".join(f"{count} {kind}" for kind, count in result.changes.items()) or "no change"
        sys.stdout.write(f"{result.document}\t{result.error or told}\n")
    if any(result.error for result in done):
        raise typer.Exit(FAILED)


def _failed(name: str, reason: str) -> typer.Exit:
    errors.print(f"caseline: {escape(name)}: {escape(reason)}")
    return typer.Exit(FAILED)


def save(documents: list[Extraction], write: Write, out: Path) -> None:
    """Writes the files of a format into a folder."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in write(documents):
            (out / name).write_bytes(data)
    except OSError as error:
        raise _failed(str(error.filename or out), (error.strerror or "cannot be written").lower()) from error
    errors.print(f"{len(documents)} documents written to {escape(str(out))}")


def complete(results: Iterable[Extraction | Failure]) -> Iterator[Extraction]:
    """The extractions; the first failure ends the command."""
    for result in results:
        if isinstance(result, Failure):
            raise _failed(result.name, result.reason)
        if not result.text_included:
            raise _failed(result.id, "the record is without its text")
        yield result


def records(
    paths: list[str], max_bytes: int, store: str | None = None, *, as_extracted: bool = False
) -> Iterator[Extraction | Failure]:
    """Records as they are, reports extracted; with a store the paths are ids of it, and its records are as reviewed."""
    if store is not None:
        yield from stored(store, paths, as_extracted=as_extracted)
        return
    if not paths:
        raise typer.BadParameter("name records (.jsonl) or reports, or a --store", param_hint="PATHS")
    if as_extracted:
        raise typer.BadParameter("is for --store", param_hint="--as-extracted")
    yield from _stored(paths)
    found = find_files(path for path in paths if not path.endswith(".jsonl"))
    yield from (Failure(*failure) for failure in found.failures)
    if found.files:
        yield from run([Job(id, path) for id, path in found.files], Options(max_bytes))


def _stored(paths: list[str]) -> Iterator[Extraction]:
    """The records of the ``.jsonl`` files among the paths."""
    from pipeline.export.exchange import ExchangeError
    from pipeline.export.exchange.bounded import lines
    from pipeline.schema import Extraction

    for path in paths:
        if path.endswith(".jsonl"):
            try:
                for place, value in lines(Path(path)):
                    record = place.valid(Extraction, value)
                    record.check()
                    yield record
            except ExchangeError as error:
                errors.print(f"caseline: {escape(str(error))}")
                raise typer.Exit(FAILED) from error
            except ValueError as error:
                raise _failed(path, str(error)) from error


def _originals(paths: list[str], max_bytes: int) -> Originals:
    """The original texts by id."""
    from pipeline.export.exchange import Original
    from pipeline.reader import ReadError, read_path
    from pipeline.structure.layout import lay_out

    originals = {record.id: Original.of(record) for record in complete(_stored(paths))}
    found = find_files(path for path in paths if not path.endswith(".jsonl"))
    for name, reason in found.failures:
        raise _failed(name, reason)
    for id, path in found.files:
        try:
            document = lay_out(read_path(path, id, max_bytes=max_bytes))
        except ReadError as error:
            raise _failed(str(path), str(error)) from error
        originals[document.id] = Original.of(document)
    return originals
