"""The text as the finders read it: one plain rendering of the narrative, with the way back to the source.

Inline tags, zero-width characters and Markdown marks are gone, blanks are single, minus, multiplication and
comparison signs and Greek letters are ASCII, words broken at a line end are whole, and a paragraph that a page,
a figure or a table had cut goes on without it. Tables, headings, references and back matter are left out. Each
paragraph or caption is one line. ``to_source`` maps a span of the view to the characters of the source.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass

import numpy as np

from pipeline.schema import Block, Document
from pipeline.structure.plain import mends, pieces

NARRATIVE = frozenset(
    ("title", "abstract", "introduction", "case", "discussion", "conclusion", "abbreviations", "caption")
)
INLINE = r"(?:su[bp]|i|b|em|strong|italic|bold)"
OPENED = re.compile(rf"<{INLINE}>", re.IGNORECASE)
CLOSED = re.compile(rf"</{INLINE}>", re.IGNORECASE)
CLOSING = re.compile(rf"(?:</{INLINE}>)+", re.IGNORECASE)
TORN = 80


@dataclass(frozen=True, slots=True)
class View:
    """The narrative as plain text.

    ``starts[i]`` and ``ends[i]`` are the source offsets of character ``i``. ``paragraphs`` are (start, end) and
    ``sections`` (start, end, kind), both in offsets of the view, ``sections`` one for each paragraph.
    """

    text: str
    source: str
    starts: array[int]
    ends: array[int]
    paragraphs: tuple[tuple[int, int], ...]
    sections: tuple[tuple[int, int, str], ...]

    def to_source(self, start: int, end: int) -> tuple[int, int] | None:
        """The source characters of a span, or None where a cut paragraph tears it apart.

        A tag that opens inside the span closes inside it.
        """
        first, last = self.starts[start], self.ends[end - 1]
        if last - first == end - start:
            return first, last
        if last <= first or last - first > 4 * (end - start) + TORN:
            return None
        within = self.source[first:last]
        if "<" in within and len(OPENED.findall(within)) > len(CLOSED.findall(within)):
            after = CLOSING.match(self.source, last)
            last = after.end() if after else last
        return first, last


class Builder:
    """Builds a plain text piece by piece, with the source characters that each character stands for."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.starts = array("L")
        self.ends = array("L")
        self.blank = True

    def put(self, text: str, start: int, end: int) -> None:
        """Text that stands for all the source characters from start to end; no blank after a blank."""
        if self.blank and text.startswith(" "):
            text = text[1:]
        if not text:
            return
        self.parts.append(text)
        self.starts.extend([start] * len(text))
        self.ends.extend([end] * len(text))
        self.blank = text[-1] in " \n"

    def copy(self, start: int, end: int) -> None:
        """Source characters taken over as they are."""
        if self.blank and self.source[start] == " ":
            start += 1
        if end <= start:
            return
        self.parts.append(self.source[start:end])
        offsets = np.arange(start, end + 1, dtype=self.starts.typecode)
        self.starts.frombytes(offsets[:-1].tobytes())
        self.ends.frombytes(offsets[1:].tobytes())
        self.blank = self.source[end - 1] == " "

    def render(self, start: int, end: int) -> None:
        """The source from start to end, made plain."""
        for text, a, b in pieces(self.source, start, end):
            if text is None:
                self.copy(a, b)
            else:
                self.put(text, a, b)

    def cut(self, count: int) -> None:
        """Takes back the last characters."""
        while self.parts and count:
            part = self.parts.pop()
            if len(part) > count:
                self.parts.append(part[:-count])
            taken = min(count, len(part))
            count -= taken
            del self.starts[-taken:]
            del self.ends[-taken:]
        self.blank = not self.parts or self.parts[-1][-1] in " \n"

    def trim(self) -> None:
        """Takes back blanks at the end."""
        while self.parts and self.parts[-1][-1] == " ":
            self.cut(1)


def view(document: Document) -> View:
    """The narrative of a document that has been laid out, in reading order."""
    builder = Builder(document.text)
    paragraphs, sections = [], []
    for run in _runs(document.blocks):
        start = len(builder.starts)
        for number, block in enumerate(run):
            if number:
                _join(builder, run[number - 1], block)
            builder.render(block.start, block.end)
        builder.trim()
        end = len(builder.starts)
        if end > start:
            paragraphs.append((start, end))
            sections.append((start, end, run[0].section if run[0].kind != "caption" else "caption"))
            builder.put("\n", run[-1].end, run[-1].end)
    return View(
        "".join(builder.parts),
        document.text,
        builder.starts,
        builder.ends,
        tuple(paragraphs),
        tuple(sections),
    )


def _runs(blocks: tuple[Block, ...]) -> list[list[Block]]:
    """The blocks of the narrative, those together that are one paragraph."""
    runs: list[list[Block]] = []
    last: list[Block] | None = None
    for block in blocks:
        if block.kind in ("heading", "table") or block.section not in NARRATIVE:
            continue
        if block.kind == "paragraph" and block.continues and last is not None:
            last.append(block)
            continue
        runs.append([block])
        if block.kind == "paragraph":
            last = runs[-1]
    return runs


def _join(builder: Builder, before: Block, after: Block) -> None:
    """Goes on from one half of a cut paragraph to the next, mending a word that was broken there."""
    half = builder.source[max(before.start, before.end - 40) : before.end].rstrip()
    hyphen = half[-1:] in ("-", "\u00ad", "‐")
    between = mends(half, builder.source[after.start : after.start + 1]) if hyphen else None
    if between is None:
        builder.put(" ", after.start, after.start)
    elif not between and half[-1] != "\u00ad":
        builder.cut(1)
