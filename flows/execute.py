"""A run from its plan to its report, with or without Prefect's engine.

The workers start first, so that they build their pipelines while Prefect starts its server.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import version

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from flows.engine import has_server, quiet
from flows.plan import Plan
from flows.report import Outcome, markdown
from flows.worker import Reply, Setup
from pipeline.fingerprint import components, fingerprint
from pipeline.store import Store, running, writing

_inside: ContextVar[bool] = ContextVar("inside", default=False)


@contextmanager
def inside_flow() -> Iterator[None]:
    """For a scheduled flow, which is under way already: no other is put around its tasks."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def prepare(store: Store, lexicons: tuple[str, ...]) -> str:
    """Makes the store ready for a run; returns the pipeline's fingerprint."""
    mark = fingerprint(lexicons)
    writing.use(store, mark, version("caseline"), components(lexicons))
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
) -> Outcome:
    """Does what the plan says and writes down how it ended."""
    assert setup.run is not None
    state = "failed"
    try:
        if plan.tasks or has_server() or _inside.get():
            outcome = _with_prefect(plan, setup, outcome, workers, dask, console)
        state = "finished"
    finally:
        running.end(store, setup.run, state, outcome.counts, markdown(outcome))
    return outcome


def _with_prefect(
    plan: Plan, setup: Setup, outcome: Outcome, workers: int, dask: str | None, console: Console
) -> Outcome:
    from flows.crew import crew

    quiet()
    own = crew(setup, workers) if dask is None and plan.tasks else None
    try:
        from prefect import flow

        from flows.process import Place, work

        place = Place(workers, dask)
        with _progress(len(plan.tasks), console) as tell:
            if _inside.get():
                return work(plan, setup, place, outcome, tell)

            @flow(name=outcome.kind, task_runner=place.runner())
            def run() -> Outcome:
                return work(plan, setup, place, outcome, tell)

            return run()
    finally:
        if own is not None:
            own.stop()


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
