"""JATS XML, the form in which PubMed Central and many publishers keep an article.

Title, abstract, body, glossary, back matter and references become blocks; inline markup goes, but for superscripts
and subscripts ("mg/m<sup>2</sup>"); a citation set as a superscript goes whole. Tables and figures inside a paragraph
follow it. Sub-articles (reviews, replies, translations) are another text and are left out.
Example: ``<sec><title>Case</title><p>A girl.</p></sec>`` gives a heading and a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipeline.reader.errors import ReadError
from pipeline.reader.text import TextBuilder
from pipeline.reader.xml import XLINK, name
from pipeline.schema import Related, SectionKind

# Blocks that may stand inside a paragraph, and follow it in the text.
FLOATS = (
    "table-wrap",
    "fig",
    "table-wrap-group",
    "fig-group",
    "boxed-text",
    "supplementary-material",
    "media",
)
SILENT = (
    "tex-math",
    "graphic",
    "inline-graphic",
    "object-id",
    "alternatives",
    "fn",
    "index-term",
    "processing-meta",
)
SECTIONS: dict[str, SectionKind] = {
    "intro": "introduction", "introduction": "introduction", "background": "introduction", "discussion": "discussion",
    "conclusion": "conclusion", "conclusions": "conclusion", "supplementary-material": "back_matter",
    "data-availability": "back_matter", "coi-statement": "back_matter", "ethics-statement": "back_matter",
    "author-contributions": "back_matter",
}  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def article(root: etree._Element) -> etree._Element | None:
    """The article in a JATS document, alone or in a set of one; None where this is no JATS.

    Raises:
        ReadError: the set holds several articles.
    """
    if name(root) == "article":
        return root
    found = [child for child in root.iter("{*}article") if name(child) == "article"]
    if len(found) > 1:
        raise ReadError(f"holds {len(found)} articles; give each a file of its own")
    return found[0] if found else None


def build(root: etree._Element) -> TextBuilder:
    """The text and the blocks of an article."""
    text = TextBuilder()
    meta = root.find("{*}front/{*}article-meta")
    if meta is not None:
        for title in meta.findall("{*}title-group/{*}article-title"):
            text.add("heading", "title", inline(title))
        for abstract in meta.findall("{*}abstract"):
            if abstract.get("abstract-type") not in ("graphical", "teaser", "toc", "key-points", "precis"):
                text.add("heading", "abstract", "Abstract")
                _blocks(abstract, "abstract", text)
    for part in ("body", "floats-group"):
        for element in root.findall(f"{{*}}{part}"):
            _blocks(element, "case", text)
    for element in root.findall("{*}back"):
        _back(element, text)
    return text


def metadata(root: etree._Element) -> dict[str, object]:
    """The fields of a ``Source`` that the article carries."""
    meta = root.find("{*}front/{*}article-meta")
    fields: dict[str, object] = {"article_type": root.get("article-type")}
    if meta is None:
        return fields
    for element in meta.findall("{*}article-id"):
        kind, value = element.get("pub-id-type"), (element.text or "").strip()
        if kind in ("pmc", "pmcid", "pmcaid") and value and "pmcid" not in fields:
            fields["pmcid"] = value if value.upper().startswith("PMC") else f"PMC{value}"
        elif kind in ("pmid", "doi") and value:
            fields[kind] = value
    title = meta.find("{*}title-group/{*}article-title")
    if title is not None:
        fields["title"] = " ".join(inline(title).split())
    fields["published"] = min(filter(None, map(_date, meta.findall("{*}pub-date"))), default=None)
    fields["license"] = _license(meta)
    fields["related"] = tuple(
        Related(kind=element.get("related-article-type") or "related", id=element.get(XLINK) or "")
        for element in meta.findall("{*}related-article")
        if element.get(XLINK)
    )
    return fields


def inline(element: etree._Element) -> str:
    """The text of an element on its way to a block, superscripts and subscripts kept as tags."""
    return "".join(_inline(element))


def _inline(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        kind = name(child)
        if kind in ("sup", "sub"):
            content = inline(child)
            cited = any(x.get("ref-type") in ("bibr", "aff", "fn", "corresp") for x in child.iter("{*}xref"))
            yield "" if kind == "sup" and cited else f"<{kind}>{content}</{kind}>"
        elif (
            kind == "xref"
            and child.find("{*}sup") is not None
            and child.get("ref-type") in ("bibr", "aff", "fn")
        ):
            pass
        elif kind in ("break", "x"):
            yield " "
        elif kind in ("p", "title", "label", "list-item", "def", "term"):
            yield f" {inline(child)} "
        elif kind and kind not in FLOATS and kind not in SILENT:
            yield from _inline(child)
        yield child.tail or ""


def _blocks(element: etree._Element, section: SectionKind, text: TextBuilder) -> None:
    """The blocks of an element that holds paragraphs, sections, lists, tables and figures."""
    for child in element:
        kind = name(child)
        if kind == "sec":
            inner = SECTIONS.get((child.get("sec-type") or "").split("|")[0].lower(), section)
            _blocks(child, section if section == "abstract" else inner, text)
        elif kind in ("title", "subtitle"):
            text.add("heading", section, inline(child))
        elif kind in ("p", "disp-quote", "verse-group", "statement"):
            text.add("paragraph", section, inline(child))
            for part in _floats(child):
                _float(part, section, text)
        elif kind in ("list", "def-list"):
            for item in child:
                if name(item) in ("list-item", "def-item"):
                    text.add("paragraph", section, inline(item))
        elif kind in FLOATS:
            _float(child, section, text)


def _floats(element: etree._Element) -> Iterator[etree._Element]:
    """The outermost tables and figures inside an element."""
    for child in element:
        if name(child) in FLOATS:
            yield child
        else:
            yield from _floats(child)


def _float(element: etree._Element, section: SectionKind, text: TextBuilder) -> None:
    kind = name(element)
    if kind == "table-wrap":
        _table(element, text)
    elif kind == "fig":
        parts = [inline(part) for part in element if name(part) in ("label", "caption")]
        text.add("caption", "caption", " ".join(parts))
    elif kind == "boxed-text":
        _blocks(element, section, text)
    elif kind in ("table-wrap-group", "fig-group"):
        for part in element:
            _float(part, section, text)


def _table(element: etree._Element, text: TextBuilder) -> None:
    parts = [inline(part) for part in element if name(part) in ("label", "caption")]
    notes = [inline(part) for part in element.findall("{*}table-wrap-foot//{*}p")]
    rows: list[list[tuple[str, bool]]] = []
    held: dict[int, tuple[int, tuple[str, bool]]] = {}  # column -> (rows that its cell still spans, the cell)
    for row in element.iter("{*}tr"):
        parent = row.getparent()
        head = parent is not None and name(parent) == "thead"
        line: list[tuple[str, bool]] = []
        for cell in (c for c in row if name(c) in ("td", "th")):
            _fill(line, held)
            value = (inline(cell), head or name(cell) == "th")
            for _ in range(_span(cell, "colspan")):
                if _span(cell, "rowspan") > 1:
                    held[len(line)] = (_span(cell, "rowspan") - 1, value)
                line.append(value)
        _fill(line, held)
        rows.append(line)
    text.add_table(" ".join(parts), rows, " ".join(notes))


def _fill(line: list[tuple[str, bool]], held: dict[int, tuple[int, tuple[str, bool]]]) -> None:
    """Repeats at this place of the line the cells that reach down from rows above."""
    while len(line) in held:
        column = len(line)
        left, value = held.pop(column)
        if left > 1:
            held[column] = (left - 1, value)
        line.append(value)


def _span(cell: etree._Element, attribute: str) -> int:
    value = cell.get(attribute) or "1"
    return min(max(int(value), 1), 100) if value.isdigit() else 1


def _back(element: etree._Element, text: TextBuilder) -> None:
    for child in element:
        kind = name(child)
        if kind == "ref-list":
            text.add("heading", "references", "References")
            for reference in child.iter("{*}ref"):
                text.add("paragraph", "references", inline(reference))
        elif kind == "glossary":
            text.add("heading", "abbreviations", "Abbreviations")
            for item in child.iter("{*}def-item"):
                term, meaning = (item.find(f"{{*}}{part}") for part in ("term", "def"))
                if term is not None and meaning is not None:
                    text.add(
                        "paragraph", "abbreviations", f"{inline(term).strip()}: {inline(meaning).strip()}"
                    )
        elif kind == "app-group" or kind == "app":
            _blocks(child, "back_matter", text)
        else:
            _blocks(child, "back_matter", text)
            for note in child.iter("{*}fn"):
                text.add("paragraph", "back_matter", inline(note))


def _date(element: etree._Element) -> str | None:
    """ISO date, partial where the article's is."""
    year, month, day = ((element.findtext(f"{{*}}{part}") or "").strip() for part in ("year", "month", "day"))
    if not year.isdigit():
        return None
    if month[:3].lower() in MONTHS:
        month = str(MONTHS.index(month[:3].lower()) + 1)
    parts = [year, *(p.zfill(2) for p in (month, day) if p.isdigit())]
    return "-".join(parts if month.isdigit() else parts[:1])


def _license(meta: etree._Element) -> str | None:
    """The address of the licence, else its type."""
    element = meta.find("{*}permissions/{*}license")
    if element is None:
        return None
    reference = element.findtext("{http://www.niso.org/schemas/ali/1.0/}license_ref")
    link = next(
        (x.get(XLINK) for x in element.iter("{*}ext-link") if "creativecommons" in (x.get(XLINK) or "")), None
    )
    return (reference or "").strip() or element.get(XLINK) or link or element.get("license-type")
