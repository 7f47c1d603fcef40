"""The example of docs/metrics.md for work: twenty items by fate, through the code that `evaluate` runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from metrics_docs_examples import LEVEL, Measured

from evalharness.catalogue import EVERY_METRIC
from evalharness.catalogue.oversight.work import READINGS, WORK_METRICS
from evalharness.evidence.assemble import estimate_as_json
from evalharness.metrics.oversight import share_row_estimate
from evalharness.metrics.oversight_work import work_of_row
from evalharness.oversight.workload import reading_row
from evalharness.records.oversight_bands import Band, Bands, SpotCheck
from evalharness.records.oversight_work import Work, readings_of
from evalharness.stats.workload import Week

BANDS = Bands(
    bands=(
        Band(name="read_twice", at_least=0.9, readers=2),
        Band(name="read", selected=True, readers=1),
        Band(name="set_aside", rest=True, spot_check=SpotCheck(share=0.1, readers=1, blind=True)),
    )
)
FATES = np.repeat(np.arange(4, dtype=np.int8), (3, 5, 10, 2))
WORK = Work(officers=2, minutes_per_shift=300, shifts_per_week=5)
A_WEEK, MINUTES_EACH = 2_000, 3.0
WORDS = """\
From `human_in_the_loop: bands` and `work`, on declared minutes. **The example** is of twenty items: three are read twice, five once, ten
are set aside with a spot check of a tenth, two go to a person; so 3 x 2 + 5 + 10 / 10 + 2 = 14 readings of the 40 that there would be if
all were read twice. There are 2,000 items a week, 3 minutes a reading, and two officers with five shifts of 300 minutes each.
"""


@cache
def measured() -> Mapping[str, tuple[str, Measured]]:
    """By metric: the counts behind it as text, and its estimate."""
    row, readings = reading_row(BANDS, FATES, None), readings_of(BANDS)
    week = Week(most=A_WEEK * MINUTES_EACH * readings.most / readings.parts, capacity=WORK.minutes, each=WORK.minutes_each)
    share = EVERY_METRIC[READINGS]
    found: dict[str, tuple[str, Measured]] = {
        READINGS: (f"{row.part} / {row.total} = ", estimate_as_json(share_row_estimate(row, share, LEVEL)))
    }
    for metric in WORK_METRICS[1:]:
        found[metric.name] = "", estimate_as_json(work_of_row(row, metric, share, week, LEVEL))
    return found
