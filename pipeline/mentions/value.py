"""LAB_VALUE and REFERENCE_RANGE: results as numbers, notations and words, and the normal ranges beside them.

Example: "KL-6 was <1,200 U/mL> (<normal: 105-435>), cultures were <negative>, NYHA <class III>".

Requires: the words of the Doc. Assigns: candidates in ``doc.spans["mentions"]``.
Source: grammars in value_number, value_notation and value_range, words of value.csv.
"""

from collections.abc import Iterable
from itertools import chain

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.mentions.finder import Finder
from pipeline.mentions.value_notation import notations
from pipeline.mentions.value_number import numbers
from pipeline.mentions.value_range import ranges
from pipeline.mentions.value_word import Words
from pipeline.structure.found import Found
from pipeline.units import amounts


class ValueFinder(Finder):
    """Results and reference ranges."""

    def __init__(self) -> None:
        self.words = Words()

    def find(self, doc: Doc) -> Iterable[Found]:
        """The candidates; where they overlap, ranges go before notations, numbers and words."""
        text = doc._.text
        read = amounts(text)
        taken: set[int] = set()
        normal = list(ranges(text, read))
        results = numbers(text, read, {one.start: one.end for one in normal})
        for found in chain(normal, notations(text), results, self.words.find(doc)):
            places = range(found.start, found.end)
            if taken.isdisjoint(places):
                taken.update(places)
                yield found


@Language.factory("caseline_value", requires=["doc._.words"], assigns=["doc.spans", "doc._.found"])
def create_value_finder(nlp: Language, name: str) -> ValueFinder:
    """The finder of LAB_VALUE and REFERENCE_RANGE mentions."""
    return ValueFinder()
