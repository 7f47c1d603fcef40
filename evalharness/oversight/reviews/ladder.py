"""How long readings take, as a ladder of shares: of each step, the readings that take longer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalharness.errors import bad_input
from evalharness.oversight.reviews.outcomes import Counting, ways_of
from evalharness.oversight.reviews.readings import Known, Readings
from evalharness.records.oversight_minutes import step_name, steps_below
from evalharness.records.oversight_reviews import SECOND_EDGES
from evalharness.records.share import ShareRow
from evalharness.tally.share_kinds import KindShare, count_kinds


def ladder_rows(readings: Readings, known: Known, how: Counting, seconds: npt.NDArray[np.uint8], where: str) -> list[ShareRow]:
    """A row for each step below `how.slowest`: readings of all kinds that took longer. One that was assigned and that nobody made takes as
    long as can be.

    seconds: [N] the class of each reading's seconds. Raises BadInput for a reading that takes longer than `how.slowest`: then a mean would
    have no bound.
    """
    with np.errstate(invalid="ignore"):
        most = float(np.nanmax(readings.seconds)) if readings.read.any() else 0.0
    if most > how.slowest:
        too_long = int(np.count_nonzero(readings.seconds > how.slowest))
        raise bad_input(
            "readings take longer than the policy says that any takes", where=where, got=f"{too_long:,}, the longest {most:g} seconds",
            expected=f"at most {how.slowest:g} seconds", hint="raise human_in_the_loop.review_study.slowest_seconds, which bounds the mean",
        )  # fmt: skip
    never = len(SECOND_EDGES)
    kinds = seconds if readings.read.all() else np.where(readings.read, seconds, np.uint8(never))
    number = np.bincount(kinds, minlength=never + 1)
    every = np.ones(never + 1, dtype=np.bool_)
    longer = {step_name(step): np.array([*(edge > step for edge in SECOND_EDGES), True]) for step in steps_below(how.slowest)}
    shares = [KindShare(metric=name, part=part, total=every, rests_on=tuple(how.rests_on)) for name, part in longer.items()]
    rows = count_kinds(shares, number, ways_of(readings, known, how, np.argsort(kinds, kind="stable")))
    return [row for of_step in rows.values() for row in of_step]
