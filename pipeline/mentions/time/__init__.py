"""TIME, DURATION and FREQUENCY: when, how long and how often, with what the expression counts from.

What: calendar dates, clock times, numbered days, offsets from named events, windows, ages as times, durations, rates.
Example: "RTX was given on <day 28 of hospitalization>, <2 weeks after diagnosis>, <twice daily> for <3 days>".
Requires: ``doc._.words``. Assigns: ``doc.spans``, ``doc._.found``; values have the fields of ``schema.TimeValue``.
Options: none. Source: time.csv and the grammars of this package.
"""

from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.mentions.finder import Finder
from pipeline.mentions.time import ages, amount_context, amounts, dates, numbered
from pipeline.mentions.time.frequency import Frequencies
from pipeline.mentions.time.phrases import Phrases
from pipeline.structure.found import Found


class TimeFinder(Finder):
    """All readings of the grammars, the longest where they overlap."""

    def __init__(self) -> None:
        self.frequencies = Frequencies()
        self.phrases = Phrases()

    def find(self, doc: Doc) -> Iterable[Found]:
        """The temporal expressions of a Doc, none overlapping another."""
        return longest(self._all(doc))

    def _all(self, doc: Doc) -> Iterator[Found]:
        text, words = doc.text, doc._.words
        yield from amount_context.read(text, amounts.join(text, amounts.find(text, words)))
        yield from numbered.read(text, words)
        yield from dates.read(text, words)
        yield from ages.read(text, words)
        yield from self.frequencies.read(doc)
        yield from self.phrases.read(doc)


def longest(found: Iterable[Found]) -> list[Found]:
    """Candidates without overlaps: the longer goes first, then the earlier."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start - f.end, f.start, f.label, f.rule)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)


@Language.factory("caseline_time", requires=["doc._.words"], assigns=["doc.spans", "doc._.found"])
def create_time_finder(nlp: Language, name: str) -> TimeFinder:
    """The finder of TIME, DURATION and FREQUENCY mentions."""
    return TimeFinder()
