"""PROCEDURE: names, stems, participles, ambiguous words, short forms, and the full name."""

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.mentions.procedure import ProcedureFinder
from pipeline.structure.found import Found, register
from pipeline.structure.tokenizer import Tokenizer

register()
TOKENIZER = Tokenizer(Vocab())
FINDER = ProcedureFinder()


def found(text: str, *short: tuple[str, str]) -> list[Found]:
    doc: Doc = TOKENIZER(text)
    doc._.abbreviations = [
        (at, at + len(form), text.index(long), text.index(long) + len(long))
        for form, long in short
        for at in range(len(text))
        if text.startswith(form, at)
    ]
    return list(FINDER.find(doc))


def marked(text: str) -> list[str]:
    return [text[one.start : one.end] for one in found(text)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("He underwent laparoscopic cholecystectomy.", ["cholecystectomy"]),
        ("A right hemicolectomy was done.", ["hemicolectomy"]),
        ("Salpingo-oophorectomy followed.", ["Salpingo-oophorectomy"]),
        ("Open reduction and internal fixation was performed.", ["Open reduction and internal fixation"]),
        ("VV-ECMO was started and hemodialysis continued.", ["VV-ECMO", "hemodialysis"]),
        ("Mechanical ventilation was needed.", ["Mechanical ventilation"]),
        ("He received non-invasive ventilation.", ["non-invasive ventilation"]),
        ("She was intubated and later extubated.", ["intubated", "extubated"]),
        ("The tumour was totally removed.", ["totally removed"]),
        ("The mass was surgically excised.", ["surgically excised"]),
        ("Coronary artery bypass grafting was planned.", ["Coronary artery bypass grafting"]),
        ("Total hip replacement was done.", ["Total hip replacement"]),
        ("He underwent surgery.", ["surgery"]),
        ("A tracheotomy and an arthrodesis were done.", ["tracheotomy", "arthrodesis"]),
        ("Haemofiltration was begun.", ["Haemofiltration"]),
        ("The abscess was drained.", ["drained"]),
        ("The fracture was fixed with plates.", ["fixed"]),
        ("Her arm was immobilized.", ["immobilized"]),
    ],
)
def test_spans(text: str, spans: list[str]) -> None:
    assert marked(text) == spans


@pytest.mark.parametrize(
    "text",
    [
        "He was seen in the surgery clinic.",
        "The resected specimen was sent to the laboratory.",
        "Steroid and radiation-induced changes were seen.",
        "Aspiration pneumonia was treated.",
        "The anatomy was normal.",
        "Gene extraction kit.",
        "There was a right-to-left shunt.",
        "Post-transplantation values were normal.",
        "There were signs of cardiac tamponade.",
        "He denied exposure to chemicals.",
        "She used a wheelchair.",
        "He was drained and tired.",
        "His gaze was fixed on the wall.",
        "The PE was massive.",
        "The reduction of the dose helped the disease.",
    ],
)
def test_nothing(text: str) -> None:
    assert marked(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Laparoscopic resection of the right ovarian cyst was done.",
            "laparoscopic resection of the right ovarian cyst",
        ),
        ("He was intubated.", "intubation"),
        ("CRRT was started.", "continuous renal replacement therapy"),
        ("The patient was dialysed.", "dialysis"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert [one.name for one in found(text)] == [name]


def test_a_short_form_means_what_the_text_defines() -> None:
    text = "Plasma exchange (PE) was started; PE was repeated."
    spans = [(one.start, one.end) for one in found(text, ("PE", "Plasma exchange"))]
    assert [text[a:b] for a, b in spans] == ["Plasma exchange", "PE", "PE"]
    text = "Pulmonary embolism (PE) was found; PE was treated."
    assert found(text, ("PE", "Pulmonary embolism")) == []
