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
_SHARES = {
    "binary": ("precision", "recall"),
    "ranking": ("precision_at_budget", "recall_at_budget"),
    "ordinal": ("exact_agreement",),
}
"""How often a choice is right, and how much of what is relevant is chosen: knowing too much shows in one or the other, as few or many
items are chosen. For risk the true band follows from the features; for linkage see `Counted.foreseen`."""
_RIGHT = {
    "binary": "{n} {many} are selected and {right} of them are relevant",
    "ranking": "{n} {many} are worked and {right} of them are relevant",
    "ordinal": "{right} of {n} {many} are given the level of their label",
}


def better_than_possible(tally: ConfusionTally, foreseen: Foreseen | None) -> Iterator[Caution]:
    """A warning where the choices are right more often than is expected of them, beyond chance.

    Given the features, whether a choice made by them is right is a draw with the item's true chance. Such draws are right k times or
    more in n no oftener than so many draws with their mean chance (Hoeffding 1956, Annals of Mathematical Statistics 27, 713), so one
    asks whether the one-sided Clopper-Pearson limit of k / n is above that mean; and likewise of the share of all relevant items that
    is chosen. Items of one cluster count as one, as in every bound. Nobody need beat the best attainable to be seen: the question is what
    the model's own choice allows.
    """
    task = tally.of.task
    if foreseen is None or task not in _SHARES or not foreseen.choices:
        return
    shares = [tally.of.metrics[name] for name in _SHARES[task]]
    numerators, denominators = (np.array([getattr(share, part) for share in shares]) for part in ("numerator", "denominator"))
    of = rates(tally.counts[:1], second_of(tally, [0]), numerators, denominators)
    if int(of.total[0, 0]) != foreseen.choices:
        raise Fault("the choices whose chances were added up are not those that were counted")
    lowest = limits(of, FALSE_ALARMS / len(shares))[0][0].tolist()
    expected = [foreseen.expected / total for total in (foreseen.choices, foreseen.of) if total]
    right = int(tally.counts[0] @ numerators[0])
    if right <= foreseen.expected or not any(low > mean for low, mean in zip(lowest, expected, strict=False)):
        return
    said = _RIGHT[task].format(n=foreseen.choices, right=right, many=NOUNS[task][1])
    text = (
        f"Better than possible: {said}, where {foreseen.expected:.0f} are to be expected by the true chances, given all that the model "
        "receives of an item. The answers know more than that. Labels, or something else that goes with them, have reached the model, or "
        "it has looked at several items of one cluster together."
    )
    yield Caution(kind="better_than_possible", text=text)
