"""PDF: the text in reading order, with running heads and page numbers left out.

Lines come from pdfium with their boxes. A page is read in bands: lines that cross the middle of the page stand for
themselves, the others form a left and a right column. Words broken at a line end stay broken in the text
("methylpred-" and "nisolone"); the view joins them. Cells of a table row are set apart by tabs. Sections are found later,
as in plain text, so a heading becomes a line of its own.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.reader.errors import ReadError

MAX_PAGES = 500
BREAK = "\r\n"
HYPHEN = "\ufffe"  # pdfium's mark for a hyphen at a line end
BOLD = 600  # font weight


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its box in points, the origin at the lower left of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool


def read_text(data: bytes) -> str:
    """The text of a PDF.

    Raises:
        ReadError: the PDF is damaged, encrypted, has too many pages, or holds no text.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise ReadError(
            "PDF is encrypted; save it without a password" if locked else "PDF is damaged"
        ) from error
    try:
        if len(document) > MAX_PAGES:
            raise ReadError(f"PDF has {len(document)} pages, more than the limit of {MAX_PAGES}")
        pages = []
        for number in range(len(document)):
            page = document[number]
            pages.append((page.get_width(), page.get_height(), _lines(page)))
    except pdfium.PdfiumError as error:
        raise ReadError("PDF is damaged") from error
    finally:
        document.close()
    sizes = [line.size for _, _, lines in pages for line in lines for _ in line.text]
    if not sizes:
        raise ReadError(
            "PDF holds no text, only images; make its text readable first, e.g. ocrmypdf in.pdf out.pdf"
        )
    body = statistics.median(sizes)
    largest = max((line.size for line in pages[0][2]), default=body)
    repeated = _repeated(pages)
    return "\f".join(
        _paragraphs(
            _in_order((x for x in lines if (_edge(x, height), _shape(x.text)) not in repeated), width),
            body,
            largest,
        )
        for width, height, lines in pages
    )


def _lines(page: pdfium.PdfPage) -> list[Line]:
    """The lines of a page in the order of the file; what stands raised or lowered in a line belongs to it."""
    lines: list[list[Glyph]] = [[]]
    for glyph in _glyphs(page):
        line = lines[-1]
        if line and not _follows(line, glyph):
            lines.append([glyph])
        else:
            line.append(glyph)
    return [_line(glyphs) for glyphs in lines if any(g.text.strip() for g in glyphs)]


def _glyphs(page: pdfium.PdfPage) -> Iterator[Glyph]:
    text = page.get_textpage()
    for index in range(text.count_chars()):
        # A glyph without a character is 0; it stays visible as the sign for what cannot be read.
        character = chr(raw.FPDFText_GetUnicode(text.raw, index) or 0xFFFD)
        if character in BREAK:
            continue
        left, bottom, right, top = text.get_charbox(index, loose=True)
        size = raw.FPDFText_GetFontSize(text.raw, index)
        bold = raw.FPDFText_GetFontWeight(text.raw, index) >= BOLD
        yield Glyph("-" if character == HYPHEN else character, left, bottom, right, top, size, bold)


def _follows(line: list[Glyph], glyph: Glyph) -> bool:
    """Whether a character goes on in the line: beside it, and not so far that it stands in another column."""
    if not glyph.text.strip():
        return True
    last = next((g for g in reversed(line) if g.text.strip()), None)
    if last is None:
        return True
    overlap = min(last.top, glyph.top) - max(last.bottom, glyph.bottom)
    beside = overlap > 0.3 * min(last.top - last.bottom, glyph.top - glyph.bottom)
    return beside and -0.5 * glyph.size < glyph.left - last.right < 15 * glyph.size


def _line(glyphs: list[Glyph]) -> Line:
    """A line of characters: wide blanks are tabs, what is small and raised is a superscript."""
    inked = [g for g in glyphs if g.text.strip()]
    size = statistics.median(g.size for g in inked)
    base = statistics.median(g.bottom for g in inked if g.size >= 0.9 * size)
    parts: list[str] = []
    end: float | None = None
    raised = False
    for g in glyphs:
        up = bool(g.text.strip()) and g.size < 0.9 * size and g.bottom - base > 0.15 * size
        if up != raised and (up or g.text.strip()):
            parts.append("<sup>" if up else "</sup>")
            raised = up
        if not g.text.strip():
            parts.append(" ")
            continue
        if end is not None and g.left - end > 0.2 * size:
            parts.append("\t" if g.left - end > 1.1 * size else " ")
        parts.append(g.text)
        end = g.right
    if raised:
        parts.append("</sup>")
    text = re.sub(r" {2,}", " ", re.sub(r" *\t[ \t]*", "\t", "".join(parts)).strip())
    bold = sum(g.bold for g in inked) > len(inked) / 2
    return Line(
        text,
        min(g.left for g in inked),
        base,
        max(g.right for g in inked),
        max(g.top for g in inked),
        size,
        bold,
    )


def _edge(line: Line, height: float) -> str:
    if line.bottom > 0.9 * height:
        return "top"
    return "bottom" if line.top < 0.1 * height else ""


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text).casefold()


def _repeated(pages: list[tuple[float, float, list[Line]]]) -> frozenset[tuple[str, str]]:
    """Running heads and page numbers: what stands at the same edge of several pages, numbers aside."""
    seen: Counter[tuple[str, str]] = Counter()
    for _, height, lines in pages:
        seen.update({(_edge(line, height), _shape(line.text)) for line in lines if _edge(line, height)})
    numbers = {key for key in seen if re.fullmatch(r"(?:page )?0(?: (?:of|/) 0)?", key[1])}
    return frozenset({key for key, count in seen.items() if count > 1} | numbers)


def _in_order(lines: Iterable[Line], width: float) -> list[list[Line]]:
    """The lines in reading order, as runs that belong together: one a column of a band."""
    middle = width / 2
    runs: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    full: list[Line] = []

    def flush(*columns: list[Line]) -> None:
        for column in columns:
            if column:
                runs.append(list(column))
                column.clear()

    for line in sorted(lines, key=lambda x: (-round(x.top), x.left)):
        crosses = line.left < middle - 0.02 * width and line.right > middle + 0.02 * width
        if crosses or not (left or right or line.left >= middle):
            side = full if crosses else left
        else:
            side = right if line.left >= middle - 0.02 * width else left
        if side is full:
            flush(left, right)
        else:
            flush(full)
        side.append(line)
    flush(full, left, right)
    return runs


def _paragraphs(runs: list[list[Line]], body: float, largest: float) -> str:
    """The runs as text: an empty line between paragraphs, headings as in Markdown."""
    blocks: list[tuple[str, list[str]]] = []
    for run in runs:
        before: Line | None = None
        edge = min(line.left for line in run)
        for line in run:
            mark = _mark(line, body, largest)
            rows = before is not None and "\t" in before.text and "\t" in line.text  # of a table, set wide
            gap = before is not None and before.bottom - line.top > (1.5 if rows else 0.3) * line.size
            indented = before is not None and before.left - edge < 0.8 * line.size < line.left - edge
            apart = before is None or blocks[-1][0] != mark or gap or (indented and "\t" not in line.text)
            if apart:
                blocks.append((mark, []))
            blocks[-1][1].append(line.text)
            before = line
    return "\n\n".join(
        f"{mark} {' '.join(lines)}" if mark.startswith("#") else f"{mark}{chr(10).join(lines)}{mark}"
        for mark, lines in blocks
    )


def _mark(line: Line, body: float, largest: float) -> str:
    """How Markdown would mark the line: a title, a heading, bold, or nothing."""
    if line.size > 1.15 * body:
        return "#" if line.size > 0.95 * largest else "##"
    return "**" if line.bold and len(line.text) < 80 and "\t" not in line.text else ""
