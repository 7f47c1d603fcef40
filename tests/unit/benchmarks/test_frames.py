"""What is received is what was sent."""

from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pytest

from evalharness.benchmarks.frames import receive, send


def test_values_arrive_one_after_the_other_whatever_the_lengths_of_their_arrays() -> None:
    stream = io.BytesIO()
    sent = [{"numbers": np.arange(n), "texts": pa.array(["a" * n] * n), "none": None} for n in (0, 1, 7, 64, 1_000)]
    for value in sent:
        send(stream, value)
    stream.seek(0)
    for value in sent:
        found = receive(stream)
        assert found["numbers"].tolist() == value["numbers"].tolist()
        assert found["texts"].equals(value["texts"])
    with pytest.raises(EOFError):
        receive(stream)


def test_a_value_that_is_cut_is_no_value() -> None:
    stream = io.BytesIO()
    send(stream, np.arange(1_000))
    whole = stream.getvalue()
    for length in (3, 8, 12, 30, len(whole) - 1):
        with pytest.raises(EOFError):
            receive(io.BytesIO(whole[:length]))
