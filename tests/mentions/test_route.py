"""Routes: ``<...>`` marks what must be found, all of it and nothing else."""

from __future__ import annotations

import re

import pytest
from spacy.vocab import Vocab

from pipeline.mentions.route import RouteFinder
from pipeline.structure.tokenizer import Tokenizer

TOKENIZER = Tokenizer(Vocab())
FINDER = RouteFinder()


def marked(text: str) -> str:
    for one in sorted(FINDER.find(TOKENIZER(text)), key=lambda one: -one.start):
        text = f"{text[: one.start]}<{text[one.start : one.end]}>{text[one.end :]}"
    return text


@pytest.mark.parametrize(
    "expected",
    [
        "<intravenous> methylprednisolone 1 g",
        "cefazolin was given <intravenously>",
        "ceftriaxone 2 g <IV> daily",
        "gentamicin 80 mg <i.v.> every 8 h",
        "vancomycin 1 g <iv> q12h",
        "<oral> prednisone",
        "amoxicillin 500 mg <PO> tid",
        "taken <by mouth>",
        "<subcutaneous> heparin",
        "<intramuscularly> for 3 days",
        "<IM> haloperidol 5 mg",
        "<intrathecal> methotrexate",
        "<topical> betamethasone",
        "<nebulized> salbutamol",
        "feeds <via nasogastric tube>",
        "<intravitreal> aflibercept",
        "a heparin <infusion>",
        "<IV>IG was given",
    ],
)
def test_routes(expected: str) -> None:
    assert marked(re.sub("[<>]", "", expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "painful oral ulcers",
        "the oral cavity was normal",
        "an intravenous line was placed",
        "intravenous drug use",
        "stage IV disease",
        "class IV lupus nephritis",
        "NYHA class III/IV",
        "subcutaneous emphysema",
        "conjunctival injection",
        "three infusions of infliximab",
        "an intramuscular hematoma",
    ],
)
def test_no_routes(text: str) -> None:
    assert marked(text) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [("2 g i.v. daily", "intravenous"), ("taken by mouth", "oral"), ("500 mg per os", "oral"), ("given s.c.", "subcutaneous")],
)  # fmt: skip
def test_the_name_is_the_route_itself(text: str, name: str) -> None:
    (one,) = FINDER.find(TOKENIZER(text))
    assert one.name == name
