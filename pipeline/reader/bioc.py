"""BioC XML and JSON: passages with offsets and a type each, as PubMed Central's own service gives them.

Example: a passage of ``section_type`` CASE and ``type`` title_2 is a heading in the case section.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.reader.errors import ReadError
from pipeline.reader.jats import rows
from pipeline.reader.text import TextBuilder
from pipeline.reader.xml import name, parse
from pipeline.schema import SectionKind

SECTIONS: dict[str, SectionKind] = {
    "TITLE": "title", "ABSTRACT": "abstract", "INTRO": "introduction", "CASE": "case", "METHODS": "case",
    "RESULTS": "case", "DISCUSS": "discussion", "CONCL": "conclusion", "REF": "references", "FIG": "caption",
    "TABLE": "table", "ABBR": "abbreviations", "ACK_FUND": "back_matter", "AUTH_CONT": "back_matter",
    "COMP_INT": "back_matter", "SUPPL": "back_matter", "APPENDIX": "back_matter", "KEYWORD": "back_matter",
    "REVIEW_INFO": "back_matter",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text with its infons."""

    text: str
    infons: Mapping[str, str]


def from_xml(root: etree._Element) -> tuple[TextBuilder, dict[str, object]] | None:
    """Text and metadata of a BioC collection of one document; None where this is no BioC."""
    if name(root) not in ("collection", "document"):
        return None
    documents = [root] if name(root) == "document" else root.findall("document")
    _one(len(documents))
    passages = [
        Passage(_said(p), {i.get("key", ""): i.text or "" for i in p.findall("infon")})
        for p in documents[0].iter("passage")
    ]
    return _build(passages), _metadata(documents[0].findtext("id") or "", passages)


def _said(passage: etree._Element) -> str:
    """The text of a passage, which may lie in its sentences."""
    own = passage.findtext("text")
    return own or " ".join(part.findtext("text") or "" for part in passage.findall("sentence"))


def from_json(data: bytes) -> tuple[TextBuilder, dict[str, object]]:
    """Text and metadata of a BioC collection of one document.

    Raises:
        ReadError: this is no JSON, or JSON of another form.
    """
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ReadError("JSON is broken or nested too deeply") from error
    documents = list(_documents(content))
    _one(len(documents))
    document = documents[0]
    try:
        passages = [
            Passage(str(p.get("text") or ""), {k: str(v) for k, v in (p.get("infons") or {}).items()})
            for p in document["passages"]
        ]
    except (AttributeError, TypeError) as error:
        raise ReadError("JSON is not in BioC form") from error
    return _build(passages), _metadata(str(document.get("id") or ""), passages)


def _documents(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, list):
        for one in content:
            yield from _documents(one)
    elif isinstance(content, dict) and "documents" in content:
        yield from _documents(content["documents"])
    elif isinstance(content, dict) and isinstance(content.get("passages"), list):
        yield content
    else:
        raise ReadError("JSON is not in BioC form")


def _one(count: int) -> None:
    if count != 1:
        raise ReadError(f"holds {count} documents; give each a file of its own")


def _build(passages: list[Passage]) -> TextBuilder:
    text = TextBuilder()
    for passage in passages:
        kind = passage.infons.get("type", "").lower()
        section = SECTIONS.get(passage.infons.get("section_type", "").upper(), _section(kind))
        if section == "table":
            _table(passage, kind, text)
        elif kind.startswith("title") or kind == "front" or section == "title":
            text.add("heading", section, passage.text)
        elif section == "caption":
            text.add("caption", "caption", passage.text)
        else:
            text.add("paragraph", section, passage.text)
    return text


def _section(kind: str) -> SectionKind:
    """Where a collection without section types says only "title" and "abstract"."""
    if kind in ("title", "front"):
        return "title"
    return "abstract" if kind == "abstract" else "case"


def _table(passage: Passage, kind: str, text: TextBuilder) -> None:
    """A table, from the markup that PubMed Central keeps beside its plain text, else the text itself."""
    markup = passage.infons.get("xml")
    if markup and (found := rows(parse(markup.encode()))):
        text.add_table("", found)
    else:
        text.add("table" if kind == "table" else "caption", "table", passage.text)


def _metadata(id: str, passages: list[Passage]) -> dict[str, object]:
    infons = passages[0].infons if passages else {}
    pmcid = infons.get("article-id_pmc")
    fields: dict[str, object] = {
        "pmcid": pmcid and (pmcid if pmcid.startswith("PMC") else f"PMC{pmcid}"),
        "pmid": infons.get("article-id_pmid"),
        "doi": infons.get("article-id_doi"),
        "license": infons.get("license"),
        "published": infons.get("year"),
        "title": next(
            (p.text.strip() for p in passages if p.infons.get("type", "").lower() in ("front", "title")), None
        ),
    }
    if not fields["pmcid"] and id.upper().startswith("PMC"):
        fields["pmcid"] = id
    elif not fields["pmid"] and id.isdigit():
        fields["pmid"] = id
    return fields
