"""Abbreviations that a text defines."""

import pytest
import spacy
from spacy.tokens import Doc

import pipeline.structure  # noqa: F401  (registers the factories)
from pipeline.structure.abbreviations import Abbreviations


@pytest.fixture(scope="module")
def finder() -> Abbreviations:
    return Abbreviations(spacy.blank("en").vocab)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rituximab (RTX), later RTX", [("RTX", "rituximab")] * 2),
        ("RTX (rituximab), later RTX", [("RTX", "rituximab")] * 2),
        ("interstitial lung disease (ILD) as RP-ILD", [("ILD", "interstitial lung disease")] * 2),
        ("Krebs von den Lungen-6 (KL-6; 812 U/mL), KL6", [("KL-6", "Krebs von den Lungen-6"), ("KL6", "Krebs von den Lungen-6")]),
        ("anti-mitochondrial antibody (AMA)", [("AMA", "anti-mitochondrial antibody")]),
        ("interleukin 6 [IL-6] and IL-6R", [("IL-6", "interleukin 6")]),
        ("tyrosine kinase inhibitors (TKIs); one TKI", [("TKIs", "tyrosine kinase inhibitors"), ("TKI", "tyrosine kinase inhibitors")]),
        ("a scan (Fig. 1) of prednisolone (5 mg) and oxygen (SpO2 90%)", []),
        ("She was well (data not shown) and left (CT).", []),
        ("CyA: Cyclosporine A; PE: Plasma exchange; RTX: Rituximab.",
         [("CyA", "Cyclosporine A"), ("PE", "Plasma exchange"), ("RTX", "Rituximab")]),
        ("ALT, alanine aminotransferase; AST, aspartate aminotransferase; WBC, white blood cell.",
         [("ALT", "alanine aminotransferase"), ("AST", "aspartate aminotransferase"), ("WBC", "white blood cell")]),
    ],
)  # fmt: skip
def test_abbreviations(finder: Abbreviations, text: str, expected: list[tuple[str, str]]) -> None:
    found = [(text[a:b], text[c:d]) for a, b, c, d in finder.find(text)]
    assert sorted(found) == sorted(expected)


def test_the_component_leaves_plain_data() -> None:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "caseline.tokenizer.v1"}}})
    nlp.add_pipe("caseline_abbreviations")
    doc = nlp("rituximab (RTX)")
    assert doc._.abbreviations == [(11, 14, 0, 9)]
    restored = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [tuple(one) for one in restored._.abbreviations] == [(11, 14, 0, 9)]
