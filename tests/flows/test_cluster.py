"""``caseline run --dask`` on a real cluster of two worker processes, with PostgreSQL as the store."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from distributed import Client

from flows import cluster
from flows.plan import of_paths
from flows.worker import Setup, Worker
from pipeline.build import build_nlp
from pipeline.fingerprint import fingerprint
from pipeline.store import StoreError, backup, open_store, reading, writing
from tests import postgres

TEXT = "A {}-year-old woman was admitted with fever. On hospital day 3, prednisolone 20 mg/day was started.\n"
CLUSTER = (
    "import sys; from distributed import LocalCluster\n"
    "if __name__ == '__main__':\n"
    "    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as one:\n"
    "        print(one.scheduler_address, flush=True); sys.stdin.read()\n"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Two Dask workers, each a process."""
    program = tmp_path_factory.mktemp("dask") / "cluster.py"
    program.write_text(CLUSTER, encoding="utf-8")
    command = [sys.executable, str(program)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().decode().strip()
        assert process.stdin is not None
        process.stdin.close()


def records(store):
    return "\n".join(one.model_dump_json() for one in reading.extractions(store))


def test_a_cluster_gives_the_bytes_of_a_single_process(address, tmp_path):
    location = postgres.location()
    folder = tmp_path / "reports"
    folder.mkdir()
    for age in range(40, 64):
        (folder / f"r{age}.txt").write_text(TEXT.format(age), encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from flows.cli import main; main()",
        "run",
        str(folder),
        "--store",
        location,
        "--dask",
        address,
    ]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=900)
    assert done.stdout.splitlines()[-1:] == ["found 25, new 24, unchanged 0, failed 1, extracted 24"], (
        done.stderr
    )
    assert "Traceback" not in done.stderr

    alone = open_store(tmp_path / "alone.sqlite")
    writing.use(alone, fingerprint(), "0.1.0", {})
    worker = Worker(Setup(alone.location, None, (), 5_000_000, 60.0), build_nlp(), alone)
    list(worker.do(of_paths(alone, [str(folder)], fingerprint(), run=None).tasks))
    together = open_store(location)
    assert records(together) == records(alone)
    assert backup.digest(together) == backup.digest(alone)
    with together.read() as connection:
        owners = connection.exec_driver_sql("SELECT count(*) FROM claims").scalar()
    assert owners == 0
    alone.close()
    together.close()


def test_a_killed_dask_worker_loses_and_repeats_nothing(address, tmp_path):
    location = postgres.location()
    folder = tmp_path / "reports"
    folder.mkdir()
    for age in range(40, 70):
        text = "\n\n".join(TEXT.format(age) + f"On day {day}, it was stopped." for day in range(4, 16))
        (folder / f"r{age}.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", "from flows.cli import main; main()", "run", str(folder)]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [*command, "--store", location, "--dask", address],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    ) as run:  # fmt: skip
        store = open_store(location)
        while run.poll() is None and not reading.counts(store)["extractions"]:
            time.sleep(0.2)
        with Client(address, set_as_default=False) as client:
            pids = client.run(os.getpid)
        assert run.poll() is None, run.stderr.read()
        os.kill(min(pids.values()), signal.SIGKILL)
        said, errors = run.communicate(timeout=600)
    # What the killed one had stored before it could tell is there, and not new to the one that took over.
    assert re.fullmatch(r"found 30, new \d+, unchanged 0, failed 0, extracted \d+", said.splitlines()[-1]), (
        errors
    )
    with store.read() as connection:
        made = connection.exec_driver_sql("SELECT count(*), count(DISTINCT content_key) FROM extractions")
        assert tuple(made.one()) == (30, 30)
        assert connection.exec_driver_sql("SELECT count(*) FROM claims").scalar() == 0
    store.close()


def setup(store):
    return Setup(store, 1, (), 5_000_000, 60.0)


def test_no_scheduler(monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(StoreError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        cluster.threads("tcp://127.0.0.1:9", setup(str(tmp_path / "x.sqlite")))


@pytest.mark.parametrize(
    ("store", "reason"),
    [("cases.sqlite", "cannot share a SQLite file"), ("postgresql://db/cases", "needs a Prefect server")],
)
def test_several_machines_need_what_all_reach(store, reason, monkeypatch):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with pytest.raises(StoreError, match=reason):
        cluster.fit(["tcp://127.0.0.1:8786", "tcp://10.0.0.7:4000"], store)
    cluster.fit(["tcp://127.0.0.1:8786", "tcp://localhost:4000"], store)


def test_an_idle_crew_ends(monkeypatch, tmp_path):
    stopped = []

    class Idle:
        def __init__(self, setup, size):
            self.setup, self.fingerprint = setup, "f"

        def stop(self):
            stopped.append(self.setup)

    class Place:
        address = "tcp://127.0.0.1:1"

        class state:
            nthreads = 2

    monkeypatch.setattr(cluster, "Crew", Idle)
    monkeypatch.setattr(cluster, "get_worker", Place)
    one = setup("x")
    with cluster.crew_of(one, "f") as crew:
        cluster.crews.end(0.0)
        assert stopped == [], "a crew at work is left alone"
    with cluster.crew_of(one, "f") as again:
        assert again is crew
    cluster.crews.end(0.0)
    assert stopped == [one]
    with pytest.raises(StoreError, match="another caseline"), cluster.crew_of(one, "g"):
        pass
    cluster.crews.end(0.0)
