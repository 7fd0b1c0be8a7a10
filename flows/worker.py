"""A worker process: builds the pipeline once, then reads, extracts and stores one document after the other.

It speaks JSON lines: first its ``Setup`` on standard input, then one ``Task`` a line, each answered by a ``Reply``.
It ends when its standard input does, so that none outlives its run. What it prints goes nowhere: no words of a
document reach a log.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.fingerprint import components
from pipeline.reader import ReadError, read_bytes
from pipeline.reader.read import PDF_FACTOR
from pipeline.store import Store, StoreError, claims, fetching, open_store, reading, rows, writing

if TYPE_CHECKING:
    from spacy.language import Language

    from pipeline.schema import Document

MARGIN = 60.0  # seconds that a claim outlives the time limit


@dataclass(frozen=True, slots=True)
class Setup:
    """What all documents of a run share."""

    store: str
    run: int | None
    lexicons: tuple[str, ...]
    max_bytes: int
    limit: float  # seconds a document


@dataclass(frozen=True, slots=True)
class Task:
    """A document to do: a file, an article as it was fetched, or one that the store has."""

    uri: str
    id: str
    origin: Literal["file", "fetched", "stored"]
    raw_sha256: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of it; ``busy`` means that another process is at it right now."""

    uri: str
    status: Literal["extracted", "copied", "busy", "failed"]
    document: str | None = None
    new: bool = False
    changed: bool = False
    words: int = 0
    cases: int = 0
    kind: writing.FailureKind | None = None
    reason: str | None = None


class Worker:
    """The pipeline and the store, ready for documents."""

    def __init__(self, setup: Setup, nlp: Language, store: Store) -> None:
        self.setup, self.nlp, self.store = setup, nlp, store
        self.fingerprint: str = nlp.meta["fingerprint"]
        writing.use(store, self.fingerprint, version("caseline"), components(setup.lexicons))

    def do(self, task: Task) -> Reply:
        """Reads, extracts and stores one document; what goes wrong is stored as its failure."""
        try:
            document, sha = self._document(task)
        except (ReadError, StoreError) as error:
            return self._failed(task, "read", str(error))
        except Exception as error:  # noqa: BLE001  (one bad document never stops a run; its text stays out)
            return self._failed(task, "error", f"reading failed ({type(error).__name__})")
        try:
            return self._extract(document, writing.Item(task.uri, sha))
        except StoreError as error:
            return self._failed(task, "error", str(error))
        except Exception as error:  # noqa: BLE001
            return self._failed(
                task, "error", f"extraction failed ({type(error).__name__}); please report it"
            )

    def _document(self, task: Task) -> tuple[Document, str]:
        if task.origin == "stored":
            return reading.as_read(self.store, task.id), task.raw_sha256
        if task.origin == "fetched":
            data = fetching.data(self.store, task.uri)
        else:
            try:
                with Path(task.uri).open("rb") as file:
                    data = file.read(PDF_FACTOR * self.setup.max_bytes + 1)
            except OSError as error:
                raise ReadError((error.strerror or type(error).__name__).lower()) from error
        document = read_bytes(data, task.id, task.uri, max_bytes=self.setup.max_bytes)
        return document, hashlib.sha256(data).hexdigest()

    def _extract(self, document: Document, item: writing.Item) -> Reply:
        from pipeline.build import extract

        key = rows.content_key(document)
        if not claims.claim(self.store, key, self.fingerprint, self.setup.limit + MARGIN):
            return Reply(item.uri, "busy")
        found = reading.finished(self.store, key, self.fingerprint)
        started = time.perf_counter()
        made = found is None
        if found is None:
            found = extract(document, self.nlp)
        else:  # an equal text, under another id
            found = found.model_copy(update={"id": document.id, "source": document.source})
        seconds = time.perf_counter() - started
        saved = writing.save(self.store, document, found, item, run=self.setup.run, seconds=seconds)
        return Reply(
            item.uri,
            "extracted" if made else "copied",
            saved.document_id,
            saved.new,
            saved.changed,
            len(document.text.split()),
            len(found.cases),
        )

    def _failed(self, task: Task, kind: writing.FailureKind, reason: str) -> Reply:
        item = writing.Item(task.uri, task.raw_sha256)
        writing.fail(self.store, item, self.fingerprint, kind, reason, run=self.setup.run)
        return Reply(task.uri, "failed", kind=kind, reason=reason)


def main() -> None:
    """Serves until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    fields = json.loads(sys.stdin.readline())
    setup = Setup(**{**fields, "lexicons": tuple(fields["lexicons"])})
    from pipeline.build import build_nlp

    worker = Worker(setup, build_nlp(setup.lexicons), open_store(setup.store))
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        answers.write(json.dumps(asdict(worker.do(Task(**json.loads(line))))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
