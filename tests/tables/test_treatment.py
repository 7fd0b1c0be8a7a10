"""Tables of treatments: every start with its end, exactly."""

from tests.tables.reports import STORY, treatments, with_jats, with_table


def test_start_and_stop_in_columns():
    found = with_table(
        """
| Drug | Dose | Route | Start | Stop |
|---|---|---|---|---|
| Prednisolone | 30 mg/day | oral | Day 3 | Day 17 |
| Cyclosporine | 2 mg/kg/day | IV | Day 9 | ongoing |
| Meropenem | 1 g every 8 hours | i.v. | 1 | 5 |
"""
    )
    assert treatments(found) == [
        ("prednisolone", "start", 3, (17, 17), 30, "mg/d", None, "oral"),
        ("cyclosporine", "start", 9, None, 2, "mg/kg/d", None, "intravenous"),
        ("meropenem", "start", 1, (5, 5), 1, "g", "every 8 hours", "intravenous"),
    ]


def test_units_in_the_head_and_a_length():
    found = with_table(
        """
| Drug | Dose (mg) | Frequency | Duration (days) | Start date |
|---|---|---|---|---|
| Ceftriaxone | 2000 | once daily | 7 | 2019-03-04 |
| Vancomycin | 1000 | twice daily | 10 | 2019-03-05 |
"""
    )
    assert treatments(found) == [
        ("ceftriaxone", "start", 1, (7, 8), 2000, "mg", "once daily", None),
        ("vancomycin", "start", 2, (11, 12), 1000, "mg", "twice daily", None),
    ]


def test_periods():
    found = with_table("Antibiotic\tPeriod\nMeropenem 1 g tid\tDay 1-7\nVancomycin\tDay 3 to Day 14")
    assert [one[:5] for one in treatments(found)] == [
        ("meropenem", "start", 1, (7, 7), 1),
        ("vancomycin", "start", 3, (14, 14), None),
    ]


def test_the_narrative_keeps_its_start_and_takes_the_end():
    story = STORY + " On hospital day 9, cyclosporine 100 mg/day was started."
    found = with_table(
        "| Drug | Dose | Start | Stop |\n|---|---|---|---|\n| Cyclosporine | 100 mg/day | Day 9 | Day 30 |",
        story,
    )
    assert not treatments(found)
    [told] = [e for e in found.cases[0].events if e.name == "cyclosporine"]
    assert (told.time.day_low, told.end_time.day_low, told.from_table) == (9, 30, False)


def test_jats_with_a_drug_over_two_rows():
    found = with_jats(
        """<table-wrap><label>Table 2</label><table><thead><tr><th>Agent</th><th>Dosage</th><th>Started</th><th>Stopped</th></tr></thead>
<tbody><tr><td rowspan="2">Prednisolone</td><td>60 mg/day</td><td>Day 2</td><td>Day 8</td></tr>
<tr><td>40 mg/day</td><td>Day 9</td><td>Day 19</td></tr></tbody></table></table-wrap>"""
    )
    assert [one[:6] for one in treatments(found)] == [
        ("prednisolone", "start", 2, (8, 8), 60, "mg/d"),
        ("prednisolone", "start", 9, (19, 19), 40, "mg/d"),
    ]
