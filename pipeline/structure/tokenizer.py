"""Words, numbers and signs: the tokens that all finders share.

spaCy's own tokenizer keeps "13.1mg/dL." or "86%-96" whole. This one splits letters from digits and both from signs,
so that every boundary that a clinician would draw is a token boundary, and "IL-6", "IL6" and "IL 6" are the same
words. It expects the plain text of a ``View``.
"""

import re
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,]\d+)*|\n|[^\S\n]+|.", re.DOTALL)
SKIPPED = frozenset("-/")
SPELLINGS = (
    ("haem", "hem"), ("aemi", "emi"), ("oedem", "edem"), ("oesoph", "esoph"), ("oestr", "estr"), ("rrhoe", "rrhe"),
    ("noea", "nea"), ("paed", "ped"), ("foet", "fet"), ("caec", "cec"), ("coeli", "celi"), ("aesth", "esth"),
    ("gynaec", "gynec"), ("orthop", "orthop"), ("leuk", "leuk"), ("leuc", "leuk"), ("sulph", "sulf"),
    ("tumour", "tumor"), ("colour", "color"), ("isation", "ization"), ("litre", "liter"), ("metre", "meter"),
    ("fibre", "fiber"), ("centre", "center"), ("ceph", "cef"),
)  # fmt: skip


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """The form under which a word is looked up: lower case, American spelling, singular, no possessive."""
    word = word.lower()
    if word.endswith("'s"):
        word = word[:-2]
    for british, american in SPELLINGS:
        if british in word:
            word = word.replace(british, american)
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 5 else word[:-1]
    return word


class Tokenizer:
    """spaCy tokenizer over ``TOKEN``; leaves ``doc._.text`` and ``doc._.words``, (folded, start, end)."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The Doc of a text; signs stay among the words but hyphens and slashes."""
        tokens: list[str] = []
        spaces: list[bool] = []
        words: list[tuple[str, int, int]] = []
        at, glued = 0, False
        for token in TOKEN.findall(text):
            start = at
            at += len(token)
            if token == " " and glued:
                spaces[-1] = True
                glued = False
                continue
            tokens.append(token)
            spaces.append(False)
            glued = token != "\n"
            if token not in SKIPPED:
                words.append((fold(token), start, at))
        doc = Doc(self.vocab, words=tokens, spaces=spaces)
        doc._.words = words
        doc._.text = text
        return doc

    def to_bytes(self, **_: object) -> bytes:
        """Nothing to keep: the rules are in the code."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> "Tokenizer":
        """Nothing to restore."""
        return self


@registry.tokenizers("caseline.tokenizer.v1")
def create_tokenizer():  # type: ignore[no-untyped-def]
    """The tokenizer for ``[nlp.tokenizer]`` in config.cfg."""

    def build(nlp: Language) -> Tokenizer:
        return Tokenizer(nlp.vocab)

    return build
