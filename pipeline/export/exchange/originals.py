r"""The texts that annotations belong to, and finding the place again where a tool has changed line ends or outer blanks.

Example: a tool that turned "\r\n" into "\n" says (6, 9) where the original has (7, 10).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from pipeline.schema import Block, Document, Extraction, Section, Source, Table

# What XML 1.0 cannot hold.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Original:
    """A text with its provenance and layout."""

    id: str
    text: str
    source: Source
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()

    @classmethod
    def of(cls, record: Document | Extraction) -> Original:
        """That of a document or of a record."""
        return cls(record.id, record.text, record.source, record.sections, record.blocks, record.tables)

    @classmethod
    def plain(cls, id: str, text: str, uri: str, format: str) -> Original:
        """A text of which nothing else is known."""
        return cls(id, text, Source(uri=uri, format=format, sha256=sha256(text)))


Originals = Mapping[str, Original]


def sha256(text: str) -> str:
    """The hash of a text, encoded as UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def file_name(id: str) -> str:
    """The id as the stem of a file name in one folder; ``id_of`` gives it back. "a/b" is "a%2Fb"."""
    name = quote(id, safe=" ()+,=@")
    return "%2E" + name[1:] if name.startswith(".") else name


def id_of(stem: str) -> str:
    """The id that a file name stands for."""
    return unquote(stem, errors="replace")


def printable(text: str) -> str:
    """The text with U+FFFD for each character that XML cannot hold; its length stays."""
    return UNPRINTABLE.sub(REPLACEMENT, text)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Spans of one text as spans of another that differs in line ends, outer blanks and unprintable characters."""

    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the other text; empty where nothing of it is left."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end]


def align(own: str, original: str) -> Alignment | None:
    """How ``own`` lies on ``original``; None where they are different texts."""
    if own == original:
        return Alignment()
    own, original = printable(own), printable(original)
    kept, kept_original = _kept(own), _kept(original)
    if _reduced(own, kept) != _reduced(original, kept_original):
        return None
    starts, ends = [], []
    rank = 0
    for position in range(len(own) + 1):
        while rank < len(kept) and kept[rank] < position:
            rank += 1
        starts.append(kept_original[rank] if rank < len(kept) else len(original))
        ends.append(kept_original[rank - 1] + 1 if rank else 0)
    return Alignment(tuple(starts), tuple(ends))


def _kept(text: str) -> list[int]:
    r"""The positions of the characters that count: within the outer blanks, without the "\r" of "\r\n"."""
    first = len(text) - len(text.lstrip())
    last = len(text.rstrip())
    return [i for i in range(first, last) if text[i] != "\r" or text[i + 1] != "\n"]


def _reduced(text: str, kept: list[int]) -> str:
    return "".join([text[i] for i in kept]).replace("\r", "\n")
