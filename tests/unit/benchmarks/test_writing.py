"""A table that is abandoned is left alone at once, whoever else is about to write to it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evalharness.benchmarks import writing
from evalharness.benchmarks.column_digest import digest_of
from evalharness.benchmarks.writing import TableWriter, Threads


def rows(number: int) -> dict[str, pa.Array]:
    return {"number": pa.array(np.arange(number))}


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[TableWriter]:
    with ThreadPoolExecutor(1) as files, ThreadPoolExecutor(1) as digests:
        yield TableWriter(tmp_path / "table.parquet", ("number",), metadata={}, threads=Threads(files=files, digests=digests))


def test_rows_are_written_in_order(writer: TableWriter, tmp_path: Path) -> None:
    for split in ("train", "test"):
        writer.add(split, rows(70_000))
    written = writer.close()
    assert (written.rows, written.splits) == (140_000, {"train": 70_000, "test": 70_000})
    assert pq.read_table(tmp_path / "table.parquet")["number"].to_pylist() == [*range(70_000)] * 2
    both = np.concatenate([np.arange(70_000)] * 2)
    assert written.columns == {"number": ("int64", digest_of(pa.array(both[i : i + 65_536]) for i in range(0, len(both), 65_536)))}


def test_a_value_that_is_missing_where_none_may_be_is_not_written(writer: TableWriter) -> None:
    writer.add("train", rows(10))
    writer.add("train", {"number": pa.array([1, None])})
    with pytest.raises(pa.ArrowInvalid, match="number"):
        writer.close()


def test_a_table_that_was_abandoned_is_not_written_to(writer: TableWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal may come between the start of the writing thread and its being waited for: then nobody waits for it."""
    writing_now, go_on, order = Event(), Event(), []
    file = writer._file
    real = writing._File._write

    def slow(self: object, batch: dict[str, pa.Array]) -> None:
        writing_now.set()
        go_on.wait(10)
        real(self, batch)  # type: ignore[arg-type]
        order.append("written")

    monkeypatch.setattr(writing._File, "_write", slow)
    stray = Thread(target=file.write, args=(rows(70_000),))
    stray.start()
    assert writing_now.wait(10)
    leaving = Thread(target=lambda: (writer.abandon(), order.append("abandoned")))
    leaving.start()
    go_on.set()
    stray.join(10)
    leaving.join(10)
    assert order == ["written", "abandoned"]
    file.write(rows(70_000))
    assert order == ["written", "abandoned"], "what comes later is not written"
