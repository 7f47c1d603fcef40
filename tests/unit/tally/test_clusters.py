"""Runs of neighbouring rows of one cluster."""

import pyarrow as pa
import pytest

from evalharness.errors import BadInput
from evalharness.tally.clusters import RunReader, as_strings


def test_runs_begin_where_the_name_changes() -> None:
    runs = RunReader().read(pa.array(["a", "a", "b", "a"]))
    assert runs.starts.tolist() == [0, 2, 3]
    assert runs.names.to_pylist() == ["a", "b", "a"]
    assert not runs.ascending
    assert not runs.continues


def test_a_run_goes_on_over_a_cut() -> None:
    reader = RunReader()
    reader.read(pa.array(["a", "b"]))
    runs = reader.read(pa.array(["b", "c"]))
    assert runs.continues
    assert runs.ascending


@pytest.mark.parametrize(
    ("batches", "ascend"),
    [
        ([["a", "b"], ["b", "c"]], True),
        ([["a", "b"], ["a"]], False),
        ([["b"], ["a"]], False),
        ([["a"], ["a"], ["a", "b"]], True),
        ([["case-9", "case-10"]], False),
        ([["\uffff", "\U0001f600"]], True),
        ([["", "a"]], True),
    ],
)
def test_ascending_is_by_bytes_and_over_all_batches(batches: list[list[str]], ascend: bool) -> None:
    reader = RunReader()
    assert all([reader.read(pa.array(batch)).ascending for batch in batches]) is ascend  # noqa: C419  # every batch is read


def test_ids_of_any_arrow_type_become_strings() -> None:
    assert as_strings(pa.chunked_array([[1, 2], [3]])).to_pylist() == ["1", "2", "3"]
    assert as_strings(pa.array(["x", "x"]).dictionary_encode()).to_pylist() == ["x", "x"]
    assert as_strings(pa.array(["x"], pa.large_string())).to_pylist() == ["x"]


def test_a_row_without_a_cluster_is_bad_input() -> None:
    with pytest.raises(BadInput, match="without a cluster"):
        as_strings(pa.array(["a", None]))
