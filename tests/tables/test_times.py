import pytest

from pipeline.tables.times import time

DAY = {"kind": "day_number", "direction": "at", "granularity": "day"}


@pytest.mark.parametrize(
    ("text", "above", "reference", "low", "high"),
    [
        ("Day 14", "", None, 14, 14),
        ("D14", "", None, 14, 14),
        ("Day -7", "", None, -7, -7),
        ("HD 3", "", "admission", 3, 3),
        ("POD 2", "", "surgery", 2, 2),
        ("Postoperative day 5", "", "surgery", 5, 5),
        ("3rd hospital day", "", "admission", 3, 3),
        ("7", "Hospital day", "admission", 7, 7),
        ("0", "Day", None, 0, 0),
        ("3", "Days after admission", "admission", 3, 3),
        ("14 days after admission", "", "admission", 14, 14),
        ("5", "Time (weeks)", None, 28, 35),
        ("Week 4", "", None, 21, 28),
        ("2 weeks before surgery", "", "surgery", -14, -14),
        ("24 h", "", None, 1, 1),
        ("1 month after discharge", "", "discharge", 30.44, 30.44),
        ("6-month follow-up", "", None, 6 * 30.44, 6 * 30.44),
        ("Admission", "", "admission", 0, 0),
        ("Baseline", "", "presentation", 0, 0),
        ("At discharge", "", "discharge", 0, 0),
        ("Last follow-up", "", "follow-up", 0, 0),
        ("Before treatment", "", "treatment", None, 0),
        ("Post-treatment", "", "treatment", 0, None),
        ("pre-op", "", "surgery", None, 0),
    ],
)
def test_heads_that_tell_a_time(text, above, reference, low, high):
    value = time(text, above)
    assert (value.reference, value.low, value.high) == (reference, pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019-03-05", "2019-03-05"),
        ("2019/3/5", "2019-03-05"),
        ("5 March 2019", "2019-03-05"),
        ("Mar 5", "--03-05"),
        ("March 2019", "2019-03"),
        ("13/03/2019", "2019-03-13"),
        ("5.3.2019", "2019-03-05"),
    ],
)
def test_heads_that_are_dates(text, date):
    assert time(text).date == date


def test_a_date_that_may_be_two_is_not_resolved():
    assert time("05/03/2019").reason == "day_and_month_ambiguous"


def test_a_span_of_days_has_an_end():
    value = time("Day 3-7")
    assert (value.low, value.high, value.until_low) == (3, 3, 7)


@pytest.mark.parametrize(
    "text", ["CRP", "Patient 2", "May", "Unit", "CD4", "Case 1", "4", "IL-6", "Day care", "T4"]
)
def test_heads_that_tell_none(text):
    assert time(text) is None
