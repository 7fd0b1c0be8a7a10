"""Tables of groups of patients tell nothing of the patient of the report."""

import pytest

from tests.tables.reports import happenings, notices, with_table

COHORT = """
| Variable | Survivors (n = 20) | Non-survivors (n = 10) |
|---|---|---|
| Mean age, years | 54.2 ± 10.1 | 63.0 ± 9 |
| CRP (mg/L) | 80 | 160 |
"""
STUDIES = """
| Study | No. of patients | Age (years) | Treatment |
|---|---|---|---|
| Moro et al. 2009 | 12 | 45 | Amphotericin B |
| Katz et al. 2011 | 1 | 51 | Voriconazole |
"""


@pytest.mark.parametrize(
    "table",
    [
        COHORT,
        "\n| Test | Median (IQR) | Day 1 |\n|---|---|---|\n| CRP (mg/L) | 40 (20-80) | 35 |\n",
        "\n| Study | Mean age (years) | Treatment |\n|---|---|---|\n| Moro et al. 2009 | 45 | Rituximab |\n",
    ],
)
def test_a_table_of_groups_makes_no_event_and_a_notice(table):
    found = with_table(table)
    assert happenings(found) == []
    assert [code for code, _ in notices(found)] == ["table_of_groups"]


def test_of_studies_the_rows_on_one_patient_are_cases():
    found = with_table(STUDIES)
    told = [(case.patient.age_years, [e.name for e in case.events]) for case in found.cases[1:]]
    assert told == [(51, ["voriconazole"])]
    assert [code for code, _ in notices(found)] == ["table_of_groups"]


def test_a_table_of_the_patient_stays_one():
    found = with_table("\n| Test | Day 1 | Day 3 |\n|---|---|---|\n| CRP (mg/L) | 120 | 40 |\n")
    assert [name for _, name, _, _ in happenings(found)] == ["C-reactive protein", "C-reactive protein"]
    assert notices(found) == []
