"""How many true links the best choice of pairs finds, where a synthetic benchmark knows the true chance of every candidate pair."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.records import Group
from evalharness.stats.best_rule import most_gained
from evalharness.tally.attainable import BestShare
from evalharness.tally.group_sums import UNIT, Groups, GroupSums, units_of

_GRID = 10_000
_FOUND, _MISSED, _FALSE_OUTSIDE, _FALSE_EXPECTED = range(4)


class BestLinkingCounter:
    """Recall over all true links against what is expected of linking the likeliest candidates, until as many are false as the model's.

    Both numbers of false links are expectations: the model's is the sum of (1 - chance) over the candidates that it links, and what else it
    links falsely. By Neyman and Pearson (1933) no choice among the candidates finds more true links, in expectation, at that number.
    Chances are binned on equal steps of [0, 1]; inside a bin the best choice draws lots. A pair is in the group of its first record.
    `levels` are the levels of each protected attribute; each is a group, and so is everybody.
    """

    def __init__(self, levels: Mapping[str, tuple[str, ...]]) -> None:
        self._sums = GroupSums(levels, 4)
        self._outside = GroupSums(levels, 1)
        self._pairs, self._chances = GroupSums(levels, _GRID), GroupSums(levels, _GRID)

    def add_judged(self, labels: NDArray[np.int8], decisions: NDArray[np.int8], groups: Groups) -> None:
        """Adds judged pairs: labels 1 for true links, else 0; decisions 1 where the model links."""
        selected = decisions == 1
        counted = np.flatnonzero((labels == 1) | selected)
        places = np.where(labels == 1, np.where(selected, _FOUND, _MISSED), _FALSE_OUTSIDE)[counted]
        self._sums.add({name: codes[counted] for name, codes in groups.items()}, places, np.ones(len(counted)))

    def add_candidates(self, chances: NDArray[np.float64], labels: NDArray[np.int8], decisions: NDArray[np.int8], groups: Groups) -> None:
        """Adds candidate pairs, which are judged pairs too, with their true chances. Raises Fault for unequal lengths."""
        if len({len(chances), len(labels), len(decisions)}) > 1:
            raise Fault("chances, labels and decisions have different numbers of pairs")
        steps = np.minimum((chances * _GRID).astype(np.int64), _GRID - 1)
        self._pairs.add(groups, steps, np.ones(len(steps)))
        self._chances.add(groups, steps, units_of(chances))
        linked = (decisions == 1).astype(np.float64)
        self._sums.add(groups, np.full(len(steps), _FALSE_EXPECTED), units_of(1 - chances) * linked)
        self._sums.add(groups, np.full(len(steps), _FALSE_OUTSIDE), -linked * (labels == 0))

    def add_outside(self, pairs: NDArray[np.int64], groups: Groups) -> None:
        """Adds true links that no candidate pair holds, so many for each row."""
        self._outside.add(groups, np.zeros(len(pairs), dtype=np.int64), pairs.astype(np.float64))

    def result(self) -> tuple[BestShare, ...]:
        """Everybody first, then each level in declared order."""
        return tuple(self._share(k, group) for k, group in enumerate(self._sums.groups))

    def _share(self, k: int, group: Group) -> BestShare:
        found, missed, false_outside, false_expected = self._sums.sums[k].tolist()
        true_links = found + missed
        best = _expected(self._pairs.sums[k], self._chances.sums[k], false_outside + false_expected / UNIT, int(self._outside.sums[k, 0]))
        reasons = [
            *(["no true link, so the model's recall is undefined"] if not true_links else []),
            *(["by the true chances no pair can be a link"] if best is None else []),
        ]
        return BestShare(
            group=group,
            metric="pairwise_recall",
            value=found / true_links if true_links else None,
            best=best,
            n=true_links,
            reason="; ".join(reasons),
        )


def _expected(pairs: NDArray[np.int64], chances: NDArray[np.int64], false: float, outside: int) -> float | None:
    """Expected recall of linking from the greatest chance downwards until `false` false links are expected."""
    true = chances[::-1] / UNIT
    wrong = pairs[::-1] - true
    everything = float(true.sum()) + outside
    if not everything:
        return None
    return min(1.0, most_gained(true, wrong, false) / everything)
