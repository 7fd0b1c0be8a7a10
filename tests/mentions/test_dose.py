"""Doses: ``<...>`` marks what must be found, all of it and nothing else."""

from __future__ import annotations

import re

import pytest
from spacy.vocab import Vocab

from pipeline.mentions.dose import DoseFinder
from pipeline.structure.found import Found
from pipeline.structure.tokenizer import Tokenizer

TOKENIZER = Tokenizer(Vocab())
FINDER = DoseFinder()
ENOUGH = 0.5


def find(text: str) -> list[Found]:
    found = [one for one in FINDER.find(TOKENIZER(text)) if one.label == "DOSE" and one.confidence >= ENOUGH]
    return sorted(found, key=lambda one: one.start)


def marked(text: str) -> str:
    for one in reversed(find(text)):
        text = f"{text[: one.start]}<{text[one.start : one.end]}>{text[one.end :]}"
    return text


@pytest.mark.parametrize(
    "expected",
    [
        "rituximab <375 mg/m2> was given",
        "rituximab <375 mg/m 2> weekly",
        "prednisolone (PSL; <1 mg/kg/day>)",
        "methylprednisolone <30 mg/kg per day> for 3 days",
        "norepinephrine <0.4ug/kg/min>",
        "aspirin <81 mg> per day",
        "aspirin <81 mg> daily",
        "carboplatin <AUC 5> on day 1",
        "interleukin-2 <18 x 10(6) IU/m2/d>",
        "fentanyl <75 microg/h> by patch",
        "after the second dose of the vaccine",
        "ANA 1:1000 was found",
        "The AUC 5 h after vancomycin",
        "furosemide <250 mg/d>",
        "levothyroxine <75 ug> orally",
        "<250 to 500 mg> of vancomycin",
        "<2 x 1000 mg> of rituximab",
        "terbutaline <0.25 mg> s.c. x 3",
        "The level was 38 mg/L on <300 mg/d>",
        "clozapine in doses ranging from <50 to 400 mg> per day",
        "ranibizumab <0.5 mg/0.05 mL> was injected",
        "co-trimoxazole <160 mg/800 mg> twice daily",
        "adrenaline <1:100,000> with articaine",
        "epinephrine 0.3 mL of <1:1000>",
        "haloperidol at <2.5>, <5> and <10 mg>",
        "<ten times the recommended dose> of morphine",
        "took <half the dose> of clobazam",
        "<five hundred milligrams> of levetiracetam",
        "<twenty-five micrograms> of fentanyl",
        "<a quarter of the usual dose> of lamotrigine",
        "jaundice after <two bottles> of a syrup",
        "quetiapine was reduced from <600> to <300 mg> at night",
        "mitomycin <10 mg> led to hemolytic anemia",
        "<60%> nitrous oxide",
        "a rash after <two doses> of ceftriaxone",
        "<two double-strength tablets> of co-trimoxazole",
        "<3 x 250 mg/day> of phenytoin",
        "was raised from <10> to <20 mg>",
        "a total dose of <66 Gy in 28 fractions>",
        "irradiated with <42 Gy/14 fractions>",
        "a dose of <5,900 cGy>",
        "cisplatin <75 mg/m2 d1, d8>",
        "<24 million units> of penicillin G",
        "a bolus of <5000 units> of heparin",
        "<2 units> of packed red blood cells",
        "she received <two units> of fresh frozen plasma",
        "<2 tablets> daily",
        "three <20 mg> capsules",
        "<4 puffs> of albuterol",
        "oxygen at <8 L/min> by mask",
        "<2 L/min> via nasal cannula",
        "nitric oxide at <5.0 ppm>",
        "<0.9%> saline",
        "infused <500 mL> of saline",
        "she received <500 mL> of blood",
        "<3 boluses/month>",
        "<high-dose> methotrexate",
        "a <single dose> of cefazolin",
        "<tapering doses> of prednisone",
        "<low dose> aspirin",
        "<4 cycles> of chemotherapy",
        "received <two courses> of cladribine",
        "<three infusions> of infliximab",
        "<6 additional cycles> of FOLFOX",
        "a <prolonged course> of doxycycline",
        "<multiple rounds> of antibiotics",
        "a maintenance dose of <5 mg> daily",
        "<low dose> (<100 mg>) of erlotinib",
    ],
)
def test_doses(expected: str) -> None:
    assert marked(re.sub("[<>]", "", expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "creatinine was 1.4 mg/dL",
        "bilirubin 37 mg/L and CRP 4 mg/dL",
        "glucose of 5.4 mmol/L",
        "AST 45 U/L and ALT 60 IU/L",
        "her weight was 62 kg and BMI 22 kg/m2",
        "a birth weight of 3200 g",
        "a mass of 5 x 4 cm",
        "an estimated blood loss of 800 mL",
        "350 mL of serous fluid was drained",
        "coughed up 500 mL of fresh blood",
        "50 ng of genomic DNA",
        "FEV1 of 2.25 L",
        "GFR 55 mL/min/1.73 m2",
        "cardiac index 2.1 L/min/m2",
        "blood pressure of 120/80 mmHg",
        "SpO2 was 94% on room air",
        "ejection fraction of 55%",
        "56 units/L",
        "smoked 2 packs per day",
        "low-dose CT of the chest",
        "after two menstrual cycles",
        "the clinical course was short",
        "a serum level of 20 ug",
        "the patient was 45 years old",
        "the values were 561 and 557 u in the eyes",
    ],
)
def test_other_quantities_are_no_doses(text: str) -> None:
    assert marked(text) == text


@pytest.mark.parametrize(
    ("text", "value", "high", "unit"),
    [
        ("375 mg/m2 of rituximab", 375, None, "mg/m2"),
        ("1 mg/kg/day of prednisolone", 1, None, "mg/kg/d"),
        ("4 mg/day of prednisolone", 4, None, "mg/d"),
        ("10 mg per day of enalapril", 10, None, "mg"),
        ("20-40 mg of furosemide", 20, 40, "mg"),
        ("2 x 1000 mg of rituximab", 1000, None, "mg"),
        ("3 x 250 mg/day of phenytoin", 250, None, "mg"),
        ("24 million units of penicillin", 24e6, None, "U"),
        ("1,5 g twice daily", 1.5, None, "g"),
        ("2 g/kg/dose of immunoglobulin", 2, None, "g/kg"),
        ("high-dose cytarabine", None, None, None),
        ("four courses of cytarabine", 4, None, None),
        ("800/160 mg twice daily", 800, None, "mg"),
        ("reduced by 15 mg every month", None, None, None),
    ],
)
def test_values(text: str, value: float | None, high: float | None, unit: str | None) -> None:
    (one,) = find(text)
    assert one.value is not None
    assert (one.value["value"], one.value["value_high"], one.value["unit"]) == (value, high, unit)


def test_a_rate_in_words_is_a_frequency_of_its_own() -> None:
    text = "aspirin 81 mg per day"
    (rate,) = [one for one in FINDER.find(TOKENIZER(text)) if one.label == "FREQUENCY"]
    assert rate.value is not None
    assert (text[rate.start : rate.end], rate.value["low"]) == ("per day", 1.0)


def test_a_dose_of_doses_only_is_surer_than_one_that_may_be_a_volume() -> None:
    (sure,) = find("bevacizumab 15 mg/kg")
    (doubtful,) = [one for one in FINDER.find(TOKENIZER("there was 40 mL left"))]
    assert doubtful.confidence < ENOUGH < sure.confidence
    assert sure.rule == "dose.per_weight"
