"""Prefect deployments of the saved queries, served from this process; a server of our own where there is none."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rich.console import Console
from sqlalchemy.exc import DBAPIError

from flows.engine import has_server, quiet
from flows.own_server import OwnServer
from pipeline.store import StoreError, harvests, open_store

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.deployments.runner import RunnerDeployment
    from prefect.runner import Runner

MOST = 200  # runs that Prefect lists at once
LOOK_SECONDS = 10.0  # how soon a query that was saved or removed meanwhile is noticed


def serve_all(location: str, workers: int, port: int, console: Console) -> None:
    """Serves the saved queries until interrupted, those too that are saved meanwhile."""
    quiet()
    alone = not has_server()
    # Prefect's runner says this of itself when it is told to end.
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop' was never awaited", RuntimeWarning)
    from prefect.exceptions import TerminationSignal

    with _server(port, console), suppress(KeyboardInterrupt, TerminationSignal):
        asyncio.run(_serve(location, workers, console, alone))


async def _serve(location: str, workers: int, console: Console, alone: bool) -> None:
    """A runner, and who tells it of new queries; both end together."""
    from prefect.runner import Runner

    runner = Runner()
    served = Served(runner, location, workers, console, alone)
    await served.look()
    if not served.known:
        console.print("no saved query has a schedule yet: `caseline harvest add NAME --query ... --cron ...`")
    following = asyncio.create_task(served.follow())
    try:
        await runner.start()
    finally:
        following.cancel()
        # A run that is ended with us is no news: asyncio would print its traceback.
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)


class Served:
    """The saved queries that a runner serves; ``known`` has the schedule of each.

    ``alone``: the Prefect server is our own, so that what is under way there before we begin was left by one that died.
    """

    def __init__(self, runner: Runner, location: str, workers: int, console: Console, alone: bool) -> None:
        self.runner, self.location, self.workers, self.console = runner, location, workers, console
        self.alone = alone
        self.known: dict[str, tuple[str, UUID]] = {}

    async def follow(self) -> None:
        """Looks for what has changed, until cancelled; a store that does not answer is asked again."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except (StoreError, DBAPIError) as error:
                self.console.print(f"the store cannot be read now ({type(error).__name__})", markup=False)

    async def look(self) -> None:
        """Serves what is new, and no more what is gone."""
        wanted = await asyncio.to_thread(self._wanted)
        for name in sorted({*self.known} - {*wanted}):
            await self._remove(name)
        for name, cron in sorted(wanted.items()):
            if self.known.get(name, ("",))[0] != cron:
                id = await self.runner.aadd_deployment(await self._deployment(name, cron))
                if self.alone and name not in self.known:
                    await _bury(id)
                self.known[name] = (cron, id)
                self.console.print(f"{name}: {cron} (UTC)", markup=False)

    def _wanted(self) -> dict[str, str]:
        store = open_store(self.location)
        try:
            return {query.name: query.cron for query in harvests.every(store) if query.cron}
        finally:
            store.close()

    async def _deployment(self, name: str, cron: str) -> RunnerDeployment:
        from prefect.types.entrypoint import EntrypointType

        from flows.deployments import harvest

        return await harvest.ato_deployment(
            name=name,
            cron=cron,
            parameters={"name": name, "store": self.location, "workers": self.workers},
            concurrency_limit=1,
            paused=False,  # stopping pauses them
            # Loaded as a file, it would find its neighbours in place of our packages.
            entrypoint_type=EntrypointType.MODULE_PATH,
        )

    async def _remove(self, name: str) -> None:
        from prefect import get_client

        _, deployment = self.known.pop(name)
        async with get_client() as client:
            await client.delete_deployment(deployment)
        self.console.print(f"{name}: no longer", markup=False)


async def _bury(deployment: UUID) -> None:
    """Ends the runs that a killed ``serve`` has left under way: they would keep all later ones waiting."""
    from prefect import get_client
    from prefect.client.schemas import filters as f
    from prefect.client.schemas.objects import StateType
    from prefect.client.schemas.sorting import FlowRunSort
    from prefect.states import Crashed

    under_way = f.FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING, StateType.CANCELLING])
    async with get_client() as client:
        left = await client.read_flow_runs(
            flow_run_filter=f.FlowRunFilter(state=f.FlowRunFilterState(type=under_way)),
            deployment_filter=f.DeploymentFilter(id=f.DeploymentFilterId(any_=[deployment])),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=MOST,
        )
        for run in left:
            await client.set_flow_run_state(run.id, Crashed(message="caseline serve was ended"), force=True)


@contextmanager
def _server(port: int, console: Console) -> Iterator[None]:
    """The user's own Prefect server, or one on loopback that ends with this process, however that ends."""
    if has_server():
        yield
        return
    with OwnServer(port) as server, server.ready():
        console.print(f"Prefect's page: http://127.0.0.1:{port}", markup=False)
        yield
