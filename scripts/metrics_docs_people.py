"""The example of docs/metrics.md for a table of people: eight items, through the code that `evaluate --people` runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pyarrow as pa
from metrics_docs_examples import LEVEL, Measured

from evalharness.catalogue import EVERY_METRIC
from evalharness.catalogue.oversight.people import PEOPLE_METRICS
from evalharness.evidence.assemble import estimate_as_json
from evalharness.metrics.oversight import share_row_estimate
from evalharness.metrics.oversight_odds import SHARES, odds_of_row
from evalharness.oversight.people.outcomes import count_people
from evalharness.oversight.people.table import COLUMNS, checked_people
from evalharness.oversight.people.waits import Fated
from evalharness.oversight.reviews.readings import Known
from evalharness.records.oversight_people import PeopleLimits, Waits

LABELS = (1, 1, 1, 0, 0, 0, 0, 1)
DECISIONS = (1, 1, 1, 1, 1, 1, 0, 0)
_STEP = "2026-03-{:02d}T08:00:00Z"
TABLE = (
    (0, "p1", "involved", 1, 2, 3, 4, None),
    (1, "p2", "involved", 1, 2, 3, 9, None),
    (1, "p2", "involved", 1, 5, None, None, None),
    (2, "p3", "involved", 1, 2, None, None, None),
    (2, "b1", "uninvolved", 1, 2, None, None, None),
    (3, "b2", "uninvolved", 1, 2, None, None, 6),
    (4, "b2", "uninvolved", 1, 2, None, None, 6),
    (5, "b3", "uninvolved", 1, 3, None, None, 28),
    (6, "", "", 1, 20, None, None, None),
    (7, "p4", "involved", 1, 30, None, None, None),
)
"""Item, person, role, and the days of March on which it arrived, was opened, the person was identified and contacted, it was deleted."""
LIMITS = PeopleLimits(delete_within_days=14, contact_within_hours=48, second_look_days=21)
WAITS = Waits(hours=(36.0, 14 * 24.0, 36.0), read=(True, False, True))
"""What is selected, and the rest."""
WORDS = """\
From a table of people (`evaluate --people`). **The example** is of eight items, all of 1 March, each a case of its own. Three of four
relevant ones are selected and three others too; all are opened in the end, the two that were set aside on the 20th and the 30th. In one
find stands a bystander; of the wrongly selected items two show the same bystander and are deleted on the 6th, one shows another and is
deleted on the 28th. Two people are identified on the 3rd and contacted on the 4th and the 9th; an item of one of them is opened once more
on the 5th. The policy allows 14 days to delete, 48 hours to contact and 21 days for a second look; readers have 36 hours
to open what is selected, and 14 days for the rest.
"""


@cache
def measured() -> Mapping[str, tuple[str, Measured]]:
    """By metric: the counts behind it as text, and its estimate."""
    rows = [dict(zip(COLUMNS, (f"i{item}", person, role, *map(_day, days)), strict=True)) for item, person, role, *days in TABLE]
    ids = pa.array([f"i{at}" for at in range(len(LABELS))])
    known = Known(ids=ids, labels=np.array(LABELS, dtype=np.int8), decisions=np.array(DECISIONS, dtype=np.int8), words={})
    people = checked_people(pa.Table.from_pylist(rows), ids, "the example")
    counted = count_people(people, known, LIMITS, synthetic=False, slices=None, groups={}, fated=_fated())
    by_name = {row.metric: row for row in counted.shares}
    found: dict[str, tuple[str, Measured]] = {}
    for metric in PEOPLE_METRICS:
        row = by_name[SHARES.get(metric.name, metric.name)]
        if metric.name in SHARES:
            estimate, counts = odds_of_row(row, metric, EVERY_METRIC[row.metric], LEVEL), f"{row.part} / {row.total - row.part} = "
        else:
            estimate, counts = share_row_estimate(row, metric, LEVEL), f"{row.part} / {row.total} = "
        found[metric.name] = counts, estimate_as_json(estimate)
    return found


def _fated() -> Fated:
    return Fated(fates=(np.array(DECISIONS, dtype=np.int8) == 0).astype(np.int8), waits=WAITS)


def _day(day: int | None) -> str:
    return "" if day is None else _STEP.format(day)
