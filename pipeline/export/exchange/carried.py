"""What a format carries beside characters and labels, so that it comes back as it went."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ConfigDict

from pipeline.export.exchange.originals import Original, sha256
from pipeline.schema import Extraction, Mention, Record, Relation, Section, Source

NATIVE = {"id", "label", "start", "end", "text", "kind", "head", "tail"}


class Carried(Record):
    """The record of a document that a format keeps as free metadata."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    source: Source
    sections: tuple[Section, ...] = ()

    def original(self, text: str) -> Original:
        """The text with this provenance; sections of another text are left out."""
        digest = sha256(text)
        same = digest == self.source.sha256
        source = self.source if same else self.source.model_copy(update={"sha256": digest})
        return Original(self.id, text, source, self.sections if same else ())


def carried(extraction: Extraction) -> dict[str, Any]:
    """The metadata of a document, as plain values."""
    return {
        "id": extraction.id,
        "source": extraction.source.model_dump(mode="json", exclude_defaults=True),
        "sections": [section.model_dump(mode="json") for section in extraction.sections],
        **({"review": extraction.review.model_dump(mode="json")} if extraction.review else {}),
    }


def extra(one: Mention | Relation, *without: str) -> dict[str, Any]:
    """The fields of a mention or relation that formats have no place of their own for, as plain values."""
    return one.model_dump(mode="json", exclude=NATIVE | {*without}, exclude_defaults=True)


def compact(value: Any) -> str:
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
