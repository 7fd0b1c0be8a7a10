"""Annotations in files: what a person uploads becomes decisions of a layer, records are written for other tools.

The formats are those of ``caseline annotations``; ``records`` alone hold cases and events. Files
are bounded in number and size, their names are names and no paths, and nothing of them is kept but the decisions.
"""

from __future__ import annotations

import io
import re
import secrets
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotations.review.incoming import counted, decisions
from annotations.review.service import decide, shown
from pipeline.export.exchange import ExchangeError, Original
from pipeline.export.formats import FORMATS
from pipeline.schema import Extraction
from pipeline.store import Store, StoreError, reading

MAX_FILES = 2000
NAME = re.compile(r"[^/\\\x00-\x1f]{1,200}")


class TransferError(ValueError):
    """A file that cannot be taken; the message names file and line, without their text."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changes in a document: the decisions by kind; ``error`` where it was not taken."""

    document: str
    changes: dict[str, int]
    error: str | None = None


class StoreOriginals(Mapping[str, Original]):
    """The texts of a store by id, read when asked for."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getitem__(self, id: str) -> Original:
        try:
            return Original.of(reading.extraction(self.store, id))
        except StoreError as error:
            raise KeyError(id) from error

    def __iter__(self) -> Iterator[str]:
        return iter(known.id for known in reading.documents(self.store))

    def __len__(self) -> int:
        return len(reading.documents(self.store))


def uploaded(store: Store, format: str, files: Sequence[tuple[str, bytes]]) -> list[Extraction]:
    """The records of files that somebody sent, (name, content) each.

    Raises:
        TransferError: a name is none, or a file is not valid.
    """
    if not 0 < len(files) <= MAX_FILES:
        raise TransferError(f"from 1 to {MAX_FILES} files are taken at a time")
    with tempfile.TemporaryDirectory(prefix="caseline-") as place:
        folder = Path(place)
        for name, content in files:
            if not NAME.fullmatch(name) or name.startswith("."):
                raise TransferError("a file has no usable name")
            path = folder / name
            if path.parent != folder or path.exists():
                raise TransferError("two files have the same name")
            path.write_bytes(content)
        try:
            if format == "brat":
                return list(read(store, format, folder))
            return [record for name, _ in files for record in read(store, format, folder / name)]
        except TransferError as error:
            raise TransferError(str(error).replace(f"{place}/", "")) from error


def read(store: Store, format: str, path: Path) -> Iterator[Extraction]:
    """The records of a file or folder, on the texts of the store.

    Raises:
        TransferError: a file is not valid; file, line and reason are named.
    """
    try:
        yield from FORMATS[format].read()(path, StoreOriginals(store))
    except ExchangeError as error:
        raise TransferError(str(error)) from error


def take(
    store: Store,
    layer: str,
    author: str,
    records: Iterable[Extraction],
    *,
    add_only: bool = False,
    preview: bool = False,
) -> list[Imported]:
    """Makes records the state of a layer, one batch of decisions a document; with ``preview`` nothing is written.

    A document that cannot be taken is told in its ``error``; the others are.
    """
    found = []
    for record in records:
        try:
            known = shown(store, record.id, layer)
            made = decisions(
                known.record,
                record,
                revision=known.revision,
                batch=f"import-{secrets.token_hex(6)}",
                add_only=add_only,
            )
            if made and not preview:
                decide(store, record.id, layer, author, made, known.revision)
            found.append(Imported(record.id, counted(made)))
        except (StoreError, ValueError) as error:
            found.append(Imported(record.id, {}, str(error)))
    return found


def packed(records: Iterable[Extraction], format: str) -> tuple[str, str, bytes]:
    """Records as one file to download: (name, media type, content); several files come as a ZIP archive."""
    written = list(FORMATS[format].write()(records))
    if len(written) == 1:
        name, content = written[0]
        return name, "application/octet-stream", content
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in written:
            archive.writestr(zipfile.ZipInfo(name), content)
    return f"{format}.zip", "application/zip", buffer.getvalue()
