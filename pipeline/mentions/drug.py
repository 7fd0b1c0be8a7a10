"""DRUG: drugs, classes, regimens, blood products, fluids and gases given as treatment.

Example: "she received <rituximab> (RTX), then <IVIG> and <trimethoprim-sulfamethoxazole>", not "serum iron was low".
Requires: the words of the tokenizer, the abbreviations. Assigns: candidates labelled DRUG.
Options: ``lexicons``, paths of users' own CSV files (rows labelled DRUG).
Source: drug.csv (from general knowledge), drug_names.csv (SOURCES.md), drug_stem.csv (INN and USAN stems).
"""

from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.mentions import drug_context as context
from pipeline.mentions.drug_stems import Misspelled, Stems, guesser
from pipeline.mentions.finder import Finder
from pipeline.structure.found import Found
from pipeline.structure.terms import Terms, key

CODES = ("drugbank", "mesh")
SHORTEST = 6
"""Letters from which on an unknown word may be a drug by its stem."""


class DrugFinder(Finder):
    """Names of the lexicons, of the stems, and short forms that the text itself defines."""

    def __init__(self, lexicons: Iterable[str] = ()) -> None:
        names = lexicon.load("drug_names")
        own = (*lexicon.users(lexicons, "DRUG"), *lexicon.load("drug"))
        self.terms = Terms((*own, *names))
        self.codes = {
            entry.name: {c: entry.columns[c] for c in CODES if c in entry.columns}
            for entry in names
            if entry.term == entry.name and entry.columns
        }
        others = {entry.term for entry in lexicon.load("drug_lookalike")}
        known = {key(entry.term) for entry in (*own, *names)}
        likely = (
            entry.name
            for entry in names
            if entry.term == entry.name
            and "mesh" in entry.columns
            and " " not in entry.name
            and len(entry.name) > 7
        )
        self.guess = guesser(Stems(lexicon.load("drug_stem")), Misspelled(likely, others | known))

    def find(self, doc: Doc) -> Iterable[Found]:
        """The drugs in the Doc: names, combinations as one, short forms."""
        found = list(context.joined(doc.text, sorted(self._names(doc))))
        taken = {(one.start, one.end) for one in found}
        yield from found
        for one in self._short_forms(doc, found):
            if (one.start, one.end) not in taken:
                yield one

    def _names(self, doc: Doc) -> Iterator[Found]:
        """Each name by itself, with its salt and form."""
        text, at = doc.text, 0
        spots: list[tuple[int, int]] = []
        for hit in self.terms.find(doc, exceptions=True):
            spots.append((hit.start, hit.end))
            if "not" in hit.entry.flags:
                continue
            kind = hit.entry.columns.get("class", "drug")
            judged = context.judge(text, hit.start, hit.end, kind, "context" in hit.entry.flags)
            if judged:
                yield self._found(*judged, rule="drug.lexicon", name=hit.entry.name)
        covered = iter([*spots, (len(text) + 1, len(text) + 1)])
        start, end = next(covered)
        for word, at, stop in doc._.words:
            if len(word) < SHORTEST:
                continue
            while end <= at:
                start, end = next(covered)
            if start <= at or not (guessed := self.guess(word)):
                continue
            judged = context.judge(text, at, stop, "drug", False)
            if judged:
                name, rule = guessed
                yield self._found(judged[0], judged[1], judged[2] * 0.9, rule=rule, name=name)
        for at, stop in context.by_target(text):
            yield Found(at, stop, "DRUG", "drug.target", name=text[at:stop].lower(), confidence=0.8)

    def _found(self, start: int, end: int, confidence: float, *, rule: str, name: str) -> Found:
        """The candidate with the codes of its name."""
        return Found(start, end, "DRUG", rule, name, self.codes.get(name), confidence=confidence)

    def _short_forms(self, doc: Doc, found: list[Found]) -> Iterator[Found]:
        """Each place of a short form whose long form is one of the drugs found."""
        drugs = {(one.start, one.end): one for one in found}
        starts = {one.start: one for one in found}
        for start, end, long_start, long_end in doc._.abbreviations:
            one = drugs.get((long_start, long_end)) or starts.get(long_start)
            if one and long_end - 12 <= one.end <= long_end + 12 and start >= one.end:
                yield Found(
                    start, end, "DRUG", "drug.abbreviation", one.name, one.codes, confidence=one.confidence
                )


@Language.factory(
    "caseline_drug",
    requires=["doc._.words", "doc._.abbreviations"],
    assigns=["doc.spans", "doc._.found"],
    default_config={"lexicons": []},
)
def create_drug_finder(nlp: Language, name: str, lexicons: list[str]) -> DrugFinder:
    """The finder of DRUG mentions."""
    return DrugFinder(lexicons)
