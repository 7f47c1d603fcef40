"""What a stream of outcomes refuses, whoever feeds it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from evalharness.catalogue import paired_metrics, task_metrics
from evalharness.errors import Fault
from evalharness.tally import Slices
from evalharness.tally.moments import layout_of
from evalharness.tally.outcome_sums import OutcomeSums
from evalharness.tally.paired import PairedCounter

SEX = Slices(("sex",), {"sex": ("F", "M")}, 1)
ONE, YES = np.zeros(1, dtype=np.uint8), np.ones(1, dtype=np.bool_)


def codes(*values: int) -> dict[str, np.ndarray]:
    return {"sex": np.array(values, dtype=np.int32)}


@pytest.mark.parametrize("groups", [{}, codes(), codes(0, 1), codes(2), codes(-1)])
def test_groups_that_do_not_fit_are_a_fault(groups: dict[str, np.ndarray]) -> None:
    with pytest.raises(Fault):
        OutcomeSums(SEX, layout_of(task_metrics("binary")), clustered=False).add(ONE, YES, groups, None)


def test_rows_after_the_result_are_a_fault() -> None:
    sums = OutcomeSums(SEX, layout_of(task_metrics("binary")), clustered=False)
    sums.add(ONE, YES, codes(1), None)
    assert sums.result().counts.sum(axis=1).tolist() == [1, 0, 1]
    assert sums.result().moments is None
    with pytest.raises(Fault, match="after its result"):
        sums.add(ONE, YES, codes(1), None)


def test_a_clustered_stream_needs_a_cluster_for_each_row() -> None:
    sums = OutcomeSums(SEX, layout_of(task_metrics("binary")), clustered=True)
    for names in (None, pa.array(["a", "b"])):
        with pytest.raises(Fault, match="cluster id"):
            sums.add(ONE, YES, codes(1), names)


@pytest.mark.parametrize(("label", "one", "two"), [(2, 0, 0), (0, 2, 0), (0, 0, -2)])
def test_two_models_decide_with_known_values_only(label: int, one: int, two: int) -> None:
    values = [np.array([value], dtype=np.int8) for value in (label, one, two)]
    with pytest.raises(Fault, match="outside"):
        PairedCounter(SEX, clustered=False, of=paired_metrics(task_metrics("binary"))).add(*values, codes(0), None)
