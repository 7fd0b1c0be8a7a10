"""Numbers of days that do not count from the admission: infusions, ingestions, further operations and stays."""

from __future__ import annotations

import pytest

from tests.timeline.test_references import day

CELLS = (
    "A man was referred to our center on 1 July 2021. On 3 August 2021 (day 0), CAR-T cells were infused. "
)
POISONED = "A woman was brought to the emergency department 3 hours after she had swallowed 100 tablets of acetaminophen. "
OPERATED = "A man underwent colectomy. He was discharged on POD 9. Eight months later, reversal of the ileostomy was performed. "


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (CELLS + "On day +5 he became confused.", "confusion", 38),
        (CELLS + "Fludarabine was given on day -4.", "fludarabine", 29),
        (POISONED + "Activated charcoal was given 5 hours after ingestion.", "activated charcoal", 2 / 24),
        (
            POISONED + "At 4 hours after ingestion, the lactate was 6 mmol/L. At 27 hours, ALT was 143 U/L.",
            "alanine aminotransferase",
            1,
        ),
        (POISONED, "acetaminophen", -3 / 24),
        (
            "A man received a kidney transplant on 4 February 2018. Rejection was treated with methylprednisolone on "
            "post-transplant day 38. On 6 July 2018 he was admitted with fever. On day 3, bronchoscopy was performed.",
            "bronchoscopy",
            3,
        ),
        (
            "A man started allopurinol. Nineteen days after the first dose he had a rash. He was given cetirizine. On the 26th "
            "day of treatment he came to our hospital with fever.",
            "rash",
            -7,
        ),
        (
            "A man was admitted with gout. Allopurinol was stopped on day 2. Fever resolved within 24 h of stopping the drug.",
            "allopurinol",
            2,
        ),
        (
            "A woman was admitted at 30 weeks of gestation. At 34 weeks and 2 days, a hysterectomy was performed.",
            "hysterectomy",
            30,
        ),
    ],
)
def test_day(text: str, name: str, expected: float) -> None:
    low, high = day(text, name)
    assert low == pytest.approx(expected, abs=0.51)
    assert high == pytest.approx(expected, abs=0.51)


def test_postoperative_days_begin_anew_behind_a_further_operation() -> None:
    low, _ = day(OPERATED + "Ileus developed on POD 3.", "ileus")
    assert low == pytest.approx(9 + 243.5 + 3, abs=2)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        # a bracket keeps its time to itself, and the story does not go back with it
        ("Creatinine was 2.4 mg/dL (1.6 mg/dL three months earlier). A biopsy was performed.", "biopsy", 0),
        ("Allopurinol was stopped on day 2 and prednisone 1 mg/kg/day was begun on day 3.", "prednisone", 3),
        ("Allopurinol was stopped on day 2 and prednisone 1 mg/kg/day was begun on day 3.", "allopurinol", 2),
    ],
)
def test_each_clause_its_time(text: str, name: str, expected: float) -> None:
    low, _ = day("A man was admitted with fever. " + text, name)
    assert low == expected
