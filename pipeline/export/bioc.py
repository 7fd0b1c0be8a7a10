r"""BioC, as XML and as JSON: one collection a document, passages by section, annotations with infons, relations.

Source: the BioC DTD and the JSON form that PubMed Central's services give. Offsets count characters (code points)
from the start of the document; a relation has the roles ``head`` and ``tail``. Infons hold strings: a value that is
none is JSON. "\r" is written as a character reference, else XML would lose it.
Lost: in XML, characters that it cannot hold (form feed, NUL) become U+FFFD unless the original is given when it is
read back. Blocks and tables come back with the original alone.
Example: ``<annotation id="m41"><infon key="type">DRUG</infon>...<location offset="9120" length="3"/>``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree
from pydantic import BaseModel, ConfigDict

from pipeline.export.exchange import (
    Building,
    Carried,
    Original,
    Originals,
    Place,
    carried,
    extra,
    file_name,
    id_of,
)  # fmt: skip
from pipeline.export.exchange.bounded import objects, read, value
from pipeline.export.exchange.carried import compact
from pipeline.export.exchange.originals import printable
from pipeline.reader.errors import ReadError
from pipeline.reader.xml import parse
from pipeline.schema import Extraction, Section

CARRIED = "caseline"
SUFFIXES = (".xml", ".json")
# Infons that are plain words in the record; of the others, those that hold JSON.
PLAIN = {"section", "case", "name", "rule"}
STRUCTURED = {"codes", "assertion", "value", "confidence"}


class _Model(BaseModel):
    """Of a BioC element what is read; other tools add more."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Location(_Model):
    offset: int
    length: int


class _Annotation(_Model):
    id: str | int
    infons: dict[str, Any] = {}
    text: str | None = None
    locations: list[_Location]


class _Node(_Model):
    refid: str | int
    role: str = ""


class _Relation(_Model):
    id: str | int = ""
    infons: dict[str, Any] = {}
    nodes: list[_Node]


class _Sentence(_Model):
    offset: int
    text: str | None = None
    annotations: list[_Annotation] = []
    relations: list[_Relation] = []


class _Passage(_Sentence):
    sentences: list[_Sentence] = []


class _Document(_Model):
    id: str | int
    infons: dict[str, Any] = {}
    passages: list[_Passage]
    relations: list[_Relation] = []


class _Collection(_Model):
    documents: list[dict[str, Any]]


def write_json(extractions: Iterable[Extraction]) -> Iterator[tuple[str, bytes]]:
    """A file a document."""
    for extraction in extractions:
        content = json.dumps(_collection(extraction), ensure_ascii=False, indent=1)
        yield f"{file_name(extraction.id)}.json", f"{content}\n".encode()


def write_xml(extractions: Iterable[Extraction]) -> Iterator[tuple[str, bytes]]:
    """A file a document."""
    for extraction in extractions:
        root = _element("collection", _collection(extraction))
        content: bytes = etree.tostring(
            root, encoding="UTF-8", xml_declaration=True, doctype='<!DOCTYPE collection SYSTEM "BioC.dtd">'
        )
        yield f"{file_name(extraction.id)}.xml", content + b"\n"


def _collection(extraction: Extraction) -> dict[str, Any]:
    """A collection of the one document, in the form of BioC JSON."""
    infons = {"license": extraction.source.license, "text_sha256": extraction.source.sha256}
    document = {
        "id": extraction.id,
        "infons": {key: said for key, said in infons.items() if said}
        | {CARRIED: compact(carried(extraction))},
        "passages": list(_passages(extraction)),
        "relations": [
            {
                "id": f"R{number}",
                "infons": {"type": str(relation.kind)} | _infons(extra(relation)),
                "nodes": [
                    {"refid": relation.head, "role": "head"},
                    {"refid": relation.tail, "role": "tail"},
                ],
            }
            for number, relation in enumerate(extraction.relations, 1)
        ],
    }
    date = extraction.source.published or ""
    return {
        "source": "caseline", "date": date, "key": "caseline.key", "infons": {}, "documents": [document],
    }  # fmt: skip


def _passages(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """Stretches that cover the whole text, cut where sections begin unless a mention lies there."""
    text, mentions = extraction.text, extraction.mentions
    sections = {s.start: s for s in extraction.sections}
    inside = {cut for cut in sections for m in mentions if m.start < cut < m.end}
    cuts = sorted({0, len(text), *(cut for cut in sections if 0 < cut < len(text))} - inside)
    for number, (start, end) in enumerate(pairwise(cuts) if len(cuts) > 1 else [(0, 0)]):
        yield {
            "infons": _headed(sections.get(start)),
            "offset": start,
            "text": text[start:end],
            "sentences": [],
            "annotations": [
                {
                    "id": mention.id,
                    "infons": {"type": mention.label} | _infons(extra(mention)),
                    "text": mention.text,
                    "locations": [{"offset": mention.start, "length": mention.end - mention.start}],
                }
                for mention in mentions
                if start <= mention.start < end or (number == 0 and mention.start >= end == len(text))
            ],
            "relations": [],
        }


def _headed(section: Section | None) -> dict[str, str]:
    return {"section_type": section.kind.upper(), "section_title": section.title} if section else {}


def _infons(fields: Mapping[str, Any]) -> dict[str, str]:
    return {key: said if isinstance(said, str) else compact(said) for key, said in fields.items()}


def _element(tag: str, content: Mapping[str, Any]) -> etree._Element:
    """An element of BioC XML from the form of BioC JSON, children in the order of the DTD."""
    attributes = {
        "relation": ("id",),
        "annotation": ("id",),
        "location": ("offset", "length"),
        "node": ("refid", "role"),
    }
    own = attributes.get(tag, ())
    element = etree.Element(tag, {key: printable(str(content[key])) for key in own})
    for key, said in content.items():
        if key == "infons":
            for name, info in said.items():
                etree.SubElement(element, "infon", key=name).text = printable(info)
        elif isinstance(said, list):
            element.extend(_element(key.removesuffix("s"), one) for one in said)
        elif key not in own:
            etree.SubElement(element, key).text = printable(str(said))
    if tag == "annotation":  # the DTD has the locations before the text
        element.append(element.find("text"))  # type: ignore[arg-type]
    return element


def read_file(path: Path, originals: Originals) -> Iterator[Extraction]:
    """The records of a BioC file, XML or JSON, or of all in a folder.

    Raises:
        ExchangeError: a file is not valid; file, line and element are named.
    """
    if not path.exists():
        raise Place(path).error("no such file or folder")
    files = [f for f in sorted(path.iterdir()) if f.suffix in SUFFIXES] if path.is_dir() else [path]
    if not files:
        raise Place(path).error("holds no .xml or .json file")
    for file in files:
        documents = _from_xml(file) if file.suffix == ".xml" else _from_json(file)
        for place, content in documents:
            document = place.valid(_Document, content)
            yield _record(document, originals, place)


def _from_json(file: Path) -> Iterator[tuple[Place, Any]]:
    for place, content in objects(file):
        collection = place.valid(_Collection, content)
        for number, document in enumerate(collection.documents, 1):
            yield place.at(f"document {number}"), document


def _from_xml(file: Path) -> Iterator[tuple[Place, Any]]:
    try:
        root = parse(read(file))
    except ReadError as error:
        raise Place(file).error(str(error)) from error
    for element in root.iter("document"):
        place = Place(file, _line(element))
        yield place, _content(element, place)


def _content(element: etree._Element, place: Place) -> dict[str, Any]:
    """An element in the form of BioC JSON."""
    place = Place(place.file, _line(element), str(element.tag))
    content: dict[str, Any] = {"infons": {}}
    for key, said in element.attrib.items():
        content[str(key)] = _number(str(said), place) if key in ("offset", "length") else str(said)
    for child in element:
        tag = str(child.tag)
        if tag == "infon":
            content["infons"][child.get("key", "")] = child.text or ""
        elif tag == "offset":
            content["offset"] = _number(child.text or "", place)
        elif tag in ("id", "text"):
            content[tag] = child.text or ""
        else:
            content.setdefault(f"{tag}s", []).append(_content(child, place))
    return content


def _line(element: etree._Element) -> int | None:
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def _number(digits: str, place: Place) -> int:
    if not digits.strip().isdecimal() or len(digits) > 12:
        raise place.error("an offset or length is no number")
    return int(digits)


def _record(document: _Document, originals: Originals, place: Place) -> Extraction:
    own = _text(document, place)
    original = originals.get(str(document.id)) or originals.get(id_of(place.file.stem))
    if original is None and CARRIED in document.infons:
        known = value(str(document.infons[CARRIED]), place.at("infon caseline"), place.line or 1)
        original = place.at("infon caseline").valid(Carried, known).original(own)
    original = original or Original.plain(str(document.id), own, str(place.file), "bioc")
    building = Building("bioc", original, own, place)
    parts = [part for passage in document.passages for part in (passage, *passage.sentences)]
    for annotation in (a for part in parts for a in part.annotations):
        at = place.at(f"annotation {str(annotation.id)[:40]}")
        spans = [(one.offset, one.offset + one.length) for one in annotation.locations]
        label = str(annotation.infons.get("type", ""))
        building.mention(
            str(annotation.id), label, spans, _fields(annotation.infons, at), at, annotation.text
        )
    for relation in (*(r for part in parts for r in part.relations), *document.relations):
        at = place.at(f"relation {str(relation.id)[:40]}")
        ends = {node.role: str(node.refid) for node in relation.nodes}
        if set(ends) != {"head", "tail"} or len(relation.nodes) != 2:
            raise at.error("has not one head and one tail")
        kind = str(relation.infons.get("type", ""))
        building.relation(kind, ends["head"], ends["tail"], _fields(relation.infons, at), at)
    return building.record()


def _text(document: _Document, place: Place) -> str:
    """The text of the passages at their offsets; blanks fill what lies between."""
    text = ""
    for passage in document.passages:
        stretches = [passage] if passage.text is not None else passage.sentences
        for one in stretches:
            gap = one.offset - len(text)
            if not 0 <= gap <= 1_000_000:
                raise place.error("passages overlap, or lie far apart: offsets must count characters")
            text += ("\n" * gap) + (one.text or "")
    return text


def _fields(infons: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Our fields among the infons; those of other tools are left."""
    fields: dict[str, Any] = {key: str(infons[key]) for key in PLAIN & infons.keys()}
    for key in STRUCTURED & infons.keys():
        fields[key] = value(str(infons[key]), place, place.line or 1)
    return fields
