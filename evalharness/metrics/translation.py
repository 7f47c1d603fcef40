"""What the counts mean for 1,000 items and for a week: figures for page one, never requirements."""

from __future__ import annotations

from evalharness.catalogue import METRICS, Weights
from evalharness.metrics.counted import everybody
from evalharness.metrics.quantities import Quantity
from evalharness.metrics.shares import share_estimates
from evalharness.records import Estimate, Policy
from evalharness.tally import ConfusionTally

_MISSED: tuple[Weights, str] = ((0, 0, 1, 0, 0, 0), "counts relevant items set aside; an item without an answer goes to a person")
_FLAGGED: tuple[Weights, str] = ((0, 1, 0, 0, 0, 1), "counts irrelevant items that go to a person: selected, or without an answer")
_REVIEWED: tuple[Weights, str] = (METRICS["review_rate"].numerator, "counts items that go to a person: selected, or without an answer")
_TRANSLATED = {"missed": _MISSED, "wrongly_flagged": _FLAGGED, "reviewed": _REVIEWED}


def translation(tally: ConfusionTally, policy: Policy, level: float) -> tuple[Estimate, ...]:
    """missed_, wrongly_flagged_ and reviewed_per_1000; the same _per_week at the declared volume, where the policy declares one; and
    system_recall_if_reviewers_catch_7_in_10 and _9_in_10. For everybody, with scaled Clopper-Pearson bounds; they describe.
    """
    overall = everybody(tally)
    return next(estimates for s, estimates in enumerate(share_estimates(tally, _wanted(policy), level)) if s == overall)


def _wanted(policy: Policy) -> tuple[Quantity, ...]:
    periods = [("per_1000", 1000)]
    if policy.human_in_the_loop is not None:
        periods.append(("per_week", policy.human_in_the_loop.items_per_week))
    counted = (
        _of_all(f"{name}_{period}", weights, items, note) for period, items in periods for name, (weights, note) in _TRANSLATED.items()
    )
    return (*counted, *(_caught(tenths) for tenths in (7, 9)))


def _of_all(name: str, numerator: Weights, items: int, note: str) -> Quantity:
    whole = METRICS["review_rate"]
    return Quantity(
        name=name,
        numerator=numerator,
        denominator=whole.denominator,
        denominator_name=whole.denominator_name,
        scale=float(items),
        note=f"times {items} items; {note}",
        decides=False,
    )


def _caught(tenths: int) -> Quantity:
    routed = METRICS["routed_recall"]
    return Quantity(
        name=f"system_recall_if_reviewers_catch_{tenths}_in_10",
        numerator=routed.numerator,
        denominator=routed.denominator,
        denominator_name=routed.denominator_name,
        scale=tenths / 10,
        note=f"routed_recall times {tenths / 10!r}, an assumption",
        decides=False,
    )
