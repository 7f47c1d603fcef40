"""What the counts mean for 1,000 items and for a week: figures for page one, never requirements."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.catalogue import ABOVE_LOWEST, METRICS, TaskMetrics, Weights
from evalharness.metrics.counted import everybody, everything
from evalharness.metrics.quantities import Quantity
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.shares import share_estimates
from evalharness.records import Estimate, Policy
from evalharness.tally import ConfusionTally

_MISSED: tuple[Weights, str] = ((0, 0, 1, 0, 0, 0), "counts relevant items set aside; an item without an answer goes to a person")
_FLAGGED: tuple[Weights, str] = ((0, 1, 0, 0, 0, 1), "counts irrelevant items that go to a person: selected, or without an answer")
_REVIEWED: tuple[Weights, str] = (METRICS["review_rate"].numerator, "counts items that go to a person: selected, or without an answer")
_TRANSLATED = {"missed": _MISSED, "wrongly_flagged": _FLAGGED, "reviewed": _REVIEWED}
_NOT_SELECTED: Weights = (0, 0, 1, 0, 1, 0)
_WRONG: Weights = (0, 1, 0, 0, 0, 0)
_GRADED = {
    "graded_too_low": "under_grading_1",
    "top_level_missed": "critical_miss",
    "graded_far_too_low": "under_grading_2",
    "graded_too_high": "over_grading_1",
}
_APART = "items without an answer apart: those go to a person"


def translation(tally: ConfusionTally, policy: Policy, level: float, rules: Rules = TODAY) -> tuple[Estimate, ...]:
    """Figures for everybody, with scaled Clopper-Pearson bounds; they describe.

    Binary and risk: missed_, wrongly_flagged_ and reviewed_per_1000; the same _per_week at the declared volume, where the policy declares
    one; and system_recall_if_reviewers_catch_7_in_10 and _9_in_10.
    Ordinal: graded_too_low_, graded_far_too_low_, graded_too_high_ and top_level_missed_per_1000 of all items; of those above the lowest
    level raised_graded_too_low_per_1000; of the top level top_level_graded_lower_ and top_level_graded_lowest_per_1000.
    Ranking: relevant_leads_missed_per_1000 of all leads, missed_of_relevant_leads_per_1000 and reviews_without_find_per_1000.
    Linkage: true_links_missed_per_1000 of the true links and wrong_links_per_1000 of the links made: pairs of any kind are not what anybody
    works through.
    """
    overall = everybody(tally)
    found = share_estimates(tally, tuple(_wanted(tally.of, policy)), level, [overall], rules=rules)
    return next(found, ())


def _wanted(of: TaskMetrics, policy: Policy) -> Iterator[Quantity]:
    if of.task in {"binary", "risk"}:
        yield from _of_triage(of, policy)
    elif of.ordinal:
        yield from _of_grading(of)
    elif of.task == "ranking":
        note = "counts relevant leads that are not among the selected of their day, or without an answer"
        yield _of_all(of, "relevant_leads_missed_per_1000", _NOT_SELECTED, 1000, note)
        yield _of_those(of, "missed_of_relevant_leads_per_1000", _NOT_SELECTED, "relevant leads", note)
        yield _of_those(of, "reviews_without_find_per_1000", _WRONG, "leads selected", "counts those that are not relevant")
    elif of.task == "linkage":
        note = "counts those that are not predicted, or without an answer"
        yield _of_those(of, "true_links_missed_per_1000", _NOT_SELECTED, "true links", note)
        yield _of_those(of, "wrong_links_per_1000", _WRONG, "predicted links", "counts those whose two records do not belong together")


def _of_triage(of: TaskMetrics, policy: Policy) -> Iterator[Quantity]:
    periods = [("per_1000", 1000)]
    if policy.human_in_the_loop is not None:
        periods.append(("per_week", policy.human_in_the_loop.items_per_week))
    for period, items in periods:
        for name, (weights, note) in _TRANSLATED.items():
            yield _of_all(of, f"{name}_{period}", weights, items, note)
    yield from (_caught(tenths) for tenths in (7, 9))


def _of_grading(of: TaskMetrics) -> Iterator[Quantity]:
    """What a person would not see: an item without an answer is one that somebody has to grade."""
    for name, metric in _GRADED.items():
        if metric in of.metrics:
            yield _of_all(of, f"{name}_per_1000", _answered(of, metric), 1000, f"counts what {metric} counts, {_APART}")
    too_low, top = _answered(of, "under_grading_1"), of.metrics["critical_miss"].denominator
    lower = tuple(low * high for low, high in zip(too_low, top, strict=True))
    lowest = _answered(of, "critical_miss")
    above = "top-level items" if len(of.levels) == 2 else ABOVE_LOWEST  # the same items, where there are two levels
    yield _of_those(of, "raised_graded_too_low_per_1000", too_low, above, f"counts what under_grading_1 counts, {_APART}")
    yield _of_those(of, "top_level_graded_lower_per_1000", lower, "top-level items", f"counts those given a lower level, {_APART}")
    yield _of_those(of, "top_level_graded_lowest_per_1000", lowest, "top-level items", f"counts what critical_miss counts, {_APART}")


def _answered(of: TaskMetrics, metric: str) -> Weights:
    """What the metric counts, without the items that got no answer."""
    return tuple(0 if outcome in of.refused else weight for outcome, weight in enumerate(of.metrics[metric].numerator))


def _of_those(of: TaskMetrics, name: str, numerator: Weights, those: str, note: str) -> Quantity:
    """Of 1,000 of one kind, by the name of its denominator."""
    return Quantity(
        name=name,
        numerator=numerator,
        denominator=of.denominators[of.denominator_names.index(those)],
        denominator_name=those,
        scale=1000.0,
        note=f"times 1000 {those}; {note}",
        decides=False,
    )


def _of_all(of: TaskMetrics, name: str, numerator: Weights, items: int, note: str) -> Quantity:
    whole = everything(of)
    return Quantity(
        name=name,
        numerator=numerator,
        denominator=whole,
        denominator_name=of.denominator_names[of.denominators.index(whole)],
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
