"""The outcomes of a task as classifier and people together see them: relevant or not, and selected, handed over without an answer, or left.

Where items are graded, those graded from `relevant_from` on are the selected ones, and what a band has read blind although it is graded
lower is handed over as what has no answer is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import TaskMetrics
from evalharness.catalogue.metric import OUTCOMES, Weights
from evalharness.metrics.counted import everything
from evalharness.metrics.oversight_team_bands import OTHERS, UNREAD, outside
from evalharness.records import Group, Policy
from evalharness.records.oversight_bands import Band, Bands
from evalharness.records.share import ALONE, ShareRow, Way
from evalharness.tally import ConfusionTally

Ints = NDArray[np.int64]
THESE_SIX = ("binary", "risk", "ranking")
"""Tasks whose outcomes are these six themselves, and whose selected items people read."""
_RELEVANT, _OTHER = (1, 0, 1, 0, 1, 0), (0, 1, 0, 1, 0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """How the outcomes of a task add up to the six."""

    weights: Ints
    """[6, O] 1 where an outcome is of the kind, in the order of `OUTCOMES`."""
    bands: tuple[Band, ...] = ()
    """Bands that have selected items read."""
    blind: tuple[Band, ...] = ()
    """Bands that have others read, without the classifier's grade."""
    found: str = ""
    """Why there is no `team_recall`; empty where there is."""
    rest: str = ""
    """Why there is nothing else; likewise."""

    def counts(self, tally: ConfusionTally, group: Group) -> tuple[Ints, Ints]:
        """[6] items of a group, and [6, 6] sums over clusters. Raises KeyError for a group that is not counted."""
        at = tally.slices.position(group)
        return self.weights @ tally.counts[at], self.weights @ tally.second[at] @ self.weights.T

    def row(self, tally: ConfusionTally, group: Group, part: Weights, total: Weights) -> ShareRow:
        """`part` of `total`, each by kind. Clusters are those with any item of the true class: if fewer have one that counts, bounds are
        wider than they need be. Raises KeyError for a group that is not counted."""
        counts, second = self.counts(tally, group)
        whole, some = np.array(total), np.array(part)
        rest = whole - some
        n = int(counts @ whole)
        of = whole if sum(total) == len(total) else np.array(_OTHER if total == _OTHER else _RELEVANT)
        way = Way(
            name="case" if tally.clustered else ALONE,
            clusters=min(self._clusters(tally, group, of), n),
            total2=int(whole @ second @ whole),
            part2=int(some @ second @ some),
            rest2=int(rest @ second @ rest),
        )
        return ShareRow(metric="", group=group, part=int(counts @ some), total=n, ways=(way,))

    def _clusters(self, tally: ConfusionTally, group: Group, of: Ints) -> int:
        """Clusters with an item of these kinds. Of grades there may be fewer: then bounds are wider than they need be."""
        at, known = tally.slices.position(group), tally.of.denominators
        wanted = tuple(int(some) for some in of @ self.weights)
        return int(tally.clusters[at, known.index(wanted if wanted in known else everything(tally.of))])


def kinds_of(of: TaskMetrics, policy: Policy) -> Kinds | None:
    """None for a task of other decisions, and for grades where the policy does not say from which on an item is relevant."""
    people = policy.human_in_the_loop
    bands = None if people is None else people.bands
    if of.task in THESE_SIX and of.outcomes == OUTCOMES:
        reading = tuple(band for band in (() if bands is None else bands.bands) if band.readers)
        found, rest = ("", "") if bands is None else (outside(bands, policy.operating_point, by_fates=fates) for fates in (True, False))
        return Kinds(weights=np.eye(len(OUTCOMES), dtype=np.int64), bands=reading, found=found, rest=rest)
    if not of.ordinal or people is None or people.relevant_from not in of.levels:
        return None
    return _graded(of, of.levels.index(people.relevant_from), bands)


def _graded(of: TaskMetrics, first: int, bands: Bands | None) -> Kinds:
    """`first`: place of the lowest relevant level."""
    weights = np.zeros((len(OUTCOMES), len(of.outcomes)), dtype=np.int64)
    takes = [None if bands is None else band_of(bands, level) for level in of.levels]
    for true, (refused, answered) in enumerate(zip(of.refused, of.answers, strict=True)):
        other = int(true < first)
        weights[4 + other, refused] = 1
        for given, outcome in enumerate(answered):
            weights[_row(takes[given], selected=given >= first) + other, outcome] = 1
    selected = list(dict.fromkeys(band for band in takes[first:] if band is not None))
    lower = list(dict.fromkeys(band for band in takes[:first] if band is not None and band.readers))
    why = OTHERS if any(band.shown for band in lower) else ""
    unread = UNREAD if any(not band.readers for band in selected) else ""
    reading = tuple(band for band in selected if band.readers)
    return Kinds(weights=weights, bands=reading, blind=tuple(band for band in lower if not band.shown), found=why, rest=why or unread)


def _row(band: Band | None, *, selected: bool) -> int:
    """Place of the relevant one of a pair of kinds."""
    if selected:
        return 0 if band is None or band.readers else 2
    return 4 if band is not None and band.readers and not band.shown else 2


def band_of(bands: Bands, level: str) -> Band:
    """The band that takes a grade: the first that names it, or the last."""
    return next((band for band in bands.bands if level in band.levels), bands.bands[-1])
