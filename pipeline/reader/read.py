"""Bytes to a ``Document``: the format by content, a clear error for what cannot be read.

Example: ``read_path(Path("report.md"), "report")`` gives a document of format ``markdown``.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from pipeline.schema import Document, Source

MAX_BYTES = 5_000_000
# What a file starts with that holds no text this reader knows.
SIGNATURES = (
    (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"), (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"), (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"), (b"{\\rtf", "an RTF document"),
    (b"%PDF-", "a PDF document"), (b"\xff\xfe", "UTF-16 text"), (b"\xfe\xff", "UTF-16 text"),
)  # fmt: skip
MARKDOWN = re.compile(r"^#{1,6} \S|^\*\*[A-Z][^*\n]{2,60}\*\*|^\|.*\|[ \t]*\n\|[ :|-]+\|", re.MULTILINE)
HEADING = re.compile(r"^# +(\S.*?)[ #]*$", re.MULTILINE)


class ReadError(Exception):
    """A document that cannot be read; the message is the reason, in one line, without the document's text."""


def read_path(path: Path, id: str, *, max_bytes: int = MAX_BYTES) -> Document:
    """The document in a file.

    Raises:
        ReadError: the file is missing, unreadable, too large, empty, binary, not UTF-8 or of an unknown format.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise ReadError(f"{size:,} bytes are more than the limit of {max_bytes:,} (--max-bytes raises it)")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError((error.strerror or type(error).__name__).lower()) from error
    return read_bytes(data, id, str(path), max_bytes=max_bytes)


def read_bytes(data: bytes, id: str, uri: str, *, max_bytes: int = MAX_BYTES) -> Document:
    """The document in some bytes; see ``read_path`` for the errors."""
    if len(data) > max_bytes:
        raise ReadError(f"{len(data):,} bytes are more than the limit of {max_bytes:,} (--max-bytes raises it)")
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise ReadError(f"unknown format: this is {name}; plain text or Markdown in UTF-8 is read")
    if b"\0" in data:
        raise ReadError("binary data, not text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"not UTF-8 text (byte {error.start}); convert it, e.g. with iconv -f latin1 -t utf-8") from error
    if not text.strip():
        raise ReadError("empty")
    title = HEADING.search(text)
    return Document(
        id=id,
        source=Source(
            uri=uri,
            format="markdown" if MARKDOWN.search(text) else "text",
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            title=title[1] if title else None,
        ),
        text=text,
    )
