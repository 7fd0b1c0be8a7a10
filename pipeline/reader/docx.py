"""Word documents (.docx): paragraphs, headings and tables in the order of the file.

Superscripts and subscripts are kept as tags, as in the other formats. Text boxes, comments and footnotes are not read.
"""

from __future__ import annotations

import io
import zipfile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from pipeline.reader.errors import ReadError
from pipeline.reader.text import TextBuilder


def build(data: bytes, max_bytes: int) -> TextBuilder:
    """The text and the blocks of a Word document.

    Raises:
        ReadError: this is no Word document, it is damaged, or its content is larger than ``max_bytes`` allows.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {item.filename: item.file_size for item in archive.infolist()}
        if "word/document.xml" not in sizes:
            raise ReadError("unknown format: a ZIP archive that is no Word document")
        # XML is some ten times its text; an archive that unpacks to more is a bomb
        if sum(size for name, size in sizes.items() if name.endswith(".xml")) > 20 * max_bytes:
            raise ReadError("Word document unpacks to more than is allowed (--max-bytes raises it)")
        content = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise ReadError("Word document is damaged") from error
    text = TextBuilder()
    for part in content.iter_inner_content():
        if isinstance(part, Table):
            text.add_table(
                "", [[(cell.text, number == 0) for cell in row.cells] for number, row in enumerate(part.rows)]
            )
        else:
            _paragraph(part, text)
    return text


def _paragraph(paragraph: Paragraph, text: TextBuilder) -> None:
    style = (paragraph.style.name if paragraph.style is not None else None) or ""
    content = "".join(_run(run.text, run.font.superscript, run.font.subscript) for run in paragraph.runs)
    if style == "Title":
        text.add("heading", "title", content)
    elif style.startswith("Heading"):
        text.add("heading", "case", content)
    elif style == "Caption":
        text.add("caption", "caption", content)
    else:
        text.add("paragraph", "case", content)


def _run(text: str, superscript: bool | None, subscript: bool | None) -> str:
    if superscript:
        return f"<sup>{text}</sup>"
    return f"<sub>{text}</sub>" if subscript else text
