"""Prefect deployments of the saved queries, served from this process; a server of our own where there is none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
from rich.console import Console

from flows.engine import has_server, quiet
from pipeline.store.harvests import Harvest

START_SECONDS = 120.0


def serve_all(queries: Sequence[Harvest], store: str, workers: int, port: int, console: Console) -> None:
    """Serves until interrupted."""
    quiet()
    with _server(port, console):
        from prefect import serve

        from flows.deployments import harvest

        deployments = [
            harvest.to_deployment(
                name=query.name,
                cron=query.cron,
                parameters={"name": query.name, "store": store, "workers": workers},
                concurrency_limit=1,
                paused=False,  # stopping pauses them
            )
            for query in queries
        ]
        for query in queries:
            console.print(f"{query.name}: {query.cron} (UTC)", markup=False)
        serve(*deployments, print_starting_message=False)  # type: ignore[arg-type]


@contextmanager
def _server(port: int, console: Console) -> Iterator[None]:
    """The user's own Prefect server, or one on loopback for as long as this lasts."""
    if has_server():
        yield
        return
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(server, address)
        os.environ["PREFECT_API_URL"] = f"{address}/api"
        console.print(f"Prefect's page: {address}", markup=False)
        yield
    finally:
        server.terminate()
        server.wait(30)


def _await(server: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            if httpx.get(f"{address}/api/health", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise RuntimeError(f"Prefect's server did not start at {address}; is the port taken?")
