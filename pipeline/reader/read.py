"""Bytes to a ``Document``: the format by content, a clear error for what cannot be read.

Example: ``read_path(Path("report.md"), "report")`` gives a document of format ``markdown``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.reader.errors import ReadError
from pipeline.reader.text import TextBuilder
from pipeline.schema import Document, Source

MAX_BYTES = 5_000_000
# A PDF holds images beside its text.
PDF_FACTOR = 20
# What a file starts with that holds no text this reader knows.
SIGNATURES = (
    (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"), (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"), (b"{\\rtf", "an RTF document"),
    (b"\xff\xfe", "UTF-16 text"), (b"\xfe\xff", "UTF-16 text"),
)  # fmt: skip
MARKDOWN = re.compile(r"^#{1,6} \S|^\*\*[A-Z][^*\n]{2,60}\*\*|^\|.*\|[ \t]*\n\|[ :|-]+\|", re.MULTILINE)
HEADING = re.compile(r"^# +(\S.*?)[ #]*$", re.MULTILINE)
XML = re.compile(rb"\s*(?:<\?xml|<!DOCTYPE\s|<(?:article|pmc-articleset|collection|OAI-PMH)\b)")
JSON = re.compile(rb"\s*[\[{]")
OTHER_JSON = re.compile(
    rb'\s*(?:\[\s*)?\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\}\s*\]?\s*\Z)'
)  # an object, whole or cut off


def read_path(path: Path, id: str, *, max_bytes: int = MAX_BYTES) -> Document:
    """The document in a file.

    ``id`` is that of a plain file; an article that carries a PMCID, PMID or DOI takes that.

    Raises:
        ReadError: the file is missing, unreadable, too large, empty, binary, not UTF-8, broken or of an unknown format.
    """
    try:
        size = path.stat().st_size
        if size > PDF_FACTOR * max_bytes:
            raise ReadError(_too_large(size, max_bytes))
        data = path.read_bytes()
    except OSError as error:
        raise ReadError((error.strerror or type(error).__name__).lower()) from error
    return read_bytes(data, id, str(path), max_bytes=max_bytes)


def read_bytes(data: bytes, id: str, uri: str, *, max_bytes: int = MAX_BYTES) -> Document:
    """The document in some bytes; see ``read_path`` for the errors."""
    if data.startswith(b"%PDF-"):
        return _pdf(data, id, uri, max_bytes)
    if data.startswith(b"PK\x03\x04"):
        from pipeline.reader import docx

        return _built(docx.build(data, max_bytes), {}, "docx", id, uri)
    if len(data) > max_bytes:
        raise ReadError(_too_large(len(data), max_bytes))
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise ReadError(
                f"unknown format: this is {name}; text, Markdown, JATS, BioC, PDF and Word are read"
            )
    plain = data.removeprefix(b"\xef\xbb\xbf")
    if XML.match(plain):
        return _xml(plain, id, uri)
    if JSON.match(plain) and b'"passages"' in plain:
        from pipeline.reader import bioc  # lxml is wanted only for the formats that need it

        return _built(*bioc.from_json(plain), "bioc_json", id, uri)
    if OTHER_JSON.match(plain):
        raise ReadError("unknown format: JSON that is not BioC")
    return _document(_decode(plain), _format(plain), id, uri, {})


def _too_large(size: int, max_bytes: int) -> str:
    return f"{size:,} bytes are more than the limit of {max_bytes:,} (--max-bytes raises it)"


def _decode(data: bytes) -> str:
    if b"\0" in data:
        raise ReadError("binary data, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"not UTF-8 text (byte {error.start}); convert it, e.g. with iconv -f latin1 -t utf-8"
        ) from error


def _format(data: bytes) -> str:
    return "markdown" if MARKDOWN.search(data.decode("utf-8", "replace")) else "text"


def _xml(data: bytes, id: str, uri: str) -> Document:
    from pipeline.reader import bioc, jats
    from pipeline.reader.xml import parse

    root = parse(data)
    article = jats.article(root)
    if article is not None:
        return _built(jats.build(article), jats.metadata(article), "jats", id, uri)
    collection = bioc.from_xml(root)
    if collection is None:
        raise ReadError("unknown format: XML that is neither JATS nor BioC")
    return _built(*collection, "bioc_xml", id, uri)


def _pdf(data: bytes, id: str, uri: str, max_bytes: int) -> Document:
    from pipeline.reader import pdf

    if len(data) > PDF_FACTOR * max_bytes:
        raise ReadError(_too_large(len(data), PDF_FACTOR * max_bytes))
    text = pdf.read_text(data)
    if len(text.encode()) > max_bytes:
        raise ReadError(_too_large(len(text.encode()), max_bytes))
    return _document(text, "pdf", id, uri, {})


def _built(built: TextBuilder, fields: Mapping[str, object], format: str, id: str, uri: str) -> Document:
    """A document whose blocks are known."""
    if not built.text.strip():
        raise ReadError("holds no text")
    carried = fields.get("pmcid") or fields.get("pmid") or fields.get("doi") or id
    document = _document(built.text, format, str(carried), uri, fields)
    return document.model_copy(update={"blocks": tuple(built.blocks), "tables": tuple(built.tables)})


def _document(text: str, format: str, id: str, uri: str, fields: Mapping[str, object]) -> Document:
    if not text.strip():
        raise ReadError("empty")
    if "\0" in text:  # which PostgreSQL cannot hold
        raise ReadError("holds a NUL character; write the file anew without it")
    title = HEADING.search(text) if format == "markdown" else None
    known = {"title": title[1] if title else None} | dict(fields)
    try:
        digest = hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise ReadError("holds half a character (a lone surrogate); write the file anew as UTF-8") from error
    source = Source.model_validate({"uri": uri, "format": format, "sha256": digest, **known})
    return Document(id=id, source=source, text=text)
