"""Laboratory and course tables: every event that they tell, exactly."""

from tests.tables.reports import STORY, happenings, notices, results, treatments, with_jats, with_table

CRP, WBC = "C-reactive protein", "white blood cell count"


def test_days_as_columns_with_unit_and_range():
    found = with_table(
        """
Table 1. Laboratory findings.

| Test | Admission | Day 3 | POD 2 | 2019-03-17 | Discharge | Unit | Normal range |
|---|---|---|---|---|---|---|---|
| Haematology | | | | | | | |
| WBC | 12.3 | 10.1* | NA | 6.0 | 3.5 | 10^9/L | 4.0-10.0 |
| CRP | 120 | 80 | 40 | <5 | - | mg/L | <5 |
"""
    )
    assert results(found) == [
        (WBC, 0, None, 12.3, "10*9/L", "high"),
        (WBC, 3, None, 10.1, "10*9/L", "high"),
        (WBC, 14, None, 6.0, "10*9/L", "normal"),
        (WBC, 20, None, 3.5, "10*9/L", "low"),
        (CRP, 0, None, 120, "mg/L", "high"),
        (CRP, 3, None, 80, "mg/L", "high"),
        (CRP, 7, None, 40, "mg/L", "high"),
        (CRP, 14, "<", 5, "mg/L", None),
    ]
    assert not notices(found)


def test_days_as_rows_in_tab_separated_text_with_a_dose():
    found = with_table(
        """
Table 1. Course of laboratory data

Day\tCRP (mg/L)\tPrednisolone (mg/day)
0\t120\t-
3\t80\t30
7\t12.5\t30
14\t<3\t15
28\t<3\t0
"""
    )
    assert results(found) == [
        (CRP, 0, None, 120, "mg/L", None),
        (CRP, 3, None, 80, "mg/L", None),
        (CRP, 7, None, 12.5, "mg/L", None),
        (CRP, 14, "<", 3, "mg/L", None),
        (CRP, 28, "<", 3, "mg/L", None),
    ]
    assert [one[:3] + one[4:6] for one in treatments(found)] == [
        ("prednisolone", "given", 3, 30, "mg/d"),
        ("prednisolone", "continue", 7, 30, "mg/d"),
        ("prednisolone", "change", 14, 15, "mg/d"),
        ("prednisolone", "stop", 28, None, None),
    ]


def test_two_header_rows_the_upper_one_spanning():
    found = with_table(
        """
|   | Hospital day |  |  |
|   | 1 | 5 | 10 |
|---|---|---|---|
| PaO2/FiO2 | 120 | 180 | 310 |
| Creatinine (mg/dL) | 2.1 | 1.4 | 0.9 |
"""
    )
    assert [one[:2] + one[3:5] for one in results(found)] == [
        ("PaO2/FiO2 ratio", 1, 120, None),
        ("PaO2/FiO2 ratio", 5, 180, None),
        ("PaO2/FiO2 ratio", 10, 310, None),
        ("creatinine", 1, 2.1, "mg/dL"),
        ("creatinine", 5, 1.4, "mg/dL"),
        ("creatinine", 10, 0.9, "mg/dL"),
    ]


def test_spanning_cells_and_footnotes_of_jats():
    found = with_jats(
        """<table-wrap><label>Table 1</label><caption><p>Blood tests</p></caption><table><thead>
<tr><th rowspan="2">Test</th><th colspan="2">Days after admission</th><th rowspan="2">Reference</th></tr>
<tr><th>2</th><th>9</th></tr></thead><tbody>
<tr><td>Ferritin (ng/mL)</td><td>&gt;7,500<sup>a</sup></td><td>640</td><td>10&#8211;200</td></tr>
<tr><td>Platelets (&#215;10<sup>9</sup>/L)</td><td>45&#8224;</td><td>n.d.</td><td>150&#8211;400</td></tr>
</tbody></table><table-wrap-foot><p><sup>a</sup> above the limit</p></table-wrap-foot></table-wrap>"""
    )
    assert results(found) == [
        ("ferritin", 2, ">", 7500, "ng/mL", "high"),
        ("ferritin", 9, None, 640, "ng/mL", "high"),
        ("platelet count", 2, None, 45, "10*9/L", "low"),
    ]


def test_a_table_without_days_is_placed_by_its_caption():
    found = with_table(
        """
Table 1. Laboratory findings on admission

Parameter\tResult\tReference range
Hemoglobin (g/dL)\t8.1\t12.0-16.0
LDH\t1,250 U/L\t<250 U/L
Blood culture\tStaphylococcus aureus\tno growth
Anti-MDA5 antibody\tpositive\tnegative
"""
    )
    assert results(found) == [
        ("hemoglobin", 0, None, 8.1, "g/dL", "low"),
        ("lactate dehydrogenase", 0, None, 1250, "U/L", "high"),
        ("blood culture", 0, None, None, None, None),
        ("anti-MDA5 antibody", 0, None, None, None, "positive"),
    ]


def test_before_and_after_treatment():
    found = with_table(
        """
| Parameter | Before treatment | After treatment | 3 months | Last follow-up |
|---|---|---|---|---|
| IgG (mg/dL) | 1,850 | 900 | 1,100 | 1,050 |
"""
    )
    assert [one[1:4] for one in results(found)] == [
        ((None, 7), None, 1850),
        ((7, None), None, 900),
        ((98, 99), None, 1100),
        (("follow-up", 0), None, 1050),
    ]


def test_day_1_that_is_the_admission_is_day_0():
    found = with_table(
        "| | Day 1 (admission) | Day 2 | Day 8 |\n|---|---|---|---|\n| Lactate (mmol/L) | 8.2 | 4.1 | 1.1 |"
    )
    assert [one[1] for one in results(found)] == [0, 1, 7]


def test_signs_that_are_there_or_not():
    found = with_table(
        "| Symptom | Day 1 | Day 4 |\n|---|---|---|\n| Rash | + | - |\n| Body temperature (°C) | 39.2 | 36.8 |"
    )
    assert happenings(found) == [
        ("finding", "rash", "affirmed", 1),
        ("vital", "body temperature", "affirmed", 1),
        ("finding", "rash", "negated", 4),
        ("vital", "body temperature", "affirmed", 4),
    ]


def test_a_course_with_texts_and_results():
    found = with_table(
        """
| Date | Clinical course | Treatment | CRP (mg/L) |
|---|---|---|---|
| 2019-03-03 | Dyspnea | Ceftriaxone 2 g/day | 150 |
| 2019-03-12 | Intubated | Dopamine 5 ug/kg/min started | 30 |
"""
    )
    assert happenings(found) == [
        ("lab", CRP, "affirmed", 0),
        ("finding", "dyspnea", "affirmed", 0),
        ("drug", "ceftriaxone", "affirmed", 0),
        ("lab", CRP, "affirmed", 9),
        ("procedure", "intubation", "affirmed", 9),
        ("drug", "dopamine", "affirmed", 9),
    ]
    assert [one[1:3] + one[4:6] for one in treatments(found) if one[4]] == [
        ("given", 0, 2, "g/d"),
        ("start", 9, 5, "ug/kg/min"),
    ]


def test_a_cell_that_repeats_the_narrative_is_its_mention():
    story = STORY + " On hospital day 3, CRP was 80 mg/L."
    found = with_table("| | Day 3 | Day 9 |\n|---|---|---|\n| CRP (mg/L) | 80 | 20 |", story)
    assert results(found) == [(CRP, 9, None, 20, "mg/L", None)]
    [told] = [e for e in found.cases[0].events if e.kind == "lab" and not e.from_table]
    cells = [m for m in found.mentions if m.id in told.mentions and m.section == "table"]
    assert [m.text for m in cells] == ["CRP", "80"]


def test_another_value_on_the_same_day_is_another_event():
    story = STORY + " On hospital day 3, CRP was 80 mg/L."
    found = with_table("| | Day 3 | Day 9 |\n|---|---|---|\n| CRP (mg/L) | 82 | 20 |", story)
    assert [one[3] for one in results(found)] == [82, 20]


def test_ranks_follow_the_days_across_narrative_and_table():
    found = with_table("| | Day 3 | Day 6 | Day 30 |\n|---|---|---|---|\n| CRP (mg/L) | 80 | 20 | 4 |")
    events = sorted(found.cases[0].events, key=lambda e: e.order)
    assert [e.time.day_low for e in events] == [0, 0, 3, 5, 6, 7, 20, 30]


def test_a_table_of_another_form_gives_a_notice_with_its_place():
    table = "| Primer | Sequence |\n|---|---|\n| F1 | ACGTTGCA |"
    assert notices(with_table(table)) == [("table_not_read", table)]


def test_brackets_behind_the_results_of_a_text_are_ranges():
    found = with_table(
        "| Day | Investigations |\n|---|---|\n"
        "| 1 | Lactate 5.4 (0.5-2.0 mmol/L), potassium (K) 2.8 (3.5-5.1 mmol/L), urea 6.2 (2.5-7.1 mmol/L) |\n| 2 | Lactate 2.1 |"
    )
    assert results(found) == [
        ("lactate", 1, None, 5.4, "mmol/L", "high"),
        ("potassium", 1, None, 2.8, "mmol/L", "low"),
        ("urea", 1, None, 6.2, "mmol/L", "normal"),
        ("lactate", 2, None, 2.1, None, None),
    ]
