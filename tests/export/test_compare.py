"""The comparison of cases, as a table and as a swimmer plot."""

import csv
import io
import re

import pytest
from lxml import html

import caseline
from pipeline.export import compare, swimmer
from pipeline.timeline.rezero import rezeroed

REPORTS = {
    "one": "A 45-year-old woman with lupus nephritis was admitted to our hospital. On hospital day 3, rituximab 500 mg was started. "
           "Creatinine was 2.0 mg/dL on admission. On hospital day 5, creatinine was 3.5 mg/dL. On hospital day 20, creatinine was 1.0 mg/dL. She recovered on hospital day 25.",
    "two": "A 7-year-old boy was admitted to our hospital with fever. On hospital day 10, rituximab 375 mg/m2 was given. Prednisolone 20 mg/day "
           "was started on hospital day 2. Prednisolone was stopped on hospital day 9. Creatinine was 88.4 umol/L on hospital day 2. He died on hospital day 30.",
    "three": "A 60-year-old man was admitted to our hospital. Aspirin 100 mg was started on hospital day 1.",
}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return [caseline.read_text(text, name) for name, text in REPORTS.items()]


def lines(rows):
    return {line["document"]: line for line in csv.DictReader(io.StringIO(compare.csv(rows)))}


def test_a_row_a_case(found):
    table = lines(compare.rows(found))
    assert list(table) == ["one", "two", "three"]
    one, two = table["one"], table["two"]
    assert (one["age"], one["sex"], one["day 0"]) == ("45", "female", "admission")
    assert "lupus nephritis" in one["diagnosis"]
    assert (one["rituximab dose"], one["rituximab start"]) == ("500 mg", "3")
    assert (two["prednisolone dose"], two["prednisolone start"], two["prednisolone end"]) == (
        "20 mg/day",
        "2",
        "9",
    )
    assert (one["outcome"], one["outcome day"], two["outcome"], two["outcome day"]) == (
        "recovery",
        "25",
        "death",
        "30",
    )
    assert table["three"]["rituximab dose"] == ""


def test_results_first_peak_and_last(found):
    one = lines(compare.rows(found))["one"]
    assert [one[f"creatinine (mg/dL) {what}"] for what in ("first", "peak", "last")] == [
        "2 @ 0",
        "3.5 @ 5",
        "1 @ 20",
    ]


def test_mass_and_amount_of_one_analyte_stand_in_one_column(found):
    assert lines(compare.rows(found))["two"]["creatinine (mg/dL) first"] == "1 @ 2"


def test_a_result_that_measures_something_else_is_no_number_of_the_column(found):
    share = caseline.read_text(REPORTS["two"].replace("88.4 umol/L", "40%"), "share")
    assert lines(compare.rows([*found, share]))["share"]["creatinine (mg/dL) first"] == ""


def test_days_from_a_drug(found):
    table = lines(compare.rows(rezeroed(one, "rituximab") for one in found))
    assert list(table) == ["one", "two"]
    assert [table[name]["rituximab start"] for name in table] == ["0", "0"]
    assert (table["one"]["outcome day"], table["two"]["outcome day"]) == ("22", "20")


def test_the_page_has_a_lane_a_case_and_asks_no_host(found):
    page = swimmer.page(compare.rows(found))
    tree = html.fromstring(page.encode())
    [plot] = tree.xpath("//svg")
    assert [t.text for t in plot.xpath("./text[title]")] == ["one c1", "two c1", "three c1"]
    bars = [t.text for t in plot.xpath(".//rect/title")]
    assert "rituximab start 500 mg day 3" in bars
    assert len(plot.xpath(".//circle")) == 2
    assert not re.search(r"https?://|src=|@import|<script", page)


def test_words_of_a_report_are_escaped():
    [row] = compare.rows([caseline.read_text(REPORTS["three"], "<b>x</b>")])
    page = swimmer.page([row])
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x" in page


def test_no_case_gives_a_table_without_rows():
    assert lines([]) == {}
    assert "<svg" not in swimmer.page([])
