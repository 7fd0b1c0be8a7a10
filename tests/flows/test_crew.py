"""Documents on worker processes: what hangs, dies or fails costs itself alone; nothing is done twice."""

import os
import signal
import threading
import time

import pytest

from flows import crew as crews
from flows.crew import Crew
from flows.plan import of_paths
from flows.report import Outcome, markdown
from flows.worker import Setup, Worker
from pipeline.build import build_nlp
from pipeline.fingerprint import fingerprint
from pipeline.reader import read_bytes
from pipeline.store import backup, open_store, reading, rows, tables, writing

TEXT = "A {}-year-old woman was admitted with fever. On hospital day 3, prednisolone 20 mg/day was started.\n"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "reports"
    made.mkdir()
    for age in range(40, 46):
        (made / f"r{age}.txt").write_text(TEXT.format(age), encoding="utf-8")
    return made


def plan(store, folder, **options):
    writing.use(store, fingerprint(), "0.1.0", {})
    return of_paths(store, [str(folder)], fingerprint(), run=None, **options)


@pytest.fixture(scope="module")
def nlp():
    return build_nlp()


@pytest.fixture
def run(store, folder, nlp):
    """Does what is to do, in this process."""

    def run(into=store, **options):
        planned = plan(into, folder, **options)
        outcome = Outcome.of(planned)
        for reply in Worker(Setup(into.location, None, (), 5_000_000, 60.0), nlp, into).do(planned.tasks):
            outcome.add(reply)
        return outcome

    return run


def test_what_was_done_is_not_done_again(store, folder, run):
    assert run().line == "found 6, new 6, unchanged 0, failed 0, extracted 6"
    before = backup.digest(store)
    assert plan(store, folder).unchanged == 6
    assert run().line == "found 6, new 0, unchanged 6, failed 0, extracted 0"
    assert backup.digest(store) == before
    assert list(backup.check(store)) == []


def test_a_changed_file_is_a_new_version(folder, run):
    run()
    (folder / "r40.txt").write_text(TEXT.format(90), encoding="utf-8")
    outcome = run()
    assert outcome.line == "found 6, new 0, unchanged 5, failed 0, extracted 1"
    assert outcome.versions == ["r40"]
    assert "## New versions" in markdown(outcome)


def test_equal_texts_are_extracted_once_and_stored_under_each_id(store, folder, run):
    (folder / "twin.txt").write_text(TEXT.format(40), encoding="utf-8")
    assert run().line == "found 7, new 7, unchanged 0, failed 0, extracted 6"
    assert reading.extraction(store, "twin").mentions == reading.extraction(store, "r40").mentions
    (folder / "later.txt").write_text(TEXT.format(41), encoding="utf-8")
    assert run().line == "found 8, new 1, unchanged 7, failed 0, extracted 0"


def test_poison_costs_itself_alone(store, folder, monkeypatch):
    monkeypatch.setattr(crews, "MODULE", "tests.flows.poison")
    for name in ("HANG", "DIE", "GROW", "RAISE"):
        (folder / f"r4{name}.txt").write_text(f"{name} A 40-year-old woman was admitted.", encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    (folder / "huge.txt").write_text("fever " * 20_000, encoding="utf-8")
    planned = plan(store, folder)
    outcome = Outcome.of(planned)
    working = Crew(Setup(store.location, None, (), 100_000, 3.0), 1)
    try:
        for reply in working.do(planned.tasks):
            outcome.add(reply)
    finally:
        working.stop()
    assert outcome.line == "found 12, new 6, unchanged 0, failed 6, extracted 6"
    reasons = {row.uri.rsplit("/", 1)[-1]: (row.kind, row.reason) for row in reading.failures(store)}
    assert reasons["r4HANG.txt"] == ("time_limit", "took longer than 3 s")
    assert reasons["r4DIE.txt"] == ("crash", "ended its process twice (exit code 7)")
    assert reasons["r4GROW.txt"] == ("error", "extraction failed (MemoryError); please report it")
    assert reasons["huge.txt"][0] == "read"
    assert reasons["r4RAISE.txt"] == ("error", "extraction failed (ValueError); please report it")
    assert reasons["empty.txt"] == ("read", "empty")


def test_failures_are_tried_again_on_request_alone(store, folder, run):
    (folder / "empty.txt").write_text("", encoding="utf-8")
    run()
    assert len(plan(store, folder).tasks) == 0
    assert [task.id for task in plan(store, folder, retry=True).tasks] == ["empty"]
    (folder / "empty.txt").write_text(TEXT.format(50), encoding="utf-8")
    assert run().line == "found 7, new 1, unchanged 6, failed 0, extracted 1"
    assert reading.failures(store) == []


def test_what_leads_nowhere_is_a_failure(store, tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    outcome = Outcome.of(
        of_paths(store, [str(tmp_path / "no.txt"), str(tmp_path / "pipe.txt")], "f", run=None)
    )
    assert outcome.line == "found 2, new 0, unchanged 0, failed 2, extracted 0"
    assert {reason for _, reason in outcome.failures} == {"no such file or directory", "not a regular file"}


def test_a_killed_worker_loses_and_repeats_nothing(store, folder, run, monkeypatch):
    undisturbed = open_store(folder.parent / "undisturbed.sqlite")
    run(undisturbed)
    planned = plan(store, folder)
    started = []
    whole = crews.Process.__init__
    monkeypatch.setattr(
        crews.Process, "__init__", lambda self, setup: started.append(self) or whole(self, setup)
    )
    monkeypatch.setattr(crews, "BATCH", 2)
    working = Crew(Setup(store.location, None, (), 5_000_000, 60.0), 1)
    killed = threading.Event()

    def kill(reply):
        if not killed.is_set():
            killed.set()
            os.kill(started[0]._process.pid, signal.SIGKILL)

    try:
        replies = working.do(planned.tasks, kill)
    finally:
        working.stop()
    assert len(started) == 2
    assert {reply.status for reply in replies} <= {"extracted", "copied"}
    assert backup.digest(store) == backup.digest(undisturbed)
    undisturbed.close()


def test_what_another_run_is_at_is_left_to_it(store, folder, nlp):
    planned = plan(store, folder)
    key = rows.content_key(read_bytes(TEXT.format(40).encode(), "r40", "r40"))
    with store.write() as connection:
        other = {"owner": "elsewhere:1", "until": "2999-01-01T00:00:00Z"}
        connection.execute(tables.claims.insert().values(content_key=key, fingerprint=fingerprint(), **other))
    worker = Worker(Setup(store.location, None, (), 5_000_000, 60.0), nlp, store)
    busy = [reply.uri for reply in worker.do(planned.tasks) if reply.status == "busy"]
    assert [uri.rsplit("/", 1)[-1] for uri in busy] == ["r40.txt"]
    with store.write() as connection:
        connection.execute(tables.claims.update().values(until="2000-01-01T00:00:00Z"))
    [again] = worker.do([task for task in planned.tasks if task.id == "r40"])
    assert again.status == "extracted", "a claim whose time is over is free"


def test_two_runs_at_once_share_the_work(store, folder):
    planned = plan(store, folder)
    crews_ = [Crew(Setup(store.location, None, (), 5_000_000, 60.0), 1) for _ in range(2)]
    replies = []

    def work(one):
        waiting = list(planned.tasks)
        while waiting:
            done = one.do(waiting)
            replies.extend(reply for reply in done if reply.status != "busy")
            waiting = [t for t in waiting if any(r.uri == t.uri and r.status == "busy" for r in done)]
            time.sleep(0.05)

    threads = [threading.Thread(target=work, args=(one,)) for one in crews_]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in crews_:
        one.stop()
    assert sum(reply.status == "extracted" for reply in replies) == 6
    assert reading.counts(store)["extractions"] == 6
