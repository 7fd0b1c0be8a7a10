"""Several processes at once on one store, and processes that are killed: nothing is lost, nothing done twice.

The processes are forked with the pipeline built, so that each begins at once.
"""

import multiprocessing
import os
import random
import signal
import time

import pytest
from sqlalchemy import text

from flows.plan import of_paths
from flows.worker import Setup, Worker
from pipeline.build import build_nlp
from pipeline.fingerprint import fingerprint
from pipeline.store import backup, open_store, reading, writing

REPORT = """A {age}-year-old man was admitted with fever and cough. He had taken metformin 500 mg twice daily for {age} weeks.

On hospital day 2, the C-reactive protein was {age} mg/L. Ceftriaxone 2 g/day was started and stopped after 7 days.

He was discharged on day {age} and was well at the follow-up two months later.
"""
FORK = multiprocessing.get_context("fork")
NUMBER = 24


@pytest.fixture(scope="module")
def nlp():
    return build_nlp()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "reports"
    made.mkdir()
    for age in range(20, 20 + NUMBER):
        (made / f"r{age}.txt").write_text(REPORT.format(age=age), encoding="utf-8")
    return made


def do_all(location, folder, nlp, shuffled=None, say=lambda replies: None):
    """What one run does: everything that is not done, and what another is at once more."""
    store = open_store(location)
    planned = list(of_paths(store, [str(folder)], fingerprint(), run=None).tasks)
    if shuffled is not None:
        random.Random(shuffled).shuffle(planned)
    worker, replies = Worker(Setup(location, None, (), 5_000_000, 60.0), nlp, store), []
    while planned:
        done = [reply for i in range(0, len(planned), 4) for reply in worker.do(planned[i : i + 4])]
        replies += done
        busy = {reply.uri for reply in done if reply.status == "busy"}
        planned = [task for task in planned if task.uri in busy]
        time.sleep(0.02 * bool(busy))
    store.close()
    say([reply.status for reply in replies if reply.status != "busy"])


def begun(location):
    store = open_store(location)
    writing.use(store, fingerprint(), "0.1.0", {})
    return store


@pytest.fixture
def undisturbed(folder, nlp, tmp_path):
    """The digest of a store that one process made in peace."""
    store = begun(tmp_path / "undisturbed.sqlite")
    do_all(store.location, folder, nlp)
    yield backup.digest(store)
    store.close()


def test_five_at_once_do_nothing_twice(location, folder, nlp, undisturbed):
    store = begun(location)
    said = FORK.SimpleQueue()
    runs = [FORK.Process(target=do_all, args=(location, folder, nlp, n, said.put)) for n in range(5)]
    store.close()  # a connection must not be shared with a fork
    for run in runs:
        run.start()
    done = [status for _ in runs for status in said.get()]
    for run in runs:
        run.join(60)
    assert [run.exitcode for run in runs] == [0] * 5
    store = open_store(location)
    assert done.count("extracted") == reading.counts(store)["extractions"] == NUMBER
    assert "failed" not in done
    assert backup.digest(store) == undisturbed
    if store.engine.dialect.name == "postgresql":
        query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        with store.read() as connection:
            assert connection.execute(query).scalar() == 0
    store.close()


def test_killed_at_any_moment_and_started_again(location, folder, nlp, undisturbed):
    begun(location).close()
    moments = random.Random(6)
    killed = 0
    for _ in range(12):
        run = FORK.Process(target=do_all, args=(location, folder, nlp))
        run.start()
        run.join(moments.uniform(0.02, 0.25))
        if run.exitcode is not None:
            break
        os.kill(run.pid, signal.SIGKILL)
        run.join()
        killed += 1
    else:
        do_all(location, folder, nlp)
    assert killed >= 3
    store = open_store(location)
    assert backup.digest(store) == undisturbed
    assert list(backup.check(store)) == []
    store.close()
