"""The formats of annotations by name, other tools' and our own records, each with what writes and what reads it; modules are imported late.

``hostile`` says whether a reader may be given what a stranger sends: a DocBin is read by spaCy's own code, which is not
made for that. Example: ``FORMATS["brat"].read()(Path("for_brat"), {})`` yields the records of a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import cast

from pipeline.schema import Extraction

Write = Callable[[Iterable[Extraction]], Iterator[tuple[str, bytes]]]
Read = Callable[..., Iterator[Extraction]]


@dataclass(frozen=True, slots=True)
class Format:
    """A module of ``pipeline.export``, its writer and its reader; each module's head says what it cannot hold."""

    module: str
    writer: str = "write"
    reader: str = "read"
    hostile: bool = True

    def write(self) -> Write:
        """``write(extractions)`` yields (file name, bytes)."""
        return cast(Write, getattr(self._module(), self.writer))

    def read(self) -> Read:
        """``read(path, originals)`` yields records."""
        return cast(Read, getattr(self._module(), self.reader))

    def _module(self) -> object:
        return import_module(f"pipeline.export.{self.module}")


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "records": Format("records"),
        "brat": Format("brat"),
        "bioc-json": Format("bioc", "write_json", "read_file"),
        "bioc-xml": Format("bioc", "write_xml", "read_file"),
        "label-studio": Format("label_studio"),
        "docbin": Format("docbin", "write", "read_file", hostile=False),
        "web-annotation": Format("web_annotation"),
        "doccano": Format("doccano"),
    }
)
