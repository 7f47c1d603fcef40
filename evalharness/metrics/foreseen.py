"""Whether choices are right more often than the true chances allow, where a synthetic benchmark knows them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.catalogue import Metric, TaskMetrics
from evalharness.errors import Fault
from evalharness.metrics.arrays import limits, rates
from evalharness.metrics.counted import second_of
from evalharness.tally import ConfusionTally, Foreseen

_SHARES: Mapping[str, Mapping[str, str]] = {
    "binary": {"precision": "choices", "recall": "of"},
    "risk": {"precision": "choices", "recall": "of"},
    "ranking": {"precision_at_budget": "choices", "recall_at_budget": "of"},
    "ordinal": {"exact_agreement": "choices"},
}
"""How often a choice is right, and how much of what is relevant is chosen, each with the part of `Foreseen` that is its denominator:
knowing too much shows in one or the other, as few or many items are chosen. None for linkage: there the chances are of a pair taken
alone, and whoever looks at all records at once is honestly right more often."""


def foreseen_shares(of: TaskMetrics, foreseen: Foreseen) -> tuple[tuple[Metric, float], ...]:
    """Each share of a task with what is expected of it; none where nothing is expected of the task, or nothing was chosen."""
    if not foreseen.choices:
        return ()
    totals = {"choices": float(foreseen.choices), "of": foreseen.of}
    every = ((of.metrics[name], totals[total]) for name, total in _SHARES.get(of.task, {}).items())
    return tuple((metric, foreseen.expected / total) for metric, total in every if total)


def right_choices(of: TaskMetrics, counts: ArrayLike) -> NDArray[np.int64]:
    """(...): choices that are right, of counts (..., O); they are the numerator of each share."""
    first, *_ = _SHARES[of.task]
    return np.asarray(counts) @ np.array(of.metrics[first].numerator, dtype=np.int64)


def beyond_foreseen(counts: ArrayLike, second: ArrayLike | None, of: TaskMetrics, foreseen: Foreseen, alpha: float) -> NDArray[np.bool_]:
    """(...): whether choices that follow from the features alone are right as often as here in a share of `alpha` of all runs, at most.

    Given the features, whether a choice made by them is right is a draw with the item's true chance. Such draws are right k times or
    more in n no oftener than so many draws with their mean chance (Hoeffding 1956, Annals of Mathematical Statistics 27, 713), so one
    asks whether the one-sided Clopper-Pearson limit of k / n is above that mean. Likewise of the share of all relevant items that is
    chosen: were relevant items Poisson numbers, chosen ones would be a binomial part of them; sums of draws vary less. Shares divide
    `alpha`. Items of one cluster count as one, as in every bound. Counts (..., O) and second moments (..., O, O) as in `arrays.rates`.
    """
    shares = foreseen_shares(of, foreseen)
    beyond = np.zeros(np.shape(counts)[:-1], dtype=np.bool_)
    for metric, mean in shares:
        found = rates(counts, second, [metric.numerator], [metric.denominator])
        beyond |= limits(found, alpha / len(_SHARES[of.task]))[0][..., 0] > mean
    return beyond & (right_choices(of, counts) > foreseen.expected) if shares else beyond


def too_often_right(tally: ConfusionTally, foreseen: Foreseen, alpha: float) -> int | None:
    """How many choices of everybody together are right, where that is beyond chance; null where it is not, or cannot be told."""
    shares = foreseen_shares(tally.of, foreseen)
    if not shares:
        return None
    if int(tally.counts[0] @ np.array(shares[0][0].denominator)) != foreseen.choices:
        raise Fault("the choices whose chances were added up are not those that were counted")
    if not bool(beyond_foreseen(tally.counts[:1], second_of(tally, [0]), tally.of, foreseen, alpha)[0]):
        return None
    return int(right_choices(tally.of, tally.counts[0]))
