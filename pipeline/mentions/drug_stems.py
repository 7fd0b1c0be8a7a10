"""Names that no list has: stems of the INN and USAN schemes ("-tinib"), and misspellings by one letter.

Example: "cetuxmab" is one edit from cetuximab; "fictumab", by its stem, a monoclonal antibody.
Source: WHO, "The use of stems in the selection of International Nonproprietary Names".
"""

from collections.abc import Container, Iterable

from pipeline.lexicon import Entry

LONG = 8
"""Letters from which on a name is told from its misspelling."""
KEPT = 200_000
"""Words remembered at most."""


def deletes(word: str) -> set[str]:
    """The word, and it without one of its letters.

    Words one edit or one swap apart share a form; words that share one are at most two edits apart.
    """
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


class Stems:
    """The stems of drug_stem.csv; words flagged ``not`` end like a drug and are none."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        entries = tuple(entries)
        self.stems = {e.term: e.name for e in entries if "not" not in e.flags}
        self.others = frozenset(e.term for e in entries if "not" in e.flags)
        self.sizes = sorted({len(s) for s in self.stems}, reverse=True)

    def kind(self, word: str) -> str | None:
        """The class that a word's stem tells, or None; ``word`` is in lower case."""
        if word in self.others or not word.isalpha():
            return None
        for size in self.sizes:
            if len(word) >= size + 3 and (kind := self.stems.get(word[-size:])):
                return kind
        return None


class Misspelled:
    """Finds the name that a word is one letter away from."""

    def __init__(self, names: Iterable[str], others: Iterable[str]) -> None:
        self.others = frozenset(others)
        self.near: dict[str, str] = {}
        self.parts: set[str] = set()
        for name in names:
            self.parts |= {name[:4], name[-4:]}
            for form in deletes(name):
                self.near.setdefault(form, name)

    def name(self, word: str) -> str | None:
        """The name meant by a word of at least ``LONG`` letters, or None; its first two must agree."""
        if len(word) < LONG or not (word[:4] in self.parts or word[-4:] in self.parts):
            return None  # one edit leaves the one end or the other as it is
        if word in self.others or not word.isalpha():
            return None
        for form in sorted(deletes(word)):
            name = self.near.get(form)
            if name and name[:2] == word[:2] and abs(len(name) - len(word)) < 2:
                return name
        return None


class Guesses(dict[str, tuple[str, str] | None]):
    """From a folded word to (name, rule), None where the word is no drug; each word is thought about once."""

    def __init__(self, stems: Stems, misspelled: Misspelled, listed: Container[str]) -> None:
        super().__init__()
        self.stems, self.misspelled, self.listed = stems, misspelled, listed

    def __missing__(self, word: str) -> tuple[str, str] | None:
        """The answer for a word not asked for lately."""
        if len(self) >= KEPT:
            self.clear()
        self[word] = answer = None if word in self.listed else self._think(word)
        return answer

    def _think(self, word: str) -> tuple[str, str] | None:
        if name := self.misspelled.name(word):
            return name, "drug.misspelled"
        return (word, "drug.stem") if self.stems.kind(word) else None
