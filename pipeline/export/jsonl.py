"""The record itself, as JSON: one object a line, or indented."""

from __future__ import annotations

from pipeline.schema import Extraction


def line(extraction: Extraction) -> str:
    """One document on one line."""
    return extraction.model_dump_json() + "\n"


def indented(extraction: Extraction) -> str:
    """One document, indented for people."""
    return extraction.model_dump_json(indent=2) + "\n"
