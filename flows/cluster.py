"""A Dask cluster as the place of a run: looked at before it is used, and a crew in each of its workers.

A Dask worker keeps one pipeline a thread, in processes of its own, so that a document that hangs or kills its process
costs a Dask worker as little as it costs a single machine. They are built with the first documents of a run and end
after a minute without any.
"""

from __future__ import annotations

import ipaddress
import os
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from distributed import Client, Worker, WorkerPlugin, get_worker
from distributed.comm.addressing import get_address_host

from flows.crew import Crew
from flows.engine import has_server, quiet
from flows.worker import Setup
from pipeline.fingerprint import fingerprint
from pipeline.store import StoreError
from pipeline.store.engine import url

CONNECT_SECONDS = 15
IDLE_SECONDS = 60.0


def hush() -> None:
    """Keeps Prefect quiet in the scheduler and the workers too, which import it to unpack the tasks."""
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")  # another's flows may have imported it
    quiet()


class Prepare(WorkerPlugin):
    """Makes a Dask worker ready, also one that comes later."""

    name = "caseline"

    def setup(self, worker: Worker) -> None:
        """Runs in the worker before its tasks."""
        hush()

    def teardown(self, worker: Worker) -> None:
        """Ends the crew."""
        crews.end(0.0)


def threads(address: str, setup: Setup) -> int:
    """How many documents the cluster works on at once, once it is ready for a run.

    Raises:
        StoreError: no scheduler answers there, or the run cannot be done on this cluster.
    """
    try:
        with Client(address, timeout=CONNECT_SECONDS, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            workers: dict[str, int] = client.nthreads()
            fit([address, *workers], setup.store)
            client.run_on_scheduler(hush)
            client.register_plugin(Prepare())
            expected = fingerprint(setup.lexicons, setup.settings)
            for worker, mark in client.run(fingerprint, setup.lexicons, setup.settings).items():
                _same(worker, mark, expected)
    except (OSError, ValueError) as error:
        raise StoreError(f"no Dask scheduler answers at {address}") from error
    return max(1, sum(workers.values()))


def fit(addresses: Iterable[str], store: str) -> None:
    """Sees to it that all machines of a cluster reach what a run needs.

    Raises:
        StoreError: they do not.
    """
    if all(_here(get_address_host(one)) for one in addresses):
        return
    if url(store).get_backend_name() == "sqlite":
        raise StoreError("a cluster of several machines cannot share a SQLite file; --store postgresql://...")
    if not has_server():
        raise StoreError(
            "a cluster of several machines needs a Prefect server that all reach: set PREFECT_API_URL"
        )


def _same(worker: str, mark: str, expected: str) -> None:
    if mark != expected:
        raise StoreError(f"the Dask worker {worker} has another caseline, or another lexicon, than this run")


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Crews:
    """The crews of this Dask worker by run; each ends when nobody has used it for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._crews: dict[Setup, Crew] = {}
        self._users: Counter[Setup] = Counter()
        self._last: dict[Setup, float] = {}

    @contextmanager
    def lent(self, setup: Setup) -> Iterator[Crew]:
        """The crew of a run, begun where there is none."""
        with self._lock:
            if setup not in self._crews:
                self._crews[setup] = Crew(setup, get_worker().state.nthreads)
            self._users[setup] += 1
        try:
            yield self._crews[setup]
        finally:
            with self._lock:
                self._users[setup] -= 1
                self._last[setup] = time.monotonic()
            timer = threading.Timer(IDLE_SECONDS + 1, self.end, [IDLE_SECONDS])
            timer.daemon = True
            timer.start()

    def end(self, idle: float) -> None:
        """Ends the crews that have had nothing to do for so many seconds."""
        with self._lock:
            before = time.monotonic() - idle
            idlers = [one for one in self._crews if not self._users[one] and self._last[one] <= before]
            ended = [self._crews.pop(one) for one in idlers]
        for crew in ended:
            crew.stop()


crews = Crews()


@contextmanager
def crew_of(setup: Setup, expected: str) -> Iterator[Crew]:
    """The crew of this Dask worker for a run.

    Raises:
        StoreError: this worker's pipeline is not the run's.
    """
    with crews.lent(setup) as crew:
        _same(get_worker().address, crew.fingerprint, expected)
        yield crew
