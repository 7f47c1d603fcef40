"""A tally to estimates: every metric for every group, and every gap between groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from evalharness.metrics.answers import answer
from evalharness.metrics.complete import complete_estimates
from evalharness.metrics.composites import composite_estimates
from evalharness.metrics.copies import copy_estimates
from evalharness.metrics.costs import EXPECTED_COST, cost_estimates
from evalharness.metrics.gaps import asked_comparison, comparison, gap_estimates, gap_metrics, named_estimates
from evalharness.metrics.oversight import oversight_estimates
from evalharness.metrics.oversight_differences import difference_estimates
from evalharness.metrics.oversight_exposure import exposure_estimates
from evalharness.metrics.oversight_odds import odds_estimates
from evalharness.metrics.oversight_rater_cost import rater_cost_estimates
from evalharness.metrics.oversight_team import team_estimates
from evalharness.metrics.oversight_team_cost import team_cost_estimates
from evalharness.metrics.oversight_work import work_estimates
from evalharness.metrics.quantities import quantities
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.shares import share_estimates
from evalharness.records import Estimate, Group, Policy, Question
from evalharness.records.policy import Comparison
from evalharness.tally import ConfusionTally

MOST_COMPARED = 200
"""Subsets of more groups are compared only where a policy asks for it: every pair is bounded, for every metric."""

_OF_ONE_KIND: dict[Comparison, Comparison] = {"at_most": "at_least"}
"""Comparisons that the same estimate answers."""
_Key = tuple[str, tuple[str, ...], tuple[Group, ...]]


def measure(
    tally: ConfusionTally,
    policy: Policy,
    level: float,
    questions: Sequence[Question] = (),
    *,
    rules: Rules = TODAY,
) -> tuple[Estimate, ...]:
    """All estimates at confidence `level` for each bound. `rules`: others only to derive again what was measured so.

    Slice by slice (overall first): the task's metrics that the policy says enough for, then expected cost in each unit; then, for
    every subset of attributes with two levels or more, differences and ratios; then the gaps that `questions` ask for and that are not
    among these (with exempted groups left out, or over a single level). The order in which attributes are named does not matter. Last how
    often something else was decided of items that were changed, and what `questions` ask under a condition, each once, where it can be
    answered.
    Raises KeyError for a question between attributes that the tally does not count together, ValueError for a level outside (0, 1).
    """
    units = policy.costs.units if policy.costs and EXPECTED_COST.name in tally.of.metrics else ()
    by_slice = zip(
        share_estimates(tally, quantities(tally.of, policy), level, rules=rules),
        composite_estimates(tally, level, by_side=rules.by_side),
        *(((estimate,) for estimate in cost_estimates(tally, unit, level, rules=rules)) for unit in units),
        strict=True,
    )
    gaps = () if tally.weighted else tuple(_all_gaps(tally, level, rules))  # of a weighted sample no gap has a bound yet
    return (
        *chain.from_iterable(chain.from_iterable(by_slice)),
        *gaps,
        *(() if tally.weighted else _asked_gaps(tally, level, questions, gaps, rules)),
        *_under_conditions(tally, questions, policy, level, rules),
        *complete_estimates(tally.account, questions, level),
        *oversight_estimates(tally, level),
        *difference_estimates(tally, policy, level),
        *work_estimates(tally, policy, level),
        *odds_estimates(tally, level),
        *exposure_estimates(tally, policy, level),
        *team_estimates(tally, policy, level),
        *team_cost_estimates(tally, policy, level, questions),
        *rater_cost_estimates(tally, policy, level),
    )


def _all_gaps(tally: ConfusionTally, level: float, rules: Rules) -> Iterator[Estimate]:
    for subset in tally.slices.subsets:
        if 2 <= tally.slices.size(subset) <= MOST_COMPARED:
            between = comparison(tally, subset, gap_metrics(tally.of), level, rules=rules)
            yield from gap_estimates(between)
            yield from named_estimates(between)


def _asked_gaps(
    tally: ConfusionTally, level: float, questions: Iterable[Question], known: Iterable[Estimate], rules: Rules
) -> Iterator[Estimate]:
    seen = {_key(e.metric, e.between, e.excluded) for e in known}
    for question in questions:
        if not question.between or question.condition or _key(question.estimate_metric, question.between, question.excluded) in seen:
            continue
        for estimate in gap_estimates(asked_comparison(tally, question, level, rules)):
            seen.add(_key(estimate.metric, estimate.between, estimate.excluded))
            yield estimate


def _under_conditions(
    tally: ConfusionTally, questions: Iterable[Question], policy: Policy, level: float, rules: Rules
) -> Iterator[Estimate]:
    """Pairs of items and copies, asked or not; then what is asked beside. Two requirements that ask the same of a group have one answer."""
    pairs = tuple(copy_estimates(tally, policy, level, rules))
    yield from pairs
    known = {(e.metric, e.group, e.condition) for e in pairs}
    asked = (
        replace(q, requirement="", comparison=_OF_ONE_KIND.get(q.comparison, q.comparison), bound=0.0) for q in questions if q.condition
    )
    for question in dict.fromkeys(asked):
        estimate = answer(tally, question, policy, level, rules)
        if estimate is not None and (estimate.metric, estimate.group, estimate.condition) not in known:
            yield estimate


def _key(metric: str, between: tuple[str, ...], excluded: tuple[Group, ...]) -> _Key:
    return metric, tuple(sorted(between)), tuple(sorted(excluded))
