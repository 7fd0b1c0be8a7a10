import csv
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.export import csv as export
from pipeline.export.explanation import conversions
from pipeline.export.parquet import Sheet
from pipeline.schema import Extraction, Measurement


def named(extraction: Extraction, name: str) -> Extraction:
    """The extraction with that name on every event."""
    cases = tuple(
        case.model_copy(update={"events": tuple(e.model_copy(update={"name": name}) for e in case.events)})
        for case in extraction.cases
    )
    return extraction.model_copy(update={"cases": cases})


@pytest.mark.parametrize("name", ["=1+1", "+1", "-2", "@SUM(A1)", " =1", "\t=1", "\uff1d1"])
def test_a_cell_of_words_is_no_formula(sample, name):
    rows = csv.DictReader(
        io.StringIO(export.header() + "".join(export.rows(named(sample("anti-gbm-disease"), name))))
    )
    assert {row["name"] for row in rows} == {"'" + name}


def test_numbers_stay_numbers(sample):
    rows = list(
        csv.DictReader(io.StringIO(export.header() + "".join(export.rows(sample("anti-gbm-disease")))))
    )
    assert any(row["day_low"].startswith("-") and float(row["day_low"]) < 0 for row in rows)
    assert not any(row["name"].startswith("'") for row in rows)


def test_parquet_has_the_rows_of_the_csv_with_types(sample, tmp_path):
    one, two = sample("anti-gbm-disease"), named(sample("lithium-intoxication"), "=1+1")
    sheet = Sheet(tmp_path / "events.parquet")
    sheet.write(one)
    sheet.write(two)
    sheet.close()
    table = pq.read_table(tmp_path / "events.parquet")
    assert table.column_names == list(export.COLUMNS)
    assert table.num_rows == sum(len(case.events) for e in (one, two) for case in e.cases)
    types = {name: table.schema.field(name).type for name in ("day_low", "start", "from_table", "name")}
    assert types == {
        "day_low": pa.float64(),
        "start": pa.int64(),
        "from_table": pa.bool_(),
        "name": pa.string(),
    }
    assert set(table.column("text_sha256").to_pylist()) == {one.source.sha256, two.source.sha256}
    assert "=1+1" in table.column("name").to_pylist()


@pytest.mark.parametrize(
    ("name", "result", "expected"),
    [
        ("creatinine", {"value": 1.2, "unit": "mg/dL"}, (106.082, None, "umol/L", 1.2, None, "mg/dL")),
        ("creatinine", {"value": 106, "unit": "umol/L"}, (106, None, "umol/L", 1.19907, None, "mg/dL")),
        (
            "ferritin",
            {"value": 300, "value_high": 900, "unit": "ug/L"},
            (300, 900, "ug/L", 300, 900, "ng/mL"),
        ),
        ("prolactin", {"value": 400, "unit": "m[IU]/L"}, (None,) * 6),
        ("creatinine", {"value": 1.2}, (None,) * 6),
        ("creatinine", {"interpretation": "high"}, (None,) * 6),
    ],
)
def test_a_result_stands_in_one_unit_of_its_analyte(sample, name, result, expected):
    extraction = named(sample("anti-gbm-disease"), name)
    (case,) = extraction.cases
    event = case.events[0].model_copy(update={"measurement": Measurement(text="as told", **result)})
    one = extraction.model_copy(update={"cases": (case.model_copy(update={"events": (event,)}),)})
    (row,) = export.records(one)
    columns = [
        f"{part}_{system}" for system in ("si", "conventional") for part in ("value", "value_high", "unit")
    ]
    assert tuple(row.get(column) for column in columns) == expected
    assert row["value"] == result.get("value")


def test_the_explanation_names_factor_and_reason(sample):
    (case,) = sample("anti-gbm-disease").cases
    event = case.events[0].model_copy(
        update={"name": "creatinine", "measurement": Measurement(text="1.2 mg/dL", value=1.2, unit="mg/dL")}
    )
    assert conversions(event) == ["1.2 mg/dL = 106.082 umol/L: x 88.402 (113.12 g/mol (C4H7N3O))"]
    assert conversions(event.model_copy(update={"measurement": None})) == []
