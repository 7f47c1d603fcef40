"""How often a week's reading would be told to be less, or more, than it is: several readings of an item, and whole cases read alike."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.catalogue import EVERY_METRIC
from evalharness.metrics.oversight_work import work_of_row
from evalharness.oversight.workload import reading_row
from evalharness.records.oversight_bands import Band, Bands, SpotCheck
from evalharness.stats.workload import Week

REPEATS = 1_000
ALPHA = 0.05
BANDS = Bands(
    bands=(
        Band(name="twice", at_least=0.9, readers=2, third_reader=True),
        Band(name="once", selected=True, readers=1),
        Band(name="rest", rest=True, spot_check=SpotCheck(share=0.05, readers=1, blind=True)),
    )
)
READ = np.array([3.0, 1.0, 0.05, 1.0])
WEEK = Week(most=9_000, capacity=2_000, each=500)


@pytest.mark.parametrize("mix", [(0.01, 0.04, 0.95, 0.0), (0.2, 0.3, 0.45, 0.05), (0.7, 0.1, 0.19, 0.01)])
@pytest.mark.parametrize("together", [0.0, 0.5])
def test_either_bound_is_wrong_in_at_most_one_of_twenty(mix: tuple[float, ...], together: float):
    """100 cases of one to seven items; `together`: the share of cases all of whose items have one fate."""
    rng = np.random.default_rng([7, int(mix[0] * 100), int(together * 10)])
    true = 3_000 * float(READ @ np.array(mix))
    needed = np.ceil(true / 500)
    wrong = dict.fromkeys(("minutes below", "minutes above", "officers below"), 0)
    for _ in range(REPEATS):
        case = np.repeat(np.arange(100, dtype=np.int32), rng.integers(1, 8, 100))
        alike = (rng.random(100) < together)[case]
        fates = np.where(alike, rng.choice(4, 100, p=mix)[case], rng.choice(4, len(case), p=mix)).astype(np.int8)
        row = reading_row(BANDS, fates, case)
        low, high = work_of_row(row, EVERY_METRIC["weekly_minutes"], EVERY_METRIC["reading_load"], WEEK, 1 - ALPHA).bounds
        _, officers = work_of_row(row, EVERY_METRIC["officers_needed"], EVERY_METRIC["reading_load"], WEEK, 1 - ALPHA).bounds
        assert low is not None
        assert high is not None
        assert officers is not None
        wrong["minutes below"] += high < true
        wrong["minutes above"] += low > true
        wrong["officers below"] += officers < needed
    allowed = ALPHA * REPEATS + 2.6 * np.sqrt(ALPHA * (1 - ALPHA) * REPEATS)
    assert max(wrong.values()) <= allowed, wrong
