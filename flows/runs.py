"""The runs: what each has to do, and how it is done, from the command line and from a schedule alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.common import errors
from pipeline.reader.read import MAX_BYTES

if TYPE_CHECKING:
    from rich.console import Console

    from flows.plan import Plan
    from flows.report import Outcome
    from flows.reprocess import Reasons
    from pipeline.store import Store
    from pipeline.store.harvests import Harvest

LIMIT = 120.0
ONCE = ""  # the name of a query that is not saved


@dataclass(frozen=True, slots=True)
class Options:
    """Where the store is, on what documents are done, and with which lexicons and settings of the user's own."""

    store: str | None = None
    workers: int = 1
    dask: str | None = None
    lexicons: tuple[str, ...] = ()
    time_limit: float = LIMIT
    max_bytes: int = MAX_BYTES
    console: Console = errors
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A run under way: its store, its number, and the fingerprint of its pipeline."""

    store: Store
    number: int
    mark: str
    options: Options

    def do(
        self,
        plan: Plan,
        outcome: Outcome,
        last: Callable[[Outcome], None] = lambda outcome: None,
    ) -> Outcome:
        """Does a plan; ``last`` adds to the outcome before it is reported."""
        from annotations.same import look
        from flows.execute import execute
        from flows.worker import Setup

        def after(outcome: Outcome) -> None:
            last(outcome)
            if outcome.new or outcome.changed or outcome.events:
                outcome.same = look(self.store)

        own = self.options
        setup = Setup(
            location(own.store), self.number, own.lexicons, own.max_bytes, own.time_limit, own.settings
        )
        workers = max(1, min(own.workers, len(plan.tasks)))
        return execute(
            self.store, plan, setup, outcome, workers=workers, dask=own.dask, console=own.console, after=after
        )


@contextmanager
def begun(options: Options, kind: str, name: str | None = None, *, create: bool = True) -> Iterator[Run]:
    """A run that has begun; one that does not come to its end is written down as failed."""
    from pipeline.store import running

    with store_of(options, create=create) as store:
        mark = checked(store, options.lexicons, options.settings)
        number = running.begin(store, kind, mark, name, options.lexicons)
        try:
            yield Run(store, number, mark, options)
        except BaseException:
            running.fail(store, number)
            raise


@contextmanager
def store_of(options: Options, *, create: bool = False) -> Iterator[Store]:
    """The store of a run.

    Raises:
        StoreError: it cannot be opened.
    """
    from pipeline.store import open_store

    store = open_store(options.store, create=create)
    try:
        yield store
    finally:
        store.close()


def of_paths(paths: Sequence[str], options: Options, source: str = "pmc") -> Outcome:
    """Extracts what is new or changed in files and folders, and the articles of a list of ids."""
    from flows import plan
    from flows.harvest import is_id
    from flows.report import Outcome
    from pipeline.store.harvests import Harvest

    ids = [path for path in paths if is_id(path) and not Path(path).exists()]
    files = [path for path in paths if path not in ids]
    if not ids:
        with begun(options, "process") as run:
            planned = plan.of_paths(run.store, files, run.mark, run=run.number)
            return run.do(planned, Outcome.of(planned))
    query = Harvest(ONCE, source, " ".join(ids), None, None, None, "")
    return _fetched(query, options, "process", files)


def of_query(query: str, source: str, options: Options) -> Outcome:
    """Fetches and extracts what is new for a query that is not saved."""
    from pipeline.store.harvests import Harvest

    return _fetched(Harvest(ONCE, source, query, None, None, None, ""), options, "process")


def of_harvest(name: str, options: Options) -> Outcome:
    """Fetches and extracts what is new for a saved query, with its own lexicons; withdraws what was retracted."""
    from pipeline.store import harvests

    with store_of(options, create=True) as store:
        query = harvests.named(store, name)
    return _fetched(query, replace(options, lexicons=options.lexicons or query.lexicons), "harvest")


def _fetched(query: Harvest, options: Options, kind: str, files: Sequence[str] = ()) -> Outcome:
    from flows import plan
    from flows.harvest import FOLDER, gathered, retract
    from flows.sources import source

    with begun(options, kind, query.name or None) as run:
        got = None if query.source == FOLDER else source(query.source)
        planned, outcome = gathered(run.store, query, got, run.mark, run.number)
        outcome.kind = kind
        if files:
            own = plan.of_paths(run.store, files, run.mark, run=run.number)
            planned, outcome = planned.joined(own), outcome.joined(own)
        return run.do(planned, outcome, lambda outcome: retract(run.store, run.number, outcome))


def again(options: Options) -> list[Outcome]:
    """Tries the failures again, each with the lexicons of the run in which it failed, unless others are named."""
    from flows import plan
    from flows.report import Outcome
    from pipeline.store import reading, running

    with store_of(options) as store:
        by_lexicons: dict[tuple[str, ...], list[str]] = {}
        for row in reading.failures(store):
            own = options.lexicons or (() if row.run_id is None else running.lexicons(store, row.run_id))
            by_lexicons.setdefault(own, []).append(row.uri)
    outcomes = []
    for own, uris in sorted(by_lexicons.items()) or [((), [])]:
        with begun(replace(options, lexicons=own), "retry", create=False) as run:
            planned = plan.of_failures(run.store, uris, run.mark, run=run.number)
            outcomes.append(run.do(planned, Outcome.of(planned, "retry")))
    return outcomes


def anew(options: Options) -> Outcome:
    """Does again what the present pipeline may make otherwise, and carries over the rest."""
    from flows import reprocess
    from flows.report import Outcome
    from pipeline.fingerprint import components
    from pipeline.store import reprocessing

    with begun(options, "reprocess", create=False) as run:
        planned, reasons = reprocess.plan(run.store, components(options.lexicons, options.settings), run.mark)
        outcome = Outcome.of(planned, "reprocess")
        outcome.reasons = reasons.counts
        reprocessing.carry(run.store, reasons.carried, run.mark)
        return run.do(planned, outcome)


def would_do(options: Options) -> tuple[Plan, Reasons]:
    """What ``anew`` would do; nothing is written but the present lexicons."""
    from flows import reprocess
    from pipeline.fingerprint import components

    with store_of(options) as store:
        mark = checked(store, options.lexicons, options.settings)
        return reprocess.plan(store, components(options.lexicons, options.settings), mark)


def location(store: str | None) -> str:
    """The store's location as worker processes are to open it, with its password."""
    from pipeline.store.engine import url

    return url(store).render_as_string(hide_password=False)


def checked(store: Store, lexicons: tuple[str, ...], settings: tuple[str, ...] = ()) -> str:
    """The fingerprint.

    Raises:
        StoreError: a lexicon or setting cannot be used.
    """
    from flows.execute import prepare
    from pipeline.lexicon import users
    from pipeline.store import StoreError

    named = "--lexicon"
    try:
        users(lexicons)
        if settings:
            named = "--set"
            from pipeline.build import build_nlp

            build_nlp(settings=settings)  # what a setting means only its component knows
        return prepare(store, lexicons, settings)
    except (OSError, ValueError) as error:
        raise StoreError(f"{named}: {error}") from error
