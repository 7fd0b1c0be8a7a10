"""Tables with one patient a row: the literature's patients are cases reported elsewhere, never this one."""

import pytest

from tests.tables.reports import happenings, notices, with_jats, with_table


def elsewhere(extraction):
    """(age, sex, [(kind, name)]) of each case reported elsewhere."""
    return [
        (case.patient.age_years, case.patient.sex, [(e.kind, e.name) for e in case.events])
        for case in extraction.cases
        if case.reported == "elsewhere"
    ]


LITERATURE = """
Table 3. Summary of previously published cases

| Study | Age/gender | Presentation | Peak CRP (mg/L) | Therapy | Outcome |
|---|---|---|---|---|---|
| Moro et al., 2009 [12] | 56/M | Fever, cough | 210 | Amphotericin B | Alive |
| Katz 2011 | 8-month-old girl | Rash | NR | Voriconazole 200 mg twice daily | Death |
| Present case | 45-year-old woman | Fever | 120 | Rituximab | Remission |
"""
EXPECTED = [
    (56, "male", [("finding", "fever"), ("finding", "cough"), ("lab", "Peak CRP"), ("drug", "amphotericin b"), ("outcome", "alive")]),
    (0.67, "female", [("finding", "rash"), ("drug", "voriconazole"), ("outcome", "death")]),
]  # fmt: skip


def test_a_literature_table_makes_cases_elsewhere():
    assert elsewhere(with_table(LITERATURE)) == EXPECTED


def test_nothing_of_it_becomes_the_patients():
    plain, found = with_table(""), with_table(LITERATURE)
    assert found.cases[0] == plain.cases[0]
    cited = {id for case in found.cases[1:] for event in case.events for id in event.mentions}
    told = [m for m in found.mentions if m.id in cited]
    assert told
    assert not any(m.assertion.patient for m in told)
    assert {m.case for m in told} == {"c2", "c3"}


def test_patients_as_columns():
    found = with_table(
        """
| | Moro et al. 2009 | Katz et al. 2011 | Our patient |
|---|---|---|---|
| Age | 56 | 8 | 45 |
| Sex | M | F | F |
| Treatment | Amphotericin B | Voriconazole | Rituximab |
| Outcome | Died | Survived | Recovered |
"""
    )
    assert elsewhere(found) == [
        (56, "male", [("drug", "amphotericin b"), ("outcome", "death")]),
        (8, "female", [("drug", "voriconazole"), ("outcome", "survival")]),
    ]


def test_numbered_rows_with_a_column_of_references_in_jats():
    found = with_jats(
        """<table-wrap><label>Table 1</label><caption><p>Literature review</p></caption><table><thead><tr><th>Case</th><th>Reference</th>
<th>Age (years)</th><th>Sex</th><th>Treatment</th></tr></thead><tbody><tr><td>1</td><td>Moro et al.</td><td>56</td><td>M</td>
<td>Debridement, voriconazole</td></tr><tr><td>2</td><td>This report</td><td>45</td><td>F</td><td>Rituximab</td></tr></tbody></table></table-wrap>"""
    )
    assert elsewhere(found) == [(56, "male", [("procedure", "debridement"), ("drug", "voriconazole")])]


@pytest.mark.parametrize("caption", ["Table 1. Patient characteristics", ""])
def test_patients_of_nobody_knows_whom_are_not_read(caption):
    found = with_table(
        f"{caption}\n\n| Patient | Age | Sex | Outcome |\n|---|---|---|---|\n| 1 | 56 | M | Died |\n| 2 | 8 | F | Survived |"
    )
    assert [code for code, _ in notices(found)] == ["table_not_read"]
    assert not happenings(found)


def test_cited_rows_without_ages():
    found = with_table(
        "Ref.\tDiagnosis\tClinical course\nMoro et al. [17], 2017\tSepsis\tMeropenem, discharge\nKatz et al. [18], 2014\tAppendicitis\tAppendectomy"
    )
    assert elsewhere(found) == [
        (None, None, [("diagnosis", "sepsis"), ("drug", "meropenem"), ("encounter", "discharge")]),
        (None, None, [("diagnosis", "appendicitis"), ("procedure", "appendectomy")]),
    ]


def test_tables_of_this_reports_patients_go_to_their_cases():
    story = (
        "Case 1: A 30-year-old woman was admitted with fever. Aspirin was started on day 2.\n\n"
        "Case 2: A 40-year-old man was admitted with cough. Heparin was started on day 4."
    )
    found = with_table(
        "| | Case 1 | Case 2 |\n|---|---|---|\n| Age (years) | 30 | 40 |\n| Ferritin (ng/mL) | 800 | 12,000 |\n| Treatment | Colchicine | Anakinra |",
        story,
    )
    assert [[(e.kind, e.name) for e in case.events if e.from_table] for case in found.cases] == [
        [("lab", "Ferritin"), ("drug", "colchicine")],
        [("lab", "Ferritin"), ("drug", "anakinra")],
    ]


def test_a_laboratory_table_belongs_to_the_case_that_its_caption_names():
    story = (
        "Case 1: A 30-year-old woman was admitted with fever. Aspirin was started on day 2.\n\n"
        "Case 2: A 40-year-old man was admitted with cough. Heparin was started on day 4."
    )
    found = with_table(
        "Table 1. Laboratory data of patient 1\n\n| | Day 1 | Day 5 |\n|---|---|---|\n| CRP (mg/L) | 40 | 12 |",
        story,
    )
    assert [[(e.name, e.time.day_low) for e in case.events if e.from_table] for case in found.cases] == [
        [("C-reactive protein", 1), ("C-reactive protein", 5)],
        [],
    ]
