"""How often uninvolved people opened for each find would be told to be fewer than they are, where cases and people hang together."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from evalharness.catalogue import EVERY_METRIC, Metric
from evalharness.catalogue.oversight.people import OPENED_PER_FIND, OPENED_SHARE
from evalharness.metrics.oversight_odds import odds_estimates
from evalharness.tally.shares import count_shares

REPEATS = 1_000
ALPHA = 0.05


class Tally:
    class of:  # noqa: N801  as a tally has it
        metrics: ClassVar[dict[str, Metric]] = {name: EVERY_METRIC[name] for name in (OPENED_PER_FIND, OPENED_SHARE)}

    def __init__(self, shares: object) -> None:
        self.shares, self.sampled = shares, None


def bounds(part: np.ndarray, ways: dict[str, np.ndarray]) -> tuple[float, float]:
    rows = count_shares({OPENED_SHARE: (part, np.ones(len(part), dtype=bool))}, ways)
    (told,) = odds_estimates(Tally(rows), 1 - ALPHA)  # type: ignore[arg-type]
    low, high = told.bounds
    return (0.0 if low is None else low), (np.inf if high is None else high)


@pytest.mark.parametrize("ratio", [0.1, 0.6, 2.0])
@pytest.mark.parametrize("swing", [0.0, 0.8])
def test_either_bound_is_wrong_in_at_most_one_of_twenty(ratio: float, swing: float):
    """60 cases of uneven numbers of people and finds; `swing`: how far whole cases lie from the mean share."""
    rng = np.random.default_rng([11, int(ratio * 10), int(swing * 10)])
    mean = ratio / (1 + ratio)
    too_low = too_high = 0
    for _ in range(REPEATS):
        sizes = 1 + rng.poisson(3, 60)
        span = swing * min(mean, 1 - mean)
        shares = mean + span * rng.choice([-1.0, 1.0], 60)
        case = np.repeat(np.arange(60, dtype=np.int32), sizes)
        part = rng.random(len(case)) < shares[case]
        person = np.where(part, np.arange(len(case)), len(case) + rng.integers(0, len(case), len(case))).astype(np.int32)
        low, high = bounds(part, {"case": case, "person": person})
        too_low += high < ratio
        too_high += low > ratio
    allowed = ALPHA * REPEATS + 2.6 * np.sqrt(ALPHA * (1 - ALPHA) * REPEATS)
    assert too_low <= allowed
    assert too_high <= allowed
