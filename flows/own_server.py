"""A Prefect server of our own: on loopback, and ended with the process that started it, however that ends.

Prefect's own outlives a run that was killed. ``python -m flows.own_server PORT`` serves until its
standard input ends. ``OwnServer`` starts one and waits for it::

    with OwnServer() as server:  # at once
        ...                      # what takes time anyway
        with server.ready():
            run_a_flow()
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from flows.engine import comes_up, home, quiet

START_SECONDS = 180.0
STOP_SECONDS = 10.0
LAST_WORDS = 0.5  # for what the run has just reported
# As Prefect sets them for a temporary server of its own: no page, and only the services that a run needs.
EPHEMERAL = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


class OwnServer:
    """The server's process, as its starter sees it: for one run, or at a ``port``, with its page and its schedules."""

    def __init__(self, port: int | None = None) -> None:
        self.port = port or _free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"
        self._settings = {"PREFECT_API_URL": self.api}
        kind = {"PREFECT__SERVER_FINAL": "1", "PREFECT_SERVER_API_PORT": str(port)}
        if port is None:
            kind = EPHEMERAL
            # Nobody reads logs there, and a failed run would wait for a server that has gone.
            self._settings["PREFECT_LOGGING_TO_API_ENABLED"] = "false"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flows.own_server", str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt from the keyboard is the run's; it ends the server afterwards
            env={**os.environ, **kind, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Waits until the server answers; Prefect, which may have been imported before, uses it meanwhile.

        Raises:
            RuntimeError: it does not answer.
        """
        if not comes_up(self._process, self.api, START_SECONDS):
            raise RuntimeError(
                f"Prefect's server did not start; is port {self.port} free, and its database in {home()} whole?"
            )
        from prefect import settings

        with settings.temporary_settings(
            {getattr(settings, name): to for name, to in self._settings.items()}
        ):
            yield

    def __enter__(self) -> Self:
        os.environ.update(self._settings)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in self._settings:
            del os.environ[name]
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def main() -> None:
    """Serves until standard input ends."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    quiet()
    import uvicorn
    from prefect.server.api.server import create_app

    # Servers of several runs share a database: they start, and bring it to its present form, one after the other.
    gate = sqlite3.connect(Path(os.environ["PREFECT_HOME"]) / "starting", timeout=START_SECONDS)
    gate.isolation_level = None

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            gate.execute("BEGIN EXCLUSIVE")
            await super().startup(sockets)
            gate.close()

    Server(uvicorn.Config(create_app(), port=int(sys.argv[1]), log_level="critical", lifespan="on")).run()


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    time.sleep(LAST_WORDS)
    os._exit(0)  # its database bears it, and an orderly end takes seconds


if __name__ == "__main__":
    main()
