"""What is counted completely, from the account of the answers: there is no sample, so there is nothing to bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evalharness.catalogue import METRICS
from evalharness.catalogue.complete import COMPLETE_METRICS, UNUSABLE
from evalharness.records import Estimate, Question
from evalharness.stats.rounding import outward

METHOD = "complete count: every item of the run, no sample"


def complete_estimates(accounting: Mapping[str, int], questions: Iterable[Question], level: float) -> Iterator[Estimate]:
    """The complete counts that `questions` ask for, each once. Both bounds are the value itself, at any level.

    accounting: items, answered, missing, duplicate, invalid, as in the evidence's `predictions`.
    """
    complete = {metric.name for metric in COMPLETE_METRICS}
    for name in dict.fromkeys(question.metric for question in questions if question.metric in complete):
        if not accounting:
            continue  # nobody told: no estimate, so never a pass
        items, counted = accounting["items"], sum(accounting[part] for part in UNUSABLE)
        value = outward(counted / items) if items else None
        yield Estimate(
            metric=name,
            value=value,
            lower=value,
            upper=value,
            level=level,
            method=METHOD,
            n=items,
            clusters=items,
            n_eff=float(items),
            reason="" if items else f"no {METRICS[name].denominator_name}",
        )
