"""Words, numbers and signs: the tokens that all finders share.

spaCy's own tokenizer keeps "13.1mg/dL." or "86%-96" whole. This one splits letters from digits and both from signs,
so that every boundary that a clinician would draw is a token boundary, and "IL-6", "IL6" and "IL 6" are the same
words. It expects the plain text of a ``View``.
"""

import re
from collections.abc import Set
from functools import lru_cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from pipeline.structure.remembered import Remembered

WORD = r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,]\d+)*"
TOKEN = re.compile(rf"{WORD}|\n|[^\S\n]+|.", re.DOTALL)
# The same with the blank behind, where it is a single one: spaCy keeps that as a flag of the token.
BLANK = r"(?: (?![^\S\n]))?"
SPACED = re.compile(rf"(?:{WORD}){BLANK}|\n|[^\S\n]+|.{BLANK}", re.DOTALL)
SKIPPED = frozenset("-/")
SPELLINGS = (
    ("haem", "hem"), ("aemi", "emi"), ("oedem", "edem"), ("oesoph", "esoph"), ("oestr", "estr"), ("rrhoe", "rrhe"),
    ("noea", "nea"), ("paed", "ped"), ("foet", "fet"), ("caec", "cec"), ("coeli", "celi"), ("aesth", "esth"),
    ("gynaec", "gynec"), ("leuc", "leuk"), ("sulph", "sulf"), ("caes", "ces"), ("faec", "fec"), ("aetio", "etio"),
    ("labour", "labor"), ("haviour", "havior"), ("manoeuv", "maneuv"),
    ("melaen", "melen"), ("naev", "nev"), ("phaeo", "pheo"), ("praevia", "previa"), ("goitre", "goiter"), ("amoeb", "ameb"),
    ("pitalised", "pitalized"), ("vapour", "vapor"), ("odour", "odor"), ("titre", "titer"), ("calibre", "caliber"), ("homoeo", "homeo"),
    ("tumour", "tumor"), ("colour", "color"), ("isation", "ization"), ("litre", "liter"), ("metre", "meter"),
    ("fibre", "fiber"), ("centre", "center"), ("ceph", "cef"),
)  # fmt: skip
STRINGS = 50_000
"""Strings that a vocabulary may hold: some 30 MB with their lexemes."""
# Most words hold no mark of a British spelling and are done with these.
MARKS = ("ae", "oe", "ph", "our", "leuc", "isat", "tre", "bre", "alised")


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """The form under which a word is looked up: lower case, American spelling, singular, no possessive."""
    word = word.lower()
    if word.endswith("'s"):
        word = word[:-2]
    for mark in MARKS:
        if mark in word:
            for british, american in SPELLINGS:
                word = word.replace(british, american)
            break
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 5 else word[:-1]
    return word


def renewed(vocab: Vocab) -> Vocab:
    """The vocabulary, or an empty one in its place where it has grown large: spaCy forgets no word that it has met."""
    return vocab if len(vocab.strings) < STRINGS else Vocab(lex_attr_getters=vocab.lex_attr_getters)  # type: ignore[attr-defined]


class Piece(NamedTuple):
    """What ``SPACED`` finds at one place: the token, whether a blank follows, its folded word (None for a sign left out).

    ``length`` is that of the token, ``width`` with the blank.
    """

    token: str
    blank: bool
    word: str | None
    length: int
    width: int


def piece(found: str) -> Piece:
    """The piece of the characters that ``SPACED`` found."""
    blank = found[-1] == " " and not found.isspace()
    token = found[:-1] if blank else found
    return Piece(token, blank, None if token in SKIPPED else fold(token), len(token), len(found))


class Tokenizer:
    """spaCy tokenizer over ``TOKEN``; leaves ``doc._.text``, ``words`` (folded, start, end) and their ``places``."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.pieces = Remembered(piece)

    def __call__(self, text: str) -> Doc:
        """The Doc of a text; signs stay among the words but hyphens and slashes."""
        found = SPACED.findall(text)
        pieces = list(map(self.pieces.__getitem__, found))
        words: list[tuple[str, int, int]] = []
        at = 0
        for _, _, word, length, width in pieces:
            if word is not None:
                words.append((word, at, at + length))
            at += width
        places: dict[str, list[int]] = {}
        for index, (word, _, _) in enumerate(words):
            if word in places:
                places[word].append(index)
            else:
                places[word] = [index]
        self.vocab = renewed(self.vocab)
        doc = Doc(self.vocab, words=[one[0] for one in pieces], spaces=[one[1] for one in pieces])
        doc._.words, doc._.places, doc._.text = words, places, text
        return doc

    def to_bytes(self, **_: object) -> bytes:
        """Nothing to keep: the rules are in the code."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> "Tokenizer":
        """Nothing to restore."""
        return self


def where(doc: Doc, wanted: Set[str]) -> list[int]:
    """The indices of the wanted words in ``doc._.words``, in order: a text has far fewer different words than words."""
    places = doc._.places
    return sorted([at for word in places.keys() & wanted for at in places[word]])


@registry.tokenizers("caseline.tokenizer.v1")
def create_tokenizer():  # type: ignore[no-untyped-def]
    """The tokenizer for ``[nlp.tokenizer]`` in config.cfg."""

    def build(nlp: Language) -> Tokenizer:
        return Tokenizer(nlp.vocab)

    return build
