"""A lead whose score alone is another: against working the whole queue anew with that one score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import Fault
from evalharness.predictions.queues import work
from evalharness.predictions.queues_changed import work_changed

_SCORES = st.sampled_from([0.0, 0.25, 0.5, 0.75, float("nan")])


@given(data=st.data(), budget=st.integers(1, 4), timed=st.booleans())
def test_each_change_is_what_a_new_run_with_it_alone_decides(data: st.DataObject, budget: int, timed: bool) -> None:
    rows = data.draw(st.integers(1, 14))
    scores = np.array(data.draw(st.lists(_SCORES, min_size=rows, max_size=rows)))
    queues = np.array(data.draw(st.lists(st.integers(0, 2), min_size=rows, max_size=rows)), dtype=np.int64)
    when = st.sampled_from([0.0, 1.0, float("nan")])
    arrived = np.array(data.draw(st.lists(when, min_size=rows, max_size=rows))) if timed else None
    leads = np.array(data.draw(st.lists(st.integers(0, rows - 1), max_size=10)), dtype=np.int64)
    changed = np.array([data.draw(_SCORES) for _ in leads], dtype=np.float64)
    found = work_changed(scores, queues, arrived, budget, leads=leads, changed=changed)
    for lead, score, decision in zip(leads, changed, found, strict=True):
        again = scores.copy()
        again[lead] = score
        assert decision == work(again, queues, arrived, budget).decisions[lead]


def test_the_same_score_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    scores, queues = rng.integers(0, 20, 500) / 20, np.sort(rng.integers(0, 9, 500))
    every = np.arange(500)
    found = work_changed(scores, queues, None, 7, leads=every, changed=scores)
    np.testing.assert_array_equal(found, work(scores, queues, None, 7).decisions)


def test_what_does_not_fit_is_a_fault() -> None:
    one = np.zeros(1)
    for leads, changed, budget in (([0], [0.1, 0.2], 1), ([1], [0.1], 1), ([0], [0.1], 0)):
        with pytest.raises(Fault):
            work_changed(one, np.zeros(1, np.int64), None, budget, leads=np.array(leads), changed=np.array(changed))
