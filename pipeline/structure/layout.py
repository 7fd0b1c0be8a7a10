"""Blocks and sections of plain text and Markdown; a reader that knows the layout needs none of this."""

from __future__ import annotations

import re

from pipeline.schema import Block, Document, Section

PARAGRAPH = re.compile(r"\S(?:.*?)(?=\n[ \t]*\n|\Z)", re.DOTALL)


def lay_out(document: Document) -> Document:
    """The document with its blocks and sections.

    Without headings the whole text is one case section.
    """
    if document.blocks:
        return document
    blocks = tuple(
        Block(kind="paragraph", section="case", start=m.start(), end=m.start() + len(m.group().rstrip()))
        for m in PARAGRAPH.finditer(document.text)
    )
    section = Section(title="", kind="case", start=0, end=len(document.text))
    return document.model_copy(update={"blocks": blocks, "sections": (section,)})
