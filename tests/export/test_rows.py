import csv
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.export import csv as export
from pipeline.export.parquet import Sheet
from pipeline.schema import Extraction


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
