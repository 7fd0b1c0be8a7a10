"""DIAGNOSIS and FINDING: names, heads, stems, growth to modifiers and sites."""

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.mentions.condition import ConditionFinder
from pipeline.structure.found import Found, register
from pipeline.structure.tokenizer import Tokenizer

register()
TOKENIZER = Tokenizer(Vocab())
FINDER = ConditionFinder()


def found(text: str, short: tuple[str, str] | None = None) -> list[Found]:
    doc: Doc = TOKENIZER(text)
    if short:
        form, long = short
        at, to = text.index(form), text.index(long)
        doc._.abbreviations = [(at, at + len(form), to, to + len(long))]
    return list(FINDER.find(doc))


def marked(text: str, label: str) -> list[str]:
    return [text[one.start : one.end] for one in found(text) if one.label == label]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("She had acute pancreatitis.", ["acute pancreatitis"]),
        ("He suffered from Guillain-Barre syndrome.", ["Guillain-Barre syndrome"]),
        (
            "A metastatic adenocarcinoma of the left lung was found.",
            ["metastatic adenocarcinoma of the left lung"],
        ),
        ("Chronic kidney disease was known.", ["Chronic kidney disease"]),
        ("Juvenile dermatomyositis was diagnosed.", ["Juvenile dermatomyositis"]),
        ("A diagnosis of AKI was made.", ["AKI"]),
        ("She was treated for hypertension and asthma.", ["hypertension", "asthma"]),
        ("Bilateral femoral fracture was seen.", ["Bilateral femoral fracture"]),
        ("Ulcerative colitis was known.", ["Ulcerative colitis"]),
    ],
)
def test_diagnoses(text: str, spans: list[str]) -> None:
    assert marked(text, "DIAGNOSIS") == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("He had severe dyspnoea and dry cough.", ["severe dyspnoea", "dry cough"]),
        ("Low-grade fever was noted.", ["Low-grade fever"]),
        ("Bilateral crackles were heard.", ["Bilateral crackles"]),
        (
            "Gradual numbness of the left distal forearm developed.",
            ["Gradual numbness of the left distal forearm"],
        ),
        ("He complained of pain in the left shoulder.", ["pain in the left shoulder"]),
        ("CT showed enlarged lymph nodes.", ["enlarged lymph nodes"]),
        ("There was loss of appetite.", ["loss of appetite"]),
        ("She had difficulty walking.", ["difficulty walking"]),
        ("Marked thrombocytopenia and hepatomegaly were seen.", ["Marked thrombocytopenia", "hepatomegaly"]),
        ("He vomited twice.", ["vomited"]),
        ("Diffuse ground-glass opacities were seen.", ["Diffuse ground-glass opacities"]),
    ],
)
def test_findings(text: str, spans: list[str]) -> None:
    assert marked(text, "FINDING") == spans


@pytest.mark.parametrize(
    "text",
    [
        "The diagnosis was made.",
        "The disease was discussed.",
        "The prognosis is good.",
        "Stroke volume rose.",
        "He was taken to the emergency department.",
        "The polymerase chain reaction was positive.",
        "Informed consent was obtained.",
    ],
)
def test_nothing(text: str) -> None:
    assert found(text) == []


def test_a_diagnosis_carries_its_code() -> None:
    (one,) = found("Myasthenia gravis was found.")
    assert one.codes is not None
    assert one.codes["icd10cm"].startswith("G70")


def test_a_short_form_means_what_the_text_defines() -> None:
    text = "Rapidly progressive interstitial lung disease (XYZ) was found."
    names = [one.name for one in found(text, ("XYZ", "interstitial lung disease"))]
    assert len(names) == 2
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("The jugular veins were markedly dilated.", ["jugular veins were markedly dilated"]),
        ("The left renal artery was found to be occluded.", ["left renal artery was found to be occluded"]),
        ("Both knees were red and swollen.", ["Both knees were red and swollen"]),
        ("The lungs were clear.", ["lungs were clear"]),
        ("She looked clammy.", ["clammy"]),
        ("The spleen was not enlarged.", []),
        ("A swollen right optic disc was seen.", ["swollen right optic disc"]),
        ("These levels were clear.", []),
        ("The patient was involved.", []),
    ],
)
def test_a_state_told_by_a_verb(text: str, spans: list[str]) -> None:
    assert marked(text, "FINDING") == spans


def test_a_state_is_named_before_its_subject() -> None:
    assert [one.name for one in found("The left adrenal gland was atrophic.")] == [
        "atrophic left adrenal gland"
    ]
