"""The log of made-up reviewers as files, to be looked at and fed back: whoever reads them is told that nobody read anything."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from evalharness.errors import bad_input
from evalharness.workflows.asked_reviewers import listed_beside


def write_log(path: Path, log: pa.Table, assigned: pa.Table) -> None:
    """Both tables with the columns that --reviews and --assigned read. Raises BadInput where the files cannot be written."""
    for file, table in ((path, log), (listed_beside(path), assigned)):
        try:
            if path.suffix == ".parquet":
                pq.write_table(table, file)
            else:
                options = arrow_csv.WriteOptions(quoting_style="needed")
                arrow_csv.write_csv(_as_text(table), file, options)
        except OSError as error:
            raise bad_input("the file cannot be written", where=file, got=error.strerror or str(error)) from error


def _as_text(table: pa.Table) -> pa.Table:
    """Times as CSV has them."""
    if "time" not in table.column_names:
        return table
    seconds = table["time"].cast(pa.timestamp("s", tz="UTC"))
    return table.set_column(table.column_names.index("time"), "time", pc.strftime(seconds, format="%Y-%m-%dT%H:%M:%SZ"))
