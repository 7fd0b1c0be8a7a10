"""The command line: one function or module a command; those with a store are in ``flows.commands``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from flows import precision
from flows.agreement import agreement
from flows.annotations import app as exchange
from flows.batch import Failure, Job, Options, run
from flows.clinical import clinical
from flows.commands import harvest as harvests
from flows.commands import learning, same
from flows.commands import run as runs
from flows.commands import store as stores
from flows.commands.common import SOME_FAILED, USAGE, Lexicons, Settings, complain, errors
from flows.commands.export import export
from flows.compare import compare
from flows.evaluate import evaluate
from flows.output import Format, Writer, progress
from flows.review import accounts, review
from pipeline.export.withheld import withhold
from pipeline.reader.files import find_files
from pipeline.reader.read import MAX_BYTES, PDF_FACTOR
from pipeline.timeline.rezero import rezeroed

app = typer.Typer(
    name="caseline",
    help="Reads published clinical case reports and turns them into structured, grounded timelines.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    add_completion=False,
)


def options(max_bytes: int, lexicons: list[Path] | None, settings: list[str] | None) -> Options:
    """The options of a batch; a lexicon or setting that cannot be used ends the command."""
    from pipeline.lexicon import users

    paths = tuple(map(str, lexicons or ()))
    try:
        users(paths)
    except (ValueError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        complain("--lexicon", f"{paths[0]}: {reason}" if isinstance(error, OSError) else reason)
        raise typer.Exit(USAGE) from error
    if settings:
        from pipeline.build import build_nlp

        try:
            build_nlp(settings=settings)
        except ValueError as error:
            complain("--set", str(error))
            raise typer.Exit(USAGE) from error
    return Options(max_bytes, paths, tuple(settings or ()))


@app.command(epilog="Example: `caseline extract reports/ --format csv > events.csv`")
def extract(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, glob patterns, or - for standard input.")
    ],
    format: Annotated[
        Format,
        typer.Option(
            help="table to read, html to look at, jsonl or json for programs, csv or parquet for tables of events."
        ),
    ] = Format.table,
    out: Annotated[
        Path | None, typer.Option(help="Write into this folder instead of standard output.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes to read on.")] = 1,
    max_bytes: Annotated[int, typer.Option(min=1, help="Refuse larger documents.")] = MAX_BYTES,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="Leave the report's own words out of the results.")
    ] = True,
    zero: Annotated[
        str | None,
        typer.Option(help="Count days from this event: rituximab, drug:rituximab, procedure:ecmo."),
    ] = None,
    lexicon: Lexicons = None,
    set: Settings = None,
) -> None:
    """Extract the timeline of each report.

    With --zero, a case without that event is left out and named in a notice.
    Exit status: 0 all read, 1 some documents failed (each is named with its reason), 2 wrong usage.
    """
    if format is Format.parquet and out is None:
        raise typer.BadParameter("parquet is no text; name a folder with --out", param_hint="--format")
    batch = options(max_bytes, lexicon, set)
    found = find_files(path for path in paths if path != "-")
    jobs = [Job(id, path) for id, path in found.files]
    if "-" in paths:
        jobs.append(Job("stdin", None, sys.stdin.buffer.read(PDF_FACTOR * max_bytes + 1)))
    failures = [Failure(*failure) for failure in found.failures]
    for failure in failures:
        complain(failure.name, failure.reason)
    try:
        with Writer(format, out) as writer, progress(len(jobs), errors) as advance:
            for result in run(jobs, batch, min(workers, max(len(jobs), 1))):
                if isinstance(result, Failure):
                    failures.append(result)
                    complain(result.name, result.reason)
                else:
                    result = result if zero is None else rezeroed(result, zero)
                    writer.write(result if text else withhold(result))
                advance()
    except BrokenPipeError:  # the reader of our output has closed it: `caseline extract … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        complain(str(error.filename or out or "output"), (error.strerror or "cannot be written").lower())
        raise typer.Exit(SOME_FAILED) from error
    if out is not None and len(jobs) > len(failures):
        errors.print(
            f"{len(jobs) - len(failures) + len(found.failures)} documents written to {escape(str(out))}"
        )
    if failures:
        raise typer.Exit(SOME_FAILED)


@app.command(epilog="Example: `caseline explain report.md e17`, or `caseline explain report.md rituximab`")
def explain(
    file: Annotated[Path, typer.Argument(help="The report.")],
    event: Annotated[str, typer.Argument(help="The id of an event (e17), or its name.")],
    max_bytes: Annotated[int, typer.Option(min=1, help="Refuse larger documents.")] = MAX_BYTES,
    lexicon: Lexicons = None,
    set: Settings = None,
) -> None:
    """Show why an event stands where it does: its sentence, the rules, the chain of references."""
    from pipeline.export.explanation import chosen, explanation

    [result] = run([Job(file.stem, file)], options(max_bytes, lexicon, set))
    if isinstance(result, Failure):
        complain(result.name, result.reason)
        raise typer.Exit(SOME_FAILED)
    pairs = chosen(result, event)
    if not pairs:
        known = ", ".join(dict.fromkeys(e.name for case in result.cases for e in case.events))
        complain(str(file), f"no event {event!r}; its events are: {known or 'none'}")
        raise typer.Exit(USAGE)
    console = Console(highlight=False)
    for case, one in pairs:
        console.print(explanation(result, case, one))


@app.command(epilog="Example: `caseline schema > extraction.schema.json`")
def schema() -> None:
    """Print the JSON Schema of the extraction record."""
    from pipeline.schema import Extraction

    print(json.dumps(Extraction.model_json_schema(), indent=2))  # noqa: T201


@app.command(epilog="Example: `caseline rules offset`")
def rules(
    part: Annotated[str, typer.Argument(help="Only rules whose id or words have this.")] = "",
) -> None:
    """List the rules of time expressions: id, what it reads, an example with what it comes to."""
    from pipeline.export.reasons import time_rules
    from pipeline.lexicon import load

    console = Console(highlight=False)
    told, lines = time_rules(), load("time_rule")
    for rule, reads in told.items():
        if part.casefold() not in f"{rule} {reads}".casefold():
            continue
        console.print(f"[bold]{rule}[/bold]  {escape(reads)}")
        for line in lines:
            if line.term == rule:
                pattern = line.columns.get("pattern", "")
                console.print(
                    f"    {escape(line.columns['example'])}  [dim]{escape(line.columns['value'])}[/dim]"
                    + (f"\n      {escape(pattern)}" if pattern else "")
                )


app.command(epilog="Example: `caseline evaluate gold/ extractions.jsonl --html errors.html`")(evaluate)
app.add_typer(precision.app, name="precision")
app.command(epilog="Example: `caseline agreement anna.jsonl ben.jsonl`")(agreement)
learning.register(exchange)
app.add_typer(exchange, name="annotations")
app.command(epilog="Example: `caseline retrain --store cases.sqlite --out models`")(learning.retrain)
app.command(epilog="Example: `caseline clinical fhir extractions.jsonl --out fhir`")(clinical)
app.command(
    epilog="Example: `caseline compare reports/ --zero rituximab --format html --out comparison.html`"
)(compare)
app.command(epilog="Example: `caseline review --store cases.sqlite --port 8765`")(review)
app.add_typer(accounts, name="accounts")
app.add_typer(runs.app)
app.command(epilog="Example: `caseline export --store cases.sqlite --format csv > events.csv`")(export)
app.add_typer(stores.app)
app.add_typer(same.app)
app.add_typer(harvests.app)
app.command(epilog="Example: `caseline serve --workers 2`")(harvests.serve)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """The options that every command has."""
    if show:
        from importlib.metadata import version as of

        print(f"caseline {of('caseline')}")  # noqa: T201
        raise typer.Exit


def main() -> None:
    """The command ``caseline``."""
    app()
