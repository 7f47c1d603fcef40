"""Where one cluster ends and the next begins, found without looking at rows one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.identity import ascending
from evalharness.errors import bad_input


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Neighbouring rows of one cluster, for one chunk of rows (at least one row)."""

    starts: npt.NDArray[np.int64]
    """First row of each run; begins with 0."""
    names: pa.Array
    """Cluster of each run (string)."""
    continues: bool
    """Whether the first run goes on with the cluster that ended the chunk before."""
    ascending: bool
    """Whether the names ascend (as UTF-8 bytes) from the one that ended the chunk before: then no cluster comes in pieces."""


class RunReader:
    """Reads the cluster column chunk by chunk and remembers only the last name."""

    def __init__(self) -> None:
        self._last: str | None = None

    def read(self, clusters: pa.Array) -> Runs:
        """Runs of the next chunk. Raises BadInput where a row has no cluster."""
        rows = len(clusters)
        changes = pc.not_equal(clusters.slice(1), clusters.slice(0, rows - 1)).to_numpy(zero_copy_only=False)
        starts = np.concatenate([[0], np.flatnonzero(changes) + 1])
        names = clusters.take(pa.array(starts))
        first = names[0].as_py()
        ordered = ascending(names) and (self._last is None or self._last <= first)
        continues = self._last == first
        self._last = names[-1].as_py()
        return Runs(starts=starts, names=names, continues=continues, ascending=ordered)


def as_strings(clusters: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array of strings, whatever Arrow type the ids came in. Raises BadInput for a null."""
    array = clusters.combine_chunks() if isinstance(clusters, pa.ChunkedArray) else clusters
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        array = array.cast(pa.string())
    if array.null_count:
        raise bad_input(
            "rows without a cluster in a benchmark that declares clusters",
            got=f"{array.null_count:,} in one batch",
            expected="a cluster id in every row",
            hint="give an item that stands alone a cluster id of its own",
        )
    return array
