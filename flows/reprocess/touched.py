"""Which documents a change reaches.

The words of a document are those that the finders read (its view and the lines of its tables) and those of the text as
it stands, folded as the finders fold them; a document is taken to be reached where this cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from flows.reprocess.changes import Change
from pipeline import tables
from pipeline.mentions.drug_stems import LONG, deletes
from pipeline.schema import Document
from pipeline.store.reprocessing import Made
from pipeline.structure.layout import lay_out
from pipeline.structure.terms import key
from pipeline.structure.tokenizer import TOKEN, fold
from pipeline.structure.view import view


class Words:
    """A document as the lexicons meet it; each form is made when it is first asked for."""

    def __init__(self, document: Document) -> None:
        laid = lay_out(document)
        lines = tables.plan(laid).render(document.text).text
        self.texts = (document.text, view(laid).text, lines)

    @cached_property
    def folded(self) -> frozenset[str]:
        """The folded words."""
        return frozenset(fold(word) for word in {w for text in self.texts for w in TOKEN.findall(text)})

    @cached_property
    def characters(self) -> str:
        """The letters and digits alone, folded word by word and as they stand."""
        plain = (squashed(text) for text in self.texts)
        words = ("".join(filter(str.isalnum, map(fold, TOKEN.findall(text)))) for text in self.texts)
        return "\n".join((*plain, *words))


def squashed(text: str) -> str:
    """The letters and digits of a text in lower case."""
    return "".join(filter(str.isalnum, text.casefold()))


class Reached:
    """Tells for one change after the other whether it reaches a document; prepared once for many documents."""

    def __init__(self, changes: Sequence[Change], named: Callable[[Iterable[str]], set[str]]) -> None:
        self.tests = [(change, *_prepared(change)) for change in changes if change.reach != "none"]
        self.named = {one.component: named(one.names) if one.names else set() for one in changes}

    def why(self, made: Made, words: Callable[[], Words]) -> str | None:
        """The component that reaches a document, None where none does; ``words`` is asked for only where it matters."""
        for change, test, _ in sorted(self.tests, key=lambda one: one[2]):
            if change.reach == "format":
                found = made.format in change.formats
            elif change.reach == "tables":
                found = made.has_table
            else:
                found = made.id in self.named[change.component] or test is None or test(words())
            if found:
                return change.component
        return None


Test = Callable[[Words], bool]


def _prepared(change: Change) -> tuple[Test | None, int]:
    """What tells by a document's words whether a change reaches it (None: it does), and what asking costs."""
    if change.reach in ("format", "tables"):
        return None, 1
    if change.reach == "all":
        return None, 0
    keys = {term: key(term).split() for term in sorted(change.terms)}
    if not all(keys.values()):
        return None, 0  # a term of signs alone may stand anywhere
    if change.reach == "words":
        parts = frozenset(word for words in keys.values() for word in words)
        return (lambda words: not parts.isdisjoint(words.folded)), 2
    if change.reach == "endings":
        endings = tuple(term.lower() for term in keys)
        return (lambda words: any(word.endswith(endings) for word in words.folded)), 3
    if change.reach == "characters":
        bare = tuple(sorted({squashed(term) for term in keys} | {"".join(k) for k in keys.values()}))
        if not all(bare):
            return None, 0
        return (lambda words: any(term in words.characters for term in bare)), 3
    terms = tuple(map(frozenset, sorted(set(map(tuple, keys.values())))))
    if not change.misspelled:
        return (lambda words: any(term <= words.folded for term in terms)), 2
    near = frozenset(form for term in keys if len(term) >= LONG - 1 for form in deletes(term.lower()))
    return (
        lambda words: (
            any(term <= words.folded for term in terms)
            or any(len(w) >= LONG - 1 and not near.isdisjoint(deletes(w)) for w in words.folded)
        )
    ), 4
