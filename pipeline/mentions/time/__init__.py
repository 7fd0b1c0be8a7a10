"""TIME, DURATION and FREQUENCY: when, how long and how often, with what the expression counts from.

What: calendar dates, clock times, numbered days, offsets from named events, windows, ages as times,
durations, rates; and cues ("on admission"), whose rules start with ``time.cue.`` and which only place events.
Example: "given on <day 28 of hospitalization>, <2 weeks after diagnosis>, <twice daily> for <3 days>".
Requires: ``doc._.words``. Assigns: ``doc.spans``, ``doc._.found``; values have the fields of ``TimeValue``.
Options: none. Source: time.csv and the grammars of this package.
"""

from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.mentions.finder import Finder
from pipeline.mentions.time import ages, amount_rules, amounts, cues, dates, frequency, numbered, phrases
from pipeline.mentions.time.vocabulary import MONTHS, UNITS, of_kind
from pipeline.structure.found import Found
from pipeline.structure.terms import Terms
from pipeline.structure.tokenizer import fold, where

TRIGGERS = frozenset(
    fold(word) for word in (*UNITS, *MONTHS, *numbered.WORDS, *ages.WORDS, *frequency.WORDS, *cues.WORDS)
)


class TimeFinder(Finder):
    """All readings of the grammars, the longest where they overlap."""

    def __init__(self) -> None:
        self.terms = Terms((*of_kind("frequency"), *of_kind("phrase"), *of_kind("span")))

    def find(self, doc: Doc) -> list[Found]:
        """The temporal expressions of a Doc, none overlapping another."""
        return longest(self._all(doc))

    def _all(self, doc: Doc) -> Iterator[Found]:
        text = doc._.text
        all_words = doc._.words
        words = [all_words[at] for at in where(doc, TRIGGERS)]
        yield from amount_rules.read(text, amounts.join(text, amounts.find(text, words)))
        for grammar in (numbered, dates, ages, frequency, cues):
            yield from grammar.read(text, words)
        for hit in self.terms.find(doc):
            one = (
                frequency.word(text, hit)
                if hit.entry.columns["kind"] == "frequency"
                else phrases.read(text, hit)
            )
            if one is not None:
                yield one


def longest(found: Iterable[Found]) -> list[Found]:
    """Candidates without overlaps: a cue goes last, else the longer first, then the earlier."""
    ranked = sorted(
        found, key=lambda f: (f.rule.startswith(cues.PREFIX), f.start - f.end, f.start, f.label, f.rule)
    )
    taken = bytearray(max((one.end for one in ranked), default=0))
    kept: list[Found] = []
    for one in ranked:
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)


@Language.factory("caseline_time", requires=["doc._.words"], assigns=["doc.spans", "doc._.found"])
def create_time_finder(nlp: Language, name: str) -> TimeFinder:
    """The finder of TIME, DURATION and FREQUENCY mentions."""
    return TimeFinder()
