"""The Prefect server of a run or of ``caseline serve`` ends with it, however that ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

RUN = (
    "import sys; from flows.own_server import OwnServer\n"
    "server = OwnServer(); print(server._process.pid, flush=True); sys.stdin.read()"
)
SERVE = (
    "import sys; from flows import own_server, serving; from rich.console import Console\n"
    "begin = own_server.OwnServer.__enter__\n"
    "def told(self):\n"
    "    print(self._process.pid, flush=True)\n"
    "    return begin(self)\n"
    "own_server.OwnServer.__enter__ = told\n"
    "serving.serve_all(sys.argv[1], 1, own_server._free_port(), Console(stderr=True))"
)


@pytest.mark.parametrize("start", [RUN, SERVE], ids=["run", "serve"])
def test_what_is_killed_leaves_no_server(start, tmp_path):
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", start, str(tmp_path / "x.sqlite")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as run:
        pid = int(run.stdout.readline())
        assert "own_server" in command(pid)
        run.send_signal(signal.SIGKILL)
    for _ in range(600):
        if "own_server" not in command(pid):
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    raise AssertionError("the server outlived its run")


def command(pid):
    """The command line of a process; empty where it has ended."""
    listed = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True)
    return "" if "defunct" in listed.stdout else listed.stdout
