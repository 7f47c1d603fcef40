"""Every setting of a stress run, summed up: how often each outcome, and the worst case."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.records import Outcome, Requirement, worst
from evalharness.records.stress import StressFinding, StressRequirement, StressRun

_WORST_FIRST = tuple(Outcome)


def over_settings(asked: Requirement, own: StressRun, runs: Sequence[StressRun], *, demanded: bool) -> StressRequirement:
    """One requirement over the recipe's own setting and those of the design. demanded: the policy asks that it holds over the range."""
    at_worst = min((own, *runs), key=lambda run: _badness(run.finding(asked.id)))
    return StressRequirement(
        id=asked.id,
        metric=asked.metric,
        comparison=asked.comparison,
        bound=asked.bound,
        unit=asked.unit,
        for_each=asked.for_each,
        between=asked.between,
        own=own.finding(asked.id),
        outcomes=counted_outcomes([run.finding(asked.id).outcome for run in runs]),
        worst_setting=at_worst.setting.name,
        worst=at_worst.finding(asked.id),
        over_range=worst(run.finding(asked.id).outcome for run in (own, *runs)),
        condition=asked.condition,
        demanded=demanded,
    )


def _badness(finding: StressFinding) -> tuple[int, float]:
    """Worst first: by outcome, then by margin."""
    return _WORST_FIRST.index(finding.outcome), float("-inf") if finding.margin is None else finding.margin


def worst_run(runs: Sequence[StressRun]) -> StressRun:
    """The worst verdict; among those the one with most requirements that are not met, then the first."""
    return min(
        runs,
        key=lambda run: (
            _WORST_FIRST.index(run.outcome),
            *(-sum(f.outcome is outcome for f in run.findings) for outcome in _WORST_FIRST[:-1]),
        ),
    )


def counted_outcomes(outcomes: Sequence[Outcome]) -> tuple[tuple[Outcome, int], ...]:
    """How many there are of each, worst first, none left out."""
    return tuple((outcome, sum(found is outcome for found in outcomes)) for outcome in Outcome)
