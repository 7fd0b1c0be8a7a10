"""Words, numbers and signs: the tokens that all finders share.

spaCy's own tokenizer keeps "13.1mg/dL." or "86%-96" whole. This one splits letters from digits and both from signs,
so that every boundary that a clinician would draw is a token boundary, and "IL-6", "IL6" and "IL 6" are the same
words. It expects the plain text of a ``View``.
"""

import re
from collections.abc import Set
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

WORD = r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,]\d+)*"
TOKEN = re.compile(rf"{WORD}|\n|[^\S\n]+|.", re.DOTALL)
# The same with the blank behind, where it is a single one: spaCy keeps that as a flag of the token.
BLANK = r"(?: (?![^\S\n]))?"
SPACED = re.compile(rf"(?:{WORD}){BLANK}|\n|[^\S\n]+|.{BLANK}", re.DOTALL)
SKIPPED = frozenset("-/")
SPELLINGS = (
    ("haem", "hem"), ("aemi", "emi"), ("oedem", "edem"), ("oesoph", "esoph"), ("oestr", "estr"), ("rrhoe", "rrhe"),
    ("noea", "nea"), ("paed", "ped"), ("foet", "fet"), ("caec", "cec"), ("coeli", "celi"), ("aesth", "esth"),
    ("gynaec", "gynec"), ("leuc", "leuk"), ("sulph", "sulf"),
    ("tumour", "tumor"), ("colour", "color"), ("isation", "ization"), ("litre", "liter"), ("metre", "meter"),
    ("fibre", "fiber"), ("centre", "center"), ("ceph", "cef"),
)  # fmt: skip
STRINGS = 50_000
"""Strings that a vocabulary may hold: some 30 MB with their lexemes."""
# Most words hold no mark of a British spelling and are done with these.
MARKS = ("ae", "oe", "ph", "our", "leuc", "isat", "tre", "bre")


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


class Tokenizer:
    """spaCy tokenizer over ``TOKEN``; leaves ``doc._.text``, ``words`` (folded, start, end) and their ``places``."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The Doc of a text; signs stay among the words but hyphens and slashes."""
        tokens: list[str] = []
        spaces: list[bool] = []
        words: list[tuple[str, int, int]] = []
        places: dict[str, list[int]] = {}
        at = 0
        for token in SPACED.findall(text):
            start = at
            at += len(token)
            end = at
            if spaced := token[-1] == " " and not token.isspace():
                token, end = token[:-1], at - 1
            tokens.append(token)
            spaces.append(spaced)
            if token not in SKIPPED:
                word = fold(token)
                if word in places:
                    places[word].append(len(words))
                else:
                    places[word] = [len(words)]
                words.append((word, start, end))
        self.vocab = renewed(self.vocab)
        doc = Doc(self.vocab, words=tokens, spaces=spaces)
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
