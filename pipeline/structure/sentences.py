"""Sentences of article prose, as character offsets of the view.

A sentence never crosses a paragraph; "Fig. 1", "et al.", initials, decimals and "vs." do not end one.
Example: "He was seen by Dr. Ito (Fig. 2). RTX was given." holds two sentences.
"""

import re

from spacy.language import Language
from spacy.tokens import Doc

END = re.compile(r"[.!?][\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])|\n")
ABBREVIATED = re.compile(
    r"(?:\b(?:Figs?|Refs?|Nos?|Tabs?|al|vs|Dr|Drs|Mr|Mrs|Ms|Prof|St|approx|ca|cf|e\.g|i\.e|resp|Inc|Ltd|Co|Corp)"
    r"|\b[A-Z]|\b[ap]\.m|\bNo)\.$"
)


def split(text: str) -> list[tuple[int, int]]:
    """The (start, end) of every sentence, blanks around it left out."""
    found, start = [], 0
    for match in END.finditer(text):
        before = text[start : match.start() + 1]
        if match.group() != "\n" and ABBREVIATED.search(before[-12:]):
            continue
        end = match.end() - (len(match.group()) - len(match.group().rstrip()))
        if end > start and text[start:end].strip():
            found.append((start, end))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text.rstrip())))
    return found


class Sentences:
    """Sets the sentence starts of the Doc and leaves the offsets in ``doc._.sentences``."""

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its sentences set."""
        sentences = split(doc.text)
        doc._.sentences = sentences
        starts = {start for start, _ in sentences}
        for token in doc:
            token.is_sent_start = token.idx in starts or token.i == 0
        return doc


@Language.factory("caseline_sentences", assigns=["token.is_sent_start", "doc._.sentences"])
def create_sentences(nlp: Language, name: str) -> Sentences:
    """The sentence splitter of article prose."""
    return Sentences()
