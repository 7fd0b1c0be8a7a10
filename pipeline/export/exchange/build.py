"""Building a record from what a format says, checking each part."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, get_args

from pipeline.export.exchange.errors import Place
from pipeline.export.exchange.originals import Original, align, printable
from pipeline.schema import Extraction, Label, Mention, Notice, ProducedBy, Relation

LABELS = frozenset(get_args(Label))
# The rule of what a person has marked, and of what says nothing of its origin.
RULE = "imported"


class Building:
    """One document in the making.

    ``own`` is the text that the file's offsets count in; they are moved to the original where line ends or outer
    blanks differ.

    Raises:
        ExchangeError: from each method, where something is no valid part of a record; the place is named.
    """

    def __init__(self, format: str, original: Original, own: str, place: Place) -> None:
        self.format = format
        self.original = original
        self.own = own
        alignment = align(own, original.text)
        if alignment is None:
            raise place.error("the text differs from the original in more than line ends and outer blanks")
        self.alignment = alignment
        self.mentions: dict[str, Mention] = {}
        self.relations: list[Relation] = []
        self.notices: list[Notice] = []

    def mention(
        self,
        id: str,
        label: str,
        fragments: Sequence[tuple[int, int]],
        fields: Mapping[str, Any],
        place: Place,
        quote: str | None = None,
    ) -> None:
        """A span with its label; of one in several parts the whole stretch is kept, with a notice.

        ``fields`` are those of ``extra``; ``quote`` is the text that the file says stands there.
        """
        if id in self.mentions:
            raise place.error("its id is used before")
        if label not in LABELS:
            raise place.error(f"label {label[:40]!r} is none of {', '.join(sorted(LABELS))}")
        start, end = self._span(fragments, place)
        text = self.original.text[start:end]
        if quote is not None and quote != text and _plain(quote) != _plain(self._quoted(fragments)):
            raise place.error("the text that it quotes is not the text at its offsets")
        given = {"section": self._section(start), "rule": RULE, **fields}
        native = {"id": id, "label": label, "start": start, "end": end, "text": text}
        self.mentions[id] = place.valid(Mention, given | native)

    def relation(self, kind: str, head: str, tail: str, fields: Mapping[str, Any], place: Place) -> None:
        """A relation; its mentions may come later, ``record`` asks for them."""
        given = {"confidence": 1.0, "rule": RULE, **fields}
        self.relations.append(place.valid(Relation, given | {"kind": kind, "head": head, "tail": tail}))
        for end in (head, tail):
            if end not in self.mentions:
                raise place.error(f"names a mention {end[:40]!r} that is not there")

    def notice(self, code: str, message: str, start: int | None = None, end: int | None = None) -> None:
        """Something that the reader of the record should know; offsets are those of the file's text."""
        if start is not None and end is not None:
            start, end = self.alignment.span(start, end)
        self.notices.append(Notice(code=code, message=message, start=start, end=end))

    def record(self) -> Extraction:
        """The finished record, mentions in the order of the text."""
        extraction = Extraction(
            id=self.original.id,
            source=self.original.source,
            produced_by=ProducedBy(caseline=version("caseline"), config=f"import.{self.format}"),
            text=self.original.text,
            sections=self.original.sections,
            blocks=self.original.blocks,
            tables=self.original.tables,
            mentions=tuple(sorted(self.mentions.values(), key=lambda m: (m.start, m.end, m.label, m.id))),
            relations=tuple(self.relations),
            cases=(),
            warnings=tuple(self.notices),
        )
        extraction.check()
        return extraction

    def _span(self, fragments: Sequence[tuple[int, int]], place: Place) -> tuple[int, int]:
        if not fragments or not all(0 <= start < end <= len(self.own) for start, end in fragments):
            raise place.error(f"offsets are empty or outside of the text of {len(self.own)} characters")
        parts = sorted(fragments)
        whole = parts[0][0], max(end for _, end in parts)
        gaps = [self.own[end:start] for (_, end), (start, _) in itertools.pairwise(parts)]
        if any(gap.strip() for gap in gaps):
            told = " ".join(f"{start}:{end}" for start, end in parts)
            self.notice("discontinuous_span", f"a span in parts ({told}) is kept as one stretch", *whole)
        start, end = self.alignment.span(*whole)
        if start >= end:
            raise place.error("its text is not in the original")
        return start, end

    def _quoted(self, fragments: Sequence[tuple[int, int]]) -> str:
        return " ".join(self.own[start:end] for start, end in fragments)

    def _section(self, start: int) -> str:
        return next((s.kind for s in self.original.sections if s.start <= start < s.end), "case")


def _plain(text: str) -> str:
    return " ".join(printable(text).split())
