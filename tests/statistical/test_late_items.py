"""Items opened late, of cases, people and weeks that wait together: shares lie around the truth, and no bound is wrong too often."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from reviewers_truth import METRICS
from scipy.stats import binom

from evalharness.metrics.oversight import share_row_estimate
from evalharness.oversight.people.table import NEVER, People
from evalharness.oversight.people.waits import DAY, HOUR, Fated, late_rows
from evalharness.oversight.reviews.readings import Known
from evalharness.records.oversight_people import Waits

LEVEL, RUNS = 0.95, 250
MOST = int(binom.isf(1e-4, RUNS, 1 - LEVEL))
LIMITS = Waits(hours=(4.0, 48.0, 4.0), read=(True, False, True))
WORLDS = {
    "cases apart": (80, (1, 4), 1.0, 0.1, 0.0),
    "whole cases wait": (60, (1, 6), 1.0, 0.15, 1.0),
    "large cases wait more": (60, (1, 12), 1.0, 0.1, 1.0),
    "people in several cases wait": (80, (1, 4), 0.3, 0.15, 0.8),
    "whole weeks wait": (400, (1, 4), 1.0, 0.1, 1.0),
}
"""Cases, their sizes, people for each case, the chance to be late, and the share of cases, or people, all of whose items share it."""
A_WEEK = 10
"""Cases that come in one week where whole weeks wait; elsewhere each comes in a week of its own."""


def study(name: str, rng: np.random.Generator) -> tuple[People, Known, Fated]:
    """Half of the items are for readers, the others are set aside; both are late with the same chance."""
    cases, (least, most), people_a_case, _, together = WORLDS[name]
    sizes = rng.integers(least, most + 1, cases)
    case = np.repeat(np.arange(cases), sizes)
    persons = max(2, int(cases * people_a_case))
    person = np.repeat(rng.integers(0, persons, cases), sizes)
    week = case // A_WEEK if "weeks" in name else case
    of = person if people_a_case < 1 else week
    waits = rng.random(of.max() + 1) < chances(name, sizes if people_a_case == 1 and of is case else np.full(of.max() + 1, 1))
    alone = rng.random(len(case)) < chances(name, sizes)[case]
    late = np.where(rng.random(of.max() + 1)[of] < together, waits[of], alone)
    fates = (rng.random(len(case)) < 0.5).astype(np.int8)
    labels = (rng.random(len(case)) < 0.6).astype(np.int8)
    arrived = week.astype(np.int64) * 7 * DAY
    opened = arrived + np.where(late, 100 * HOUR, HOUR)
    never = np.full(len(case), NEVER, dtype=np.int64)
    deleted = never.copy()
    deleted[0] = arrived.max() + 500 * HOUR  # the end of the table
    people = People(
        item=np.arange(len(case), dtype=np.int32), person=person.astype(np.int32), involved=np.ones(len(case), dtype=np.bool_),
        arrived=arrived, opened=opened, identified=never, contacted=never, deleted=deleted,
    )  # fmt: skip
    known = Known(
        ids=pa.array(np.arange(len(case)).astype(str)), labels=labels, decisions=(fates == 0).astype(np.int8), words={"0": 0, "1": 1},
        cases=case.astype(np.int32),
    )  # fmt: skip
    return people, known, Fated(fates=fates, waits=LIMITS)


def chances(name: str, sizes: np.ndarray) -> np.ndarray:
    """Of each case: the larger, the likelier, where that is so."""
    chance = WORLDS[name][3]
    return chance * 2 * sizes / WORLDS[name][1][1] if name.startswith("large") else np.full(len(sizes), chance)


def truth(name: str) -> float:
    """The chance of an item, of all items of all cases that there could be."""
    least, most = WORLDS[name][1]
    sizes = np.arange(least, most + 1)
    return float((sizes * chances(name, sizes)).sum() / sizes.sum())


@pytest.mark.parametrize("name", WORLDS)
def test_shares_lie_around_the_truth_and_bounds_hold(name: str) -> None:
    true = truth(name)
    low, high = {}, {}
    values: dict[str, list[float]] = {}
    for run in range(RUNS):
        for row in late_rows(*study(name, np.random.default_rng(run)), None, {}):
            estimate = share_row_estimate(row, METRICS[row.metric], LEVEL)
            lower, upper = estimate.bounds
            assert lower is not None
            assert upper is not None
            assert estimate.value is not None
            low[row.metric] = low.get(row.metric, 0) + (lower > true)
            high[row.metric] = high.get(row.metric, 0) + (upper < true)
            values.setdefault(row.metric, []).append(estimate.value)
    assert set(values) == {"late_rate", "late_rate_relevant", "late_rate_low_ranked"}
    for metric, found in values.items():
        assert np.mean(found) == pytest.approx(true, abs=0.015)
        assert max(low[metric], high[metric]) <= MOST, (metric, low[metric], high[metric])
