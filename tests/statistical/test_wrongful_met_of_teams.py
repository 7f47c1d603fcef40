"""How often classifier and people together are called good enough when they are not: readers of two kinds, some who read much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from team_by_hand import BLIND, SELECTED, reader_row, stated, tally

from evalharness.metrics.answers import answer
from evalharness.records import Policy, Question
from evalharness.records.share import ShareRow
from evalharness.tally import ConfusionTally
from evalharness.tally.shares import count_shares

RUNS, LEVEL, READINGS = 250, 0.95, 1_500
RECALL, REFUSED = 0.8, 0.1
"""Of relevant items: selected, or without an answer."""
ASKED = Question(requirement="r", metric="team_recall", comparison="at_least", bound=0.5)
MEASURED = stated()
OPENED = {"name": "opened", "from": "operating_point", "readers": 2}
REST = {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 30}


def read(rng: np.random.Generator, metric: str, hits: float, readers: int, spread: float) -> ShareRow:
    """Readings of which `hits` count on average; readers are of two kinds, `spread` apart, and differ in how much they read."""
    readings = READINGS
    load = rng.lognormal(0.0, 0.8, readers)
    who = rng.choice(readers, readings, p=load / load.sum()).astype(np.int32)
    chance = np.clip(hits + spread * rng.choice([-1.0, 1.0], readers), 0, 1)
    case = rng.integers(0, readings // 3, readings).astype(np.int32)
    part = rng.random(readings) < chance[who]
    (row,) = count_shares({metric: (part, np.ones(readings, dtype=np.bool_))}, {"case": case, "reviewer": who})
    return row


def drawn(rng: np.random.Generator, readers: int, spread: float, kept: float, blind: float) -> ConfusionTally:
    relevant = rng.multinomial(4_000, [RECALL, REFUSED, 1 - RECALL - REFUSED])
    rows = (
        read(rng, "dismissal_rate", 1 - kept, readers, spread),
        read(rng, "blind_reader_recall", blind, readers, spread),
    )
    return tally([int(relevant[0]), 50, int(relevant[2]), 2_000, int(relevant[1]), 5], *rows)


def wrongly_met(by: Policy, readers: int, spread: float, kept: float, blind: float) -> tuple[float, float]:
    """How often the lower bound lies above the truth, and the upper one below it."""
    rng = np.random.default_rng(readers)
    truth = RECALL * kept + REFUSED * blind
    above = below = 0
    for _ in range(RUNS):
        estimate = answer(drawn(rng, readers, spread, kept, blind), ASKED, by, LEVEL)
        assert estimate is not None
        low, high = estimate.bounds
        above += low is not None and low > truth
        below += high is not None and high < truth
    return above / RUNS, below / RUNS


@pytest.mark.parametrize(("readers", "spread", "kept", "blind"), [(6, 0.14, 0.85, 0.7), (40, 0.05, 0.95, 0.5), (200, 0.0, 0.98, 0.9)])
def test_bounds_from_a_log_cover_the_truth(readers: int, spread: float, kept: float, blind: float):
    above, below = wrongly_met(MEASURED, readers, spread, kept, blind)
    assert above <= 0.05
    assert below <= 0.05


def test_bounds_that_take_readers_for_independent_would_not():
    """The same rows, with every reading its own cluster: too sure in far more than one run of twenty."""
    rng, truth, above = np.random.default_rng(5), RECALL * 0.85 + REFUSED * 0.7, 0
    for _ in range(RUNS):
        of = drawn(rng, 6, 0.14, 0.85, 0.7)
        alone = tuple(_alone(row) for row in of.shares)
        estimate = answer(replace(of, shares=alone), ASKED, MEASURED, LEVEL)
        assert estimate is not None
        assert estimate.bounds[0] is not None
        above += estimate.bounds[0] > truth
    assert above / RUNS > 0.05


def _alone(row: ShareRow) -> ShareRow:
    way = replace(row.ways[0], name="item", clusters=row.total, total2=row.total, part2=row.part, rest2=row.total - row.part)
    return replace(row, ways=(way,))


def test_readers_inside_what_is_declared_are_covered_wherever_they_are():
    by = stated(SELECTED, BLIND)
    rng = np.random.default_rng(3)
    for kept, blind in ((0.8, 0.5), (0.9, 0.7), (0.85, 0.5)):
        truth, above, below = RECALL * kept + REFUSED * blind, 0, 0
        for _ in range(RUNS):
            tp, refused, missed = rng.multinomial(300, [RECALL, REFUSED, 1 - RECALL - REFUSED])
            estimate = answer(tally([int(tp), 50, int(missed), 2_000, int(refused), 5]), ASKED, by, LEVEL)
            assert estimate is not None
            low, high = estimate.bounds
            above += low is not None and low > truth
            below += high is not None and high < truth
        assert above / RUNS <= 0.05
        assert below / RUNS <= 0.05


def test_two_readers_who_miss_together_are_covered_by_their_joint_miss():
    """Each misses 20 %, correlation .3: they find 91 % and not 96 %."""
    rng, joint = np.random.default_rng(8), 0.2**2 + 0.3 * 0.2 * 0.8
    by = stated(BLIND, bands=[OPENED, REST])
    above = independent = 0
    for _ in range(RUNS):
        opened = int(rng.binomial(2_000, RECALL))
        missed = rng.random((500, 1)) < 0.3  # the same for both: then each misses as the other does
        misses = np.where(missed, rng.random((500, 1)) < 0.2, rng.random((500, 2)) < 0.2)
        miss = reader_row("joint_miss", int(misses.all(axis=1).sum()), 500)
        of = tally(
            [opened, 50, 2_000 - opened, 2_000, 0, 0], reader_row("opened_rate_relevant", opened, 2_000),
            reader_row("deferral_rate_relevant", 0, 2_000), miss,
        )  # fmt: skip
        estimate = answer(of, ASKED, by, LEVEL)
        assert estimate is not None
        assert estimate.bounds[0] is not None
        above += estimate.bounds[0] > RECALL * (1 - joint)
        independent += opened / 2_000 * (1 - misses.mean() ** 2) > RECALL * (1 - joint)
    assert above / RUNS <= 0.05
    assert independent / RUNS > 0.9, "had they been taken for independent"
