"""The Prefect server of a run ends with it, however that ends."""

import os
import signal
import subprocess
import sys
import time

START = (
    "import sys; from flows.own_server import OwnServer\n"
    "server = OwnServer(); print(server._process.pid, flush=True); sys.stdin.read()"
)


def test_a_killed_run_leaves_no_server(tmp_path):
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", START], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
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
