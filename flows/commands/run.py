"""``caseline run``, ``status``, ``failures``, ``show``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from flows.commands.common import SOME_FAILED, USAGE, StoreOption, complain, errors, opened, out
from flows.commands.export import AsExtracted
from pipeline.reader.read import MAX_BYTES

if TYPE_CHECKING:
    from rich.console import Console

    from flows.plan import Plan
    from flows.report import Outcome
    from pipeline.store import Store

app = typer.Typer()
LIMIT = 120.0

Workers = Annotated[int, typer.Option(min=1, help="Processes to read on.")]
Dask = Annotated[
    str | None, typer.Option(help="Use the Dask cluster at this address instead; needs PostgreSQL.")
]
TimeLimit = Annotated[float, typer.Option(min=0.1, help="Seconds that one document may take.")]
MaxBytes = Annotated[int, typer.Option(min=1, help="Refuse larger documents.")]
Lexicons = Annotated[
    list[Path] | None, typer.Option("--lexicon", help="A CSV of your own terms: term, label, name.")
]


@app.command(epilog="Example: `caseline run reports/ --workers 2`")
def run(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, glob patterns.")],
    store: StoreOption = None,
    workers: Workers = 1,
    dask: Dask = None,
    lexicon: Lexicons = None,
    time_limit: TimeLimit = LIMIT,
    max_bytes: MaxBytes = MAX_BYTES,
) -> None:
    """Extract what is new or changed and keep it in the store.

    A run may be killed and started again, and two may run at once: nothing is lost, nothing is done twice.
    Ends with `found N, new N, unchanged N, failed N, extracted N`. Exit status: 0, or 1 where a document failed.
    """
    lexicons = tuple(str(path.resolve()) for path in lexicon or ())
    tell(do_paths(paths, store, workers, dask, lexicons, time_limit, max_bytes, console=errors))


def do_paths(
    paths: list[str],
    store: str | None,
    workers: int,
    dask: str | None,
    lexicons: tuple[str, ...],
    time_limit: float,
    max_bytes: int = MAX_BYTES,
    *,
    console: Console,
) -> Outcome:
    """Extracts what is new or changed in files and folders."""
    from flows.execute import execute
    from flows.plan import of_paths
    from flows.report import Outcome
    from flows.worker import Setup
    from pipeline.store import running

    with opened(store, create=True) as one:
        mark = checked(one, lexicons)
        number = running.begin(one, "process", mark)
        plan = of_paths(one, paths, mark, run=number)
        setup = Setup(location(store), number, lexicons, max_bytes, time_limit)
        return execute(
            one, plan, setup, Outcome.of(plan), workers=shared(plan, workers), dask=dask, console=console
        )


def do_harvest(
    name: str,
    store: str | None,
    workers: int,
    dask: str | None,
    lexicons: tuple[str, ...],
    time_limit: float,
    max_bytes: int = MAX_BYTES,
    *,
    console: Console,
) -> Outcome:
    """Fetches and extracts what is new for a saved query; withdraws what was retracted."""
    from flows.execute import execute
    from flows.harvest import FOLDER, plan, retract
    from flows.sources import FetchError, source
    from flows.worker import Setup
    from pipeline.store import StoreError, harvests, running

    with opened(store, create=True) as one:
        mark = checked(one, lexicons)
        query = harvests.named(one, name)
        number = running.begin(one, "harvest", mark, name)
        try:
            planned, outcome = plan(
                one, query, None if query.source == FOLDER else source(query.source), mark, number
            )
        except FetchError as error:
            running.end(one, number, "failed", {}, None)
            raise StoreError(str(error)) from error
        setup = Setup(location(store), number, lexicons, max_bytes, time_limit)
        outcome = execute(
            one, planned, setup, outcome, workers=shared(planned, workers), dask=dask, console=console
        )
        retract(one, number, outcome)
        return outcome


def location(store: str | None) -> str:
    """The store's location as worker processes are to open it, with its password."""
    from pipeline.store.engine import url

    return url(store).render_as_string(hide_password=False)


def shared(plan: Plan, workers: int) -> int:
    """No more workers than there are documents."""
    return max(1, min(workers, len(plan.tasks)))


def checked(store: Store, lexicons: tuple[str, ...]) -> str:
    """The fingerprint; a lexicon that cannot be used ends the command."""
    from flows.execute import prepare
    from pipeline.lexicon import users

    try:
        users(lexicons)
        return prepare(store, lexicons)
    except (OSError, ValueError) as error:
        complain("--lexicon", str(error))
        raise typer.Exit(USAGE) from error


def tell(outcome: Outcome) -> None:
    """Names the failures and ends with the counts."""
    for name, reason in sorted(outcome.failures):
        complain(name, reason)
    out.print(outcome.line)
    if outcome.failures:
        raise typer.Exit(SOME_FAILED)


@app.command(epilog="Example: `caseline status`")
def status(store: StoreOption = None) -> None:
    """Show what the store holds, its last runs, its failures."""
    from pipeline.store import reading

    with opened(store) as one:
        out.print(f"store: {escape(one.location)}")
        for name, number in reading.counts(one).items():
            out.print(f"{number:>9,} {name}")
        table = Table("run", "what", "started", "state", "found", "new", "extracted", "failed", box=None)
        for row in reading.runs(one):
            counts = json.loads(row.counts)
            numbers = (str(counts.get(name, "")) for name in ("found", "new", "extracted", "failed"))
            what = f"{row.kind} {row.name}" if row.name else row.kind
            table.add_row(str(row.id), escape(what), row.started, row.state, *numbers)
        out.print(table)


@app.command(epilog="Example: `caseline failures --retry`")
def failures(
    store: StoreOption = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try them again.")] = False,
    workers: Workers = 1,
    time_limit: TimeLimit = LIMIT,
    max_bytes: MaxBytes = MAX_BYTES,
) -> None:
    """List the documents that failed, with the reason; or try them again."""
    from flows.plan import of_paths
    from pipeline.store import reading

    with opened(store) as one:
        known = reading.failures(one)
        if not retry:
            for row in known:
                out.print(escape(f"{row.uri}: {row.reason} ({row.kind}, {row.attempts} x, last {row.last})"))
            return
        from flows.execute import execute
        from flows.report import Outcome
        from flows.worker import Setup
        from pipeline.store import running

        mark = checked(one, ())
        number = running.begin(one, "retry", mark)
        plan = of_paths(one, [row.uri for row in known], mark, retry=True, run=number)
        setup = Setup(location(store), number, (), max_bytes, time_limit)
        outcome = execute(
            one,
            plan,
            setup,
            Outcome.of(plan, "retry"),
            workers=shared(plan, workers),
            dask=None,
            console=errors,
        )
    tell(outcome)


@app.command(epilog="Example: `caseline show PMC9351084`")
def show(
    id: Annotated[str, typer.Argument(help="A document: its id, PMCID, PMID or DOI.")],
    store: StoreOption = None,
    as_extracted: AsExtracted = False,
) -> None:
    """Show a document of the store: where it came from, its versions, its timeline as reviewed."""
    from annotations.review.final import records
    from pipeline.export import table
    from pipeline.store import reading

    with opened(store) as one:
        known = reading.document(one, id)
        facts = {"title": known.title, "pmcid": known.pmcid, "pmid": known.pmid, "doi": known.doi}
        out.print(escape(known.id) + (f" ({known.state}: {known.reason})" if known.reason else ""))
        for name, value in facts.items():
            if value:
                out.print(f"  {name}: {escape(value)}")
        for row in reading.versions(one, known.id):
            out.print(f"  version {row.number}, added {row.added}")
        [record] = records(one, (known.id,), machine=as_extracted)
        out.print(table.render(record, out.width))
