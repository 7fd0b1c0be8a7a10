"""The plan of a run that does again what the present pipeline may make otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flows.plan import Plan, file_hash
from flows.reprocess.changes import Change, changes
from flows.reprocess.touched import Reached, Words
from flows.worker import Task
from pipeline.store import Store, fetching, reading, reprocessing
from pipeline.store.reprocessing import Made


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why documents are done again: the component that reached each, and the extractions that none reaches."""

    by_document: dict[str, str]
    carried: tuple[str, ...]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The components with the number of their documents, the largest first."""
        return Counter(self.by_document.values()).most_common()


def plan(store: Store, parts: dict[str, str], fingerprint: str) -> tuple[Plan, Reasons]:
    """What to do again, and why; ``parts`` are the components of the present pipeline."""
    known = len([one for one in reading.documents(store) if one.state == "current" and one.extraction_id])
    waiting = reprocessing.outdated(store, fingerprint)
    before = reprocessing.components(store, {one.fingerprint for one in waiting})
    words = partial(reprocessing.lexicon, store)
    tasks, reasons, carried = [], {}, []
    for mark in sorted(before):
        changed = changes(before[mark], parts, words)
        reached = Reached(changed, partial(reprocessing.naming, store))
        for made in (one for one in waiting if one.fingerprint == mark):
            why = reached.why(made, partial(_words, store, made.id))
            if why is None:
                carried.append(made.extraction_id)
            else:
                reasons[made.id] = why
                tasks.append(_task(store, made, changed))
    tasks.sort(key=lambda task: task.id)
    return Plan(known, tuple(tasks), known - len(tasks), ()), Reasons(reasons, tuple(carried))


def _words(store: Store, id: str) -> Words:
    return Words(reading.as_read(store, id))


def _task(store: Store, made: Made, changed: Iterable[Change]) -> Task:
    """Read anew from its bytes where its reader has changed and they are still there, else as it was read."""
    if any(one.reach in ("format", "all") and one.component.startswith("reader/") for one in changed):
        if fetching.kept(store, made.uri) is not None:
            return Task(made.uri, made.id, "fetched", made.raw_sha256)
        path = Path(made.uri)
        if path.is_file() and file_hash(path) == made.raw_sha256:
            return Task(made.uri, made.id, "file", made.raw_sha256)
    return Task(made.uri, made.id, "stored", made.raw_sha256)
