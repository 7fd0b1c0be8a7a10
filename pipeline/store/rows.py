"""Records to rows and back. A record's JSON has its keys in the order of the schema, so equal records are equal bytes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import TypeAdapter

from pipeline.schema import Block, Case, Document, Event, Extraction, Mention, Section, Table
from pipeline.store.summaries import summary

Row = dict[str, Any]
SECTIONS = TypeAdapter(tuple[Section, ...])
BLOCKS = TypeAdapter(tuple[Block, ...])
TABLES = TypeAdapter(tuple[Table, ...])


def layout(document: Document) -> str:
    """What the reader knew of sections, blocks and tables, as JSON."""
    parts = (
        SECTIONS.dump_json(document.sections),
        BLOCKS.dump_json(document.blocks),
        TABLES.dump_json(document.tables),
    )
    return "[" + ",".join(part.decode() for part in parts) + "]"


def content_key(document: Document) -> str:
    """The hash of everything that an extraction depends on: the text and its layout."""
    digest = hashlib.sha256(document.text.encode())
    digest.update(b"\0" + layout(document).encode())
    return digest.hexdigest()


def extraction_id(document_id: str, version: int, fingerprint: str) -> str:
    """The same for the same document, version and fingerprint, on every machine."""
    return hashlib.sha256(f"{document_id}\0{version}\0{fingerprint}".encode()).hexdigest()[:32]


def record(extraction: Extraction) -> str:
    """What was found, without what the document tells: id, source and text."""
    return extraction.model_dump_json(exclude={"id", "source", "text"})


def extraction(id: str, source: str, text: str, found: str) -> Extraction:
    """The record of a document from the columns that hold its parts."""
    parts = {"id": id, "source": json.loads(source), "text": text} | json.loads(found)
    return Extraction.model_validate(parts)


def mention(extraction_id: str, one: Mention, position: int) -> Row:
    """The row of a mention."""
    return {
        "extraction_id": extraction_id,
        "id": one.id,
        "position": position,
        "label": one.label,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "name": one.name,
        "section": one.section,
        "case_id": one.case,
        "negated": one.assertion.negated,
        "hypothetical": one.assertion.hypothetical,
        "historical": one.assertion.historical,
        "family": one.assertion.family,
        "patient": one.assertion.patient,
        "confidence": one.confidence,
        "rule": one.rule,
    }


def event(extraction_id: str, case: Case, one: Event) -> Row:
    """The row of an event."""
    return {
        "extraction_id": extraction_id,
        "case_id": case.id,
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "action": one.action,
        "status": one.status,
        "day_low": one.time.day_low,
        "day_high": one.time.day_high,
        "basis": one.time.basis,
        "dose_value": one.dose.value if one.dose else None,
        "dose_unit": one.dose.unit if one.dose else None,
        "value": one.measurement.value if one.measurement else None,
        "value_unit": one.measurement.unit if one.measurement else None,
        "from_table": one.from_table,
        "rank": one.order,
        "confidence": one.confidence,
    }


def of(extraction_id: str, found: Extraction) -> dict[str, list[Row]]:
    """All rows of an extraction by table."""
    return {
        "mentions": [mention(extraction_id, one, position) for position, one in enumerate(found.mentions)],
        "relations": [
            {
                "extraction_id": extraction_id, "position": position, "kind": one.kind, "head": one.head,
                "tail": one.tail, "confidence": one.confidence, "rule": one.rule,
            }
            for position, one in enumerate(found.relations)
        ],
        "cases": [
            {
                "extraction_id": extraction_id,
                "id": case.id,
                "reported": case.reported,
                "age_years": case.patient.age_years,
                "sex": case.patient.sex,
                "anchor": case.anchor.model_dump_json() if case.anchor else None,
            }
            for case in found.cases
        ],
        "events": [event(extraction_id, case, one) for case in found.cases for one in case.events],
        "warnings": [
            {"extraction_id": extraction_id, "position": position, **one.model_dump()}
            for position, one in enumerate(found.warnings)
        ],
        "summaries": [{"extraction_id": extraction_id, **summary(found)}],
    }  # fmt: skip
