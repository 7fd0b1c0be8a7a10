"""Abbreviations that a text defines, each occurrence bound to its long form.

The definitions in brackets are found by scispaCy's detector (Schwartz & Hearst 2003), fed with the words around a
bracket alone, since our tokens are finer than its; the other order ("RTX (rituximab)") and lists
("CyA: Cyclosporine A; ILD: ...") are ours.
Example: "rituximab (RTX) ... RTX" binds both "RTX" to "rituximab".
Requires: the text. Assigns: doc._.abbreviations, (start, end of the short form, start, end of the long form).
"""

import re
from collections.abc import Iterator

from scispacy.abbreviation import filter_matches, find_abbreviation
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from pipeline.structure.tokenizer import renewed

BRACKET = re.compile(r"[(\[]([^()\[\]\n]{2,90})[)\]]")
WORD = re.compile(r"[^\s(),;\[\]]+")
SHORT = re.compile(r"(?=.{2,10}$)(?=.*[A-Z])[A-Za-z][A-Za-z0-9]*(?:[-/+ ]?[A-Za-z0-9]+)*\+?$")
PLAIN = re.compile(r"[A-Z][a-z]{3,}$")
REFERENCES = re.compile(
    r"(?:Figs?|Figures?|Tables?|Refs?|Box|Case|Day|Panel|Video|Grade|Stage|Type|Class|Group|No)\b",
    re.IGNORECASE,
)
LISTED = re.compile(
    r"(?:^|(?<=[;.\n])|(?<=, ))[ ]*(?P<short>[A-Za-z][A-Za-z0-9/-]{1,10})(?P<sign>\s*[:=]\s*|,\s+|\s+-\s+)"
    r"(?P<long>[A-Za-z][^;:=\n]{2,80}?)\s*(?=;|\.?\s*(?:\n|$)|\. (?=[A-Z])|, [A-Za-z0-9/-]{2,11}\s*[:=])"
)
BEFORE = 12
LINE = 160


class Abbreviations:
    """Finds what each short form stands for."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def definitions(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The short forms that the text defines, each with the place of its long form."""
        for bracket in BRACKET.finditer(text):
            inner = bracket[1]
            short = re.split(r"[;,:]", inner, maxsplit=1)[0].strip()
            defines = _is_short(short)
            before = text[max(0, bracket.start() - 12) : bracket.start()].rsplit(maxsplit=1)[-1:]
            reverse = inner[0].isalpha() and bool(before) and _is_short(before[0])
            if not defines and not reverse:
                continue
            line = text.rfind("\n", 0, bracket.start()) + 1
            words = list(WORD.finditer(text, max(line, bracket.start() - LINE), bracket.start()))[-BEFORE:]
            if not words:
                continue
            if defines:
                long = self._long(words, short) or (
                    self._long(words, short[:-1]) if short.endswith("s") else None
                )
                if long:
                    yield short, *long
                    continue
            if reverse and words[-1].group() == before[0]:
                long_words = list(WORD.finditer(text, bracket.start(1), bracket.end(1)))
                long = self._long(long_words, before[0], whole=True)
                if long:
                    yield before[0], *long
        if ":" in text or "=" in text or ";" in text:
            yield from _listed(text)

    def _long(self, words: list[re.Match[str]], short: str, *, whole: bool = False) -> tuple[int, int] | None:
        """The place of the long form at the end of ``words``, by scispaCy's algorithm; ``whole`` takes all of them."""
        if not _spelled(" ".join([word.group() for word in words]), short):
            return None
        parts = short.split()
        self.vocab = renewed(self.vocab)
        doc = Doc(self.vocab, words=[w.group() for w in words] + ["(", *parts, ")"])
        opening = len(words)
        if whole:
            pairs: list[tuple[Span, Span]] = [(doc[:opening], doc[opening + 1 : -1])]
        else:
            pairs = filter_matches([(0, opening + 1, opening + 1 + len(parts))], doc)
        for candidate, form in pairs:
            _, found = find_abbreviation(candidate, form)
            if found is not None and len(found) and found.text.casefold() != short.casefold():
                if whole and found.start > 0:
                    return None
                start, end = words[found.start].start(), words[found.end - 1].end()
                prefix = words[found.start].group().casefold().find("-" + short[0].casefold())
                bare = prefix > 0 and found.text[0].casefold() != short[0].casefold()
                return (start + prefix + 1 if bare else start), end
        return None

    def find(self, text: str) -> list[tuple[int, int, int, int]]:
        """Every occurrence of a defined short form, with the place of its long form; the first definition counts."""
        longs: dict[str, tuple[int, int]] = {}
        for short, start, end in self.definitions(text):
            longs.setdefault(_key(short), (start, end))
            if short.endswith("s") and short[:-1].isupper():
                longs.setdefault(_key(short[:-1]), (start, end))
        if not longs:
            return []
        forms = sorted(longs, key=lambda form: (-len(form), form))
        first = re.escape("".join(sorted({form[0] for form in forms})))
        occurs = re.compile(
            rf"(?<![A-Za-z0-9])(?=[{first}])(?:{'|'.join(map(_loose, forms))})s?(?![A-Za-z0-9])"
        )
        found = []
        for match in occurs.finditer(text):
            form = match.group()
            long = longs.get(_key(form)) or longs.get(_key(form.removesuffix("s")))
            if long and not long[0] <= match.start() < long[1]:
                found.append((*match.span(), *long))
        return found

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its abbreviations."""
        doc._.abbreviations = self.find(doc._.text)
        return doc


def _spelled(long: str, short: str) -> bool:
    """Whether the letters of the short form come in order in the long form; without that, the algorithm finds none."""
    if not (long.isascii() and short.isascii()):
        return True
    lower, at = long.lower(), len(long)
    for letter in reversed(short.lower()):
        if letter.isalnum() and (at := lower.rfind(letter, 0, at)) < 0:
            return False
    return True


def _is_short(form: str) -> bool:
    """Whether a form may abbreviate: two capitals or digits, or one capital in a form of up to four letters."""
    if not SHORT.match(form) or PLAIN.match(form) or REFERENCES.match(form):
        return False
    return len(form) <= 4 or sum(not c.islower() for c in form) >= 2


def _key(form: str) -> str:
    return re.sub(r"[- ]", "", form)


def _loose(form: str) -> str:
    """A pattern of the form with or without a hyphen or blank between its letters and digits."""
    gap = "[- ]?"
    pieces = re.findall(r"[A-Z]+[a-z]*|[a-z]+|\d+|.", form)
    inside = [
        gap.join(re.escape(c) for c in p) if p.isupper() and len(p) <= 6 else re.escape(p) for p in pieces
    ]
    return gap.join(inside)


def _listed(text: str) -> Iterator[tuple[str, int, int]]:
    """The entries of lists of abbreviations: lines with three entries of one kind or more."""
    start = 0
    for line in text.split("\n"):
        if line.count(";") + line.count(":") + line.count("=") >= 2:
            entries = [m for m in LISTED.finditer(text, start, start + len(line)) if _is_short(m["short"])]
            if len(entries) >= 3:
                for entry in entries:
                    sure = entry["sign"].strip() in (":", "=")
                    alike = entry["short"][0].casefold() == entry["long"][0].casefold()
                    if (sure or alike) and entry["long"][0].isalpha():
                        yield entry["short"], *entry.span("long")
        start += len(line) + 1


@Language.factory("caseline_abbreviations", requires=["doc._.words"], assigns=["doc._.abbreviations"])
def create_abbreviations(nlp: Language, name: str) -> Abbreviations:
    """The finder of defined abbreviations."""
    return Abbreviations(nlp.vocab)
