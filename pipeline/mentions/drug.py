"""DRUG: drugs, classes, regimens, blood products, fluids and gases given as treatment.

Example: "she received <rituximab> (RTX), then <IVIG>", not "serum iron was low".
Requires: the words of the tokenizer, the abbreviations. Assigns: candidates labelled DRUG.
Options: ``lexicons``, paths of users' own CSV files (rows labelled DRUG).
Source: drug.csv (general knowledge), drug_names.csv and drug_code.csv (SOURCES.md), drug_stem.csv (INN and USAN stems).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.lexicon import Entry
from pipeline.mentions.drug_beside import by_target, levels
from pipeline.mentions.drug_context import SHORT, SURE, Name, joined, judge, settle
from pipeline.mentions.drug_stems import LONG, Guesses, Misspelled, Stems
from pipeline.mentions.finder import Finder
from pipeline.structure.found import Found
from pipeline.structure.terms import Hit, Terms


class DrugFinder(Finder):
    """Names of the lexicons, of the stems, and short forms that the text itself defines."""

    def __init__(self, lexicons: Iterable[str] = ()) -> None:
        names = lexicon.load("drug_names")
        self.terms = Terms((*lexicon.users(lexicons, "DRUG"), *lexicon.load("drug"), *names))
        self.codes = _codes(names)
        others = (entry.term for entry in lexicon.load("drug_lookalike"))
        misspelled = Misspelled(_common(names), others)
        self.guesses = Guesses(Stems(lexicon.load("drug_stem")), misspelled, self.terms.words)

    def find(self, doc: Doc) -> Iterable[Found]:
        """The drugs in the Doc: names, combinations as one, short forms."""
        text = doc._.text
        defined = {(start, end) for start, end, _, _ in doc._.abbreviations}
        hits = tuple(self.terms.find(doc, text))
        names = sorted((*self._listed(hits, text), *self._guessed(doc, text)))
        single = [
            self._found(one)
            for one in settle(text, names)
            if (one.start, one.end) not in defined or one.kind not in SHORT or one[2:4] == (SURE, "regimen")
        ]
        targets = [
            Found(start, end, "DRUG", "drug.target", text[start:end].lower(), confidence=0.8)
            for start, end in by_target(text)
        ]
        found = list(joined(text, sorted((*single, *targets), key=lambda one: one[:2])))
        taken = {one[:2] for one in found}
        yield from found
        yield from levels(text, hits)
        yield from (one for one in self._short_forms(doc, text, found) if one[:2] not in taken)

    def _listed(self, hits: Iterable[Hit], text: str) -> Iterator[Name]:
        """The names that a lexicon lists, each with its salt and form."""
        for hit in hits:
            entry = hit.entry
            kind = entry.columns.get("class", "drug")
            one = Name(hit.start, hit.end, SURE, kind, entry.name, "drug.lexicon")
            if judged := judge(text, one, "context" in entry.flags):
                yield judged

    def _guessed(self, doc: Doc, text: str) -> Iterator[Name]:
        """The words that no lexicon lists but whose stem or a slip of the pen tells the drug."""
        guesses, words, places = self.guesses, doc._.words, doc._.places
        drugs = {at: guessed for word in places if (guessed := guesses[word]) for at in places[word]}
        for at in sorted(drugs):
            _, start, end = words[at]
            guessed = drugs[at]
            if judged := judge(text, Name(start, end, SURE, "drug", *guessed), False):
                yield judged._replace(confidence=judged.confidence * 0.9)

    def _found(self, one: Name) -> Found:
        """The candidate with the codes of its name."""
        return Found(
            one.start,
            one.end,
            "DRUG",
            one.rule,
            one.name,
            self.codes.get(one.name.lower()),
            confidence=one.confidence,
        )

    def _short_forms(self, doc: Doc, text: str, found: list[Found]) -> Iterator[Found]:
        """Each place of a short form whose long form is one of the drugs found."""
        drugs = sorted(found, key=lambda one: one.end)
        ends = [one.end for one in drugs]
        for start, end, long_start, long_end in doc._.abbreviations:
            at = bisect_right(ends, long_end + LONG) - 1
            drug = drugs[at] if at >= 0 else None
            if drug is None or drug.end < long_end - LONG or drug.start < long_start - 1:
                continue
            if start <= drug.start < end:
                continue
            short = Name(start, end, drug.confidence, "drug", drug.name or "", "drug.abbreviation")
            if judged := judge(text, short, False):
                yield self._found(judged._replace(confidence=min(judged.confidence, drug.confidence)))


def _codes(names: Iterable[Entry]) -> dict[str, dict[str, str]]:
    """DrugBank's number and the UNII of each normalised name that has them."""
    codes: dict[str, dict[str, str]] = {}
    for entry in names:
        if "drugbank" in entry.columns:
            codes.setdefault(entry.name.lower(), {})["drugbank"] = entry.columns["drugbank"]
    for entry in lexicon.load("drug_code"):
        codes.setdefault(entry.term, {})["unii"] = entry.columns["unii"]
    return codes


def _common(names: Iterable[Entry]) -> Iterator[str]:
    """The names whose misspellings are looked for: single words that more than one register lists."""
    return (e.name for e in names if "common" in e.columns and " " not in e.name and len(e.name) >= LONG)


@Language.factory(
    "caseline_drug",
    requires=["doc._.words", "doc._.abbreviations"],
    assigns=["doc.spans", "doc._.found"],
    default_config={"lexicons": []},
)
def create_drug_finder(nlp: Language, name: str, lexicons: list[str]) -> DrugFinder:
    """The finder of DRUG mentions."""
    return DrugFinder(lexicons)
