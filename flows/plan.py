"""What a run has to do: what its sources offer, less what the store has done already."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from flows.worker import Task
from pipeline.reader.files import find_files
from pipeline.store import Store, fetching, reading, writing

CHUNK = 100  # documents a Prefect task: one costs 0.1 s by itself
SMALLEST = 10
FETCHED = re.compile(r"(?:europepmc|eutils|pmc):")  # articles of a source


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks to do, and how many need nothing."""

    found: int
    tasks: tuple[Task, ...]
    unchanged: int
    failed: tuple[tuple[str, str], ...]  # (what, why) that could not even be looked at, or failed before

    def joined(self, other: Plan) -> Plan:
        """Both together."""
        return Plan(
            self.found + other.found,
            (*self.tasks, *other.tasks),
            self.unchanged + other.unchanged,
            (*self.failed, *other.failed),
        )


def of_failures(store: Store, uris: Sequence[str], fingerprint: str, *, run: int | None) -> Plan:
    """The plan that takes up failures again: files, and articles of which the bytes are kept.

    An article that could not be fetched is tried again by the run that looks for it.
    """
    kept = {uri: one.sha256 for uri in uris if (one := fetching.kept(store, uri)) is not None}
    tasks = tuple(Task(uri, uri.partition(":")[2], "fetched", sha) for uri, sha in sorted(kept.items()))
    files = [uri for uri in uris if uri not in kept and not FETCHED.match(uri)]
    lost = [uri for uri in uris if uri not in kept and FETCHED.match(uri)]
    missing = tuple((uri, "not fetched; run its query again") for uri in lost)
    planned = Plan(len(kept) + len(lost), tasks, 0, missing)
    return planned.joined(of_paths(store, files, fingerprint, retry=True, run=run)) if files else planned


def of_paths(
    store: Store, paths: Sequence[str], fingerprint: str, *, retry: bool = False, run: int | None
) -> Plan:
    """The plan for files, folders and glob patterns; ``retry`` takes up what failed before.

    A path that leads nowhere is written down as a failure.
    """
    named = find_files(paths)
    tasks, unreadable = [], []
    for id, path in named.files:
        uri = str(path.resolve())
        if path.exists() and not path.is_file():
            unreadable.append((uri, "not a regular file"))
            continue
        try:
            tasks.append(Task(uri, id, "file", file_hash(path)))
        except OSError as error:
            unreadable.append((uri, (error.strerror or type(error).__name__).lower()))
    missing = [*named.failures, *unreadable]
    for uri, reason in missing:
        writing.fail(store, writing.Item(uri, ""), fingerprint, "read", reason, run=run)
    return _less(store, tasks, fingerprint, tuple(missing), retry)


def _less(
    store: Store, tasks: Sequence[Task], fingerprint: str, missing: tuple[tuple[str, str], ...], retry: bool
) -> Plan:
    """The plan without what is settled."""
    settled = reading.settled(store, (task.uri for task in tasks), fingerprint)
    waiting, failed, unchanged = [], list(missing), 0
    for task in tasks:
        sha, state = settled.get(task.uri, ("", ""))
        if sha != task.raw_sha256 or (retry and state == "failed"):
            waiting.append(task)
        elif state == "failed":
            failed.append((task.uri, "failed before; `caseline failures --retry` tries again"))
        else:
            unchanged += 1
    return Plan(len(tasks) + len(missing), tuple(waiting), unchanged, tuple(failed))


def chunks(tasks: Iterable[Task], workers: int, total: int) -> Iterator[list[Task]]:
    """The tasks in chunks: large ones cost less, but every worker should have some."""
    size = max(SMALLEST, min(CHUNK, -(-total // (4 * workers))))
    waiting = iter(tasks)
    while chunk := list(islice(waiting, size)):
        yield chunk


def file_hash(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
