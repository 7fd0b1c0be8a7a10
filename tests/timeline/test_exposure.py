"""What a dose comes to: stated, or computed from the numbers of the text, with the formula."""

import pytest

from tests.timeline.sentences import events


def totals(text, name, number=0):
    """(of, value, unit, formula) of a dose."""
    return [(one.of, one.value, one.unit, one.formula) for one in events(text, name)[number].dose.exposure]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (
            "His weight was 70 kg. Vancomycin 15 mg/kg every 12 hours was given for 10 days.",
            "vancomycin",
            [
                ("dose", 1050, "mg", "15 mg/kg * 70 kg"),
                ("day", 2100, "mg/d", "15 mg/kg * 70 kg * 2 /d"),
                ("course", 21000, "mg", "15 mg/kg * 70 kg * 20"),
            ],
        ),
        (
            "His body surface area was 1.7 m2. Rituximab 375 mg/m2 weekly for four doses was given.",
            "rituximab",
            [("dose", 637.5, "mg", "375 mg/m2 * 1.7 m2"), ("course", 2550, "mg", "375 mg/m2 * 1.7 m2 * 4")],
        ),
        (
            "Meropenem 3 g/day was given from day 3 to day 12.",
            "meropenem",
            [("day", 3, "g/d", None), ("course", 30, "g", "3 g/d * 10 d")],
        ),
        ("Prednisolone 1 mg/kg/day was given.", "prednisolone", [("day", 1, "mg/kg/d", None)]),
        (
            "The cumulative dose of doxorubicin was 300 mg/m2.",
            "doxorubicin",
            [("course", 300, "mg/m2", None)],
        ),
        (
            "Methylprednisolone 1 g/day for 3 days was given (total 3 g).",
            "methylprednisolone",
            [("course", 3, "g", None), ("day", 1, "g/d", None)],
        ),
        ("Aspirin 100 mg was given.", "aspirin", []),
        ("Dopamine 5 ug/kg/min was given.", "dopamine", []),
        ("The removed spleen weighed 340 g. Amikacin 15 mg/kg was given.", "amikacin", []),
    ],
)
def test_totals(text, name, expected):
    assert totals(text, name) == expected


def test_a_computed_total_names_the_weight():
    text = "His weight was 70 kg. Amikacin 15 mg/kg was given."
    (total,) = events(text, "amikacin")[0].dose.exposure
    assert total.basis == "computed"
    assert total.mentions == events(text, "body weight")[0].mentions[:1]


def test_the_weight_of_another_time_is_not_taken():
    text = "His weight was 70 kg. Five years after admission, amikacin 15 mg/kg was given."
    assert totals(text, "amikacin") == []
