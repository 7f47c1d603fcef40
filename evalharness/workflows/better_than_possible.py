"""Whether answers are right more often than the features allow, where a synthetic benchmark knows the truth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evalharness.errors import Fault
from evalharness.metrics.arrays import limits, rates
from evalharness.metrics.counted import second_of
from evalharness.records import Caution
from evalharness.report.by_task import NOUNS
from evalharness.tally import ConfusionTally, Foreseen

FALSE_ALARMS = 1e-6
"""At most so many of the runs whose answers follow from the features alone are called better than possible."""
_SHARES = {"binary": "precision", "ranking": "precision_at_budget", "ordinal": "exact_agreement"}
"""How often a choice is right. For risk the true band follows from the features; for linkage see `Counted.foreseen`."""
_RIGHT = {
    "binary": "{n} {many} are selected and {right} of them are relevant",
    "ranking": "{n} {many} are worked and {right} of them are relevant",
    "ordinal": "{right} of {n} {many} are given the level of their label",
}


def better_than_possible(tally: ConfusionTally, foreseen: Foreseen | None) -> Iterator[Caution]:
    """A warning where the choices are right more often than is expected of them, beyond chance.

    Given the features, whether a choice made by them is right is a draw with the item's true chance. Such draws are right k times or
    more in n no oftener than so many draws with their mean chance (Hoeffding 1956, Annals of Mathematical Statistics 27, 713), so one
    asks whether the one-sided Clopper-Pearson limit of k / n is above that mean; items of one cluster count as one, as in every bound.
    No choice that finds more than the best attainable escapes it: it would have to be right more often than its own items allow.
    """
    task = tally.of.task
    if foreseen is None or task not in _SHARES or not foreseen.choices:
        return
    share = tally.of.metrics[_SHARES[task]]
    of = rates(tally.counts[:1], second_of(tally, [0]), np.array([share.numerator]), np.array([share.denominator]))
    if int(of.total[0, 0]) != foreseen.choices:
        raise Fault("the choices whose chances were added up are not those that were counted")
    lowest, expected = float(limits(of, FALSE_ALARMS)[0][0, 0]), foreseen.expected / foreseen.choices
    if lowest <= expected:
        return
    right = round(float(of.value[0, 0]) * foreseen.choices)
    said = _RIGHT[task].format(n=foreseen.choices, right=right, many=NOUNS[task][1])
    text = (
        f"Better than possible: {said}, where {foreseen.expected:.0f} are to be expected by the true chances, given all that the model "
        "receives of an item. The answers know more than that. Labels, or something else that goes with them, have reached the model, or "
        "it has looked at several items of one cluster together."
    )
    yield Caution(kind="better_than_possible", text=text)
