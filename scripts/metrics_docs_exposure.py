"""The example of docs/metrics.md for exposure: the readings of the example of a review log, through the code of `evaluate`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pyarrow as pa
from metrics_docs_examples import LEVEL, Measured
from metrics_docs_reviews import ITEMS, log

from evalharness.catalogue import EVERY_METRIC
from evalharness.catalogue.oversight.exposure import BY_BANDS, EXPOSURE_METRICS, REDUCTION
from evalharness.evidence.assemble import estimate_as_json
from evalharness.metrics.oversight import share_row_estimate
from evalharness.metrics.oversight_exposure import reduction_of_row
from evalharness.metrics.oversight_odds import SHARES, odds_of_row
from evalharness.oversight.exposure.by_bands import severe_row
from evalharness.oversight.exposure.outcomes import count_exposure
from evalharness.oversight.fates import Fated
from evalharness.oversight.reviews.check import checked_log
from evalharness.oversight.reviews.readings import Known
from evalharness.records.oversight_bands import Band, Bands
from evalharness.records.oversight_exposure import ExposureLimits
from evalharness.records.oversight_work import readings_of

CAP = 4
WORDS = f"""\
From a review log and `human_in_the_loop: exposure`. **The example** has the readings of the one above, with `severe: relevant` and
`views_per_shift_at_most: {CAP}`: the relevant items 1 to 5 are read 18 times, by each of four reviewers in one shift. One view is asked for
each number of reading of an item, and several people read some of them for the first time. All five are found, by the third reading where
there is one. The policy's bands have what is selected read once and the rest by nobody: of the five relevant items three are selected.
"""
BANDS = Bands(bands=(Band(name="review", selected=True, readers=1), Band(name="set_aside", rest=True)))


@cache
def measured() -> Mapping[str, tuple[str, Measured]]:
    """By metric: the counts behind it as text, and its estimate."""
    labels, answers = (np.array([item[at] for item in ITEMS], dtype=np.int8) for at in (0, 1))
    ids = pa.array([str(at) for at in range(len(ITEMS))])
    known = Known(ids=ids, labels=labels, decisions=answers, words={"0": 0, "1": 1})
    readings, _ = checked_log(pa.Table.from_pylist(list(log())), known, "the example", listed=False)
    exposed = count_exposure(readings, known, ExposureLimits(views_per_shift_at_most=CAP), ())
    fated = Fated(fates=(answers == 0).astype(np.int8), decisions=answers, labels=labels, relevant=labels == 1, top=1)
    by_bands = severe_row(BANDS, fated, fated.relevant, None)
    by_name = {row.metric: row for row in (*exposed.shares, by_bands)}
    found: dict[str, tuple[str, Measured]] = {}
    for metric in EXPOSURE_METRICS:
        row = by_name[BY_BANDS if metric.name == REDUCTION else SHARES.get(metric.name, metric.name)]
        if metric.name == REDUCTION:
            estimate, counts = reduction_of_row(row, metric, EVERY_METRIC[BY_BANDS], readings_of(BANDS), LEVEL), ""
        elif metric.name in SHARES:
            estimate, counts = odds_of_row(row, metric, EVERY_METRIC[row.metric], LEVEL), f"{row.part} / {row.total - row.part} = "
        else:
            estimate, counts = share_row_estimate(row, metric, LEVEL), f"{row.part} / {row.total} = "
        found[metric.name] = counts, estimate_as_json(estimate)
    return found
