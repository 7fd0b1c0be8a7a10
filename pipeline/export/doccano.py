"""doccano JSONL: one document a line with ``entities`` and ``relations``.

Source: doccano's relation form of sequence labelling. Offsets are code points; a project in "grapheme mode" counts
otherwise and is refused where the quoted text shows it. Entity ids are numbers.
Lost in doccano itself: everything beside span, label and relation. It keeps the column ``caseline`` as metadata of the
document; from there name, codes, value, assertion, confidence and rule come back for each span that still stands where
it stood, under its label. Blocks and tables come back with the original alone.
Example: ``{"text": "...", "entities": [{"id": 41, "label": "DRUG", "start_offset": 12, "end_offset": 15}], ...}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Strict

from pipeline.export.exchange import Building, Carried, Original, Originals, Place, carried, extra
from pipeline.export.exchange.bounded import lines
from pipeline.export.exchange.carried import compact
from pipeline.schema import Extraction

FORMAT = "doccano"
# A tuple comes from JSON as a list.
ARRAY = Strict(False)


class _Model(BaseModel):
    """Of a doccano object what is read; versions add more."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Entity(_Model):
    id: int
    label: str
    start_offset: int
    end_offset: int


class _Relation(_Model):
    from_id: int
    to_id: int
    type: str


class _Kept(_Model):
    """Our column: the document, and what belongs to spans and relations, each under its place and label."""

    document: dict[str, Any]
    mentions: list[Annotated[tuple[int, int, str, str, dict[str, Any]], ARRAY]] = []
    relations: list[Annotated[tuple[str, str, str, dict[str, Any]], ARRAY]] = []


class _Line(_Model):
    id: int | None = None
    text: str
    entities: list[_Entity] = []
    label: list[Annotated[tuple[int, int, str], ARRAY]] = []
    relations: list[_Relation] = []
    caseline: dict[str, Any] | None = None
    meta: dict[str, Any] = {}


def write(extractions: Iterable[Extraction]) -> Iterator[tuple[str, bytes]]:
    """All documents in one file, and the labels to import into the project."""
    content = "".join(f"{compact(_line(extraction))}\n" for extraction in extractions)
    yield "annotations.jsonl", content.encode()


def _line(extraction: Extraction) -> dict[str, Any]:
    numbers = {mention.id: number for number, mention in enumerate(extraction.mentions)}
    return {
        "text": extraction.text,
        "entities": [
            {"id": numbers[m.id], "label": m.label, "start_offset": m.start, "end_offset": m.end}
            for m in extraction.mentions
        ],
        "relations": [
            {"id": number, "from_id": numbers[one.head], "to_id": numbers[one.tail], "type": one.kind}
            for number, one in enumerate(extraction.relations)
        ],
        "caseline": {
            "document": carried(extraction),
            "mentions": [(m.start, m.end, m.label, m.id, extra(m)) for m in extraction.mentions],
            "relations": [(one.kind, one.head, one.tail, extra(one)) for one in extraction.relations],
        },
    }


def read(path: Path, originals: Originals) -> Iterator[Extraction]:
    """The record of each line.

    Raises:
        ExchangeError: the file, a line or an entity is not valid; the place is named.
    """
    for place, content in lines(path):
        yield _record(place.valid(_Line, content), originals, place)


def _record(line: _Line, originals: Originals, place: Place) -> Extraction:
    at = place.at("caseline")
    given = line.caseline if line.caseline is not None else line.meta.get("caseline")
    kept = at.valid(_Kept, given) if given is not None else None
    name = f"{place.file.stem}-{line.id if line.id is not None else place.line}"
    original = Original.plain(name, line.text, str(place.file), FORMAT)
    if kept is not None:
        original = at.valid(Carried, kept.document).original(line.text)
    original = originals.get(original.id, original)
    building = Building(FORMAT, original, line.text, place)
    known: dict[tuple[int, int, str], list[tuple[str, dict[str, Any]]]] = {}
    for start, end, label, id, fields in kept.mentions if kept else []:
        known.setdefault((start, end, label), []).append((id, fields))
    entities = line.entities + [
        _Entity(id=-number, label=label, start_offset=start, end_offset=end)
        for number, (start, end, label) in enumerate(line.label, 1)
    ]
    taken = {id for group in known.values() for id, _ in group}
    fresh = (f"m{n}" for n in range(1, len(entities) + len(taken) + 1) if f"m{n}" not in taken)
    ids: dict[int, str] = {}
    for entity in entities:
        at = place.at(f"entity {entity.id}")
        if entity.id in ids:
            raise at.error("its id is used before")
        span = (entity.start_offset, entity.end_offset)
        group = known.get((*span, entity.label))
        ids[entity.id], fields = group.pop(0) if group else (next(fresh), {})
        building.mention(ids[entity.id], entity.label, [span], fields, at)
    said = {(kind, head, tail): fields for kind, head, tail, fields in (kept.relations if kept else [])}
    for number, one in enumerate(line.relations, 1):
        head, tail = (ids.get(end, str(end)) for end in (one.from_id, one.to_id))
        building.relation(
            one.type, head, tail, said.get((one.type, head, tail), {}), place.at(f"relation {number}")
        )
    return building.record()
