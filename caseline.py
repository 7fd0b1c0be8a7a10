"""The public face for notebooks and scripts.

Example:
    >>> import caseline
    >>> extraction = caseline.read_text("A 2-year-old girl was admitted. RTX (375 mg/m2) was given on day 28.")
    >>> extraction.cases[0].events[0].kind
"""

from __future__ import annotations

import gc
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.reader import ReadError, read_bytes, read_path
from pipeline.schema import Case, Document, Event, Extraction, Mention, Relation

if TYPE_CHECKING:
    from spacy.language import Language

__version__ = version("caseline")
__all__ = [
    "Case", "Document", "Event", "Extraction", "Mention", "ReadError", "Relation", "extract", "read_file", "read_text",
]  # fmt: skip


@cache
def _nlp() -> Language:
    from pipeline.build import build_nlp

    nlp = build_nlp()
    gc.freeze()  # it stays to the end of the process: the collector need not walk it again and again
    return nlp


def extract(document: Document) -> Extraction:
    """Everything found in a document."""
    from pipeline.build import extract as run

    return run(document, _nlp())


def read_file(path: str | Path) -> Extraction:
    """The extraction of one report.

    Raises:
        ReadError: the file cannot be read; the message says why.
    """
    path = Path(path)
    return extract(read_path(path, path.stem))


def read_text(text: str, id: str = "text") -> Extraction:
    """The extraction of a text at hand."""
    return extract(read_bytes(text.encode(), id, id))
