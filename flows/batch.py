"""Many documents, one after the other or on several processes; one that fails never stops the others."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.reader import ReadError, read_bytes, read_path

if TYPE_CHECKING:
    from spacy.language import Language

    from pipeline.schema import Document, Extraction

YOUNG = 50_000  # new objects before the collector looks; Python's default is 700
AHEAD = 32  # documents handed to the workers before their results are taken


@dataclass(frozen=True, slots=True)
class Job:
    """A document to read: a file, or bytes already at hand (standard input)."""

    id: str
    path: Path | None
    data: bytes | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.path) if self.path is not None else self.id


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be done, with the reason in one line."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Options:
    """What every worker needs to know; ``lexicons`` are paths of users' own CSV files, ``settings`` COMPONENT.OPTION=VALUE."""

    max_bytes: int
    lexicons: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


def run(jobs: Iterable[Job], options: Options, workers: int = 1) -> Iterator[Extraction | Failure]:
    """The results in the order of the jobs, whatever the number of workers."""
    if workers == 1:
        nlp = _build(options)
        for job in jobs:
            yield _do(job, options, nlp)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(options,)) as pool:
        waiting = iter(jobs)
        futures = [pool.submit(_work, job, options) for job in islice(waiting, AHEAD)]
        while futures:
            yield futures.pop(0).result()
            futures.extend(pool.submit(_work, job, options) for job in islice(waiting, 1))


_nlp: Language | None = None


def _build(options: Options) -> Language:
    from pipeline.build import build_nlp  # spaCy takes a second to import: not for `--help`

    nlp = build_nlp(options.lexicons, options.settings)
    settle()
    return nlp


def settle() -> None:
    """Has the collector leave alone what stays to the end of the process, and look at the rest less often.

    Records have no cycles: walking those of a batch again and again finds nothing.
    """
    gc.freeze()
    gc.set_threshold(YOUNG)


def _start(options: Options) -> None:
    """Builds the pipeline once in each worker process."""
    global _nlp
    _nlp = _build(options)


def _work(job: Job, options: Options) -> Extraction | Failure:
    assert _nlp is not None
    return _do(job, options, _nlp)


def _do(job: Job, options: Options, nlp: Language) -> Extraction | Failure:
    from pipeline.build import extract

    try:
        return extract(_read(job, options), nlp)
    except ReadError as error:
        return Failure(job.name, str(error))
    except Exception as error:  # noqa: BLE001  (one bad document never stops a batch; its text stays out of the message)
        return Failure(job.name, f"extraction failed ({type(error).__name__}); please report it")


def _read(job: Job, options: Options) -> Document:
    if job.path is None:
        return read_bytes(job.data or b"", job.id, job.id, max_bytes=options.max_bytes)
    return read_path(job.path, job.id, max_bytes=options.max_bytes)
