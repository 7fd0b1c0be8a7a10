"""Links between hand-made mentions: ``<DRUG 1 RTX>`` is a mention, ``1 < 2`` says that 2 is said of 1."""

from __future__ import annotations

import re

import pytest

from pipeline.links import link
from pipeline.structure.found import Found

MARK = re.compile(r"<(\w+) (\w+) ([^<>]+)>")


def read(marked: str) -> tuple[str, list[Found], list[str]]:
    """The plain text, its mentions and their names."""
    text, found, names, at = "", [], [], 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        label, name, words = mark.groups()
        digits = label == "DOSE" and any(c.isdigit() for c in words)
        value = {"value": 1.0, "unit": "Gy" if "Gy" in words else "mg"} if digits else None
        if label == "DOSE" and not digits:
            value = {"value": None}
        found.append(Found(len(text), len(text) + len(words), label, "test", name=words.lower(), value=value))
        names.append(name)
        text, at = text + words, mark.end()
    return text + marked[at:], found, names


def linked(marked: str) -> list[str]:
    text, found, names = read(marked)
    starts = [0, *(m.end() for m in re.finditer(r"(?<=[a-z)>])\. (?=[A-Z])", text))]
    sentences = list(zip(starts, [*starts[1:], len(text)], strict=True))
    return sorted(f"{names[one.head]}<{names[one.tail]}" for one in link(text, sentences, found))


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("given <DRUG a RTX> <DOSE b 375 mg/m2>", "a<b"),
        (
            "<LAB_VALUE p positive> for <LAB_TEST a CD34> and <LAB_TEST b CD117> and "
            "<LAB_VALUE n negative> for <LAB_TEST c desmin> and <LAB_TEST d SMA>",
            "a<p b<p c<n d<n",
        ),
        ("given <DOSE b 375 mg/m2> of <DRUG a RTX>", "a<b"),
        ("<DOSE b 200 mg/day> of oral <DRUG a fluconazole>", "a<b"),
        ("<DRUG a prednisolone> (PSL; <DOSE b 1 mg/kg/day>)", "a<b"),
        ("<DRUG a methotrexate> (<DOSE b 15 mg> <FREQUENCY c weekly>)", "a<b a<c"),
        ("<DRUG a aspirin> <DOSE b 10 mg>, <DRUG c enalapril> <DOSE d 20 mg> and <DRUG e digoxin> <DOSE f 5 mg>", "a<b c<d e<f"),
        ("<DOSE b 10 mg> of <DRUG a aspirin> and <DOSE d 20 mg> of <DRUG c enalapril>", "a<b c<d"),
        ("<DOSE b 10 mg> <DRUG a aspirin>, <DOSE d 20 mg> <DRUG c enalapril>", "a<b c<d"),
        ("<DRUG a aspirin>, <DOSE b 10 mg>, <DRUG c enalapril>, <DOSE d 20 mg>", "a<b c<d"),
        ("<DRUG a vancomycin> was started at a dose of <DOSE b 1 g> <FREQUENCY c twice daily> <DURATION d for 3 days>", "a<b a<c a<d"),
        ("<DRUG a dapsone> and <DRUG c colchicine> at <DOSE b 100 mg> and <DOSE d 1 mg>, respectively", "a<b c<d"),
        ("<DOSE b high-dose> <DRUG a methotrexate> and <DRUG c cytarabine>", "a<b c<b"),
        ("<ROUTE b oral> <DRUG a aspirin>, <DRUG c digoxin> and <DOSE e 5 mg> of <DRUG d bisoprolol>", "a<b c<b d<e"),
        ("<ROUTE r intravenous> <DRUG a methylprednisolone>, <DOSE b 1 g> <FREQUENCY c daily>", "a<b a<c a<r"),
        ("<DRUG a lithium> (Company Ltd, Town) <DOSE b 900 mg>", "a<b"),
        ("<DRUG a lithium> was raised from <DOSE b 300 mg> to <DOSE c 900 mg>", "a<b a<c"),
        ("<PROCEDURE a radiotherapy> (<DOSE b 60 Gy>) with <DRUG c cisplatin> <DOSE d 40 mg>", "a<b c<d"),
        ("<DRUG a lithium> was begun. The dose was raised to <DOSE b 900 mg>", "a<b"),
        ("a <DURATION d 2-month> history of <FINDING f fever> before <DRUG a aspirin> was given", ""),
        ("no drug at all, <DOSE b 900 mg>", ""),
        ("<LAB_TEST a HBsAg> (<LAB_VALUE b +>), <LAB_TEST c anti-HBs> (<LAB_VALUE d ->)", "a<b c<d"),
        ("<DRUG a aspirin> and <DRUG c digoxin>, <DOSE b 5 mg> each", "a<b c<b"),
    ],
)  # fmt: skip
def test_doses_go_to_their_drug(marked: str, expected: str) -> None:
    assert linked(marked) == sorted(expected.split())


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("<LAB_TEST a CRP> was <LAB_VALUE b 3.2 mg/dL>", "a<b"),
        ("<LAB_VALUE b elevated> <LAB_TEST a CRP>", "a<b"),
        ("<LAB_VALUE b 93%> <LAB_TEST a neutrophils>", "a<b"),
        ("<LAB_TEST a CRP> (<LAB_VALUE b 3.2>; <REFERENCE_RANGE r normal < 0.3>)", "a<b b<r"),
        ("<LAB_TEST a CRP> <LAB_VALUE b 3>, <LAB_TEST c ESR> <LAB_VALUE d 40> and <LAB_TEST e LDH> <LAB_VALUE f 300>", "a<b c<d e<f"),
        ("<LAB_TEST a CRP> and <LAB_TEST c ESR> were <LAB_VALUE b 3> and <LAB_VALUE d 40>, respectively", "a<b c<d"),
        ("<LAB_TEST a CRP> fell from <LAB_VALUE b 8> to <LAB_VALUE c 5> to <LAB_VALUE d 2>", "a<b a<c a<d"),
        ("<LAB_TEST a ANA>, <LAB_TEST c ANCA> and <LAB_TEST e anti-Jo-1> were <LAB_VALUE b negative>", "a<b c<b e<b"),
        ("<LAB_VALUE b elevated> <LAB_TEST a CRP> and <LAB_TEST c ferritin>", "a<b c<b"),
        ("<LAB_TEST a CRP> was <LAB_VALUE b elevated>, <LAB_TEST c ESR> was <LAB_VALUE d normal>", "a<b c<d"),
        ("<LAB_VALUE b normal> <LAB_TEST a ECG> and <LAB_VALUE d elevated> <LAB_TEST c troponin>", "a<b c<d"),
        ("<LAB_TEST a KL-6> <LAB_VALUE b 900> (<REFERENCE_RANGE r < 500>) and <LAB_TEST c SP-D> <LAB_VALUE d 300> (<REFERENCE_RANGE s < 110>)", "a<b b<r c<d d<s"),
        ("<LAB_VALUE b 5> of nothing", ""),
    ],
)  # fmt: skip
def test_values_go_to_their_test(marked: str, expected: str) -> None:
    marked = marked.replace("normal < ", "normal: ").replace(" < ", " below ")
    assert linked(marked) == sorted(expected.split())


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("<LAB_TEST a interstitial lung index> (<LAB_TEST b ILI>)", "a<b"),
        ("<LAB_TEST a alanine transaminase> (<LAB_TEST b AT>: <LAB_VALUE c 62 U/L>)", "a<b b<c"),
        ("<LAB_TEST a interstitial lung index> (<LAB_TEST b CRP>)", ""),
        ("<DRUG a rituximab> (<PROCEDURE b r>)", ""),
    ],
)
def test_a_short_form_in_brackets_is_an_abbreviation(marked: str, expected: str) -> None:
    assert linked(marked) == sorted(expected.split())


def test_a_dose_of_the_abbreviation_is_one_of_the_long_form_too() -> None:
    text = "prednisolone (PSL; 20 mg)"
    found = [
        Found(0, 12, "DRUG", "t", name="prednisolone"),
        Found(14, 17, "DRUG", "t", name="prednisolone"),
        Found(19, 24, "DOSE", "t", value={"value": 20.0, "unit": "mg"}),
    ]
    links = {(one.kind, one.head, one.tail) for one in link(text, [(0, len(text))], found)}
    assert links == {("dose_of", 1, 2), ("dose_of", 0, 2), ("abbreviation_of", 0, 1)}


def test_every_link_names_its_rule_and_is_less_sure_where_two_heads_are_near() -> None:
    clear = link("RTX 5 mg", [(0, 8)], [Found(0, 3, "DRUG", "t"), Found(4, 8, "DOSE", "t")])
    text = "RTX, 5 mg, MTX"
    doubtful = link(
        text,
        [(0, len(text))],
        [Found(0, 3, "DRUG", "t"), Found(5, 9, "DOSE", "t"), Found(11, 14, "DRUG", "t")],
    )
    assert clear[0].rule == "dose.adjacent"
    assert doubtful[0].confidence < clear[0].confidence


@pytest.mark.parametrize(
    ("sign", "unit", "expected"),
    [
        ("mild fever", "Cel", 1),
        ("tachycardia", "/min", 1),
        ("anaemia", "g/dL", 1),
        ("fever", "mg/dL", 0),
        ("rash", "Cel", 0),
    ],
)
def test_a_sign_takes_a_number_of_its_own_unit(sign, unit, expected):
    text = f"{sign} (38.9)"
    value = Found(len(sign) + 2, len(text) - 1, "LAB_VALUE", "test", value={"value": 38.9, "unit": unit})
    links = link(text, [(0, len(text))], [Found(0, len(sign), "FINDING", "test", name=sign), value])
    assert len([one for one in links if one.kind == "value_of"]) == expected
