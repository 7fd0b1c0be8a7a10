"""A table as rows of plain cells, with what its header rows say of each column.

A row that holds one text alone ("Haematology") is a group heading and left out. Example: "Test | Day 1 | Day 3"
over "CRP | 120 | 40" is one header row, one body row and three columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.schema import Document, Table
from pipeline.structure.plain import pieces

FIGURES = re.compile(r"\d")
MARKS = re.compile(r"(?:\s*[*†‡§¶#])+$")


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell: its plain text, and its characters in the source."""

    text: str
    start: int
    end: int
    header: bool = False


Row = tuple[Spot | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: ``head`` rows over ``body`` rows, all of one width; ``caption`` is the plain text around the cells."""

    start: int
    end: int
    caption: str
    head: tuple[Row, ...]
    body: tuple[Row, ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.body[0]) if self.body else 0

    def title(self, column: int) -> str:
        """What the header rows say of a column; a cell above the lowest row reaches over empty ones to its right."""
        spots = [_above(row, column) for row in self.head[:-1]] + [row[column] for row in self.head[-1:]]
        return " ".join(dict.fromkeys(MARKS.sub("", spot.text) for spot in spots if spot is not None))

    def top(self, column: int) -> Spot | None:
        """The lowest header cell of a column."""
        return next((row[column] for row in reversed(self.head) if row[column] is not None), None)

    def column(self, number: int) -> list[Spot]:
        """The cells of the body in a column that are not empty."""
        return [spot for row in self.body if (spot := row[number]) is not None]

    def turned(self) -> Grid:
        """The table with rows and columns exchanged: the first column becomes the header."""
        rows = [(*((self.top(column),) if self.head else ()), *(row[column] for row in self.body))
                for column in range(self.width)]  # fmt: skip
        return replace(self, head=tuple(rows[:1]), body=tuple(rows[1:]))


def grid(document: Document, table: Table) -> Grid | None:
    """The grid of a table; None for one without cells, or without a body."""
    if not table.cells:
        return None
    height = max(cell.row for cell in table.cells) + 1
    width = max(cell.column for cell in table.cells) + 1
    rows: list[list[Spot | None]] = [[None] * width for _ in range(height)]
    for cell in table.cells:
        text = plain(document.text, cell.start, cell.end)
        if text:
            rows[cell.row][cell.column] = Spot(text, cell.start, cell.end, cell.header)
    kept = [tuple(row) for row in rows if any(row)]
    top = _header_rows(kept)
    body = tuple(row for row in kept[top:] if not _heading(row))
    if not body or width < 2:
        return None
    caption = " ".join(
        (
            plain(document.text, table.start, min(cell.start for cell in table.cells)),
            plain(document.text, max(cell.end for cell in table.cells), table.end),
        )
    )
    return Grid(table.start, table.end, caption.strip(" |"), tuple(kept[:top]), body)


def plain(source: str, start: int, end: int) -> str:
    """The source characters as plain text, on one line."""
    parts = (source[a:b] if text is None else text for text, a, b in pieces(source, start, end))
    return " ".join("".join(parts).split())


def _header_rows(rows: Sequence[Row]) -> int:
    """How many rows at the top are headers: those that the reader marked, else the first."""
    count = 0
    for row in rows:
        spots = [spot for spot in row if spot is not None]
        if not all(spot.header for spot in spots) or (count and _is_data(spots)):
            break
        count += 1
    if count == len(rows):
        count = 1
    return max(count, 1)


def _is_data(spots: Sequence[Spot]) -> bool:
    """Whether a marked row below the first rather holds results: figures in most cells, none of them a day."""
    figures = [spot for spot in spots[1:] if re.fullmatch(r"[<>]?=?\s?\d+[.,]\d+.*", spot.text)]
    return len(figures) * 2 > len(spots)


def _above(row: Row, column: int) -> Spot | None:
    """The cell of an upper header row that stands over a column."""
    return next((row[c] for c in range(column, 0, -1) if row[c] is not None), None) if column else row[0]


def _heading(row: Row) -> bool:
    """Whether a row only names the group of those below it."""
    texts = {spot.text for spot in row if spot is not None}
    return len(texts) == 1 and (row[0] is not None and len(row) > 2)
