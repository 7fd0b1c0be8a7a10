"""spaCy DocBin: ``annotations.spacy``, one Doc a document with the span group ``mentions``.

Source: spaCy's ``DocBin`` and ``SpanGroup``. Offsets are code points. Tokens are words, numbers, blanks and signs, cut
wherever a mention begins or ends, so that every span can be a ``Span``; they are no linguistic tokens. Labels and ids of
the spans are the record's; the other fields, relations and provenance are JSON in ``doc.user_data["caseline"]``.
Lost: blocks and tables, unless the original is given when it is read back.
Example: ``[(s.text, s.label_, s.id_) for s in doc.spans["mentions"]]`` holds ("RTX", "DRUG", "m41").
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from pipeline.export.exchange import Building, Carried, Original, Originals, Place, carried, extra
from pipeline.export.exchange.bounded import MAX_BYTES, read, value
from pipeline.export.exchange.carried import compact
from pipeline.schema import Extraction

FORMAT = "docbin"
GROUP = "mentions"
KEY = "caseline"
TOKEN = re.compile(r"\s+|\d+|[^\W\d]+|\W")


class _Relation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: str
    head: str
    tail: str
    fields: dict[str, Any] = {}


class _Kept(BaseModel):
    """What ``user_data`` holds."""

    model_config = ConfigDict(extra="ignore")

    document: dict[str, Any]
    mentions: dict[str, dict[str, Any]] = {}
    relations: list[_Relation] = []


def write(extractions: Iterable[Extraction]) -> Iterator[tuple[str, bytes]]:
    """All documents in one file."""
    vocab = Vocab()
    store = DocBin(attrs=[], store_user_data=True, docs=[_doc(one, vocab) for one in extractions])
    yield "annotations.spacy", store.to_bytes()


def _doc(extraction: Extraction, vocab: Vocab) -> Doc:
    borders = {place for m in extraction.mentions for place in (m.start, m.end)}
    doc = Doc(vocab, *_tokens(extraction.text, borders))
    spans = []
    for mention in extraction.mentions:
        span = doc.char_span(mention.start, mention.end, label=mention.label, span_id=mention.id)
        assert span is not None, "tokens are cut at the borders of every mention"
        spans.append(span)
    doc.spans[GROUP] = spans
    doc.user_data[KEY] = compact(
        {
            "document": carried(extraction),
            "mentions": {m.id: extra(m) for m in extraction.mentions},
            "relations": [
                {"kind": one.kind, "head": one.head, "tail": one.tail, "fields": extra(one)}
                for one in extraction.relations
            ],
        }
    )
    return doc


def _tokens(text: str, borders: set[int]) -> tuple[list[str], list[bool]]:
    """Words, and whether a blank follows each; a blank at a border is a word of its own."""
    words: list[str] = []
    spaces: list[bool] = []
    for match in TOKEN.finditer(text):
        start, end = match.span()
        if words and match[0][0] == " " and start not in borders and not words[-1].isspace():
            spaces[-1] = True
            start += 1
        cuts = [start, *sorted(cut for cut in range(start + 1, end) if cut in borders), end]
        for first, last in itertools.pairwise(cuts):
            if first < last:
                words.append(text[first:last])
                spaces.append(False)
    return words, spaces


def read_file(path: Path, originals: Originals) -> Iterator[Extraction]:
    """The record of each Doc of a ``.spacy`` file.

    Raises:
        ExchangeError: the file is no DocBin, or a Doc is not valid; file and Doc are named.
    """
    data = read(path)
    place = Place(path)
    try:
        unpacking = zlib.decompressobj()
        unpacking.decompress(data, MAX_BYTES)
        if unpacking.unconsumed_tail:
            raise place.error(f"unpacks to more than {MAX_BYTES:,} bytes")
        docs = [_said(doc) for doc in DocBin().from_bytes(data).get_docs(Vocab())]
    except (zlib.error, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError) as error:
        raise place.error("is no DocBin of spaCy") from error
    for number, doc in enumerate(docs, 1):
        yield _record(doc, number, originals, place.at(f"doc {number}"))


class _Said(NamedTuple):
    """What is read of a Doc; spans are (id, label, start, end)."""

    text: str
    kept: object
    spans: list[tuple[str, str, int, int]]


def _said(doc: Doc) -> _Said:
    spans = list(doc.spans[GROUP]) if GROUP in doc.spans else list(doc.ents)
    return _Said(
        doc.text,
        doc.user_data.get(KEY),
        [(span.id_, span.label_, span.start_char, span.end_char) for span in spans],
    )


def _record(doc: _Said, number: int, originals: Originals, place: Place) -> Extraction:
    kept = place.valid(_Kept, value(doc.kept, place)) if isinstance(doc.kept, str) else None
    original = Original.plain(f"{place.file.stem}-{number}", doc.text, str(place.file), FORMAT)
    if kept is not None:
        original = place.valid(Carried, kept.document).original(doc.text)
    original = originals.get(original.id, original)
    building = Building(FORMAT, original, doc.text, place)
    known = kept.mentions if kept else {}
    taken = {id for id, *_ in doc.spans}
    fresh = (f"m{n}" for n in range(1, 2 * len(doc.spans) + 1) if f"m{n}" not in taken)
    for own, label, start, end in doc.spans:
        id = own or next(fresh)
        at = place.at(f"span {id[:40]}")
        building.mention(id, label, [(start, end)], known.get(id, {}), at)
    for rank, one in enumerate(kept.relations if kept else [], 1):
        if one.head in building.mentions and one.tail in building.mentions:
            building.relation(one.kind, one.head, one.tail, one.fields, place.at(f"relation {rank}"))
    return building.record()
