"""The vocabulary of the finders: one CSV a finder, one entry a line, the source in the last column.

Columns that every file has: ``term`` (as texts write it), ``name`` (the normalised name; empty means the
term itself), ``flags`` and ``source`` (a key of SOURCES.md). All other columns belong to the finder that
reads the file.

Flags, separated by blanks:
    ``exact``: only as spelled, capitals included ("MAP", "PE", "Tac").
    ``context``: ambiguous; its finder asks for evidence beside it.
    ``not``: an exception; the term shadows shorter entries and yields nothing.

A user's own CSV has the same columns and ``label``, which says whose entries they are; its ``source`` may be
missing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

FOLDER = Path(__file__).parent
COMMON = ("term", "name", "flags", "source")


class _Flags(dict[str, frozenset[str]]):
    """The flags of a cell, each combination made once."""

    def __missing__(self, cell: str) -> frozenset[str]:
        self[cell] = flags = frozenset(cell.split())
        return flags


FLAGS = _Flags()


# What a lexicon of the user's own may name, with the shipped lexicon that it adds to.
OWN_LABELS = {"DRUG": "drug", "LAB_TEST": "lab", "VITAL": "vital", "IMAGING": "imaging"}
NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


class Entry(NamedTuple):
    """One line of a lexicon; ``columns`` holds what only its finder reads."""

    term: str
    name: str
    flags: frozenset[str]
    source: str
    columns: Mapping[str, str] = NO_COLUMNS


def read(path: Path, source: str | None = None) -> tuple[Entry, ...]:
    """The entries of a lexicon file; ``source`` stands in where the file has no such column.

    Raises:
        ValueError: names the file and what is wrong with it.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        header = next(rows, [])
        missing = [c for c in ("term", "source") if c not in header and not (c == "source" and source)]
        if missing:
            raise ValueError(f"{path}: column {missing[0]!r} is missing")
        place = {column: header.index(column) for column in COMMON if column in header}
        own = [(column, at) for at, column in enumerate(header) if column not in COMMON]
        term, name, flags, origin = (place.get(column) for column in COMMON)
        entries = []
        for row in rows:
            if len(row) != len(header):
                raise ValueError(f"{path}: line {rows.line_num} has {len(row)} columns, not {len(header)}")
            entries.append(
                Entry(
                    row[term or 0],
                    (row[name] if name is not None else "") or row[term or 0],
                    FLAGS[row[flags]] if flags is not None else FLAGS[""],
                    (row[origin] if origin is not None else "") or source or "",
                    {column: row[at] for column, at in own if row[at]},
                )
            )
        return tuple(entries)


@cache
def load(name: str) -> tuple[Entry, ...]:
    """The entries of the shipped lexicon ``name`` ("drug" reads drug.csv)."""
    return read(FOLDER / f"{name}.csv")


def users(paths: Iterable[str | Path], *labels: str) -> tuple[Entry, ...]:
    """The entries of users' lexicons whose ``label`` is one of ``labels``; finders put them before their own.

    Raises:
        ValueError: a file is not in UTF-8, lacks the column ``term`` or ``label``, or has a label that takes no names.
    """
    entries: list[Entry] = []
    for path in map(Path, paths):
        try:
            rows = read(path, source=path.name)
        except UnicodeDecodeError as error:
            raise ValueError(f"{path}: not UTF-8 text") from error
        if rows and not any("label" in entry.columns for entry in rows):
            raise ValueError(f"{path}: column 'label' is missing")
        if wrong := [row for row in rows if row.columns.get("label") not in OWN_LABELS]:
            label = wrong[0].columns.get("label", "")
            raise ValueError(f"{path}: {label!r} is no label of own names; they are {', '.join(OWN_LABELS)}")
        entries += [entry for entry in rows if entry.columns.get("label") in labels]
    return tuple(entries)
