"""``caseline harvest add|list|run|remove`` and ``caseline serve``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from flows.commands.common import (
    USAGE,
    Lexicons,
    Settings,
    StoreOption,
    complain,
    complaining,
    errors,
    opened,
    out,
)
from flows.commands.run import Dask, TimeLimit, Workers, absolute, resolved, tell
from flows.runs import LIMIT, Options, of_harvest

app = typer.Typer(name="harvest", help="Saved queries: what is new for them.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name of the saved query.")]


@app.command(
    epilog="Example: `caseline harvest add jdm --query 'juvenile dermatomyositis' --cron '0 6 * * 1'`"
)
def add(
    name: Name,
    query: Annotated[str, typer.Option(help="In the source's own language; ids for pmc, a path for folder.")],
    source: Annotated[str, typer.Option(help="europepmc, eutils, pmc or folder.")] = "europepmc",
    cron: Annotated[str | None, typer.Option(help="When `caseline serve` runs it: five fields, UTC.")] = None,
    lexicon: Lexicons = None,
    store: StoreOption = None,
) -> None:
    """Save a query; a running `caseline serve` takes it up."""
    from flows.harvest import FOLDER
    from flows.sources import SOURCES
    from pipeline.store import harvests

    if source not in (*SOURCES, FOLDER):
        complain("--source", f"{source!r} is none of {', '.join((*SOURCES, FOLDER))}")
        raise typer.Exit(USAGE)
    if cron is not None and not _is_cron(cron):
        complain("--cron", f"{cron!r} is no schedule of five fields, such as '0 6 * * 1' (Mondays at six)")
        raise typer.Exit(USAGE)
    with opened(store, create=True) as one:
        harvests.add(one, name, source, query, cron, resolved(lexicon))
    out.print(f"{escape(name)} saved; `caseline harvest run {escape(name)}` runs it now")


def _is_cron(cron: str) -> bool:
    from flows.engine import quiet

    quiet()
    from prefect.client.schemas.schedules import CronSchedule

    try:
        CronSchedule(cron=cron)
    except ValueError:
        return False
    return len(cron.split()) == 5


@app.command("list", epilog="Example: `caseline harvest list`")
def list_(store: StoreOption = None) -> None:
    """Show the saved queries."""
    from pipeline.store import harvests

    table = Table("name", "source", "query", "cron", "complete to", box=None)
    with opened(store) as one:
        for row in harvests.every(one):
            table.add_row(*(escape(x or "") for x in (row.name, row.source, row.query, row.cron, row.since)))
    out.print(table)


@app.command(epilog="Example: `caseline harvest run jdm`")
def run(
    name: Name,
    store: StoreOption = None,
    workers: Workers = 1,
    dask: Dask = None,
    lexicon: Lexicons = None,
    settings: Settings = None,
    time_limit: TimeLimit = LIMIT,
) -> None:
    """Fetch and extract what is new for a saved query."""
    own = Options(store, workers, dask, resolved(lexicon), time_limit, settings=absolute(settings))
    with complaining():
        outcome = of_harvest(name, own)
    tell(outcome)


@app.command(epilog="Example: `caseline harvest remove jdm`")
def remove(name: Name, store: StoreOption = None) -> None:
    """Forget a saved query; what it brought stays."""
    from pipeline.store import harvests

    with opened(store) as one:
        harvests.remove(one, name)
    out.print(f"{escape(name)} removed")


def serve(
    store: StoreOption = None,
    workers: Workers = 1,
    port: Annotated[
        int, typer.Option(help="Of Prefect's page, where no server is named in PREFECT_API_URL.")
    ] = 4200,
) -> None:
    """Run the saved queries on their schedules, on this machine, until interrupted.

    Each is a Prefect deployment; its runs, their progress and their reports are on Prefect's page. A query that is
    saved or removed meanwhile is taken up or dropped within seconds.
    """
    from flows.runs import location
    from flows.serving import serve_all

    with opened(store, create=True):
        serve_all(location(store), workers, port, errors)
