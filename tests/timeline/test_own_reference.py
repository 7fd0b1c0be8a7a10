"""What days count from where a report tells a transplantation, an operation, a birth or a relative's admission."""

import pytest

import caseline
from tests.timeline.sentences import days

GRAFT = (
    "A girl was admitted with fever. Allogeneic hematopoietic stem cell transplantation was performed on day 75. "
    "On day +24 rash appeared."
)
OPERATED = (
    "A man was admitted with pain. Gastrectomy was performed on day 4. On POD 32 tracheostomy was performed. "
    "On POD 61 the cannula was removed. Cough developed on POD 40."
)
BORN = "A boy was born at 34 weeks of gestation. Birth weight was 2,140 g. He was intubated on day 2."
SISTER = "A girl presented three days after her brother's admission with cough. CRP was 96 mg/L. Rash appeared on day 2."


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [(GRAFT, "rash", 99), (OPERATED, "cough", 44), (BORN, "birth weight", 0), (SISTER, "rash", 2)],
)
def test_days(text: str, name: str, expected: float) -> None:
    found = [
        e for c in caseline.read_text("Case presentation\n" + text).cases for e in c.events if e.name == name
    ]
    assert [days(e) for e in found] == [expected]


def test_each_result_takes_the_time_behind_it() -> None:
    text = "A man was admitted with pain. Creatinine fell from 8.2 mg/dL on day 2 to 1.4 mg/dL on day 7."
    (case,) = caseline.read_text("Case presentation\n" + text).cases
    told = [(e.measurement.value, days(e)) for e in case.events if e.measurement is not None]
    assert told == [(8.2, 2), (1.4, 7)]


def test_each_date_of_a_list_is_a_day_of_its_own() -> None:
    text = "A man was admitted on February 3. Rituximab (1 g on February 4, 11 and 18) was given."
    (case,) = caseline.read_text("Case presentation\n" + text).cases
    assert [days(e) for e in case.events if e.kind == "drug"] == [1, 8, 15]
