"""The flow ``process``: chunks of documents, each a Prefect task, on the workers of this machine or of a Dask cluster.

What becomes of a document is kept in the store, not in task runs: a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flows.engine import quiet

quiet()

from prefect import flow, task  # noqa: E402  (its settings must stand first)
from prefect.artifacts import (  # noqa: E402
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.futures import as_completed  # noqa: E402
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner  # noqa: E402

from flows.crew import Crew, crew  # noqa: E402
from flows.plan import Plan, chunks  # noqa: E402
from flows.report import Outcome, markdown, table  # noqa: E402
from flows.worker import Reply, Setup, Task  # noqa: E402
from pipeline.fingerprint import fingerprint  # noqa: E402

BUSY_WAIT, LONGEST_WAIT = 0.5, 8.0  # seconds before documents that another run is at are looked at again
Tell = Callable[[Reply], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where documents are done: on so many workers, here or on the Dask cluster at an address."""

    workers: int = 1
    dask: str | None = None

    def runner(self) -> TaskRunner[Any]:
        """The task runner of a flow."""
        if self.dask is None:
            return ThreadPoolTaskRunner(max_workers=self.workers)
        from prefect_dask.task_runners import DaskTaskRunner

        return DaskTaskRunner(address=self.dask)


@task(name="chunk", cache_policy=NO_CACHE, persist_result=False, task_run_name="{count} documents")
def chunk(tasks: Sequence[Task], setup: Setup, fingerprint: str, count: int) -> list[Reply]:
    """Reads, extracts and stores some documents, in a Dask worker."""
    from flows.cluster import crew_of

    with crew_of(setup, fingerprint) as here:
        return here.do(tasks)


@task(name="chunk", cache_policy=NO_CACHE, persist_result=False, task_run_name="{count} documents")
def chunk_here(tasks: Sequence[Task], here: Crew, tell: Tell, count: int) -> list[Reply]:
    """The same in this process, which hears of each document as it is done."""
    return here.do(tasks, tell)


def work(
    plan: Plan, setup: Setup, place: Place, outcome: Outcome, tell: Tell, after: Callable[[Outcome], None]
) -> Outcome:
    """Does all documents of a plan, inside a flow; what another run is at is waited for."""
    made = create_progress_artifact(progress=0.0, key="documents", description="Documents done")
    progress = cast(UUID, made)  # a coroutine only where the flow is async
    waiting, total, done, pause = list(plan.tasks), len(plan.tasks), 0, BUSY_WAIT
    while waiting:
        parts = list(chunks(waiting, place.workers, len(waiting)))
        if place.dask is None:
            here = crew(setup, place.workers)
            futures = [chunk_here.submit(part, here, tell, len(part)) for part in parts]
        else:
            mark = fingerprint(setup.lexicons, setup.settings)
            futures = [chunk.submit(part, setup, mark, len(part)) for part in parts]
        by_uri = {one.uri: one for one in waiting}
        waiting = []
        for future in as_completed(futures):
            for reply in future.result():
                if reply.status == "busy":
                    waiting.append(by_uri[reply.uri])
                else:
                    outcome.add(reply)
                    done += 1
            update_progress_artifact(progress, progress=100.0 * done / max(total, 1))
        if waiting:
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_WAIT)
    after(outcome)
    create_table_artifact(table=table(outcome), key="counts", description="What the run found and did")
    create_markdown_artifact(markdown=markdown(outcome), key="report", description="Report of the run")
    return outcome


_job: ContextVar[Callable[[], Outcome]] = ContextVar("job")


def as_flow(name: str, place: Place, job: Callable[[], Outcome]) -> Outcome:
    """Does a job inside a flow of this name."""
    token = _job.set(job)
    try:
        return flow(name=name, task_runner=place.runner())(_run)()
    finally:
        _job.reset(token)


def _run() -> Outcome:
    # The flow goes to Dask with each task, so it must hold nothing that cannot be sent, such as a progress bar.
    return _job.get()()
