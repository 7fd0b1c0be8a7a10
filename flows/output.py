"""Where results go: a format on standard output or into a folder, and the progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.export import csv, html, jsonl, table

if TYPE_CHECKING:
    from pipeline.export.parquet import Sheet
    from pipeline.schema import Extraction


class Format(StrEnum):
    """The formats of ``caseline extract``."""

    table = "table"
    jsonl = "jsonl"
    json = "json"
    csv = "csv"
    parquet = "parquet"
    html = "html"


# Formats that are one file for all documents; the others are one file a document.
ONE_FILE = {Format.jsonl: "extractions.jsonl", Format.csv: "events.csv", Format.html: "report.html"}
PARQUET = "events.parquet"
SUFFIX = {Format.json: ".json", Format.table: ".txt"}


class Writer:
    """Writes extractions as they come, in one format.

    Without a folder everything goes to standard output; ``json`` then is an array where there are several.
    ``parquet`` is binary and needs a folder.
    """

    def __init__(self, format: Format, folder: Path | None) -> None:
        self.format = format
        self.folder = folder
        self._file: TextIO | None = None
        self._sheet: Sheet | None = None
        self._written = 0
        self._entries: list[dict[str, object]] = []

    def __enter__(self) -> Writer:
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.format in ONE_FILE:
                self._file = (self.folder / ONE_FILE[self.format]).open("w", encoding="utf-8", newline="")
            if self.format is Format.parquet:
                from pipeline.export.parquet import Sheet  # pyarrow is wanted only here

                self._sheet = Sheet(self.folder / PARQUET)
        if self.format is Format.csv:
            self._put(csv.header())
        elif self.format is Format.html:
            self._put(html.head())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.format is Format.json and self.folder is None and self._written:
            self._put("]\n")
        if self.format is Format.html and kind is None:
            self._put(html.tail(self._entries))
        if self._sheet is not None:
            self._sheet.close()
        if self._file is not None:
            self._file.close()
        elif kind is None:
            sys.stdout.flush()

    def write(self, extraction: Extraction) -> None:
        """One more document."""
        if self.format is Format.jsonl:
            self._put(jsonl.line(extraction))
        elif self.format is Format.csv:
            for row in csv.rows(extraction):
                self._put(row)
        elif self.format is Format.html:
            self._put(html.document(extraction, self._written))
            self._entries.append(html.entry(extraction))
        elif self._sheet is not None:
            self._sheet.write(extraction)
        elif self.folder is not None:
            text = jsonl.indented(extraction) if self.format is Format.json else table.text(extraction)
            name = extraction.id.replace("/", "__").replace("\\", "__") + SUFFIX[self.format]
            (self.folder / name).write_text(text, encoding="utf-8")
        elif self.format is Format.json:
            self._put(("," if self._written else "[") + "\n" + jsonl.indented(extraction))
        else:
            console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=160)
            console.print(table.render(extraction, console.width))
        self._written += 1

    def _put(self, text: str) -> None:
        (self._file or sys.stdout).write(text)


@contextmanager
def progress(total: int, console: Console) -> Iterator[Callable[[], None]]:
    """A bar on standard error while more than one document is read on a terminal."""
    if total < 2 or not console.is_terminal:
        yield lambda: None
        return
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda: bar.advance(task)
