"""The vocabulary of the finders: one CSV a finder, one entry a line, the source in the last column.

Columns that every file has: ``term`` (as texts write it), ``name`` (the normalised name; empty means the term
itself), ``flags`` and ``source`` (a key of SOURCES.md). All other columns belong to the finder that reads the file.

Flags, separated by blanks:
    ``exact``: only as spelled, capitals included ("MAP", "PE", "Tac").
    ``context``: ambiguous; its finder asks for evidence beside it.
    ``not``: an exception; the term shadows shorter entries and yields nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
COMMON = ("term", "name", "flags", "source")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lexicon; ``columns`` holds what only its finder reads."""

    term: str
    name: str
    flags: frozenset[str]
    source: str
    columns: Mapping[str, str] = field(default_factory=dict)


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of a lexicon file.

    Raises:
        ValueError: names the file and what is wrong with it.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = [c for c in ("term", "source") if c not in (rows.fieldnames or ())]
        if missing:
            raise ValueError(f"{path}: column {missing[0]!r} is missing")
        own = [c for c in rows.fieldnames or () if c not in COMMON]
        return tuple(
            Entry(
                row["term"],
                row.get("name") or row["term"],
                frozenset((row.get("flags") or "").split()),
                row["source"],
                {column: row[column] for column in own if row[column]},
            )
            for row in rows
        )


@cache
def load(name: str) -> tuple[Entry, ...]:
    """The entries of the shipped lexicon ``name`` ("drug" reads drug.csv)."""
    return read(FOLDER / f"{name}.csv")
