"""DRUG: drugs, classes, regimens, blood products, fluids and gases given as treatment.

Example: "she received <rituximab> and <IVIG>".
"""

from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.mentions.finder import Finder
from pipeline.structure.found import Found
from pipeline.structure.terms import Terms


class DrugFinder(Finder):
    """Names of drug.csv."""

    def __init__(self) -> None:
        self.terms = Terms(lexicon.load("drug"))

    def find(self, doc: Doc) -> Iterable[Found]:
        """The drugs that the lexicon knows."""
        for hit in self.terms.find(doc):
            yield Found(hit.start, hit.end, "DRUG", "drug.lexicon", name=hit.entry.name)


@Language.factory("caseline_drug", requires=["doc._.words"], assigns=["doc.spans", "doc._.found"])
def create_drug_finder(nlp: Language, name: str) -> DrugFinder:
    """The finder of DRUG mentions."""
    return DrugFinder()
