"""LAB_VALUE and REFERENCE_RANGE: spans and normalised values, on sentences of our own."""

from __future__ import annotations

import re
from typing import Any

import pytest
import spacy

import caseline
from pipeline.mentions.support import ENOUGH
from pipeline.mentions.value import ValueFinder
from pipeline.mentions.value_number import numbers
from pipeline.schema import Quantity
from pipeline.structure.found import Found
from pipeline.structure.tokenizer import Tokenizer
from pipeline.units import amounts

TOKENIZE = Tokenizer(spacy.blank("en").vocab)
FINDER = ValueFinder()
MARK = re.compile(r"<<(.+?)>>")


def find(text: str) -> list[Found]:
    found = sorted(FINDER.find(TOKENIZE(text)), key=lambda one: one[:3])
    for one in found:
        assert one.value is not None
        Quantity(**one.value)
    return found


def marked(example: str) -> tuple[str, list[str]]:
    """The text of an example and its marked parts."""
    return MARK.sub(r"\1", example), MARK.findall(example)


def one_of(text: str, part: str) -> dict[str, Any]:
    """The value of the candidate with just these characters."""
    found = [one for one in find(text) if text[one.start : one.end] == part]
    assert [text[one.start : one.end] for one in found] == [part], [
        text[one.start : one.end] for one in find(text)
    ]
    return {
        key: value for key, value in (found[0].value or {}).items() if value is not None and key != "text"
    }


NUMBERS = [
    "Bilirubin was <<14.2 mg/dL>> and the platelets were <<92 x 10^9/L>>.",
    "The count was <<92 x 109/L>>, later <<0.4x105 per mL>>, then <<2.1 x 1012/L>>.",
    "Leukocytes were <<14 500 cells/mm3>>, ferritin <<>7,500 ng/mL>>.",
    "Saturation was <<86%-96%>> and the pulse <<110 beats/min>>.",
    "The rate was <<between 40 and 55 beats per min>>.",
    "Calcium lay at <<8.1-8.4 mg/dL>>.",
    "Creatinine fell from <<512>> to <<104 umol/L>>.",
    "Lactate fell from <<8>> to <<5>> to <<2 mmol/L>>.",
    "Amylase and lipase were <<412>> and <<977 U/L>>, respectively.",
    "The fluid held <<72% neutrophils>> and <<11% lymphocytes>>.",
    "Troponin was <<less than 0.01 ng/mL>>.",
    "Temperature was <<38.4 °C>>; respiratory rate <<28 breaths/min>>.",
    "A titre of <<1:640>> was measured.",
    "Calprotectin was <<1,250 ug/g>>.",
    "ALT was <<more than 5 times the upper limit of normal>>, AST <<3x ULN>>.",
    "Blood pressure was <<88/52 mmHg>>.",
    "Her blood pressure rose to <<178/96>>.",
    "The blood pressure was <<82 over 44>>, later <<104 over 60 mmHg>>.",
    "Visual acuity was <<6/18>> in the left eye.",
    "He was in <<NYHA class III>>.",
    "The tumor was <<pT3 N0>> and of <<stage IIB>>.",
    "Birth length was at the <<10th percentile>>.",
    "There were <<3 mitoses per 10 high-power fields>>.",
    "Urine protein was <<(2+)>>.".replace("<<(2+)>>", "(<<2+>>)"),
]


@pytest.mark.parametrize("example", NUMBERS)
def test_numbers_keep_comparator_range_and_unit(example: str) -> None:
    text, parts = marked(example)
    assert [text[one.start : one.end] for one in find(text) if one.rule.count(".") == 1] == parts


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("pressure 120/80 mmHg", "120/80 mmHg", {"value": 120, "value_high": 80, "unit": "mm[Hg]"}),
        ("temperature 38.5 °C", "38.5 °C", {"value": 38.5, "unit": "Cel"}),
        ("platelets 15.8 x 109/L", "15.8 x 109/L", {"value": 15.8, "unit": "10*9/L"}),
        ("count 12 000 cells/mm3", "12 000 cells/mm3", {"value": 12000, "unit": "/mm3"}),
        ("CRP >7.5 mg/L", ">7.5 mg/L", {"value": 7.5, "unit": "mg/L", "comparator": ">"}),
        ("saturation 86%-96%", "86%-96%", {"value": 86, "value_high": 96, "unit": "%"}),
        ("base excess -5.1 mmol/L", "-5.1 mmol/L", {"value": -5.1, "unit": "mmol/L"}),
        (
            "magnesium was elevated at 3.9 mg/dL",
            "3.9 mg/dL",
            {"value": 3.9, "unit": "mg/dL", "interpretation": "high"},
        ),
        (
            "a low platelet count of 44,000/mm3",
            "44,000/mm3",
            {"value": 44000, "unit": "/mm3", "interpretation": "low"},
        ),
        ("glucose was 139 and 152 mg/dL", "139", {"value": 139, "unit": "mg/dL"}),
        ("protein (3+)", "3+", {"value": 3, "unit": "+", "interpretation": "positive"}),
        ("a titre of 1:1,280", "1:1,280", {"value": 1280, "unit": "titer"}),
        ("we saw 4/50 HPF", "4/50 HPF", {"value": 4, "unit": "/(50.[HPF])"}),
        (
            "IgG 12 in an index of >1,270 indexes",
            ">1,270 indexes",
            {"value": 1270, "unit": "index", "comparator": ">"},
        ),
        ("temperature 35.1 degrees Celsius", "35.1 degrees Celsius", {"value": 35.1, "unit": "Cel"}),
        ("cultures were negative", "negative", {"interpretation": "negative"}),
        ("enzymes were within normal limits", "within normal limits", {"interpretation": "normal"}),
        ("CRP was not elevated", "not elevated", {"interpretation": "normal"}),
    ],
)
def test_a_value_is_normalised(text: str, part: str, value: dict[str, Any]) -> None:
    assert one_of(text, part) == value


@pytest.mark.parametrize(
    ("example", "value"),
    [
        ("KL-6 1,200 U/mL (<<normal: 105-435>>)", {"value": 105, "value_high": 435}),
        (
            "AFP 32 ng/mL (<<normal range: 0-15 ng/mL>>)",
            {"value": 0, "value_high": 15, "unit": "ng/mL"},
        ),
        ("IgE 950 (<<reference <500>>) U/mL", {"value": 500, "comparator": "<"}),
        ("PTH 286 pg/mL (<<nl 15-65>>)", {"value": 15, "value_high": 65}),
        ("ALT 88 U/L (<<normal value < 35 U/L>>)", {"value": 35, "unit": "U/L", "comparator": "<"}),
        ("Calcium 2.9 mmol/L [<<2.1-2.6>>]", {"value": 2.1, "value_high": 2.6}),
        ("CK 900 U/L (<<NR 0-170>>)", {"value": 0, "value_high": 170}),
        ("Hemoglobin 86 g/L (<<Normal: 135-175 g/L>>)", {"value": 135, "value_high": 175, "unit": "g/L"}),
        ("Urea (Ur) 9 (<<3.3-7.6 mmol/L>>)", {"value": 3.3, "value_high": 7.6, "unit": "mmol/L"}),
        ("PO2 71 (<<83-108 mmHg>>)", {"value": 83, "value_high": 108, "unit": "mm[Hg]"}),
    ],
)
def test_a_reference_range_is_told_from_a_result(example: str, value: dict[str, Any]) -> None:
    text, parts = marked(example)
    ranges = [one for one in find(text) if one.label == "REFERENCE_RANGE"]
    assert [text[one.start : one.end] for one in ranges] == parts
    got = {key: held for key, held in (ranges[0].value or {}).items() if held is not None and key != "text"}
    assert got == value


def test_a_unit_behind_the_bracket_belongs_to_the_result() -> None:
    assert one_of("IgE was 2,180 (normal: <300) U/mL", "2,180") == {"value": 2180, "unit": "U/mL"}
    assert one_of("Potassium (K) 6 (3.5-5.1 mmol/L)", "6") == {"value": 6, "unit": "mmol/L"}


@pytest.mark.parametrize(
    "text",
    [
        "He received 375 mg/m2 of rituximab.",
        "He was 48 years old.",
        "It lasted 3 days.",
        "It is seen in Figure 2 and Table 3.",
        "This was reported before [12].",
        "He smoked 20 cigarettes for 30 pack-years.",
        "A lesion of 3 x 4 cm was resected.",
        "Normal 3 days later.",
        "It happened in June 2007.",
        "On day 24 he left.",
        "The patients (n = 5) recovered.",
        "She was given 2 mg/kg.",
        "It is seen in 28% of children with the disease.",
        "The mortality is as high as 40%.",
        "The strain was serotype 23F.",
        "It was reported often (3,6,8,9).",
        "It was rich in neutrophils (15-19).",
        "The dose was then reduced by 25%.",
        "It was reported after death [3, 4].",
        "A 2D echo was done.",
        "No tumor was left (1 G, H).",
        "Nitric oxide was inhaled at 20 ppm.",
    ],
)
def test_other_numbers_are_no_results(text: str) -> None:
    sure = [one for one in numbers(text, amounts(text)) if one.confidence >= ENOUGH]
    assert sure == []
    assert not [one for one in find(text) if one.label == "REFERENCE_RANGE"]


@pytest.mark.parametrize(
    ("text", "part", "rule"),
    [
        ("The liver enzymes were normal.", "normal", "value.norm.said"),
        ("Elevated creatinine was found.", "Elevated", "value.level.before"),
        ("An improvement in FVC followed.", "improvement", "value.trend.change"),
        ("The cultures were positive.", "positive", "value.polarity.said"),
        ("Staining, positive for CD34, was weak.", "positive", "value.polarity.for"),
        ("The course was uneventful.", "uneventful", "value.course.said"),
    ],
)
def test_the_place_of_a_word_names_its_rule(text: str, part: str, rule: str) -> None:
    assert [one.rule for one in find(text) if text[one.start : one.end] == part] == [rule]


@pytest.mark.parametrize("text", ["gram-negative rods", "low molecular weight heparin", "high-resolution CT"])
def test_a_name_that_holds_a_result_word_is_none(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a leukocyte count of 14 x 10^9/L with 81% neutrophils", "81% neutrophils"),
        ("Macular thickness of the right and left eyes was 512 and 530 um", "530 um"),
        ("FVC was 1.9 L (58% of predicted) and 2.4 L (71% of predicted)", "2.4 L"),
        ("weight loss of 15 lbs", "15 lbs"),
    ],
)
def test_a_number_is_borne_out_by_its_neighbours(text: str, value: str) -> None:
    assert value in [one.text for one in caseline.read_text(text).mentions if one.label == "LAB_VALUE"]


def test_a_sign_in_brackets_is_a_result() -> None:
    found = [one for one in find("HBsAg (+), anti-HBs (-), anti-HBc (+/-)") if one.rule == "value.sign"]
    assert [(one.value or {})["interpretation"] for one in found] == ["positive", "negative", None]
    assert not [one for one in find("It grew (see above) - again") if one.rule == "value.sign"]
