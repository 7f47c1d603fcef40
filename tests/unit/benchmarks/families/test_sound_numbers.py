"""What never happens is written nowhere: a chance of 0 / 0, a level that no row of a split has."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from evalharness.benchmarks.families.ingredients.joint import chances, in_steps
from evalharness.benchmarks.text import codes_into
from evalharness.errors import Fault


def test_a_chance_that_is_no_number_is_a_fault() -> None:
    assert in_steps(np.array([0.0, 0.25]), np.array([1.0, 1.0])).tolist() == [0, 250_000]
    with pytest.raises(Fault, match="not a number"):
        in_steps(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    with pytest.raises(Fault, match="not a number"):
        chances(np.array([[0.5, 0.5], [0.0, 0.0]]))


def test_only_texts_that_rows_have_need_a_code() -> None:
    stored = pa.DictionaryArray.from_arrays(pa.array([0, 0, None]), pa.array(["a", "elsewhere"]))
    assert codes_into(stored, {"a": 3}, missing=-1).tolist() == [3, 3, -1]
    with pytest.raises(KeyError, match="elsewhere"):
        codes_into(pa.array(["a", "elsewhere"]), {"a": 3}, missing=-1)
