"""A run from its plan to its report, with or without Prefect's engine.

The workers start first, so that they build their pipelines while Prefect starts its server.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from importlib.metadata import version

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from flows.engine import has_server, quiet
from flows.own_server import OwnServer
from flows.plan import Plan
from flows.report import Outcome, markdown
from flows.worker import Reply, Setup
from pipeline.fingerprint import components, fingerprint, lexicon_files
from pipeline.store import Store, StoreError, reprocessing, running, writing

_inside: ContextVar[bool] = ContextVar("inside", default=False)


@contextmanager
def inside_flow() -> Iterator[None]:
    """For a scheduled flow, which is under way already: no other is put around its tasks."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def prepare(store: Store, lexicons: tuple[str, ...], settings: tuple[str, ...] = ()) -> str:
    """Makes the store ready for a run; returns the pipeline's fingerprint."""
    mark = fingerprint(lexicons, settings)
    writing.use(store, mark, version("caseline"), components(lexicons, settings))
    reprocessing.keep_lexicons(store, lexicon_files(lexicons))
    running.tidy(store)
    return mark


def execute(
    store: Store,
    plan: Plan,
    setup: Setup,
    outcome: Outcome,
    *,
    workers: int,
    dask: str | None,
    console: Console,
    after: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Does what the plan says and writes down how it ended; ``after`` adds to the outcome before it is reported."""
    assert setup.run is not None
    state = "failed"
    try:
        if plan.tasks or has_server() or _inside.get():
            outcome = _with_prefect(plan, setup, outcome, workers, dask, console, after)
        else:
            after(outcome)
        state = "finished"
    finally:
        running.end(store, setup.run, state, outcome.counts, markdown(outcome))
    return outcome


def _with_prefect(
    plan: Plan,
    setup: Setup,
    outcome: Outcome,
    workers: int,
    dask: str | None,
    console: Console,
    after: Callable[[Outcome], None],
) -> Outcome:
    from flows.crew import crew

    quiet()
    if dask is not None:
        workers = _threads(dask, setup)
    with ExitStack() as stack:
        server = None if has_server() or _inside.get() else stack.enter_context(OwnServer())
        if dask is None and plan.tasks:
            stack.callback(crew(setup, workers).stop)
        from flows.process import Place, as_flow, work

        place = Place(workers, dask)
        tell = stack.enter_context(_progress(len(plan.tasks), console))
        if _inside.get():
            return work(plan, setup, place, outcome, tell, after)

        if server is not None:
            stack.enter_context(server.ready())
        return as_flow(outcome.kind, place, lambda: work(plan, setup, place, outcome, tell, after))


def _threads(dask: str, setup: Setup) -> int:
    """How many documents the cluster works on at once.

    Raises:
        StoreError: it cannot be used.
    """
    try:
        from flows.cluster import threads
    except ModuleNotFoundError as error:
        raise StoreError("--dask needs the extra: pip install 'caseline[dask]'") from error
    return threads(dask, setup)


@contextmanager
def _progress(total: int, console: Console) -> Iterator[Callable[[Reply], None]]:
    """A bar on a terminal: documents, words a second, failures, time left."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[speed]} words/s, {task.fields[failed]} failed"), TimeRemainingColumn(),
    )  # fmt: skip
    words = failed = 0
    started = time.monotonic()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        shown = bar.add_task("reading", total=total, speed="-", failed=0)

        def tell(reply: Reply) -> None:
            nonlocal words, failed
            if reply.status == "busy":
                return
            words += reply.words
            failed += reply.status == "failed"
            speed = f"{words / max(time.monotonic() - started, 0.1):,.0f}"
            bar.update(shown, advance=1, speed=speed, failed=failed)

        yield tell
