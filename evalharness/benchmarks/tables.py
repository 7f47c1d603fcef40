"""Opens a table by the ending of its name."""

from __future__ import annotations

from pathlib import Path

from evalharness.benchmarks.csv_table import CsvTable
from evalharness.benchmarks.parquet_table import ParquetTable
from evalharness.benchmarks.table import Table


def open_table(path: Path) -> Table:
    """The table of a .csv or .parquet file. Raises BadInput when it cannot be read."""
    return CsvTable(path) if path.suffix == ".csv" else ParquetTable(path)
