"""The worker processes of a run, each watched: one that hangs is ended and replaced, and so is one that dies.

A document that hangs or kills its worker costs its own time limit and one start of a worker, nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from queue import SimpleQueue

from flows.worker import Reply, Setup, Task
from pipeline.fingerprint import fingerprint
from pipeline.store import open_store, writing

MODULE = "flows.worker"
START_SECONDS = 180.0  # a worker that has not built its pipeline by then is broken
BATCH = 50  # documents handed over, and stored, together
NOWHERE = "(before any document)"
RECYCLE = 2000  # documents a worker does before a fresh one takes its place: spaCy's vocabulary only grows


class WorkerDied(Exception):
    """The process has gone; ``hung`` where it was ended for its time limit."""

    def __init__(self, hung: bool, code: int | None) -> None:
        super().__init__("time limit" if hung else f"exit code {code}")
        self.hung, self.code = hung, code


class Process:
    """One worker process; used by one thread at a time."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.done = 0
        self.at = ""
        self._ready = False
        self._process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._send(json.dumps(asdict(setup)))

    def ask(self, tasks: Sequence[Task]) -> Iterator[Reply]:
        """Hands over some documents and yields what became of each, in any order.

        Raises:
            WorkerDied: the time limit of one passed (``at`` is it), or the process ended.
        """
        if not self._ready:
            self._line(START_SECONDS)
            self._ready = True
        self._send(json.dumps([asdict(task) for task in tasks]))
        missing, self.at = len(tasks), ""
        while missing:
            said = json.loads(self._line(self.setup.limit))
            if isinstance(said, str):
                self.at = said
            else:
                missing -= 1
                self.done += 1
                yield Reply.of(said)

    def stop(self) -> None:
        """Ends the process, at once where it does not end by itself."""
        process = self._process
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue  # it has died already
        try:
            process.wait(5 if self._ready else 0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _send(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise WorkerDied(False, self._process.wait()) from error

    def _line(self, limit: float) -> str:
        assert self._process.stdout is not None
        hung = threading.Event()

        def end() -> None:
            hung.set()
            self._process.kill()

        watch = threading.Timer(limit, end)
        watch.daemon = True
        watch.start()
        try:
            line = self._process.stdout.readline()
        finally:
            watch.cancel()
        if not line.endswith("\n"):
            raise WorkerDied(hung.is_set(), self._process.wait())
        return line


class Crew:
    """Some workers, started at once and lent to whoever has documents."""

    def __init__(self, setup: Setup, size: int) -> None:
        self.setup, self.size = setup, size
        self.fingerprint = fingerprint(setup.lexicons, setup.settings)
        self._store = open_store(setup.store)
        self._free: SimpleQueue[Process] = SimpleQueue()
        for _ in range(size):
            self._free.put(Process(setup))

    @contextmanager
    def _lent(self) -> Iterator[list[Process]]:
        """A worker, in a list so that the borrower may put another in its place."""
        held = [self._free.get()]
        try:
            yield held
        finally:
            self._free.put(held[0])

    def do(self, tasks: Sequence[Task], tell: Callable[[Reply], None] = lambda reply: None) -> list[Reply]:
        """Does documents on one worker."""
        waiting, suspect = {task.uri: task for task in tasks}, ""
        replies = []

        def take(reply: Reply) -> None:
            waiting.pop(reply.uri, None)
            replies.append(reply)
            tell(reply)

        with self._lent() as held:
            while waiting:
                if held[0].done >= RECYCLE:
                    held[0] = self._fresh(held[0])
                try:
                    for reply in held[0].ask(list(waiting.values())[:BATCH]):
                        take(reply)
                except WorkerDied as death:
                    at = held[0].at
                    held[0] = self._fresh(held[0])
                    # A worker may be killed from outside: a document has a second try, unless it hung.
                    if at in waiting and death.hung:
                        reason = f"took longer than {self.setup.limit:g} s"
                        take(self._failed(waiting[at], "time_limit", reason))
                    elif at in waiting and at == suspect:
                        take(self._failed(waiting[at], "crash", f"ended its process twice ({death})"))
                    elif at not in waiting and suspect == NOWHERE:
                        raise
                    suspect = at if at in waiting else NOWHERE
        return replies

    def _failed(self, task: Task, kind: writing.FailureKind, reason: str) -> Reply:
        item = writing.Item(task.uri, task.raw_sha256)
        writing.fail(self._store, item, self.fingerprint, kind, reason, run=self.setup.run)
        return Reply(task.uri, "failed", kind=kind, reason=reason)

    def _fresh(self, old: Process) -> Process:
        old.stop()
        return Process(self.setup)

    def stop(self) -> None:
        """Ends all workers."""
        for _ in range(self.size):
            self._free.get().stop()
        self._store.close()


@cache
def crew(setup: Setup, size: int) -> Crew:
    """The crew of this process for this run."""
    return Crew(setup, size)
