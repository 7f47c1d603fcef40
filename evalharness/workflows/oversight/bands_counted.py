"""Bands of ranking and linkage: what is selected is one band, the rest another, so the counts say what becomes of every item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue.metric import OUTCOMES, Weights
from evalharness.catalogue.oversight.work import READINGS
from evalharness.metrics.oversight_minutes import is_measured
from evalharness.oversight.fates import FATES, shares_of_outcomes
from evalharness.records import OVERALL, Group, Policy
from evalharness.records.oversight_bands import Bands
from evalharness.records.oversight_work import MINUTES, readings_of
from evalharness.records.share import ALONE, ShareRow, Way
from evalharness.tally import ConfusionTally
from evalharness.workflows.oversight.bands import COMPLETE, asked_groups, bands_of, provided, rests_on
from evalharness.workflows.oversight.provided import NOTHING, Provided

TASKS = ("ranking", "linkage")
"""Tasks whose decision on one item depends on others."""
_UNSEEN = "True links that no candidate pair holds are counted with the last band, and nobody can open them there."
_DAYS = (
    "The week's leads are taken to come in on days as large as those that were judged: of a smaller day a larger share is within the "
    "budget, of a larger one a smaller share."
)
_RELEVANT = np.array([name in ("tp", "fn", "no_answer_positive") for name in OUTCOMES])


def bands_of_counts(policy: Policy, tally: ConfusionTally) -> Provided:
    """Nothing for other tasks, and without bands."""
    bands = bands_of(policy)
    if bands is None or policy.task not in TASKS:
        return NOTHING
    rests = rests_on(bands)
    rows = tuple(
        _row(metric, group, tally, weights, rests.get(metric, ()))
        for metric, weights in shares_of_outcomes(bands).items()
        for group in _groups(policy, tally, metric)
    )
    people, counts = policy.human_in_the_loop, tally.counts[0]
    work = (_readings(bands, tally, measured=is_measured(policy)),) if people is not None and people.work is not None else ()
    found = provided(bands, (*rows, *work), _by_fate(counts), _by_fate(counts * _RELEVANT))
    more = (_UNSEEN,) if policy.task == "linkage" else (_DAYS,) if work else ()
    return replace(found, limits=(*found.limits, *more))


def _by_fate(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.bincount(FATES, weights=counts).astype(np.int64)


def _row(metric: str, group: Group, tally: ConfusionTally, weights: tuple[Weights, Weights], rests: tuple[str, ...]) -> ShareRow:
    at = tally.slices.position(group)
    part, total = (np.array(one, dtype=np.int64) for one in weights)
    counts, second = tally.counts[at], tally.second[at]
    some, whole = int(counts @ part), int(counts @ total)
    way = Way(name=ALONE, clusters=whole, total2=whole, part2=some, rest2=whole - some)
    if tally.clustered and metric not in COMPLETE:
        rest = total - part
        clusters = int(tally.clusters[at, tally.of.denominators.index(weights[1])])
        way = Way(
            name="case", clusters=clusters, total2=_squares(second, total), part2=_squares(second, part), rest2=_squares(second, rest)
        )
    return ShareRow(metric=metric, group=group, part=some, total=whole, ways=(way,), rests_on=rests)


def _readings(bands: Bands, tally: ConfusionTally, *, measured: bool) -> ShareRow:
    """As `oversight.workload.reading_row`, from the counts of outcomes and their moments over cases."""
    readings = readings_of(bands)
    read = np.array(readings.by_fate, dtype=np.int64)[np.array(FATES)]
    whole = np.full(len(FATES), readings.most, dtype=np.int64)
    counts, second = tally.counts[0], tally.second[0]
    clusters = int(tally.clusters[0, tally.of.denominators.index((1,) * len(FATES))])
    way = Way(
        name="case", clusters=clusters, total2=_squares(second, whole), part2=_squares(second, read),
        rest2=_squares(second, whole - read),
    )  # fmt: skip
    return ShareRow(
        metric=READINGS, part=int(counts @ read), total=int(counts @ whole), ways=(way,), rests_on=() if measured else (MINUTES,)
    )


def _squares(second: NDArray[np.int64], weights: NDArray[np.int64]) -> int:
    """Sum over clusters of the square of how many there are of these outcomes."""
    return int(weights @ second @ weights)


def _groups(policy: Policy, tally: ConfusionTally, metric: str) -> Iterator[Group]:
    yield OVERALL
    for subset, metrics in asked_groups(policy).items():
        if metric in metrics:
            yield from (tally.slices.groups[position] for position in tally.slices.positions(subset))
