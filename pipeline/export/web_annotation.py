"""W3C Web Annotation: a JSON-LD AnnotationPage a document, each mention with a position and a quotation.

Source: the Web Annotation Data Model (W3C 2017). ``TextPositionSelector`` counts code points; ``TextQuoteSelector`` has
32 characters on each side, so that the place is found again in a text that has moved. The text is named by its
hash (``ni:`` URI, RFC 6920). A relation is an annotation of the head with motivation ``linking`` and the tail in its body.
Lost: nothing but blocks and tables; the text itself is not in the file, the original is needed to read it back.
Example: ``{"type": "TextPositionSelector", "start": 12, "end": 15}`` in a list with its quotation.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote

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
from pipeline.export.exchange.bounded import objects, value
from pipeline.export.exchange.carried import compact
from pipeline.schema import Extraction, Mention, Relation

FORMAT = "web_annotation"
CONTEXT = 32
SUFFIX = ".jsonld"


class _Model(BaseModel):
    """Of an annotation what is read; other tools add more."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Body(_Model):
    type: str = ""
    purpose: str = ""
    value: str = ""
    format: str = ""
    source: str = ""


class _Selector(_Model):
    type: str
    start: int | None = None
    end: int | None = None
    exact: str | None = None
    prefix: str = ""
    suffix: str = ""


class _Target(_Model):
    source: str | dict[str, Any] = ""
    selector: _Selector | list[_Selector] = []


class _Annotation(_Model):
    id: str
    type: Literal["Annotation"]
    motivation: str | list[str] = ""
    body: _Body | list[_Body] = []
    target: _Target | str


class _Page(_Model):
    id: str = ""
    items: list[dict[str, Any]]
    partOf: dict[str, Any] = {}


def write(extractions: Iterable[Extraction]) -> Iterator[tuple[str, bytes]]:
    """A page a document."""
    for extraction in extractions:
        content = json.dumps(_page(extraction), ensure_ascii=False, indent=1)
        yield f"{file_name(extraction.id)}{SUFFIX}", f"{content}\n".encode()


def _page(extraction: Extraction) -> dict[str, Any]:
    text = named(extraction.source.sha256)
    items = [_tagging(mention, extraction, text) for mention in extraction.mentions]
    items += [_linking(one, number, text) for number, one in enumerate(extraction.relations, 1)]
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"{text}#page",
        "type": "AnnotationPage",
        "partOf": {
            "id": f"{text}#annotations", "type": "AnnotationCollection", "label": extraction.id, "total": len(items),
            "summary": compact(carried(extraction)),
        },
        "startIndex": 0,
        "items": items,
    }  # fmt: skip


def named(sha256: str) -> str:
    """The text as a URI, by its hash."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _tagging(mention: Mention, extraction: Extraction, text: str) -> dict[str, Any]:
    start, end = mention.start, mention.end
    return {
        "id": f"{text}#{quote(mention.id)}",
        "type": "Annotation",
        "motivation": "tagging",
        "body": [_tag(mention.label), _described(extra(mention))],
        "target": {
            "source": text,
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {
                    "type": "TextQuoteSelector", "exact": mention.text,
                    "prefix": extraction.text[max(0, start - CONTEXT) : start],
                    "suffix": extraction.text[end : end + CONTEXT],
                },
            ],
        },
    }  # fmt: skip


def _linking(relation: Relation, number: int, text: str) -> dict[str, Any]:
    tail = {"type": "SpecificResource", "purpose": "linking", "source": f"{text}#{quote(relation.tail)}"}
    return {
        "id": f"{text}#R{number}",
        "type": "Annotation",
        "motivation": "linking",
        "body": [_tag(relation.kind), tail, _described(extra(relation))],
        "target": f"{text}#{quote(relation.head)}",
    }


def _tag(word: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": "tagging", "value": word}


def _described(fields: Mapping[str, Any]) -> dict[str, str]:
    said = compact(fields)
    return {"type": "TextualBody", "purpose": "describing", "format": "application/json", "value": said}


def read(path: Path, originals: Originals) -> Iterator[Extraction]:
    """The records of a page, or of all in a folder; the originals are found by id, file name or hash.

    Raises:
        ExchangeError: a file or an annotation is not valid, or the original is not given; the place is named.
    """
    if not path.exists():
        raise Place(path).error("no such file or folder")
    files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise Place(path).error(f"holds no {SUFFIX} file")
    for file in files:
        for place, content in objects(file):
            yield _record(place.valid(_Page, content), originals, place)


def _record(page: _Page, originals: Originals, place: Place) -> Extraction:
    original = _original(page, originals, place)
    building = Building(FORMAT, original, original.text, place)
    annotations = [
        (place.at(f"item {number}"), place.at(f"item {number}").valid(_Annotation, item))
        for number, item in enumerate(page.items, 1)
    ]
    for at, one in annotations:
        if isinstance(one.target, _Target):
            word, fields, _ = _bodies(one, at)
            building.mention(_local(one.id), word, [_span(one.target, original.text, at)], fields, at)
    for at, one in annotations:
        if isinstance(one.target, str):
            word, fields, tail = _bodies(one, at)
            building.relation(word, _local(one.target), _local(tail), fields, at)
    return building.record()


def _original(page: _Page, originals: Originals, place: Place) -> Original:
    """The text that the page is about, with what the page itself knows of it."""
    names = [str(page.partOf.get("label", "")), id_of(place.file.stem)]
    hashes = {named(one.source.sha256): one for one in originals.values()}
    found = next((originals[name] for name in names if name in originals), None)
    found = found or hashes.get(page.id.partition("#")[0])
    if found is None:
        raise place.error("the text is not in this format; give the original")
    summary = page.partOf.get("summary")
    if found.sections or not isinstance(summary, str):
        return found
    at = place.at("summary")
    return at.valid(Carried, value(summary, at, place.line or 1)).original(found.text)


def _bodies(annotation: _Annotation, place: Place) -> tuple[str, dict[str, Any], str]:
    """The tag, our fields, and the source of the tail."""
    word, fields, tail = "", {}, ""
    for body in annotation.body if isinstance(annotation.body, list) else [annotation.body]:
        if body.purpose == "linking":
            tail = body.source
        elif body.purpose == "describing" and body.format == "application/json":
            said = value(body.value, place, place.line or 1)
            fields = said if isinstance(said, dict) else {}
        elif body.purpose in ("tagging", "classifying", ""):
            word = word or body.value
    return word, fields, tail


def _local(iri: str) -> str:
    """The mention's id in an IRI: its fragment."""
    return unquote(iri.rpartition("#")[2])


def _span(target: _Target, text: str, place: Place) -> tuple[int, int]:
    """The place of a target: its position where the quotation stands there, else where the quotation alone stands."""
    selectors = target.selector if isinstance(target.selector, list) else [target.selector]
    position = next((s for s in selectors if s.type == "TextPositionSelector"), None)
    quoted = next((s for s in selectors if s.type == "TextQuoteSelector" and s.exact), None)
    if position is not None and position.start is not None and position.end is not None:
        span = position.start, position.end
        if quoted is None or text[max(span[0], 0) : max(span[1], 0)] == quoted.exact:
            return span
    if quoted is None or quoted.exact is None:
        raise place.error("has neither a position nor a quotation")
    wanted = quoted.prefix + quoted.exact + quoted.suffix
    found = text.find(wanted)
    if found < 0 or text.find(wanted, found + 1) >= 0:
        raise place.error("its quotation is not in the text, or more than once")
    start = found + len(quoted.prefix)
    return start, start + len(quoted.exact)
