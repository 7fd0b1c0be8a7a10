"""LAB_TEST, VITAL, IMAGING: analytes, tests, vital signs, measured quantities, imaging, other examinations.

What: the terms of lab.csv, vital.csv and imaging.csv, and the open forms of examination_grammar
(antibodies, "<kind> examination", clusters of differentiation). The span is the examination itself: "serum",
"level" and the part of the body stay outside, as annotators of case reports mark it; the name of an imaging
takes in the part of the body.
Example: "chest <CT>", named "chest computed tomography"; "serum <creatinine> level of 1.2 mg/dL".
Requires: doc._.words, doc._.abbreviations. Assigns: doc.spans, doc._.found.
Options: ``lexicons``, paths of users' CSV files whose column ``label`` says LAB_TEST, VITAL or IMAGING.
"""

from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.lexicon import Entry
from pipeline.mentions.examination_evidence import meaning, otherwise, supported
from pipeline.mentions.examination_grammar import antibodies, extended, open_forms, scores
from pipeline.mentions.examination_name import imaging_name
from pipeline.mentions.examination_span import trimmed
from pipeline.mentions.finder import Finder
from pipeline.structure.found import Found
from pipeline.structure.terms import Hit, Terms

FILES = {"lab": "LAB_TEST", "vital": "VITAL", "imaging": "IMAGING"}
SURE, DOUBTFUL = 0.9, 0.6


class ExaminationFinder(Finder):
    """Names of the three lexicons and the grammar of open forms."""

    def __init__(self, *, lexicons: Sequence[str] = ()) -> None:
        self._labels: dict[int, str] = {}
        entries: list[Entry] = []
        for label in FILES.values():
            self._take(lexicon.users(lexicons, label), label, entries)
        for file, label in FILES.items():
            self._take(lexicon.load(file), label, entries)
        self._codes = {e.name: e.columns["loinc"] for e in entries if "loinc" in e.columns}
        self.terms = Terms(entries)

    def _take(self, own: Sequence[Entry], label: str, entries: list[Entry]) -> None:
        for entry in own:
            self._labels[id(entry)] = label
        entries.extend(own)

    def find(self, doc: Doc) -> Iterator[Found]:
        """The examinations, in the order of the text."""
        text: str = doc._.text
        hits = list(self.terms.find(doc))
        found = [self._found(text, hit) for hit in self._accepted(text, hits)]
        found += antibodies(text)
        found += scores(text)
        found += open_forms(doc, text, found)
        found += _short_forms(found, doc._.abbreviations)
        return iter(sorted(_apart(found)))

    def _accepted(self, text: str, hits: Sequence[Hit]) -> Iterator[Hit]:
        """The hits that need no evidence, have it, or stand in a list with one that does."""
        last = -1
        for index, hit in enumerate(hits):
            start, end, entry, _, _ = hit
            if otherwise(text, start, end) or text[start:end] == "cT":
                continue
            if "context" in entry.flags:
                following = hits[index + 1] if index + 1 < len(hits) else None
                beside = following.start if following and "context" not in following.entry.flags else -1
                if not supported(text, start, end, last, beside, exact="exact" in entry.flags):
                    continue
            last = end
            yield hit

    def _found(self, text: str, hit: Hit) -> Found:
        entry = hit.entry
        label = self._labels[id(entry)]
        start, end = trimmed(text, hit.start, hit.end)
        name = meaning(text, hit.start, hit.end, entry.name)
        if end == hit.end:
            end, name = extended(text, end, name)
        if label == "IMAGING":
            name = imaging_name(text, hit.start, hit.end, name)
        code = self._codes.get(name)
        sure = DOUBTFUL if "context" in entry.flags else SURE
        codes = {"loinc": code} if code else None
        return Found(start, end, label, f"{label.lower()}.lexicon", name=name, codes=codes, confidence=sure)


def _short_forms(
    found: Sequence[Found], abbreviations: Sequence[tuple[int, int, int, int]]
) -> Iterator[Found]:
    """The short forms whose long form ends in an examination."""
    by_end = {one.end: one for one in found}
    for start, end, long_start, long_end in abbreviations:
        one = by_end.get(long_end)
        if one and 2 * (one.end - one.start) >= long_end - long_start:
            yield Found(
                start, end, one.label, f"{one.label.lower()}.abbreviation", one.name, one.codes, None, 0.9
            )


def _apart(found: Sequence[Found]) -> Iterator[Found]:
    """Of overlapping candidates the longest, in the order in which they were found."""
    end = -1
    for one in sorted(found, key=lambda f: (f.start, -f.end, -f.confidence)):
        if one.start >= end:
            yield one
            end = one.end


@Language.factory(
    "caseline_examination",
    default_config={"lexicons": []},
    requires=["doc._.words", "doc._.abbreviations"],
    assigns=["doc.spans", "doc._.found"],
)
def create_examination_finder(nlp: Language, name: str, lexicons: list[str]) -> ExaminationFinder:
    """The finder of LAB_TEST, VITAL and IMAGING mentions."""
    return ExaminationFinder(lexicons=lexicons)
