"""A worker process: builds the pipeline once, then reads, extracts and stores one document after the other.

It speaks JSON lines. On standard input: its ``Setup``, then lists of ``Task``. On standard output: an empty string when it
is ready, the uri of what it begins (a sign of life), and a ``Reply`` for each task once it is stored. It ends when its standard input does, so that none outlives its run. What it prints goes nowhere: no words of a
document reach a log.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy.exc import DBAPIError

from flows.batch import settle
from pipeline.fingerprint import components
from pipeline.reader import ReadError, read_bytes
from pipeline.reader.read import PDF_FACTOR
from pipeline.store import Store, StoreError, claims, fetching, open_store, reading, rows, writing
from pipeline.store.differences import Change, differences

if TYPE_CHECKING:
    from spacy.language import Language

    from pipeline.schema import Document, Extraction

MARGIN = 60.0  # seconds that a claim, and a worker that nobody watches any more, outlive the time limit
UNSAVED = 2.0  # seconds of work that a dying process may lose
MEMORY = 4 << 30  # bytes of a worker; the largest documents need a tenth of it


@dataclass(frozen=True, slots=True)
class Setup:
    """What all documents of a run share."""

    store: str
    run: int | None
    lexicons: tuple[str, ...]
    max_bytes: int
    limit: float  # seconds a document
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A document to do: a file, an article as it was fetched, or one that the store has."""

    uri: str
    id: str
    origin: Literal["file", "fetched", "stored"]
    raw_sha256: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of it; ``busy`` means that another process is at it right now.

    ``changes`` are the events that are not as they were; ``reviewed``: people have decided on the document before.
    """

    uri: str
    status: Literal["extracted", "copied", "busy", "failed"]
    document: str | None = None
    new: bool = False
    changed: bool = False
    words: int = 0
    cases: int = 0
    kind: writing.FailureKind | None = None
    reason: str | None = None
    changes: tuple[Change, ...] = ()
    reviewed: bool = False

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Reply:
        """A reply as it comes out of JSON."""
        return cls(**{**fields, "changes": tuple(Change(**one) for one in fields["changes"])})


@dataclass(frozen=True, slots=True)
class Read:
    """A task with its document, and what both are called in the store."""

    task: Task
    document: Document
    item: writing.Item
    key: str


class Worker:
    """The pipeline and the store, ready for documents; ``begin`` is told what is worked on from now."""

    def __init__(
        self, setup: Setup, nlp: Language, store: Store, begin: Callable[[str], None] = lambda uri: None
    ) -> None:
        self.setup, self.nlp, self.store, self.begin = setup, nlp, store, begin
        self.fingerprint: str = nlp.meta["fingerprint"]
        writing.use(store, self.fingerprint, version("caseline"), components(setup.lexicons, setup.settings))

    def do(self, tasks: Sequence[Task]) -> Iterator[Reply]:
        """Reads, extracts and stores some documents, a few a transaction; what goes wrong is stored as its failure."""
        documents: list[Read] = []
        for task in tasks:
            self.begin(task.uri)
            one = self._read(task)
            if isinstance(one, Reply):
                yield one
            else:
                documents.append(one)
        keys = {one.key for one in documents}
        mine = self._claim(keys)
        known = reading.finished(self.store, mine, self.fingerprint)
        waiting: list[tuple[Read, writing.Finished, bool]] = []
        last = claimed = time.monotonic()
        for one in documents:
            if one.key not in mine:
                yield Reply(one.item.uri, "busy")
                continue
            self.begin(one.item.uri)
            if time.monotonic() - claimed > MARGIN / 2:
                self._claim(mine - known.keys())
                claimed = time.monotonic()
            started, made = time.perf_counter(), one.key not in known
            try:
                found = self._extract(one.document, known.get(one.key))
            except Exception as error:  # noqa: BLE001  (one bad document never stops a run; its text stays out)
                reason = f"extraction failed ({type(error).__name__}); please report it"
                yield self._failed(one.task, "error", reason)
                claims.release(self.store, one.key, self.fingerprint)
                continue
            known[one.key] = found
            finished = writing.Finished(one.document, found, one.item, time.perf_counter() - started)
            waiting.append((one, finished, made))
            if time.monotonic() - last > UNSAVED:
                yield from self._save(waiting)
                waiting, last = [], time.monotonic()
        yield from self._save(waiting)

    def _claim(self, keys: AbstractSet[str]) -> set[str]:
        # For one document at its slowest: what a machine that died had claimed is soon free.
        return claims.claim_all(self.store, keys, self.fingerprint, self.setup.limit + MARGIN)

    def _read(self, task: Task) -> Read | Reply:
        try:
            if task.origin == "stored":
                document, sha = reading.as_read(self.store, task.id), task.raw_sha256
            else:
                data = self._bytes(task)
                document = read_bytes(data, task.id, task.uri, max_bytes=self.setup.max_bytes)
                sha = hashlib.sha256(data).hexdigest()
            return Read(task, document, writing.Item(task.uri, sha), rows.content_key(document))
        except (ReadError, StoreError) as error:
            return self._failed(task, "read", str(error))
        except Exception as error:  # noqa: BLE001
            return self._failed(task, "error", f"reading failed ({type(error).__name__})")

    def _bytes(self, task: Task) -> bytes:
        if task.origin == "fetched":
            return fetching.data(self.store, task.uri)
        try:
            with Path(task.uri).open("rb") as file:
                return file.read(PDF_FACTOR * self.setup.max_bytes + 1)
        except OSError as error:
            raise ReadError((error.strerror or type(error).__name__).lower()) from error

    def _extract(self, document: Document, equal: Extraction | None) -> Extraction:
        """The extraction, taken over from an equal text where there is one."""
        from pipeline.build import extract

        if equal is not None:
            return equal.model_copy(update={"id": document.id, "source": document.source})
        return extract(document, self.nlp)

    def _save(self, waiting: Sequence[tuple[Read, writing.Finished, bool]]) -> Iterator[Reply]:
        """Stores documents together; where that fails each by itself, so that one bad one costs no other."""
        if not waiting:
            return
        try:
            saved = writing.save_all(self.store, [finished for _, finished, _ in waiting], run=self.setup.run)
        except (StoreError, DBAPIError) as error:
            if len(waiting) > 1:
                for each in waiting:
                    yield from self._save([each])
                return
            reason = str(error) if isinstance(error, StoreError) else f"not stored ({type(error).__name__})"
            yield self._failed(waiting[0][0].task, "error", reason)
            return
        for (one, finished, made), where in zip(waiting, saved, strict=True):
            yield Reply(
                one.item.uri,
                "extracted" if made else "copied",
                where.document_id,
                where.new,
                where.changed,
                len(one.document.text.split()),
                len(finished.found.cases),
                changes=self._changes(where, finished.found),
                reviewed=where.reviewed,
            )

    def _changes(self, where: writing.Saved, found: Extraction) -> tuple[Change, ...]:
        """The events that are not as they were in the extraction that was current before."""
        if where.before in (None, rows.extraction_id(where.document_id, where.version, self.fingerprint)):
            return ()
        return differences(reading.by_id(self.store, str(where.before)), found)

    def _failed(self, task: Task, kind: writing.FailureKind, reason: str) -> Reply:
        item = writing.Item(task.uri, task.raw_sha256)
        writing.fail(self.store, item, self.fingerprint, kind, reason, run=self.setup.run)
        return Reply(task.uri, "failed", kind=kind, reason=reason)


def main() -> None:
    """Serves until standard input ends."""
    _hold_to(MEMORY)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    fields = json.loads(sys.stdin.readline())
    own = {name: tuple(fields[name]) for name in ("lexicons", "settings")}
    setup = Setup(**{**fields, **own})
    from pipeline.build import build_nlp

    def say(what: object) -> None:
        _end_in(setup.limit + MARGIN)
        answers.write(json.dumps(what) + "\n")
        answers.flush()

    worker = Worker(setup, build_nlp(setup.lexicons, setup.settings), open_store(setup.store), say)
    settle()
    say("")
    _end_in(0)
    for line in sys.stdin:
        for reply in worker.do([Task(**fields) for fields in json.loads(line)]):
            say(asdict(reply))
        _end_in(0)


def _hold_to(size: int) -> None:
    """Has the kernel refuse more memory: a document that wants it fails, before the machine ends some other process."""
    try:
        import resource
    except ModuleNotFoundError:  # not on Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(
        resource.RLIMIT_DATA, (size if most == resource.RLIM_INFINITY else min(size, most), most)
    )


def _end_in(seconds: float) -> None:
    """Has the kernel end this process then (0: not at all): where its run was killed, nobody else ends an endless document."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
