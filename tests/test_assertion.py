"""Assertion: what the text says of the words in angle brackets."""

import re
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

import pipeline.structure  # noqa: F401  (registers the factories)
from pipeline import lexicon
from pipeline.assertion import CATEGORIES, AssertionFinder, english, rules
from pipeline.structure.found import Found, add, candidates
from pipeline.structure.whose import whose

LABELS = {
    "d": "DRUG",
    "p": "PROCEDURE",
    "f": "FINDING",
    "x": "DIAGNOSIS",
    "t": "LAB_TEST",
    "v": "LAB_VALUE",
    "i": "IMAGING",
}
MARK = re.compile(r"<([a-z]) ([^<>]+)>")


@pytest.fixture(scope="module")
def nlp() -> Language:
    made = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "caseline.tokenizer.v1"}}})
    made.add_pipe("caseline_sentences")
    return made


@pytest.fixture(scope="module")
def finder() -> AssertionFinder:
    return AssertionFinder()


def read(nlp: Language, marked: str) -> Doc:
    """The Doc of a sentence with candidates where it is marked: "no <f fever>"."""
    found, text, at = [], "", 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        found.append(Found(len(text), len(text) + len(mark[2]), LABELS[mark[1]], "test"))
        text += mark[2]
        at = mark.end()
    return add(nlp(text + marked[at:]), found)


def decided(finder: AssertionFinder, doc: Doc) -> list[str]:
    fields = finder.find(doc)
    return [" ".join(sorted(fields.get(key, {}))) or "-" for key in (one.key for one in candidates(doc))]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "There was no <f fever>, <f cough>, or <f dyspnea>, but she had <f rash>.",
            "negated negated negated -",
        ),
        ("<d RTX> was not administered.", "negated"),
        ("He denied <f chest pain> and received <d aspirin>.", "negated -"),
        ("<x Embolism> was ruled out.", "negated"),
        ("In the absence of <f fever>, <d ceftriaxone> was started.", "negated -"),
        ("<t Anti-Ro52 antibody> could not be measured.", "negated"),
        ("<t CRP> was not <v elevated>.", "- -"),
        ("<t Blood culture> was negative.", "-"),
        ("There was no response to <d rituximab>.", "-"),
        ("<f Fever> resolved with <d prednisolone>.", "- -"),
        ("<i MRI> was not performed.", "negated"),
        ("She was allergic to <d penicillin>.", "negated"),
        ("The isolate was resistant to <d tetracycline> and <d clindamycin>.", "negated negated"),
        ("The disease was resistant to <d steroids>.", "-"),
        ("He refused <p surgery>.", "negated"),
        ("She was treated for <x suspected pneumonia> with <d ceftriaxone>.", "hypothetical -"),
        ("Suspected <x pneumonia> was treated with <d ceftriaxone>.", "hypothetical -"),
        ("<p Transplantation> was planned.", "hypothetical"),
        ("If <f fever> recurs, a scan follows.", "hypothetical"),
        (
            "The differential diagnosis included <x lymphoma> and <x sarcoidosis>.",
            "hypothetical hypothetical",
        ),
        ("She had a history of <x diabetes> and presented with <f fever>.", "historical -"),
        ("She had a 3-month history of <f cough>.", "-"),
        ("A previously healthy man had <f fever>.", "-"),
        ("His mother had <x asthma>.", "family"),
        ("There was a family history of <x asthma>; he had <f wheeze>.", "family -"),
        ("His mother reported that he had <f fever>.", "-"),
        ("A child with <f fever> received <d aspirin>.", "- -"),
        ("No <f fever>. <f Rash> was seen.", "negated -"),
        ("Packing did not control the <f bleeding>.", "-"),
        ("No <f fever> was noted, sputum culture showed <f mixed flora>.", "negated -"),
        ("No <f fever> was noted, chest CT showed no <f effusion>.", "negated negated"),
    ],
)
def test_assertion(nlp: Language, finder: AssertionFinder, marked: str, expected: str) -> None:
    assert " ".join(decided(finder, read(nlp, marked))) == expected


@pytest.mark.parametrize(
    ("kind", "sentences"),
    [
        ("case", [("She received rituximab.", True), ("Ito et al. reported another case.", False), ("She died.", True)]),
        ("discussion", [
            ("Rituximab is used in many patients.", False), ("Our patient received it early.", True),
            ("She then recovered.", True), ("Abe et al. treated a girl.", False), ("She died.", False),
            ("In our case, ECMO was needed.", True), ("ECMO is expensive.", False),
            ("This case suggests that ECMO is useful.", False),
        ]),
        ("introduction", [("Fever is common.", False), ("Here we report a 5-year-old boy with fever.", True)]),
        ("abstract", [
            ("Myositis is a rare disease.", False), ("A 5-year-old girl had a rash.", True),
            ("Rituximab was given on day 5.", True), ("Mortality of such patients is high.", False),
        ]),
        ("caption", [("Chest scan on admission.", True)]),
        ("abbreviations", [("RTX: Rituximab.", False)]),
    ],
)  # fmt: skip
def test_whose(kind: str, sentences: list[tuple[str, bool]]) -> None:
    text, spans = "", []
    for sentence, _ in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + " "
    assert whose(text, spans, [(0, len(text), kind)]) == [ours for _, ours in sentences]


def test_mentions_of_the_literature_are_not_the_patients(nlp: Language, finder: AssertionFinder) -> None:
    doc = read(nlp, "<d Rituximab> is used in many patients. Our patient received <d rituximab>.")
    doc._.sections = [(0, len(doc.text), "discussion")]
    assert decided(finder, doc) == ["patient", "-"]
    assert finder.find(doc)["DRUG:0:9"] == {"patient": False}


def test_rules_of_both_sources_are_there() -> None:
    found = {(rule.category, rule.literal, rule.direction) for rule in rules()}
    assert ("NEGATED_EXISTENCE", "no evidence of", "FORWARD") in found
    assert ("POSSIBLE_EXISTENCE", "worrisome for", "FORWARD") in found


def test_the_rules_read_from_the_file_are_those_that_medspacy_reads() -> None:
    from medspacy.context import ConTextRule, context_rule

    folder = Path(context_rule.__file__).parents[2] / "resources" / "en"
    theirs = ConTextRule.from_json(str(folder / "context_rules.json"))
    assert [(r.literal, r.category, r.direction, r.pattern) for r in theirs] == [
        (r["literal"], r["category"].upper(), r["direction"].upper(), r["pattern"]) for r in english()
    ]
    assert all(r.max_scope is r.allowed_types is r.excluded_types is r.max_targets is None for r in theirs)


def test_the_lexicon_is_well_formed() -> None:
    entries = lexicon.load("assertion")
    terms = [entry.term.casefold() for entry in entries]
    assert terms == sorted(set(terms))
    form = re.compile(r"(?:(?:forward|backward) \d+(?: (?:event|condition|drug))?|terminate|pseudo)(?:; |$)")
    for entry in entries:
        assert entry.columns
        assert set(entry.columns) <= set(CATEGORIES)
        for cell in entry.columns.values():
            assert form.sub("", cell) == ""


def test_sections_of_the_lexicon_are_kinds() -> None:
    kinds = {
        "title",
        "abstract",
        "introduction",
        "case",
        "discussion",
        "conclusion",
        "references",
        "abbreviations",
        "back_matter",
    }
    entries = lexicon.load("section")
    assert {entry.name for entry in entries} <= kinds
    assert [e.term.casefold() for e in entries] == sorted({e.term.casefold() for e in entries})
