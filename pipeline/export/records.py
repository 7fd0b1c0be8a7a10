"""The tool's own records, JSON Lines: ``records.jsonl``; cases and events go with them, nothing is lost.

Example: what ``caseline export --format jsonl`` has written is read back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.export.exchange import Originals
from pipeline.export.exchange.bounded import lines
from pipeline.export.jsonl import line
from pipeline.schema import Extraction


def write(extractions: Iterable[Extraction]) -> Iterator[tuple[str, bytes]]:
    """All documents in one file."""
    yield "records.jsonl", "".join(map(line, extractions)).encode()


def read(path: Path, originals: Originals) -> Iterator[Extraction]:
    """The records of a file; they hold their own texts, no original is asked for.

    Raises:
        ExchangeError: a line is no record, quotes what is not its text, or is without its text; file and line are named.
    """
    del originals
    for place, value in lines(path):
        record = place.valid(Extraction, value)
        try:
            record.check()
        except ValueError as error:
            raise place.error("an offset does not lead to the text that the record quotes") from error
        if not record.text_included:
            raise place.error("the record is without its text")
        yield record
