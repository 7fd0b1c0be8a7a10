"""``caseline run``, ``reprocess``, ``status``, ``failures``, ``show``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from flows import runs
from flows.commands.common import (
    SOME_FAILED,
    Lexicons,
    Settings,
    StoreOption,
    complain,
    complaining,
    opened,
    out,
)
from flows.commands.export import AsExtracted
from flows.runs import LIMIT, Options
from pipeline.reader.read import MAX_BYTES

if TYPE_CHECKING:
    from flows.report import Outcome

app = typer.Typer()

Workers = Annotated[int, typer.Option(min=1, help="Processes to read on.")]
Dask = Annotated[
    str | None, typer.Option(help="Use the Dask cluster at this address instead; needs PostgreSQL.")
]
TimeLimit = Annotated[float, typer.Option(min=0.1, help="Seconds that one document may take.")]
MaxBytes = Annotated[int, typer.Option(min=1, help="Refuse larger documents.")]
FILES = ("confidence.table",)  # settings that are paths


@app.command(
    epilog="Example: `caseline run reports/ --workers 2`, or `caseline run --query 'rituximab[title]'`"
)
def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, glob patterns; or articles by PMCID, PMID or DOI."),
    ] = None,
    query: Annotated[
        str | None, typer.Option(help="Articles that answer this query, in the source's own language.")
    ] = None,
    ids: Annotated[
        Path | None, typer.Option(help="A file of PMCIDs, PMIDs or DOIs, set apart by blanks or lines.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="europepmc, eutils or pmc; pmc for ids, europepmc for a query.")
    ] = None,
    store: StoreOption = None,
    workers: Workers = 1,
    dask: Dask = None,
    lexicon: Lexicons = None,
    settings: Settings = None,
    time_limit: TimeLimit = LIMIT,
    max_bytes: MaxBytes = MAX_BYTES,
) -> None:
    """Extract what is new or changed and keep it in the store.

    A run may be killed and started again, and two may run at once: nothing is lost, nothing is done twice.
    Ends with `found N, new N, unchanged N, failed N, extracted N`. Exit status: 0, or 1 where a document failed.
    """
    from flows.harvest import is_id
    from flows.sources import SOURCES

    if source not in (None, *SOURCES):
        raise typer.BadParameter(f"{source!r} is none of {', '.join(SOURCES)}", param_hint="--source")
    options = Options(
        store, workers, dask, resolved(lexicon), time_limit, max_bytes, settings=absolute(settings)
    )
    listed = _listed(ids)
    if wrong := [id for id in listed if not is_id(id)]:
        raise typer.BadParameter(f"{wrong[0]!r} is no PMCID, PMID or DOI", param_hint="--ids")
    named = [*(paths or ()), *listed]
    if bool(query) == bool(named):
        raise typer.BadParameter("name files or articles, or give a --query", param_hint="PATHS")
    with complaining():
        if query:
            outcome = runs.of_query(query, source or "europepmc", options)
        else:
            outcome = runs.of_paths(named, options, source or "pmc")
    tell(outcome)


def _listed(file: Path | None) -> list[str]:
    """The ids in a file."""
    try:
        return file.read_text("utf-8").replace(",", " ").split() if file else []
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file}: cannot be read", param_hint="--ids") from error


def resolved(lexicons: list[Path] | None) -> tuple[str, ...]:
    """The paths as they are written down: a later run may start elsewhere."""
    return tuple(str(path.resolve()) for path in lexicons or ())


def absolute(settings: list[str] | None) -> tuple[str, ...]:
    """The settings, a path among them as workers elsewhere are to open it."""
    split = (setting.partition("=") for setting in settings or ())
    return tuple(
        f"{key}={Path(value).resolve()}" if key in FILES and value != "null" else f"{key}{sign}{value}"
        for key, sign, value in split
    )


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
    from pipeline.store import duplicates, reading

    with opened(store) as one:
        out.print(f"store: {escape(one.location)}")
        for name, number in reading.counts(one).items():
            out.print(f"{number:>9,} {name}")
        waiting = len(duplicates.every(one, undecided=True))
        out.print(f"{waiting:>9,} pairs of cases that may be one patient (`caseline same list`)")
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
    lexicon: Lexicons = None,
) -> None:
    """List the documents that failed, with the reason; or try them again.

    Each is tried again with the lexicons of the run in which it failed, unless others are named.
    """
    from pipeline.store import reading

    if not retry:
        with opened(store) as one:
            for row in reading.failures(one):
                out.print(escape(f"{row.uri}: {row.reason} ({row.kind}, {row.attempts} x, last {row.last})"))
        return
    options = Options(store, workers, None, resolved(lexicon), time_limit, max_bytes)
    with complaining():
        outcomes = runs.again(options)
    for outcome in outcomes[:-1]:
        out.print(outcome.line)
    tell(outcomes[-1])


@app.command(epilog="Example: `caseline reprocess --dry-run`")
def reprocess(
    store: StoreOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which documents would be done again, and why.")
    ] = False,
    lexicon: Lexicons = None,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="With no lexicon of your own, though the last run had some.")
    ] = False,
    settings: Settings = None,
    workers: Workers = 1,
    dask: Dask = None,
    time_limit: TimeLimit = LIMIT,
    max_bytes: MaxBytes = MAX_BYTES,
) -> None:
    """Extract again what a changed lexicon, rule or version may make otherwise, and only that.

    Without --lexicon, those of the last run are used. Documents that no change reaches are carried over as they are;
    what people have decided in a review stays. The report names the events that came, went or moved.
    """
    from flows.report import summary
    from pipeline.store import running

    own = resolved(lexicon)
    if not own and not shipped:
        with opened(store) as one:
            own = running.lexicons(one)
    options = Options(store, workers, dask, own, time_limit, max_bytes, settings=absolute(settings))
    if dry_run:
        with complaining():
            planned, reasons = runs.would_do(options)
        out.print(f"{len(planned.tasks)} of {planned.found} documents would be done again")
        for name, number in reasons.counts:
            out.print(escape(f"{number:>9,} {name}"))
        for id, why in sorted(reasons.by_document.items()):
            out.print(escape(f"  {id}: {why}"))
        return
    with complaining():
        outcome = runs.anew(options)
    for id, changes in sorted(outcome.events.items()):
        out.print(escape(summary(id, changes)))
    tell(outcome)


@app.command(epilog="Example: `caseline show PMC9351084`")
def show(
    id: Annotated[str, typer.Argument(help="A document: its id, PMCID, PMID or DOI.")],
    store: StoreOption = None,
    as_extracted: AsExtracted = False,
) -> None:
    """Show a document of the store: where it came from, its versions, its timeline as reviewed."""
    from annotations.review.final import records
    from annotations.same import marked
    from flows.commands.same import shown
    from pipeline.export import table
    from pipeline.store import duplicates, reading

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
        pairs = duplicates.every(one, known.id)
        for pair in pairs:
            out.print(escape(f"  perhaps the same patient: {shown(pair)}"))
        out.print(table.render(marked(record, pairs), out.width))
