r"""Blocks and sections of plain text and Markdown; a reader that knows the layout needs none of this.

Headings open sections, tables and legends stand apart, what tells of the article is back matter, and a paragraph
that a page, a legend or a table had cut goes on after it. Offsets point into the unchanged text.
Example: "# Title\n\nCase report\nA girl had fever." has a title and a case section of one paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.schema import Block, Document, Section, SectionKind, Table
from pipeline.structure import furniture, headings, tables
from pipeline.structure.headings import Heading
from pipeline.structure.known_blocks import sectioned

LINE = re.compile(r"[^\r\n\f\u2028\u2029]+|\r\n|[\r\n\f\u2028\u2029]")
ITEM = re.compile(r"(?:[-*•▪◦]|\d{1,2}[.)])\s+(?=[^\s*])")
FINAL = re.compile(r"[.!?:;][\"'”’)\]*_]*(?:<sup>[^<]*</sup>|\s*\[[\d,\s–-]+\])*$|[.!?][\"'”’)\]]*\d*$")
SIGNS = (".", "!", "?", ":", ";")
SENTENCE = re.compile(r"[.!?](?:\s|$)")
HANGING = re.compile(
    r"(?:[,(\[–/-]|\b(?:after|and|or|of|the|a|an|in|on|at|to|for|with|by|from|was|were|is|are|be|been|had|has|have"
    r"|that|which|who|than|as|her|his|their|its|our|not|no|without|until|before|during|since|within|into|per|approximately|about))$",
    re.IGNORECASE,
)
PROSE = 25
UNHEADED_TITLE = 40
NARRATIVE = ("title", "abstract", "introduction", "case", "discussion", "conclusion")

Role = Literal["heading", "paragraph", "table", "furniture"]


@dataclass(slots=True)
class _Piece:
    """Lines that belong together, before anything is known of the sections."""

    role: Role
    lines: list[tuple[int, int]]
    heading: Heading | None = None
    run_in: bool = False
    joined: bool = False

    @property
    def start(self) -> int:
        return self.lines[0][0]

    @property
    def end(self) -> int:
        return self.lines[-1][1]


@dataclass(slots=True)
class _Laid:
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def lay_out(document: Document) -> Document:
    """The document with its blocks, sections and tables.

    Without headings the whole text is one case section, after a title where one stands apart.
    """
    if document.blocks:
        return sectioned(document)
    pieces = [part for piece in _pieces(document.text) for part in _parts(document.text, piece)]
    laid = _assemble(document.text, pieces)
    blocks = _continued(document.text, laid.blocks)
    return document.model_copy(
        update={"blocks": tuple(blocks), "sections": tuple(laid.sections), "tables": tuple(laid.tables)}
    )


def _lines(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Start and end of every line, whole and without blanks around; an empty line has equal ends."""
    fresh = True
    for match in LINE.finditer(text):
        start, end = match.span()
        if text[start] in "\r\n\f\u2028\u2029":
            if fresh:
                yield start, start, start, start
            fresh = True
            continue
        fresh = False
        line = match.group()
        stripped = line.strip(" \t\u00a0\ufeff\u200b\v")
        left = start + (line.find(stripped) if stripped else 0)
        yield start, end, left, left + len(stripped)


def _final(text: str) -> bool:
    """Whether a sentence or a list ends here, be it with a quotation mark or a citation behind the sign."""
    return text.endswith(SIGNS) or FINAL.search(text) is not None


def _pieces(text: str) -> Iterator[_Piece]:
    """The lines of the text, grouped."""
    lines = list(_lines(text))
    heads = furniture.repeated(text[a:b] for _, _, a, b in lines)
    html = [m.span() for m in tables.HTML_TABLE.finditer(text)] if "<table" in text.lower() else []
    group: _Piece | None = None
    for start, end, a, b in lines:
        while html and a >= html[0][1]:
            if group:
                yield group
                group = None
            yield _Piece("table", [html.pop(0)])
        if html and a >= html[0][0]:
            if group:
                yield group
                group = None
            continue
        if html and b > html[0][0]:
            b = a + len(text[a : html[0][0]].rstrip())
        line = text[a:b]
        if not line:
            if group:
                yield group
            group = None
            continue
        row = tables.is_row(text[start:end])
        heading = None if row else headings.marked(line)
        setext = (
            group
            and len(group.lines) == 1
            and group.role == "paragraph"
            and re.fullmatch(r"={3,}|-{3,}", line)
        )
        if group and setext:
            title = text[group.start : group.end]
            kind, inherits = headings.classify(title, prefix=True) or (None, True)
            yield _Piece("heading", group.lines, Heading(title, kind, 1 if line[0] == "=" else 2, inherits))
            group = None
        elif re.fullmatch(r"[-*_=\s]{3,}", line):
            if group:
                yield group
            group = None
        elif heading:
            if group:
                yield group
            yield _Piece("heading", [(a, b)], heading)
            group = None
        elif row:
            if group and group.role != "table":
                yield group
                group = None
            group = group or _Piece("table", [])
            group.lines.append((start, end))
        elif group and group.role == "table":
            group.lines.append((start, end))
        elif line in heads or furniture.is_page_furniture(line):
            if group:
                yield group
            yield _Piece("furniture", [(a, b)])
            group = None
        else:
            known = headings.alone(line) if not group or _final(text[group.start : group.end]) else None
            if known and (known.kind or not group):
                if group:
                    yield group
                yield _Piece("heading", [(a, b)], known)
                group = None
            elif group and not _is_item(line, text[group.start : group.end]):
                group.lines.append((a, b))
            else:
                if group:
                    yield group
                group = _Piece("paragraph", [(a, b)], joined=group is not None)
    if group:
        yield group
    for span in html:
        yield _Piece("table", [span])


def _is_item(line: str, before: str) -> bool:
    """Whether a line opens an item of a list; "19. She ..." after "on March" is only the end of a sentence."""
    return bool(ITEM.match(line)) and (not line[0].isdigit() or _final(before))


def _parts(text: str, piece: _Piece) -> Iterator[_Piece]:
    """A piece, or the heading and the paragraph that it is made of."""
    if piece.role != "paragraph":
        yield piece
        return
    whole = text[piece.start : piece.end]
    if tables.caption(whole) or furniture.is_back_matter(whole):
        yield piece
        return
    capitals = headings.upper(whole) if len(piece.lines) == 1 and not piece.joined else None
    if capitals:
        yield _Piece("heading", piece.lines, capitals)
        return
    found = headings.run_in(text[piece.start : piece.lines[0][1]])
    if found:
        heading, length, after = found
        first = piece.start
        yield _Piece("heading", [(first, first + length)], heading, run_in=True)
        piece.lines[0] = (first + after, piece.lines[0][1])
        yield from _further(text, piece)
        return
    yield piece


def _further(text: str, piece: _Piece) -> Iterator[_Piece]:
    """The parts of a structured abstract in one paragraph, "BACKGROUND: ... CASE REPORT: ...", after the first heading."""
    for match in headings.INNER.finditer(text, piece.start, piece.end):
        known = headings.classify(match["title"])
        if known is None:
            continue
        before = [(a, min(b, match.start())) for a, b in piece.lines if a < match.start()]
        after = [(max(a, match.end()), b) for a, b in piece.lines if b > match.end()]
        if not before or not after:
            continue
        yield _Piece("paragraph", before)
        heading = Heading(match["title"], known[0], 0, known[1])
        yield _Piece("heading", [(match.start(), match.end("mark"))], heading, run_in=True, joined=True)
        piece = _Piece("paragraph", after)
    yield piece


def _assemble(text: str, pieces: Sequence[_Piece]) -> _Laid:
    """Sections and blocks, with the kind of section that each piece stands in."""
    kinds = _kinds(text, pieces)
    laid = _Laid()
    at, title = 0, ""
    current = kinds[0] if kinds else "case"
    titled = False
    for number, (piece, kind) in enumerate(zip(pieces, kinds, strict=True)):
        if piece.role == "heading" and piece.heading:
            if piece.start > at or titled:
                laid.sections.append(Section(title=title, kind=current, start=at, end=piece.start))
            at, title, current, titled = piece.start, piece.heading.title, kind, True
            laid.blocks.append(Block(kind="heading", section=kind, start=piece.start, end=piece.end))
            continue
        if kind != current and not titled:
            if piece.start > at:
                laid.sections.append(Section(title=title, kind=current, start=at, end=piece.start))
            at, current = piece.start, kind
        _add(text, laid, piece, kind, pieces[number - 1] if number else None)
    laid.sections.append(Section(title=title, kind=current, start=at, end=len(text)))
    return laid


def _add(text: str, laid: _Laid, piece: _Piece, kind: SectionKind, before: _Piece | None) -> None:
    """Adds the block of a piece that is no heading; a table takes in its caption and its notes."""
    whole = text[piece.start : piece.end]
    last = laid.blocks[-1] if laid.blocks else None
    if piece.role == "table":
        made = _table(text, piece)
        if last and last.kind == "caption" and last.section == "table":
            laid.blocks.pop()
            made = made.model_copy(update={"start": last.start})
        laid.tables.append(made)
        laid.blocks.append(Block(kind="table", section="table", start=made.start, end=made.end))
        return
    if piece.role == "furniture":
        laid.blocks.append(Block(kind="paragraph", section="back_matter", start=piece.start, end=piece.end))
        return
    label = tables.caption(whole)
    if label:
        section: SectionKind = "table" if label == "table" else "caption"
        laid.blocks.append(Block(kind="caption", section=section, start=piece.start, end=piece.end))
    elif last and last.kind == "table" and before and before.role != "heading" and tables.is_note(whole):
        grown = laid.tables[-1].model_copy(update={"end": piece.end})
        laid.tables[-1] = grown
        laid.blocks[-1] = last.model_copy(update={"end": piece.end})
    else:
        apart = kind in NARRATIVE and furniture.is_back_matter(whole)
        laid.blocks.append(
            Block(
                kind="paragraph", section="back_matter" if apart else kind, start=piece.start, end=piece.end
            )
        )


def _table(text: str, piece: _Piece) -> Table:
    start = piece.start
    end = start + len(text[start : piece.end].rstrip())
    if text[start : start + 6].lower() == "<table":
        return tables.html_table(text, start, end)
    start = end - len(text[start:end].lstrip())
    rows = [line for line in piece.lines if tables.is_row(text[line[0] : line[1]])]
    return tables.table(text, start, end, rows)


def _kinds(text: str, pieces: Sequence[_Piece]) -> list[SectionKind]:
    """The kind of section that each piece belongs to."""
    opening = _opening(text, pieces)
    told = [p.heading.kind for p in pieces[opening:] if p.heading and not p.heading.inherits]
    headed = any(p.heading and (p.heading.kind or p.heading.level) for p in pieces)
    kinds: list[SectionKind] = ["title"] * opening
    if not headed:
        return _unheaded(text, pieces)
    current: SectionKind = "case" if "case" not in told and "abstract" not in told else "introduction"
    current = "title" if opening else current
    level, seen = 0, 0
    for piece in pieces[opening:]:
        heading = piece.heading
        if heading:
            seen += not heading.inherits
            later = told[seen:]
            kept = heading.kind is None or heading.inherits
            if kept:
                opens = heading.kind == "case" and current in ("title", "introduction")
                current = "case" if opens and "case" not in later else current
            elif not (current == "abstract" and _within_abstract(piece, level, later)):
                current = heading.kind or current
                level = heading.level
                if piece.joined and heading.kind == "case" and "case" in later:
                    current = "abstract"  # an abstract without a heading of its own, before the full text
        elif not kinds and not seen and len(text[piece.start : piece.end].split()) < PROSE:
            kinds.append("title")
            continue
        kinds.append(current)
    return kinds


def _within_abstract(piece: _Piece, level: int, later: list[SectionKind | None]) -> bool:
    """Whether a heading after that of the abstract is one of its own parts."""
    heading = piece.heading
    if heading is None or heading.kind in ("references", "abbreviations", "back_matter"):
        return False
    if heading.level and level:
        return heading.level > level
    if piece.run_in:
        return True
    if heading.kind == "abstract":
        return True
    return heading.kind in later or (heading.kind == "conclusion" and "case" in later)


def _opening(text: str, pieces: Sequence[_Piece]) -> int:
    """How many pieces stand before the article begins: journal, type of article, title, authors.

    A first-level Markdown title ends with the next heading; "CASE REPORT" above an abstract is the type of article.
    """
    count = 0
    for number, piece in enumerate(pieces):
        if piece.heading and piece.heading.level == 1 and piece.heading.kind is None:
            count = number + 1
            break
    if not count and not (pieces and pieces[0].heading and pieces[0].heading.kind == "case"):
        return 0
    for number, piece in enumerate(pieces[count:], count):
        if piece.heading and number != 0:
            early = piece.heading.kind in ("abstract", "introduction")
            return number if count or early else 0
        if len(text[piece.start : piece.end].split()) >= UNHEADED_TITLE and not furniture.is_back_matter(
            text[piece.start : piece.end]
        ):
            return number if count and number > count else count
    return count


def _unheaded(text: str, pieces: Sequence[_Piece]) -> list[SectionKind]:
    """All case, but for a title that stands alone on the first line."""
    kinds: list[SectionKind] = ["case"] * len(pieces)
    if len(pieces) > 1 and pieces[0].role == "paragraph" and len(pieces[0].lines) == 1:
        words = text[pieces[0].start : pieces[0].end].split()
        long = [w for w in words if len(w) > 3]
        capital = sum(not w[:1].islower() for w in long)
        bare = not SENTENCE.search(" ".join(words))
        if 3 <= len(words) <= UNHEADED_TITLE and long and (capital / len(long) > 0.7 or bare):
            kinds[0] = "title"
    return kinds


def _continued(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, those marked that go on from the last paragraph of their section."""
    last: Block | None = None
    for block in blocks:
        if block.kind == "heading":
            last = None
        elif block.kind == "paragraph" and block.section in NARRATIVE:
            if (
                last
                and last.section == block.section
                and _goes_on(text[last.start : last.end], text[block.start : block.end])
            ):
                block = block.model_copy(update={"continues": True})
            last = block
        yield block


def _goes_on(half: str, rest: str) -> bool:
    """Whether a paragraph plainly continues in the next: no end to the one, no beginning to the other."""
    if ITEM.match(rest) or len(half.split()) < 5:
        return False
    if HANGING.search(half):
        return True
    return not _final(half) and (rest[0].islower() or rest[0].isdigit() or rest[0] in "(+±<>≥≤")
