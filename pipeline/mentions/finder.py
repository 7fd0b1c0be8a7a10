"""The shape that all mention finders share."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc

from pipeline.structure.found import Found, add


class Finder:
    """Adds what ``find`` finds to the Doc; a finder looks at the text alone and knows no sibling."""

    def find(self, doc: Doc) -> Iterable[Found]:
        """The candidates in the Doc, in offsets of its text."""
        raise NotImplementedError

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with the candidates added to its span group."""
        return add(doc, self.find(doc))
