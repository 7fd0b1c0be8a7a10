"""The arbiter: which of overlapping or doubtful candidates stay."""

from __future__ import annotations

import pytest

from pipeline.mentions.choose import choose
from pipeline.structure.found import Found


def candidates(text: str, *marks: tuple[str, str, float]) -> list[Found]:
    """Candidates by (label, characters, confidence); a value without digits has the rule of a word."""
    found = []
    for label, part, confidence in marks:
        start = text.index(part)
        rule = "x.y" if any(c.isdigit() for c in part) or label != "LAB_VALUE" else "value.norm.said"
        value = {"text": part, "unit": "x"} if label in ("DOSE", "LAB_VALUE") else None
        found.append(Found(start, start + len(part), label, rule, value=value, confidence=confidence))
    return sorted(found, key=lambda one: one[:3])


def stay(text: str, *marks: tuple[str, str, float]) -> set[tuple[str, str]]:
    kept = choose(text, [(0, len(text))], candidates(text, *marks))
    assert kept == sorted(kept, key=lambda one: one[:3])
    return {(one.label, text[one.start : one.end]) for one in kept}


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        pytest.param(
            "chronic kidney disease",
            [("DIAGNOSIS", "kidney disease", 0.9), ("DIAGNOSIS", "chronic kidney disease", 0.9)],
            {("DIAGNOSIS", "chronic kidney disease")},
            id="longest",
        ),
        pytest.param(
            "of 5% dextrose solution",
            [("DOSE", "5%", 0.8), ("DRUG", "5% dextrose solution", 0.95)],
            {("DOSE", "5%"), ("DRUG", "5% dextrose solution")},
            id="a strength and its solution",
        ),
        pytest.param(
            "with 64% lymphocytes",
            [("LAB_VALUE", "64% lymphocytes", 0.9), ("LAB_TEST", "lymphocytes", 0.6)],
            {("LAB_VALUE", "64% lymphocytes"), ("LAB_TEST", "lymphocytes")},
            id="the cells of a share",
        ),
        pytest.param(
            "the hematocrit peaked at 58 and the lactate doubled to 9",
            [("LAB_TEST", "hematocrit", 0.9), ("LAB_VALUE", "58", 0.3), ("LAB_TEST", "lactate", 0.9), ("LAB_VALUE", "9", 0.3)],
            {("LAB_TEST", "hematocrit"), ("LAB_VALUE", "58"), ("LAB_TEST", "lactate"), ("LAB_VALUE", "9")},
            id="verbs of course",
        ),
        pytest.param(
            "serum albumin was 2.1 g/dL",
            [("LAB_TEST", "albumin", 0.9), ("DRUG", "albumin", 0.9), ("LAB_VALUE", "2.1 g/dL", 0.9)],
            {("LAB_TEST", "albumin"), ("LAB_VALUE", "2.1 g/dL")},
            id="a test, not a drug",
        ),
        pytest.param(
            "she was given albumin",
            [("LAB_TEST", "albumin", 0.9), ("DRUG", "albumin", 0.9)],
            {("DRUG", "albumin")},
            id="a drug that is given",
        ),
        pytest.param(
            "prednisone 5 mg",
            [("DRUG", "prednisone", 0.9), ("DOSE", "5 mg", 0.6), ("LAB_VALUE", "5 mg", 0.4)],
            {("DRUG", "prednisone"), ("DOSE", "5 mg")},
            id="a dose beside its drug",
        ),
        pytest.param(
            "urine protein was 300 mg",
            [("LAB_TEST", "urine protein", 0.9), ("DOSE", "300 mg", 0.5), ("LAB_VALUE", "300 mg", 0.4)],
            {("LAB_TEST", "urine protein"), ("LAB_VALUE", "300 mg")},
            id="a result behind its test",
        ),
        pytest.param(
            "pH was 7.45", [("LAB_TEST", "pH", 0.9), ("LAB_VALUE", "7.45", 0.3)],
            {("LAB_TEST", "pH"), ("LAB_VALUE", "7.45")}, id="a bare number behind a test",
        ),
        pytest.param("it was 7.45", [("LAB_VALUE", "7.45", 0.3)], set(), id="a bare number behind nothing"),
        pytest.param(
            "he felt normal", [("LAB_VALUE", "normal", 0.4)], set(), id="a word without a test"
        ),
        pytest.param(
            "the sodium was normal", [("LAB_TEST", "sodium", 0.9), ("LAB_VALUE", "normal", 0.45)],
            {("LAB_TEST", "sodium"), ("LAB_VALUE", "normal")}, id="a word behind a test",
        ),
        pytest.param(
            "CK 900 (normal: 0-170)",
            [("REFERENCE_RANGE", "normal: 0-170", 0.9), ("LAB_VALUE", "0-170", 0.9)],
            {("REFERENCE_RANGE", "normal: 0-170")},
            id="a range, not a result",
        ),
        pytest.param(
            "prothrombin time of 36 seconds",
            [("LAB_TEST", "prothrombin time", 0.9), ("DURATION", "36 seconds", 0.9),
             ("LAB_VALUE", "36 seconds", 0.4)],
            {("LAB_TEST", "prothrombin time"), ("LAB_VALUE", "36 seconds")},
            id="a result in seconds",
        ),
        pytest.param(
            "it lasted 36 seconds", [("DURATION", "36 seconds", 0.9), ("LAB_VALUE", "36 seconds", 0.4)],
            {("DURATION", "36 seconds")}, id="a duration in seconds",
        ),
        pytest.param(
            "gemcitabine 1250 mg/m2 d1, d8",
            [("DRUG", "gemcitabine", 0.9), ("DOSE", "1250 mg/m2 d1, d8", 0.95), ("TIME", "d8", 0.9)],
            {("DRUG", "gemcitabine"), ("DOSE", "1250 mg/m2 d1, d8")},
            id="a dose with its days",
        ),
        pytest.param(
            "two days after surgery",
            [("TIME", "two days after surgery", 0.9), ("PROCEDURE", "surgery", 0.9)],
            {("TIME", "two days after surgery"), ("PROCEDURE", "surgery")},
            id="a time and its event",
        ),
        pytest.param(
            "48-year-old woman", [("AGE", "48-year-old woman", 0.9), ("SEX", "woman", 0.9)],
            {("AGE", "48-year-old woman"), ("SEX", "woman")}, id="an age that tells the sex",
        ),
        pytest.param(
            "steroid-induced diabetes",
            [("DRUG", "steroid", 0.9), ("DIAGNOSIS", "steroid-induced diabetes", 0.9)],
            {("DRUG", "steroid"), ("DIAGNOSIS", "steroid-induced diabetes")},
            id="a drug that causes a disease",
        ),
        pytest.param(
            "iron deficiency", [("DRUG", "iron", 0.9), ("DIAGNOSIS", "iron deficiency", 0.9)],
            {("DIAGNOSIS", "iron deficiency")}, id="a disease named by a substance",
        ),
        pytest.param(
            "central neck dissection",
            [("PROCEDURE", "neck dissection", 0.9), ("DIAGNOSIS", "central neck dissection", 0.9)],
            {("PROCEDURE", "neck dissection")},
            id="an operation, not a disease",
        ),
    ],
)  # fmt: skip
def test_the_neighbourhood_decides(
    text: str, marks: list[tuple[str, str, float]], expected: set[tuple[str, str]]
) -> None:
    assert stay(text, *marks) == expected


def test_support_ends_with_the_sentence() -> None:
    text = "The pH was low. It was 7.45"
    found = candidates(text, ("LAB_TEST", "pH", 0.9), ("LAB_VALUE", "7.45", 0.3))
    assert {one.label for one in choose(text, [(0, 15), (16, 27)], found)} == {"LAB_TEST"}


def test_a_series_hangs_on_its_first_result() -> None:
    text = "PCO2 35.1 mmHg, 41 and 44"
    assert ("LAB_VALUE", "41") in stay(
        text, ("LAB_TEST", "PCO2", 0.9), ("LAB_VALUE", "35.1 mmHg", 0.9), ("LAB_VALUE", "41", 0.3)
    )


def test_choosing_again_changes_nothing() -> None:
    text = "serum albumin was 2.1 g/dL"
    marks = (("LAB_TEST", "albumin", 0.9), ("DRUG", "albumin", 0.9), ("LAB_VALUE", "2.1 g/dL", 0.9))
    once = choose(text, [(0, len(text))], candidates(text, *marks))
    assert [one[:3] for one in choose(text, [(0, len(text))], once)] == [one[:3] for one in once]
