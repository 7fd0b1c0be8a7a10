"""The lines that the finders read of a table: cells with the words that their place in the table supplies.

Each line is a paragraph; a cell keeps its way back to the source, the supplied words have none. Example: the cell
"12.3" below "Day 3" in the row "CRP (mg/L)" is read as "CRP: 12.3 mg/L.".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.structure.view import Builder, View
from pipeline.tables.grid import Spot

Line = tuple[Spot | str, ...]


@dataclass(frozen=True, slots=True)
class Lines(View):
    """A view of table cells; ``cells`` are their source spans, in order."""

    cells: tuple[tuple[int, int], ...] = ()

    def to_source(self, start: int, end: int) -> tuple[int, int] | None:
        """The source characters of a span within one cell; None where it reaches over cells or into supplied words."""
        place = View.to_source(self, start, end)
        if place is None:
            return None
        at = bisect_right(self.cells, (place[0], len(self.source))) - 1
        if at < 0 or place[1] > self.cells[at][1]:
            return None
        return place


def render(source: str, lines: Sequence[Line]) -> Lines:
    """The lines as one text, each a paragraph of the case."""
    builder = Builder(source)
    spans: list[tuple[int, int]] = []
    cells: set[tuple[int, int]] = set()
    for line in lines:
        start, last = len(builder.starts), 0
        for part in line:
            if isinstance(part, str):
                builder.put(part, last, last)
            else:
                builder.render(part.start, part.end)
                cells.add((part.start, part.end))
                last = part.end
        builder.trim()
        builder.put(".", last, last)
        spans.append((start, len(builder.starts)))
        builder.put("\n", last, last)
    return Lines(
        "".join(builder.parts), source, builder.starts, builder.ends, tuple(spans),
        tuple((start, end, "case") for start, end in spans), tuple(sorted(cells)),
    )  # fmt: skip
