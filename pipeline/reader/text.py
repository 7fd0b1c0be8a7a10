"""Building the one text of a structured article, block by block, with exact offsets."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.schema import Block, BlockKind, Cell, SectionKind, Table


@dataclass(slots=True)
class TextBuilder:
    """The text so far and what stands where; blocks are set apart by an empty line."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text, ending with a line end."""
        return "".join(self.parts)

    def _put(self, text: str) -> tuple[int, int]:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length

    def add(self, kind: BlockKind, section: SectionKind, text: str) -> None:
        """One block; blanks are folded, an empty one is left out."""
        text = " ".join(text.split())
        if text:
            start, end = self._put(text)
            self._put("\n\n")
            self.blocks.append(Block(kind=kind, section=section, start=start, end=end))

    def add_table(self, caption: str, rows: list[list[tuple[str, bool]]], notes: str = "") -> None:
        """A table as lines of tab-separated cells, (text, whether it is a header) each, below its caption."""
        first = self.length
        caption, notes = (" ".join(part.split()) for part in (caption, notes))
        if caption:
            self._put(caption + "\n")
        cells = []
        for number, row in enumerate(rows):
            for column, (content, header) in enumerate(row):
                if column:
                    self._put("\t")
                start, end = self._put(" ".join(content.split()))
                if end > start:
                    cells.append(Cell(row=number, column=column, start=start, end=end, header=header))
            self._put("\n")
        if notes:
            self._put(notes + "\n")
        end = self.length - 1
        if end <= first:
            return
        self._put("\n")
        self.tables.append(Table(start=first, end=end, cells=tuple(cells)))
        self.blocks.append(Block(kind="table", section="table", start=first, end=end))
