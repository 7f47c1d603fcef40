"""What is left of the rows once several models have been counted on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evalharness.errors import BadInput, Problems
from evalharness.predictions import Accounting
from evalharness.tally import ConfusionTally, ScoreSummary
from evalharness.tally.orders import OrdersTogether
from evalharness.tally.paired import PairedTally
from evalharness.workflows.blind_answers import check_export
from evalharness.workflows.inputs import Inputs

_Opened = TypeVar("_Opened")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedModel:
    """One model."""

    tally: ConfusionTally
    accounting: Accounting
    scores: ScoreSummary | None
    """Null when the model gives no scores."""
    remarks: tuple[str, ...]
    """What the adapter says of the artefact, and what the task adds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTogether:
    """All models. The incumbent is the first."""

    models: tuple[CountedModel, ...]
    paired: tuple[PairedTally, ...]
    """Of each challenger, the incumbent beside it."""
    unlabelled: int
    orders: tuple[OrdersTogether | None, ...] = ()
    """Of each challenger; null without scores. Empty where no area under the ROC curve is compared."""


def each_opened(every: Sequence[Inputs], open_it: Callable[[Inputs], _Opened]) -> list[_Opened]:
    """What `open_it` makes of each model. Raises BadInput with the problems of all that cannot be opened."""
    problems = Problems()
    found = []
    for inputs in every:
        try:
            check_export(inputs.card, None)
            found.append(open_it(inputs))
        except BadInput as error:
            problems.extend(error)
    problems.raise_if_any()
    return found
