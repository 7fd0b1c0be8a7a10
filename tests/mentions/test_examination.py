"""LAB_TEST, VITAL and IMAGING: marked sentences in, the same marks out."""

import re
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

import pipeline.structure  # noqa: F401  (registers the extensions)
from pipeline import lexicon
from pipeline.mentions.examination import ExaminationFinder
from pipeline.structure.found import Found
from pipeline.structure.terms import key
from pipeline.structure.tokenizer import Tokenizer

MARK = re.compile(r"<(.*?)>")
FINDER = ExaminationFinder()
TOKENIZE = Tokenizer(spacy.blank("en").vocab)


def find(text: str) -> tuple[Doc, list[Found]]:
    doc = TOKENIZE(text)
    return doc, list(FINDER.find(doc))


@pytest.mark.parametrize(
    "marked",
    [
        # analytes and tests; specimen and "level" stay outside
        "Serum <creatinine> level was 1.2 mg/dL.",
        "<Urine protein> was 3,200 mg/g creatinine.",
        "<AST> 85 IU/L, <ALT> 60 IU/L and <total bilirubin> 2.3 mg/dL.",
        "The <white blood cell count> was 12.1 x 10^9/L with 80% <neutrophils>.",
        "<WBC> 4,500/uL, <Hb> 9.1 g/dL, <Plt> 120 x 10^9/L",
        "<KL-6> rose to 1,200 U/mL while <CRP> fell.",
        "<Blood cultures> were sterile and <urinalysis> was normal.",
        "The tumor was positive for <CD20>, <vimentin> and <HMB-45> but negative for <desmin>.",
        "with a <Ki-67 index> of 40%",
        "<Lisbon frailty score> was 3.",
        "The yeast was <urease>-positive.",
        "<Urinalysis> showed 3+ <protein>.",
        "<Glucose> in the urine was 35 mg/dL.",
        "<Speech> was normal but <gait> was unsteady.",
        "<FVC> was 62% and <DLCO> 40% of predicted.",
        "<Hemoglobin A1c> was 9.1%.",
        "The <C- reactive protein> was 38 mg/L.",
        "<tacrolimus trough level> of 9 ng/mL",
        "His <Glasgow Coma Scale> was 8 and the <SOFA score> was 11.",
        "<LVEF> was 30% with <TAPSE> of 12 mm",
        "<Visual acuity> was 20/40 and <intraocular pressure> 14 mmHg.",
        "<AST>/<ALT> 120/88 U/L",
        # antibodies as a family
        "<Anti-XYZ7 antibody> was detected.",
        "<anti-foobarin (FB) antibodies> were negative",
        "<anti-MDA5 antibody> was positive",
        # vital signs, ventilator
        "<Blood pressure> was 120/80 mmHg, <heart rate> 96 beats/min and <SpO2> 91%.",
        "with <PEEP> of 12 cmH2O and <FiO2> 0.6",
        "The <PaO2/FiO2 ratio> was 80.",
        "<Apgar scores> were 3 and 7.",
        "Her <weight> was 54 kg and <BMI> 21 kg/m2.",
        # imaging and other examinations; place, access and "scan" stay outside
        "Chest <CT> showed a nodule.",
        "An abdominal <computed tomography> scan revealed a mass.",
        "Contrast-enhanced <CT> of the chest was normal.",
        "A skin <biopsy> was taken.",
        "Transthoracic <echocardiography> showed an effusion.",
        "Fiberoptic <bronchoscopy> was performed.",
        "On <examination> he was pale.",
        "<Physical examination> was unremarkable.",
        "A <dermatological examination> was done.",
        "Brain <MRI> with <FLAIR images>",
    ],
)
def test_marks(marked: str) -> None:
    text = MARK.sub(r"\1", marked)
    doc, found = find(text)
    assert [text[one.start : one.end] for one in found] == MARK.findall(marked)
    assert doc.text == text


@pytest.mark.parametrize(
    "text",
    [
        "Oral potassium and intravenous magnesium were started.",
        "He received calcium channel blockers and sodium bicarbonate.",
        "She was treated with insulin and zinc supplementation.",
        "A history of zinc deficiency and weight loss.",
        "Low molecular weight heparin was continued.",
        "He had ants in a map on the second rate.",
        "An ACL tear was repaired.",
        "The iron gate fell.",
        "The tumor was removed under the care of the family.",
        "Anti-TNF antibody therapy and anti-CD20 monoclonal antibody were given.",
        "CT-guided drainage",
        "Pulse therapy with steroids was given.",
        "A cT3N1 tumor",
        "extracorporeal membrane oxygenation",
    ],
)
def test_leaves_alone(text: str) -> None:
    _, found = find(text)
    assert [text[one.start : one.end] for one in found] == []


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("AST was 85 IU/L", "LAB_TEST", "aspartate aminotransferase"),
        ("SGPT was 85 IU/L", "LAB_TEST", "alanine aminotransferase"),
        ("leukocyte count of 2,000/mm3", "LAB_TEST", "white blood cell count"),
        ("KL-6 was high", "LAB_TEST", "KL-6"),
        ("CK 310 IU/L was found", "LAB_TEST", "creatine kinase"),
        ("tumor cells positive for CK", "LAB_TEST", "cytokeratin"),
        ("tumor cells positive for CK 7", "LAB_TEST", "cytokeratin 7"),
        ("SpO2 of 91%", "VITAL", "oxygen saturation"),
        ("FiO2 of 0.4", "VITAL", "fraction of inspired oxygen"),
        ("temperature was 39 °C", "VITAL", "body temperature"),
        ("EF of 35%", "LAB_TEST", "left ventricular ejection fraction"),
        ("chest CT", "IMAGING", "chest computed tomography"),
        (
            "A CT scan of the abdomen and pelvis was done",
            "IMAGING",
            "abdominal and pelvic computed tomography",
        ),
        ("MRI of the brain", "IMAGING", "brain magnetic resonance imaging"),
        ("MAP of 18 cmH2O", "VITAL", "mean airway pressure"),
        ("MAP was 65 mmHg", "VITAL", "mean arterial pressure"),
        ("neurological examination was normal", "IMAGING", "neurological examination"),
        ("EGD was performed", "IMAGING", "esophagogastroduodenoscopy"),
        ("CA19-9 was 300 U/mL", "LAB_TEST", "carbohydrate antigen 19-9"),
        ("anti-MDA5 antibodies were found", "LAB_TEST", "anti-MDA5 antibody"),
        ("voriconazole trough level of 2", "LAB_TEST", "voriconazole trough level"),
    ],
)
def test_names(text: str, label: str, name: str) -> None:
    _, [one] = find(text)
    assert (one.label, one.name) == (label, name)


def test_code_and_rule() -> None:
    _, [one] = find("hemoglobin was 9 g/dL")
    assert one.codes == {"loinc": "718-7"}
    assert one.rule == "lab_test.lexicon"


def test_code_stands_for_all_synonyms_of_a_name() -> None:
    _, [one] = find("SGPT was 85 IU/L")
    assert one.codes == {"loinc": "1742-6"}


def test_short_form_of_a_name() -> None:
    text = "tumor necrosis factor alpha level (TNQ) was 8. TNQ fell."
    doc = TOKENIZE(text.replace("tumor necrosis factor alpha level", "erythrocyte sedimentation rate"))
    at = doc.text.index("TNQ")
    doc._.abbreviations = [(at, at + 3, 0, 30)]
    found = [one for one in FINDER.find(doc) if one.rule.endswith("abbreviation")]
    assert [(one.start, one.name) for one in found] == [(at, "erythrocyte sedimentation rate")]


def test_user_lexicon(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("term,name,label\nfoobarin,foobarin index,LAB_TEST\n", encoding="utf-8")
    finder = ExaminationFinder(lexicons=[str(path)])
    [one] = finder.find(TOKENIZE("foobarin was 7"))
    assert (one.label, one.name) == ("LAB_TEST", "foobarin index")


@pytest.mark.parametrize("name", ["lab", "vital", "imaging"])
def test_lexicon_is_sorted_and_unambiguous(name: str) -> None:
    terms = [entry.term for entry in lexicon.load(name)]
    assert terms == sorted(terms, key=lambda term: (term.casefold(), term))
    assert all(term == term.strip() and "  " not in term for term in terms)
    folded = [key(entry.term) for entry in lexicon.load(name) if "exact" not in entry.flags]
    assert len(folded) == len(set(folded))
