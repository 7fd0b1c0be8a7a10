"""JATS XML, the form in which PubMed Central and many publishers keep an article.

Title, abstract, body, glossary, back matter and references become blocks; inline markup goes, but for superscripts
and subscripts ("mg/m<sup>2</sup>"); a citation set as a superscript goes whole. Tables and figures inside a paragraph
follow it; each item of a list is a paragraph. Formulae in MathML are read, those in TeX alone are not. Sub-articles (reviews, replies, translations) are another text and are left out.
Example: ``<sec><title>Case</title><p>A girl.</p></sec>`` gives a heading and a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

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
    "annotation",
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
LISTS = ("list", "def-list")
NOTES = ("aff", "fn", "table-fn", "corresp")  # what a reference mark may point to, beside the literature
RAISED = {"msup": "sup", "msub": "sub"}  # of MathML
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
    fields["authors"] = tuple(
        filter(None, map(_author, meta.iterfind(".//{*}contrib[@contrib-type='author']")))
    )
    places = (" ".join(inline(element).split()) for element in meta.iterfind(".//{*}aff"))
    fields["affiliations"] = tuple(dict.fromkeys(filter(None, places)))
    named = root.iterfind("{*}back/{*}ref-list//{*}pub-id")
    ids = ((e.text or "").strip() for e in named if e.get("pub-id-type") in ("doi", "pmid", "pmcid"))
    fields["cites"] = tuple(dict.fromkeys(filter(None, ids)))
    return fields


def _author(contrib: etree._Element) -> str:
    """Surname and given names; empty where a group or nobody is named."""
    parts = (contrib.find(f".//{{*}}{part}") for part in ("surname", "given-names"))
    return ", ".join(" ".join(inline(part).split()) for part in parts if part is not None)


def inline(element: etree._Element) -> str:
    """The text of an element on its way to a block, superscripts and subscripts kept as tags."""
    return "".join(_inline(element))


def _inline(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield from _inline_one(child)
        yield child.tail or ""


def _inline_one(child: etree._Element) -> Iterator[str]:
    """The text of one inline element, without what follows it."""
    kind = name(child)
    if child.tag is etree.Entity:  # of a DTD, which is not loaded: "&micro;"
        yield unescape(child.text or "")
    elif kind in RAISED and len(child) == 2:
        yield f"{inline(child[0])}<{RAISED[kind]}>{inline(child[1])}</{RAISED[kind]}>"
    elif kind == "mfrac" and len(child) == 2:
        yield f"{inline(child[0])}/{inline(child[1])}"
    elif kind in ("sup", "sub"):
        cited = any(x.get("ref-type") in ("bibr", *NOTES) for x in child.iter("{*}xref"))
        yield "" if kind == "sup" and cited else f"<{kind}>{inline(child)}</{kind}>"
    elif kind == "xref" and (
        child.get("ref-type") in NOTES
        or (child.get("ref-type") == "bibr" and child.find("{*}sup") is not None)
    ):
        yield ""
    elif kind in ("break", "x"):
        yield " "
    elif kind in ("p", "title", "label", "list-item", "def", "term"):
        yield f" {inline(child)} "
    elif kind and kind not in FLOATS and kind not in SILENT:
        yield from _inline(child)


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
            _paragraph(child, section, text)
        elif kind in LISTS:
            _list(child, section, text)
        elif kind in FLOATS:
            _float(child, section, text)


def _paragraph(element: etree._Element, section: SectionKind, text: TextBuilder) -> None:
    """A paragraph; the items of a list in it are paragraphs of their own, what floats in it follows."""
    parts = [element.text or ""]
    for child in element:
        if name(child) in LISTS:
            text.add("paragraph", section, "".join(parts))
            _list(child, section, text)
            parts = []
        else:
            parts += _inline_one(child)
        parts.append(child.tail or "")
    text.add("paragraph", section, "".join(parts))
    for part in _floats(element):
        _float(part, section, text)


def _list(element: etree._Element, section: SectionKind, text: TextBuilder) -> None:
    for item in element:
        if name(item) == "def-item":
            text.add("paragraph", section, inline(item))
        elif name(item) == "list-item":
            label = "".join(f"{inline(part)} " for part in item if name(part) == "label")
            for part in item:
                if name(part) in LISTS:
                    _list(part, section, text)
                elif name(part) != "label":
                    text.add("paragraph", section, label + inline(part))
                    label = ""


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
    text.add_table(" ".join(parts), rows(element), " ".join(notes))


def rows(element: etree._Element) -> list[list[tuple[str, bool]]]:
    """The rows of a table, a cell that spans several repeated: (text, whether it is a header)."""
    found: list[list[tuple[str, bool]]] = []
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
        found.append(line)
    return found


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
