"""The example of docs/metrics.md for a review log: ten items and four reviewers, through the code that `evaluate --reviews` runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
from metrics_docs_data import markdown
from metrics_docs_examples import LEVEL, Measured

from evalharness.catalogue import EVERY_METRIC
from evalharness.catalogue.oversight.reviews import REVIEW_METRICS
from evalharness.evidence.assemble import estimate_as_json
from evalharness.metrics.oversight import share_row_estimate
from evalharness.metrics.oversight_differences import DIFFERENCES, difference_of_rows
from evalharness.oversight.reviews.check import checked_log
from evalharness.oversight.reviews.kinds import kinds_of
from evalharness.oversight.reviews.ladder import ladder_rows
from evalharness.oversight.reviews.order import order_of
from evalharness.oversight.reviews.outcomes import Counting, share_rows
from evalharness.oversight.reviews.readings import Known
from evalharness.oversight.reviews.seconds import classes_of

READERS = ("ann", "ben", "cat", "dan")
ITEMS = (
    (1, 1, "1", "1b", "1 again", "third 1"),
    (1, 1, "1", "0b", "0 again", ""),
    (1, 1, "0", "1b", "0 again", ""),
    (1, 0, "0", "1b", "1", "1b"),
    (1, 0, "1", "0b", "0", "1b"),
    (0, 1, "1", "0b", "0", "0b"),
    (0, 1, "0", "0b", "1", "1b"),
    (0, 0, "0b", "0", "0b", "0"),
    (0, 0, "0b", "0", "1b", "0"),
    (0, 0, "seeded 1", "seeded 0", "0b", "seeded 0"),
)
"""Truth, the classifier's answer, and what each reviewer says: `b` blind, `again` a second reading, `third` the one that settles it,
`seeded` with the contrary of the truth shown."""
_TABLE = markdown(
    ("item", "truth", "classifier", *READERS),
    ((str(1 + at), str(item[0]), str(item[1]), *(str(cell) or "–" for cell in item[2:])) for at, item in enumerate(ITEMS)),
)
WORDS = f"""\
From a review log (`evaluate --reviews`), beside the list of what was assigned; a reading that was assigned and not made, or made without a
decision, is wrong. **The example** is of ten items that four reviewers read in one shift each, 1 for relevant: `b` where the reviewer did
not see the classifier's answer, `again` for a second reading, `third` for the one that settles two others, `seeded` where the contrary of
the truth was shown on purpose. Each item is a case of its own, and chance said who sees what. Items were read one after another; what is
said of early and late takes items 1 to 3, 4 to 6 and 7 to 10 for a shift each. Every reading takes 20 seconds.

{_TABLE}
Differences (`automation_bias`, `augmentation`, `synergy`, and both trends) take each limit of their shares at α over the number of limits.
"""


@cache
def measured() -> Mapping[str, tuple[str, Measured]]:
    """By metric: the counts behind it as text, and its estimate."""
    labels, answers = (np.array([item[at] for item in ITEMS], dtype=np.int8) for at in (0, 1))
    ids = pa.array([str(at) for at in range(len(ITEMS))])
    known = Known(ids=ids, labels=labels, decisions=answers, words={"0": 0, "1": 1})
    readings, _ = checked_log(pa.Table.from_pylist(list(log())), known, "the example", listed=False)
    how = Counting(rests_on=(), slowest=3_600)
    kinds = kinds_of(readings, known, how.slowest)
    shifts = replace(readings, shift=(4 * np.minimum(readings.item // 3, 2) + readings.reviewer).astype(np.int32))
    by_order, _ = order_of(shifts, known, how, kinds, classes_of(readings.seconds))
    steps = ladder_rows(readings, known, how, classes_of(readings.seconds), "the example")
    rows = {row.metric: row for row in (*share_rows(readings, known, how, kinds), *by_order, *steps)}
    found: dict[str, tuple[str, Measured]] = {}
    for metric in REVIEW_METRICS:
        if metric.name in DIFFERENCES:
            of = {name: rows[name] for terms in DIFFERENCES[metric.name] for _, name in terms}
            found[metric.name] = "", estimate_as_json(difference_of_rows(of, EVERY_METRIC[metric.name], LEVEL, by_chance=True))
        else:
            row = rows[metric.name]
            found[metric.name] = f"{row.part} / {row.total} = ", estimate_as_json(share_row_estimate(row, metric, LEVEL))
    return found


def log() -> Iterator[dict[str, str]]:
    """Its rows."""
    for at, (truth, answer, *said) in enumerate(ITEMS):
        for reader, cell in zip(READERS, said, strict=True):
            if not cell:
                continue
            seeded, blind = "seeded" in cell, cell.endswith("b")
            yield {
                "item_id": str(at), "reviewer": reader, "reading": "2" if "again" in cell else "3" if "third" in cell else "1",
                "shown": "blind" if blind else str(1 - truth) if seeded else str(answer), "label": next(c for c in cell if c in "01"),
                "seconds": "20", "time": f"2026-03-01T08:0{at}:00Z", "seeded": str(seeded).lower(), "adjudicated": "false",
                "shift": f"{reader}'s shift",
            }  # fmt: skip
