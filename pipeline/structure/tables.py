r"""Tables of plain text, Markdown and HTML: rows and cells as offsets into the text.

Example: "Drug\tDose\nRTX\t375 mg/m2" has two rows of two cells, the first row a header.
"""

from __future__ import annotations

import re

from pipeline.schema import Cell, Table

CAPTION = re.compile(
    r"(?:\*\*|__|<b>|<strong>|\s)*(?:Supplement(?:ary|al)\s+|Additional\s+|Online\s+)?"
    r"(?P<what>Fig(?:ure|s|\.)?|Table|Box|Scheme|Video|Image|Chart|FIG(?:URE|\.)?|TABLE)\s*\.?\s*"
    r"(?:S?\d+|[IVX]+\b)(?:[a-z]\b)?(?!-|\d|\s*(?:and|,)\s*\d)"
    r"(?![.:]?\s*(?:shows?|showed|summari[sz]e[sd]?|demonstrate[sd]?|depict(?:s|ed)?|illustrate[sd]?|presents|lists?|outlines?"
    r"|gives?|describes?|provides?|displays?|reveal(?:s|ed)?|is|are|was|were|indicates?|compares?|contains?|reports)\b)"
    r"(?!\))"
)
RULE = re.compile(r"\|?[\s|:-]*-{2,}[\s|:-]*\|?$")
PIPES = re.compile(r"\|.*\|$|[^|]+\|[^|]+\|")
NOTE = re.compile(
    r"(?:<sup>\s*[a-z*†‡§¶#]+\s*</sup>|\\?[*†‡§¶#]\s*\S|[a-d]\)|Description:|Notes?[.:]|Abbreviations?[.:]|Legend:"
    r"|Data are|Values are|(?:NA|N/A|ND|n\.\s?[amd]\.)[,:=\s])"
)
GLOSS = re.compile(
    r"(?:^|[;,.]\s+)\**(?:[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9/-]*|[A-Z]|NR|n\.\s?\w\.)\**(?:\s*[,:=–-]\s*|\s+)(?=[A-Za-z])"
)
HTML_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL | re.IGNORECASE)
HTML_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL | re.IGNORECASE)
HTML_CELL = re.compile(r"<t([dh])\b[^>]*>(.*?)</t\1>", re.DOTALL | re.IGNORECASE)


def is_row(line: str) -> bool:
    """Whether a line is a row of a table: cells between tabs, or between pipes."""
    if "\t" in line:
        body = line.rstrip()
        return "\t" in body.lstrip() or body.startswith("\t\t") or (line.endswith("\t") and bool(body))
    return "|" in line and bool(PIPES.match(line.strip()))


def is_note(text: str) -> bool:
    """Whether a paragraph below a table is its footnote or list of abbreviations."""
    return bool(NOTE.match(text)) or len(GLOSS.findall(text[:400])) >= 3


def caption(text: str) -> str | None:
    """``table`` or ``figure`` where a paragraph opens with the label of one, else None."""
    found = CAPTION.match(text)
    if not found:
        return None
    return "table" if found["what"].lower() in ("table", "box") else "figure"


def table(text: str, start: int, end: int, rows: list[tuple[int, int]]) -> Table:
    """The table from start to end, with the cells of its rows given as (start, end)."""
    cells: list[Cell] = []
    number, rule = 0, False
    for row_start, row_end in rows:
        line = text[row_start:row_end]
        if RULE.match(line.strip()):
            if not rule and number:
                cells = [cell.model_copy(update={"header": True}) for cell in cells]
            rule = True
            continue
        sign = "\t" if "\t" in line else "|"
        if sign == "|":
            lead = len(line) - len(line.lstrip().removeprefix("|"))
            row_start, line = row_start + lead, line[lead:].rstrip().removesuffix("|")
        header = number == 0 or (number == 1 and line[:1] == "\t" and not re.search(r"\d", line))
        label = CAPTION.match(line) if number == 0 else None
        at = 0
        for column, part in enumerate(line.split(sign)):
            inner = part.strip()
            left = row_start + at + len(part) - len(part.lstrip())
            if column == 0 and label and label.end() < len(part):
                left, inner = row_start + label.end(), part[label.end() :].strip()
                left += len(part[label.end() :]) - len(part[label.end() :].lstrip())
            if inner:
                cells.append(
                    Cell(row=number, column=column, start=left, end=left + len(inner), header=header)
                )
            at += len(part) + 1
        number += 1
    return Table(start=start, end=end, cells=tuple(cells))


def html_table(text: str, start: int, end: int) -> Table:
    """The table that a ``<table>`` element is."""
    cells = []
    for row, found in enumerate(HTML_ROW.finditer(text, start, end)):
        for column, cell in enumerate(HTML_CELL.finditer(text, found.start(), found.end())):
            inner = cell[2].strip()
            left = cell.start(2) + len(cell[2]) - len(cell[2].lstrip())
            if inner:
                cells.append(
                    Cell(
                        row=row,
                        column=column,
                        start=left,
                        end=left + len(inner),
                        header=cell[1].lower() == "h",
                    )
                )
    return Table(start=start, end=end, cells=tuple(cells))
