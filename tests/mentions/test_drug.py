"""DRUG mentions: each line marks every drug that must be found, and nothing else may be."""

import re
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

import pipeline.structure  # noqa: F401  the extension attributes register on import
from pipeline.lexicon import Entry
from pipeline.mentions.drug import DrugFinder
from pipeline.mentions.drug_stems import Misspelled, Stems
from pipeline.structure.found import Found
from pipeline.structure.tokenizer import Tokenizer

MARK = re.compile(r"<([^<>]+)>")


@pytest.fixture(scope="module")
def finder() -> DrugFinder:
    return DrugFinder()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(spacy.blank("en").vocab)


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and where they were."""
    spans, plain, at = [], "", 0
    for mark in MARK.finditer(text):
        plain += text[at : mark.start()]
        spans.append((len(plain), len(plain) + len(mark[1])))
        plain += mark[1]
        at = mark.end()
    return plain + text[at:], spans


def one(found: list[Found]) -> Found:
    (only,) = found
    return only


NAMES = [
    "She received <rituximab> and <IVIG>.",
    "<Mycophenolate mofetil> and <cyclosporin A> were added.",
    "<MTX> was replaced by <PSL>; <5-FU> is <5-fluorouracil>.",
    "treated with <vancomycin> (day 1), then <linezolid>",
    "on <warfarin>, <digoxin>, <lithium> and <furosemide>",
    "Six cycles of <R-CHOP> and two of <FOLFIRINOX> were given.",
    "Adjuvant <CAPOX> (<capecitabine> and <oxaliplatin>) was begun.",
    "<Packed red blood cells> and <fresh frozen plasma> were transfused.",
    "She had been given an <influenza vaccine>.",
    "<normal saline> and <5% dextrose> were infused",
    "<colistin>, <phenacetin>, <quinacrine> and <diethylstilbestrol>",
    "<Aspirin>-induced asthma was suspected.",
]
CLASSES = [
    "under <beta-blockers>, <ACE inhibitors> and <loop diuretics>",
    "Broad-spectrum <antibiotics> were begun.",
    "<antibiotic therapy> and <antihypertensive agents> were continued",
    "<vasoactive drugs> were needed, later <inotropic agents>",
    "<anti-tuberculosis drugs> were begun, <anti-VEGF therapy> was not",
    "adjuvant <chemotherapy> with <gemcitabine>",
    "later <cyclooxygenase-2 inhibitors> or <tumor necrosis factor-alpha inhibitors>",
]
SPANS = [
    "<landiolol hydrochloride>, <enalapril maleate> and <prednisolone acetate>",
    "<methylprednisolone pulse therapy>, then <hydrocortisone replacement>",
    "<platinum-based chemotherapy>, <gemcitabine-based regimens> and <FOLFOX chemotherapy>",
    "<liposomal amphotericin B> 3 mg/kg",
    "<piperacillin/tazobactam> and <trimethoprim-sulfamethoxazole>",
    "<TAZ/PIPC> was changed to <L-AMB>.",
    "<valsartan/amlodipine> was stopped",
]
GUESSES = [
    "A new drug, <fictumab>, and then <novorotinib> were tried.",
    "started on <levetiracetm> and <cetuxmab>",
]
EVIDENCE = [
    "<albumin> 25 g was infused; albumin 2.6 g/dL",
    "<potassium> supplementation was begun at a potassium of 2.9 mmol/L",
    "She was put on <oxygen> via nasal cannula; oxygen saturation was 88%.",
    "Medications included <vitamin D>, <amlodipine> and <eprosartan>.",
    "Vitamin D was 8 ng/mL and calcium 9.2 mg/dL.",
    "treated with <insulin>; insulin resistance persisted",
    "<insulin> allergy and <interferon>-induced depression, but lead poisoning",
    "four cycles of <CHOP> were given, and <CHOP> was stopped",
]
HARM = [
    "Hypotension was caused by <oxytocin>.",
    "Lipodystrophy after <insulin> and a rash during <gold>.",
    "<Growth hormone> led to raised pressure, but growth hormone deficiency was ruled out.",
    "The <inactivated SARS-CoV-2 vaccine>, then <mRNA-1273 vaccine>, was given.",
    "Rash from <epidermal growth factor receptor inhibitors> and a <dipeptidyl peptidase-4 inhibitor>.",
    "<erythromycin lactobionate>, <benzathine penicillin G> and <PEG-interferon alfa-2a>",
    "<Iron dextran> test dose (25 mg) was fatal.",
    "three instillations of <BCG>",
]
NO_DRUGS = [
    "insulin resistance, vitamin D deficiency and iron deficiency anemia",
    "estrogen receptor and HER2 were negative",
    "Serum iron, ferritin, creatinine, glucose and bilirubin were normal.",
    "The lithium level and the digoxin concentration were in range.",
    "Sodium 137 mEq/L, potassium 4.1 mEq/L, calcium 9.2 mg/dL, cortisol 3 ug/dL",
    "methicillin-resistant Staphylococcus aureus grew",
    "The strain proved susceptible to ampicillin (MIC 0.25) and meropenem.",
    "His MP joints were swollen.",
    "a drug-induced, steroid-responsive, hormone-sensitive disease",
    "A glucose tolerance test and an ACTH stimulation test were done.",
    "The potassium channel gene was sequenced.",
    "Heparin-induced thrombocytopenia was ruled out.",
    "A drug-eluting stent was placed; FDG-PET and contrast-enhanced CT followed.",
    "Anti-inflammatory properties are claimed.",
    "PE was ruled out and the MAP was 65 mmHg.",
    "fluorescein angiography and Grocott methenamine silver stain",
    "His histidine and cholesterol were low, his palpitant heart was not.",
    "Biologic signs of hemolysis were absent; platelet-bound IgG was raised.",
    "Intravenous access was lost; the patient smiled at a picture of rice.",
]


@pytest.mark.parametrize("text", [*NAMES, *CLASSES, *SPANS, *GUESSES, *EVIDENCE, *HARM])
def test_found(finder: DrugFinder, tokenizer: Tokenizer, text: str) -> None:
    plain, spans = marked(text)
    assert sorted(f[:2] for f in finder.find(tokenizer(plain))) == spans


@pytest.mark.parametrize("text", NO_DRUGS)
def test_not_found(finder: DrugFinder, tokenizer: Tokenizer, text: str) -> None:
    assert [one for one in finder.find(tokenizer(text)) if one.label == "DRUG"] == []


@pytest.mark.parametrize(
    ("text", "name", "rule"),
    [
        ("RTX was given", "rituximab", "drug.lexicon"),
        ("IVCY was given", "cyclophosphamide", "drug.lexicon"),
        ("Rituxan was given", "rituximab", "drug.lexicon"),
        ("adrenaline was given", "epinephrine", "drug.lexicon"),
        ("levetiracetm was given", "levetiracetam", "drug.misspelled"),
        ("fictumab was given", "fictumab", "drug.stem"),
        ("valsartan/amlodipine was given", "valsartan/amlodipine", "drug.combination"),
        ("anti-VEGF agents were given", "anti-vegf agents", "drug.target"),
    ],
)
def test_name_and_rule(finder: DrugFinder, tokenizer: Tokenizer, text: str, name: str, rule: str) -> None:
    found = one(list(finder.find(tokenizer(text))))
    assert (found.label, found.name, found.rule) == ("DRUG", name, rule)


def test_codes(finder: DrugFinder, tokenizer: Tokenizer) -> None:
    brand = one(list(finder.find(tokenizer("on Rituxan"))))
    assert brand.codes == {"drugbank": "DB00073", "unii": "4F4X42SYQ6"}
    assert one(list(finder.find(tokenizer("steroids")))).codes is None


def test_tested_drugs_are_less_sure(finder: DrugFinder, tokenizer: Tokenizer) -> None:
    tested = one(list(finder.find(tokenizer("It was resistant to ampicillin."))))
    given = one(list(finder.find(tokenizer("She was given ampicillin."))))
    assert tested.confidence < 0.5 < given.confidence
    failed = one(list(finder.find(tokenizer("She was resistant to treatment with infliximab."))))
    assert failed.confidence == given.confidence


def short_form(doc: Doc, short: str, long: str) -> Doc:
    """The Doc with every place of ``short`` as a short form of the first ``long``."""
    at = doc.text.index(long)
    places = [m.span() for m in re.finditer(rf"\b{short}\b", doc.text)]
    doc._.abbreviations = [(*place, at, at + len(long)) for place in places]
    return doc


def test_short_form_that_the_text_defines(finder: DrugFinder, tokenizer: Tokenizer) -> None:
    doc = tokenizer("intravenous belimumab (IVB) was begun; the IVB level fell. After IVB she improved.")
    found = list(finder.find(short_form(doc, "IVB", "intravenous belimumab")))
    assert [(doc.text[f.start : f.end], f.name, f.rule) for f in found] == [
        ("belimumab", "belimumab", "drug.lexicon"),
        ("IVB", "belimumab", "drug.abbreviation"),
        ("IVB", "belimumab", "drug.abbreviation"),
    ]


def test_short_form_that_means_something_else(finder: DrugFinder, tokenizer: Tokenizer) -> None:
    doc = tokenizer("Cerebellopontine angle (MTX) tumor; the MTX grew.")
    assert list(finder.find(short_form(doc, "MTX", "Cerebellopontine angle"))) == []


def test_user_lexicon(tokenizer: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "label,term,name,flags\nDRUG,XQ-7,zorbixamine,exact\nDRUG,aspirin,ours,\n", encoding="utf-8"
    )
    found = list(DrugFinder([str(path)]).find(tokenizer("XQ-7 and aspirin, no xq-7")))
    assert [f.name for f in found] == ["zorbixamine", "ours"]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("cetixumab", None),
        ("cetuxmab", "cetuximab"),
        ("cetuxiimab", "cetuximab"),
        ("cetuxiamb", "cetuximab"),
        ("cetuximab", "cetuximab"),
        ("retuximab", None),
        ("cetirizine", None),
        ("cetuxemab", None),
    ],
)
def test_misspelled(word: str, name: str | None) -> None:
    assert Misspelled(["cetuximab"], ["cetuxemab"]).name(word) == name


def test_stems_ask_for_more_than_the_stem() -> None:
    stems = Stems(
        [Entry("mab", "antibody", frozenset(), "caseline"), Entry("oddmab", "", frozenset({"not"}), "")]
    )
    assert [stems.kind(w) for w in ("newmab", "mab", "amab", "oddmab")] == ["antibody", None, None, None]


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("The tacrolimus trough level was 8 ng/mL.", "tacrolimus trough level"),
        ("CsA concentration was 150 ng/mL.", "CsA concentration"),
    ],
)
def test_a_level_is_a_measurement(finder: DrugFinder, tokenizer: Tokenizer, text: str, test: str) -> None:
    found = list(finder.find(tokenizer(text)))
    assert [(one.label, text[one.start : one.end]) for one in found] == [("LAB_TEST", test)]


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("Dopamine was raised from 5 to 10 ug/kg/min.", "Dopamine"),
        ("Interleukin-2 at 600,000 IU/kg every 8 hours.", "Interleukin-2"),
        (
            "We introduced also an angiotensin-converting enzyme inhibitor.",
            "angiotensin-converting enzyme inhibitor",
        ),
        ("It was controlled with tyrosine kinase inhibitors.", "tyrosine kinase inhibitors"),
        ("Growth hormone may have been responsible.", "Growth hormone"),
    ],
)
def test_given_or_blamed(finder: DrugFinder, tokenizer: Tokenizer, text: str, drug: str) -> None:
    assert [text[one.start : one.end] for one in finder.find(tokenizer(text)) if one.label == "DRUG"] == [
        drug
    ]
