"""How much the best order of the leads finds within a daily budget, where a synthetic benchmark knows the true chances."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.records import Group
from evalharness.tally.attainable import BestShare, Foreseen
from evalharness.tally.group_sums import UNIT, Groups, GroupSums, units_of

_FOUND, _MISSED, _BEST_FOUND, _BEST_MISSED = range(4)

Chances = NDArray[np.float64]


class BestRankingCounter:
    """Recall at the budget against what is expected of working the highest true chances of every queue.

    No order of the leads finds more of them, in expectation, within all queues together. What it finds in one group is told beside the
    model's figure there; an order that favours the group would find more of it, and less of the others. `levels` are the levels of each
    protected attribute; each is a group, and so is everybody. Order of rows and cuts of batches change nothing.
    """

    def __init__(self, levels: Mapping[str, tuple[str, ...]]) -> None:
        self._sums = GroupSums(levels, 4)
        self._worked = 0
        self._promised = 0

    def add(
        self,
        posterior: Chances,
        labels: NDArray[np.int8],
        decisions: NDArray[np.int8],
        groups: Groups,
        within: Mapping[str, Chances] | None = None,
        *,
        best: NDArray[np.int8],
    ) -> None:
        """Adds rows: true chances; labels 1, 0 or -1 (none: skipped); decisions of the model, and `best` of the true chances, 1 where a
        lead is worked.

        within: for an attribute that shapes the features, the chances given also the row's own level of it; levels of that attribute are
        judged by those. Raises Fault for unequal lengths.
        """
        if len({len(posterior), len(labels), len(decisions), len(best), *map(len, groups.values())}) > 1:
            raise Fault("chances, labels, decisions and groups have different numbers of rows")
        labelled = np.flatnonzero(labels >= 0)
        own = {name: codes[labelled] for name, codes in groups.items()}
        relevant = np.flatnonzero(labels[labelled] == 1)
        places = np.where(decisions[labelled][relevant] == 1, _FOUND, _MISSED)
        self._sums.add({name: codes[relevant] for name, codes in own.items()}, places, np.ones(len(relevant)))
        places = np.where(best[labelled] == 1, _BEST_FOUND, _BEST_MISSED)
        inside = {name: units_of(chances[labelled]) for name, chances in (within or {}).items()}
        self._sums.add(own, places, units_of(posterior[labelled]), inside)
        worked = decisions[labelled] == 1
        self._worked += int(worked.sum())
        self._promised += int(units_of(posterior[labelled][worked]).sum())

    def foreseen(self) -> Foreseen:
        """How many of the leads worked are expected to be relevant."""
        possible = int(self._sums.sums[0, [_BEST_FOUND, _BEST_MISSED]].sum())
        return Foreseen(choices=self._worked, expected=self._promised / UNIT, of=possible / UNIT)

    def result(self) -> tuple[BestShare, ...]:
        """Everybody first, then each level in declared order."""
        return tuple(_share(group, *self._sums.sums[k].tolist()) for k, group in enumerate(self._sums.groups))


def _share(group: Group, found: int, missed: int, best_found: int, best_missed: int) -> BestShare:
    relevant, expected = found + missed, best_found + best_missed
    reasons = [
        *(["no relevant lead, so the model's recall is undefined"] if not relevant else []),
        *(["by the true chances no lead can be relevant"] if not expected else []),
    ]
    return BestShare(
        group=group,
        metric="recall_at_budget",
        value=found / relevant if relevant else None,
        best=best_found / expected if expected else None,
        n=relevant,
        reason="; ".join(reasons),
    )
