"""Paths, folders and glob patterns to files with their document ids."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown", ".xml", ".nxml", ".json", ".pdf", ".docx"))


@dataclass(frozen=True, slots=True)
class FileSet:
    """``files`` are (id, path), ``failures`` (name, reason), both in the order of the arguments."""

    files: tuple[tuple[str, Path], ...]
    failures: tuple[tuple[str, str], ...]


def find_files(arguments: Iterable[str]) -> FileSet:
    """The documents that the arguments name.

    A folder stands for the documents in it and below. A document's id is the stem of its file, or its path below the
    named folder where two stems are equal. A file named twice is read once.
    """
    named: list[tuple[Path, Path]] = []  # (the file, the folder that its id may be relative to)
    failures: list[tuple[str, str]] = []
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            below = [p for p in sorted(path.rglob("*")) if p.suffix.lower() in SUFFIXES and p.is_file()]
            named += [(p, path) for p in below]
            if not below:
                failures.append(
                    (argument, f"no documents in this folder ({' '.join(sorted(SUFFIXES))} are read)")
                )
        elif path.exists() or not glob.has_magic(argument):
            named.append((path, path.parent))
        else:
            matches = sorted(Path(match) for match in glob.glob(argument, recursive=True))
            named += [(p, p.parent) for p in matches if p.is_file()]
            if not matches:
                failures.append((argument, "no such file or directory"))
    unique = {path.resolve(): (path, folder) for path, folder in reversed(named)}
    kept = [pair for pair in reversed(unique.values())]
    stems = Counter(path.stem for path, _ in kept)
    ids = [p.stem if stems[p.stem] == 1 else p.relative_to(folder).as_posix() for p, folder in kept]
    repeated = Counter(ids)
    return FileSet(
        tuple(
            (id if repeated[id] == 1 else path.as_posix(), path)
            for id, (path, _) in zip(ids, kept, strict=True)
        ),
        tuple(failures),
    )
