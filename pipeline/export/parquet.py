"""The rows of the CSV as a Parquet file with typed columns, for pandas, R, DuckDB. Words are kept as they are.

Licence and text hash stand on every row; days, doses, values and confidence are doubles, offsets and order integers.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.export.csv import COLUMNS, records
from pipeline.schema import Extraction

INTEGERS = frozenset(("start", "end", "order", "nth", "nth_high"))
DOUBLES = frozenset(
    (
        "age_years", "dose_value", "dose_value_high", "duration_days", "times", "one_dose", "day_dose", "course_dose", "value", "value_high", "reference_low",
        "reference_high", "value_si", "value_high_si", "value_conventional", "value_high_conventional", "day_low", "day_high", "end_day_low", "end_day_high", "offset_low", "offset_high",
        "confidence",
    )
)  # fmt: skip
ROWS = 20_000  # a row group


def _type(column: str) -> pa.DataType:
    if column in INTEGERS:
        return pa.int64()
    if column in DOUBLES:
        return pa.float64()
    return pa.bool_() if column == "from_table" else pa.string()


SCHEMA = pa.schema([(column, _type(column)) for column in COLUMNS])


class Sheet:
    """A Parquet file that grows by documents; it is complete once closed."""

    def __init__(self, path: Path) -> None:
        self._rows: list[dict[str, object]] = []
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd")

    def write(self, extraction: Extraction) -> None:
        """The events of one more document."""
        self._rows += records(extraction)
        if len(self._rows) >= ROWS:
            self._flush()

    def close(self) -> None:
        """Writes what is left, and the footer."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, SCHEMA))
            self._rows.clear()
