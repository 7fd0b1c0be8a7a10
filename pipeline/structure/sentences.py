"""Sentences of article prose, as character offsets of the view.

A sentence never crosses a paragraph; "Fig. 1", "et al.", initials, decimals and "vs." do not end one, and a citation
behind the full stop belongs to the sentence before it.
Example: "He was seen by Dr. Ito (Fig. 2).[3] RTX was given." holds two sentences.
"""

import re

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

CITED = r"(?:\s?\[\d[\d,\s-]*\])*"
STOP = re.compile(
    rf"(?=[\n.!?])(?:(?P<newline>\n)|(?P<stop>[.!?]+)[\"')\]]*{CITED}(?P<digits>(?<=[A-Za-z)%][.])\d{{1,3}}(?:[,-]\d{{1,3}})*)?(?P<blank>\s+)"
    r"(?=[\"'(\[]*(?:[A-Z0-9]|[a-z]{1,5}-?[A-Z0-9]))"
    rf"|(?<=[a-z)\]]{{2}})\.{CITED}(?=[A-Z][a-z]*\s))"
)
WORD = re.compile(r"[A-Za-z][A-Za-z.]*$|\d+$")
NEXT = re.compile(r"[\"'(\[]*([A-Za-z]+|\d+(?:[.,]\d+)*)(?:\s+([A-Za-z-]+))?")
HARD = frozenset(
    ("fig", "figs", "ref", "refs", "no", "nos", "tab", "tabs", "eq", "vs", "dr", "drs", "mr", "mrs", "ms", "prof", "st",
     "approx", "ca", "cf", "e.g", "i.e", "eg", "resp", "sp", "spp", "var", "subsp", "vol", "suppl", "sec", "chap", "incl",
     "jan", "feb", "apr", "jun", "jul", "aug", "sept", "oct", "nov", "dec", "dept", "univ", "messrs", "rev", "gen")
)  # fmt: skip
SOFT = frozenset(("al", "inc", "ltd", "co", "corp", "etc", "jr", "sr", "min", "max", "avg", "mar", "sep"))
STARTERS = frozenset(
    [
        "A",
        "An",
        "The",
        "He",
        "She",
        "It",
        "They",
        "We",
        "I",
        "You",
        "This",
        "That",
        "These",
        "Those",
        "There",
        "In",
        "On",
        "At",
        "After",
        "Before",
        "During",
        "With",
        "Without",
        "Within",
        "Upon",
        "By",
        "For",
        "From",
        "As",
        "Since",
        "Although",
        "Though",
        "Despite",
        "However",
        "Therefore",
        "Thus",
        "Hence",
        "Moreover",
        "Furthermore",
        "Finally",
        "Then",
        "Later",
        "Subsequently",
        "Initially",
        "Currently",
        "Both",
        "Other",
        "Our",
        "His",
        "Her",
        "Its",
        "Their",
        "No",
        "Not",
        "One",
        "Two",
        "Three",
        "When",
        "While",
        "Because",
        "If",
        "Once",
        "To",
        "Under",
        "Due",
        "Given",
        "Based",
        "Additionally",
        "Also",
        "Meanwhile",
        "Eventually",
        "Following",
        "Over",
        "Patient",
        "Patients",
        "Laboratory",
        "Physical",
        "Blood",
        "Chest",
    ]
)
UNITS_OF_TIME = re.compile(r"(?:hour|day|week|month|year|minute)")


def split(text: str) -> list[tuple[int, int]]:
    """The (start, end) of every sentence, blanks around it left out."""
    found: list[tuple[int, int]] = []
    start = 0
    for stop in STOP.finditer(text):
        if stop["newline"] is None and not _ends(text, stop):
            continue
        end = stop.start() if stop["newline"] else stop.start("blank") if stop["blank"] else stop.end()
        while start < end and text[start].isspace():
            start += 1
        if end > start:
            found.append((start, end))
        start = stop.end()
    end = len(text.rstrip())
    while start < end and text[start].isspace():
        start += 1
    if end > start:
        found.append((start, end))
    return found


def _ends(text: str, stop: re.Match[str]) -> bool:
    """Whether a full stop before what may be a beginning ends a sentence."""
    if text[stop.start()] != "." or stop["stop"] is None:
        return True
    word = WORD.search(text, max(0, stop.start() - 24), stop.start())
    if word is None:
        return True
    last = word.group()
    lower = last.casefold()
    if lower in HARD:
        return lower == "ms" and text[word.start() - 2 : word.start() - 1].isdigit()  # milliseconds
    after = NEXT.match(text, stop.end())
    first, second = (after[1], after[2] or "") if after else ("", "")
    if len(last) == 1 and text[max(word.start() - 2, 0) : word.start()].strip(" ")[-1:] in tuple(
        "/°0123456789"
    ):
        return True
    if lower in SOFT or "." in last or (len(last) == 1 and last.isupper()):
        return first in STARTERS and text[stop.end()] not in "[("
    if last.isdigit() and first[:1].isdigit() and stop.end("stop") == stop.start("blank"):
        return bool(UNITS_OF_TIME.match(second)) or len(last) > 2
    return True


class Sentences:
    """Sets the sentence starts of the Doc and leaves the offsets in ``doc._.sentences``."""

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its sentences set."""
        sentences = split(doc._.text)
        doc._.sentences = sentences
        if len(doc):
            values = np.full(len(doc), -1, dtype="int64").astype("uint64")
            places = np.searchsorted(
                doc.to_array("IDX"), np.array([start for start, _ in sentences], dtype="uint64")
            )
            values[places[places < len(doc)]] = 1
            values[0] = 1
            doc.from_array(["SENT_START"], values.reshape(-1, 1))  # type: ignore[arg-type]
        return doc


@Language.factory("caseline_sentences", assigns=["token.is_sent_start", "doc._.sentences"])
def create_sentences(nlp: Language, name: str) -> Sentences:
    """The sentence splitter of article prose."""
    return Sentences()
