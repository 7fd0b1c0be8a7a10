"""Sections of a document whose reader knows its blocks (JATS, BioC): what the headings say of the body.

Title, abstract, references, tables, captions and back matter are as the reader says; a body section takes the kind
that its title names, or that of the section around it. Example: the heading "Discussion" opens a discussion.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.schema import Block, Document, Section, SectionKind
from pipeline.structure.headings import classify, run_in

BODY: tuple[SectionKind, ...] = ("case", "introduction", "discussion", "conclusion")


@dataclass(slots=True)
class _Open:
    title: str
    kind: SectionKind
    start: int


def sectioned(document: Document) -> Document:
    """The document with its sections, and its blocks in them."""
    text = document.text
    titles = [text[b.start : b.end] for b in document.blocks if b.kind == "heading" and b.section in BODY]
    named = [known for known in (classify(title, prefix=True) for title in titles) if known and not known[1]]
    has_case = any(kind == "case" for kind, _ in named)
    current: SectionKind = "introduction" if has_case else "case"
    blocks: list[Block] = []
    sections: list[Section] = []
    open_: _Open | None = None
    for block in (part for whole in document.blocks for part in _parts(text, whole)):
        if block.kind in ("table", "caption") or block.section not in (*BODY, "title", "abstract"):
            blocks.append(block)
            if block.kind == "heading":
                _close(sections, open_, block.start)
                open_ = _Open(text[block.start : block.end], block.section, block.start)
            continue
        if block.section in BODY:
            known = classify(text[block.start : block.end], prefix=True) if block.kind == "heading" else None
            if known and not known[1]:
                current = known[0]
            elif block.kind == "heading" and block.section != "case":
                current = block.section
            block = block.model_copy(update={"section": current})
        if block.kind == "heading" or open_ is None or open_.kind != block.section:
            _close(sections, open_, block.start)
            open_ = _Open(
                text[block.start : block.end] if block.kind == "heading" else "", block.section, block.start
            )
        blocks.append(block)
    _close(sections, open_, len(text))
    return document.model_copy(update={"blocks": tuple(blocks), "sections": tuple(sections)})


def _close(sections: list[Section], open_: _Open | None, end: int) -> None:
    if open_ is not None:
        sections.append(Section(title=open_.title, kind=open_.kind, start=open_.start, end=end))


def _parts(text: str, block: Block) -> tuple[Block, ...]:
    """A block, or the title that runs in at its start ("Case presentation: A girl ...") and the rest."""
    if block.kind != "paragraph" or block.section not in (*BODY, "abstract"):
        return (block,)
    found = run_in(text[block.start : block.end])
    if found is None:
        return (block,)
    _, length, after = found
    return (
        block.model_copy(update={"kind": "heading", "end": block.start + length}),
        block.model_copy(update={"start": block.start + after}),
    )
