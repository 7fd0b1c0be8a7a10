"""Single sentences on adverse drug events, through all finders and the links.

``{a:...}`` marks a drug, ``[a:...]`` a dose of it; every drug and dose must be found and linked.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

import caseline

if TYPE_CHECKING:
    from pipeline.schema import Extraction

MARK = re.compile(r"\{(?P<drug>[a-z]*):(?P<name>[^}]*)\}|\[(?P<of>[a-z]+):(?P<amount>[^\]]*)\]")
Marks = list[tuple[str, int, int]]


@cache
def extraction(text: str) -> Extraction:
    return caseline.read_text(text)


def read(marked: str) -> tuple[str, Marks, Marks]:
    """The plain text, its drugs and its doses."""
    text, at = "", 0
    drugs: Marks = []
    doses: Marks = []
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        words = mark["name"] if mark["name"] is not None else mark["amount"]
        into = drugs if mark["name"] is not None else doses
        into.append((mark["drug"] or mark["of"] or "", len(text), len(text) + len(words)))
        text, at = text + words, mark.end()
    return text + marked[at:], drugs, doses


SENTENCES = [
    "Galactorrhea appeared when {a:risperidone} was raised from [a:2] to [a:4 mg/day].",
    "Seizures occurred on {a:imipramine} ([a:200 mg/day]) and {b:maprotiline} ([b:150 mg/day]).",
    "Pancytopenia developed on [a:low-dose] {a:methotrexate} ([a:7.5 mg] weekly).",
    "Paraplegia followed intrathecal [a:12-mg] {a:methotrexate}.",
    "Patients received {a:cisplatin} ([a:40 mg/m2/d] x 5) and {b:etoposide} ([b:100 mg/m2/d]).",
    "{a:Carboplatin} [a:AUC 5] and {b:paclitaxel} [b:175 mg/m2] were given on day 1.",
    "{a:Interleukin-2} [a:8 MIU] three times weekly induced a psoriatic flare.",
    "Retinopathy after {a:interferon-alpha} ([a:5 X 10(6) IU/day]) was reversible.",
    "Ovarian hyperstimulation followed {a:hCG} [a:10,000 IU].",
    "Water intoxication was caused by {a:oxytocin} ([a:40 mU/min]).",
    "A boy had convulsions after {a:piperazine citrate} [a:2 g].",
    "{a:Latanoprost} [a:0.005%] was followed by macular edema.",
    "Bronchial obstruction after [a:0.5%] {a:timolol} in an asthmatic.",
    "Hyperthermia and death after {a:MDMA} ([a:three tablets]).",
    "Depression of breathing after transdermal {a:fentanyl} [a:75 microg/h].",
    "[ab:High-dose] {a:cytarabine} and {b:daunorubicin} were followed by typhlitis.",
    "Doses as low as [a:12.5 mg] of {a:clozapine} may cause syncope.",
    "One man received {a:bleomycin}, [a:30 units], {b:vinblastine}, [b:10 mg], and {c:dacarbazine}, [c:700 mg].",
    "He had taken {a:lamotrigine} [a:25 mg] every other day together with {b:valproate} [b:1000 mg/d].",
    "One child received {a:rifampin} [a:600 mg] by mistake for [b:150 mg] of {b:isoniazid}.",
    "The {a:pamidronate} dose was [a:90 mg] every 3 weeks.",
    "Hemolysis began after [a:three cycles] of {a:ABVD}.",
    "{a:Methylprednisolone pulses} of [a:1 g] each day were followed by hiccups.",
    "{a:Venlafaxine XR} [a:225 mg/day] raised the blood pressure.",
    "{a:Triamcinolone acetonide} ([a:40 mg/mL], [a:1 mL]) was followed by atrophy of the skin.",
    "{a:Vitamin A}, [a:50,000 IU] daily for years, led to portal hypertension.",
    "{a:Lidocaine} [a:1%] with {b:epinephrine} [b:1:200,000] was injected.",
]


@pytest.mark.parametrize("marked", SENTENCES)
def test_drugs_and_their_doses(marked: str) -> None:
    text, drugs, doses = read(marked)
    found = extraction(text)
    place = {one.id: (one.label, one.start, one.end) for one in found.mentions}
    assert {("DRUG", start, end) for _, start, end in drugs} <= set(place.values())
    assert {("DOSE", start, end) for _, start, end in doses} == {
        one for one in place.values() if one[0] == "DOSE"
    }
    links = {(place[r.head][1], place[r.tail][1]) for r in found.relations if r.kind == "dose_of"}
    starts = {name: start for name, start, _ in drugs}
    assert {(starts[name], start) for names, start, _ in doses for name in names} <= links
