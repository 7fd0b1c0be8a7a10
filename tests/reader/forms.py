"""The sample reports in other forms, made for the tests: JATS, BioC XML and JSON, PDF."""

from __future__ import annotations

import io
import json
import re
from xml.sax.saxutils import escape

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table

from pipeline.schema import Document
from pipeline.structure.layout import lay_out
from pipeline.structure.view import view


def parts(document: Document) -> list[tuple[str, str, str]]:
    """(kind, section, plain text) of the blocks that are told, cut paragraphs joined.

    A table's text is its caption and then its rows, a line each, the cells set apart by tabs.
    """
    laid = lay_out(document)
    shown = view(laid)
    paragraphs = iter(shown.paragraphs)
    found = []
    for block in laid.blocks:
        text = laid.text[block.start : block.end].strip("#* :")
        if block.kind == "heading":
            found.append(("heading", block.section, text))
        elif block.kind == "paragraph" and block.section in ("title", "references", "back_matter"):
            found.append(("paragraph", block.section, " ".join(text.split())))
        elif block.kind == "table":
            found.append(("table", "table", _table(laid, block.start, block.end)))
        elif block.kind == "paragraph" and not block.continues:
            found.append(("paragraph", block.section, ""))
    told = [i for i, (kind, _, text) in enumerate(found) if kind == "paragraph" and not text]
    shown_paragraphs = [
        shown.text[a:b] for (a, b), (_, _, kind) in zip(paragraphs, shown.sections, strict=True)
        if kind not in ("title", "caption")
    ]  # fmt: skip
    for i, text in zip(told, shown_paragraphs, strict=True):
        found[i] = ("paragraph", found[i][1], text)
    return found


def _table(laid: Document, start: int, end: int) -> str:
    table = next(t for t in laid.tables if start <= t.start < end)
    caption = laid.text[start : table.cells[0].start].strip("*| \n").replace("**", "")
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(laid.text[cell.start : cell.end])
    return "\n".join([caption, *map("\t".join, rows.values())])


def _html_table(text: str) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<t{tag}>{escape(cell)}</t{tag}>" for cell in line.split("\t")) + "</tr>"
        for line, tag in zip(text.split("\n")[1:], "h" + "d" * text.count("\n"), strict=False)
    )
    return f"<table>{rows}</table>"


def _tagged(text: str) -> str:
    text = re.sub(r"10\^(-?\d+)", r"10<sup>\1</sup>", escape(text))
    return re.sub(r"\bm2\b", "m<sup>2</sup>", text)


def jats(document: Document) -> bytes:
    """The report as PubMed Central would keep it: nested sections, cross-references in the middle of a sentence."""
    title = next((text for kind, section, text in parts(document) if section == "title"), "A case")
    body: list[str] = []
    abstract: list[str] = []
    references: list[str] = []
    open_ = False
    for kind, section, text in parts(document):
        if section == "references" and kind == "paragraph":
            references.append(f"<ref><mixed-citation>{escape(text)}</mixed-citation></ref>")
        elif section == "abstract":
            abstract += [f"<p>{_tagged(text)}</p>"] if kind == "paragraph" else []
        elif section in ("title", "references"):
            continue
        elif kind == "heading":
            body.append(f"{'</sec>' if open_ else ''}<sec><title>{escape(text)}</title>")
            open_ = True
        elif kind == "table":
            caption = escape(text.split("\n")[0])
            body.append(f"<table-wrap><caption><p>{caption}</p></caption>{_html_table(text)}</table-wrap>")
        else:
            cited = _tagged(text).replace(
                " was ", ' <xref ref-type="bibr" rid="r1"><sup>1</sup></xref>was ', 1
            )
            body.append(f"<p>{cited}</p>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS 1.2//EN" "JATS.dtd">\n'
        '<article article-type="case-report" xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>'
        '<article-id pub-id-type="pmc">0000001</article-id><article-id pub-id-type="doi">10.0/x</article-id>'
        f"<title-group><article-title>{escape(title)}</article-title></title-group>"
        "<pub-date><day>4</day><month>8</month><year>2022</year></pub-date>"
        '<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>Open.</license-p>'
        "</license></permissions>"
        f"{'<abstract>' + ''.join(abstract) + '</abstract>' if abstract else ''}</article-meta></front>"
        f"<body>{''.join(body)}{'</sec>' if open_ else ''}</body>"
        f"<back><ref-list>{''.join(references)}</ref-list></back>"
        "<sub-article><body><p>Reviewer: give prednisolone 5 mg on day 1.</p></body></sub-article></article>"
    ).encode()


def word(document: Document) -> bytes:
    """The report as a Word document with headings and superscripts."""
    made = docx.Document()
    for kind, section, text in parts(document):
        if kind == "table":
            caption, *lines = text.split("\n")
            made.add_paragraph(caption, style="Caption")
            rows = [line.split("\t") for line in lines]
            table = made.add_table(len(rows), len(rows[0]))
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    table.cell(i, j).text = cell
            continue
        style = {"title": "Title"}.get(section, "Heading 1") if kind == "heading" else None
        paragraph = made.add_paragraph(style=style)
        for part in re.split(r"(<sup>.*?</sup>)", re.sub(r"10\^(-?\d+)", r"10<sup>\1</sup>", text)):
            run = paragraph.add_run(re.sub(r"</?sup>", "", part))
            run.font.superscript = part.startswith("<sup>") or None
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


SECTION_TYPES = {"introduction": "INTRO", "discussion": "DISCUSS", "conclusion": "CONCL", "references": "REF"}


def bioc(document: Document) -> tuple[bytes, bytes]:
    """The report as a BioC collection, XML and JSON."""
    passages = [
        {
            "infons": {
                "section_type": SECTION_TYPES.get(section, section.upper()),
                "type": {"heading": "title_1", "table": "table"}.get(kind, "paragraph"),
                **({"xml": _html_table(text)} if kind == "table" else {}),
            },
            "offset": 0,
            "text": text,
        }
        for kind, section, text in parts(document)
    ]
    content = {"documents": [{"id": "PMC0000001", "passages": passages}]}
    xml = "".join(
        "<passage>"
        + "".join(f'<infon key="{k}">{escape(v)}</infon>' for k, v in p["infons"].items())
        + f"<offset>0</offset><text>{escape(p['text'])}</text></passage>"
        for p in passages
    )
    return (
        f"<?xml version='1.0'?><collection><document><id>PMC0000001</id>{xml}</document></collection>".encode(),
        json.dumps([content]).encode(),
    )


def pdf(document: Document, columns: int = 2) -> bytes:
    """The report set in columns, with a running head and page numbers."""
    buffer = io.BytesIO()
    width, height = A4

    def furniture(canvas, template):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(50, height - 30, "Journal of Invented Reports 2022, 3:14")
        canvas.drawString(width / 2, 20, str(template.page))

    frames = [
        Frame(45 + i * (width - 80) / columns, 60, (width - 80) / columns - 10, height - 120)
        for i in range(columns)
    ]
    template = BaseDocTemplate(buffer, pagesize=A4, invariant=True)
    template.addPageTemplates([PageTemplate(frames=frames, onPage=furniture)])
    styles = getSampleStyleSheet()
    template.build(
        [
            flowable
            for kind, _, text in parts(document)
            for flowable in (
                [
                    Paragraph(escape(text.split("\n")[0]), styles["BodyText"]),
                    Table([r.split("\t") for r in text.split("\n")[1:]]),
                ]
                if kind == "table"
                else [Paragraph(_tagged(text), styles["Heading2" if kind == "heading" else "BodyText"])]
            )
        ]
    )
    return buffer.getvalue()
