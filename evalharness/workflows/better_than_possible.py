"""The warning about answers that are right more often than the features allow, where a synthetic benchmark knows the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.metrics import too_often_right
from evalharness.records import Caution
from evalharness.report.by_task import NOUNS
from evalharness.tally import ConfusionTally, Foreseen

FALSE_ALARMS = 1e-6
"""At most so many of the runs whose answers follow from the features alone are called better than possible."""
_RIGHT = {
    "binary": "{n:,} {many} are flagged and {right:,} of them are relevant",
    "risk": "{n:,} {many} are placed in the top band and for {right:,} of them the outcome followed",
    "ranking": "{n:,} {many} are looked at and {right:,} of them are relevant",
    "ordinal": "{right:,} of {n:,} {many} are given the level of their label",
}


def better_than_possible(tally: ConfusionTally, foreseen: Foreseen | None, permitted: Sequence[str] = ()) -> Iterator[Caution]:
    """A warning where the choices are right more often than is expected of them, beyond chance (see `metrics.foreseen`).

    `tally` counts the labels whose chances `foreseen` adds up. Nobody need beat the best attainable to be seen: the question is what the
    model's own choice allows. permitted: protected attributes that a model may be told of, which the chances leave aside.
    """
    if foreseen is None:
        return
    right = too_often_right(tally, foreseen, FALSE_ALARMS)
    if right is None:
        return
    task = tally.of.task
    one, many = NOUNS[task]
    said = _RIGHT[task].format(n=foreseen.choices, right=right, many=many)
    text = (
        f"Better than possible: {said}, where {foreseen.expected:,.0f} are to be expected by the true chances, given all that the model "
        f"receives of each {one}. The answers know more than that. Labels, or something else that goes with them, have reached the model, "
        f"or it has looked at several {many} of one cluster together"
    )
    group = f", or it was told of a group that the recipe permits ({', '.join(permitted)}): the chances leave that aside"
    text += f"{group if permitted else ''}."
    yield Caution(kind="better_than_possible", text=text)
