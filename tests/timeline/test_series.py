"""Results of one test at several times, and the earlier result that one is compared with."""

import pytest

from tests.timeline.sentences import days, events

FOLLOW_UP = "At 3 and 6 months, the creatinine was 1.2 and 0.9 mg/dL, and proteinuria was 1.9 and 0.3 g/day."


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (FOLLOW_UP, "creatinine", [(1.2, (91, 92)), (0.9, (182, 183))]),
        (FOLLOW_UP, "urine protein", [(1.9, (91, 92)), (0.3, (182, 183))]),
        (
            "On day 5, hemoglobin was 8.1 g/dL, down from 12.9 g/dL one month earlier. Platelets were 98 x 10^9/L.",
            "hemoglobin",
            [(12.9, (-31, -30)), (8.1, 5)],
        ),
        (
            "He was withheld aspirin and sodium rose to 128, 132 and 137 mmol/L on days 2, 3 and 5.",
            "sodium",
            [(128, 2), (132, 3), (137, 5)],
        ),
        (
            "One month after discharge, creatinine was 1.5 mg/dL. At 6 months, creatinine was 1.1 mg/dL. "
            "He had been discharged on day 10.",
            "creatinine",
            [(1.5, (40, 41)), (1.1, (192, 193))],
        ),
    ],
)
def test_results(text, name, expected):
    assert [(e.measurement.value, days(e)) for e in events(text, name)] == expected
