"""Minutes of a week where the log says how long a reading takes: bounds of a mean from a ladder of shares, times readings.

With steps e_1 < ... < e_m below the slowest e_(m+1), every reading of up to e_(j+1) and more than e_j seconds is counted at e_(j+1) for the
upper limit and at e_j for the lower one, so that the mean lies between

    L = sum_j (e_j - e_(j-1)) l_j    and    U = e_1 + sum_j (e_(j+1) - e_j) u_j,

l_j, u_j the limits of the share that takes longer than e_j, e_0 = 0. A week's minutes rise with that mean and with the share of readings,
so limits of both together are limits of theirs: half of alpha goes to the share of readings, half to the m steps in equal parts
(Bonferroni).

These are limits of the mean of the log. A study has items read that the bands set aside, blind readings and planted errors, and what the
bands have read may take longer; so minutes always rest on readings at work being like those of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight.work import BACKLOG, MINUTES, OFFICERS, READINGS
from evalharness.metrics import methods
from evalharness.metrics.share_limits import Pair, all_alike_row, limits_of_row
from evalharness.records import OVERALL, Estimate, Policy
from evalharness.records.oversight_minutes import step_name, steps_below
from evalharness.records.oversight_reviews import ReviewStudy
from evalharness.records.oversight_work import readings_of
from evalharness.records.share import AS_LOGGED, RESTS_ON, ShareRow
from evalharness.stats.rounding import Direction, outward
from evalharness.stats.workload import Week
from evalharness.tally import ConfusionTally

_OF: Mapping[str, Callable[[Week, float], float]] = {MINUTES: Week.minutes, BACKLOG: Week.backlog, OFFICERS: Week.officers}


def is_measured(policy: Policy) -> bool:
    """Whether the policy takes minutes from the log."""
    human = policy.human_in_the_loop
    return human is not None and human.work is not None and human.work.measured


def slowest_of(policy: Policy) -> float:
    """Seconds; no reading of the log takes longer."""
    human = policy.human_in_the_loop
    return ((human.review_study if human is not None else None) or ReviewStudy()).slowest_seconds


def minutes_rows(tally: ConfusionTally, policy: Policy) -> tuple[ShareRow, tuple[ShareRow, ...]] | None:
    """The row of readings, and those of all steps; None where one of them was not counted."""
    rows = {row.metric: row for row in tally.shares if row.group == OVERALL}
    names = [step_name(step) for step in steps_below(slowest_of(policy))]
    if READINGS not in rows or not names or any(name not in rows for name in names):
        return None
    return rows[READINGS], tuple(rows[name] for name in names)


def minutes_estimate(load: ShareRow, ladder: Sequence[ShareRow], metric: Metric, policy: Policy, level: float) -> Estimate:
    """load, ladder: as `minutes_rows` gives them. Raises nothing: without items, or readings, it has no value, and says why."""
    alpha, slowest = methods.alpha_of(level), slowest_of(policy)
    some = bool(load.total and all(row.total for row in ladder))
    plain, wide = _bounds(load, ladder, metric, policy, alpha) if some else (None, None)
    names = {AS_LOGGED, *(name for row in (load, *ladder) for name in row.rests_on)}
    ways = "+".join(dict.fromkeys(way.name for row in (*ladder, load) for way in row.ways))
    told = f"alpha={alpha:.10g}, steps={len(ladder)}, slowest={slowest:g}; ways={ways}{methods.kish(clustered=True)}"
    return Estimate(
        metric=metric.name,
        value=_at(metric, policy, load.part / load.total, _seconds(slowest, [row.part / row.total for row in ladder])) if some else None,
        lower=None if plain is None else plain[0],
        upper=None if plain is None else plain[1],
        by_size=None if wide == plain else wide,
        level=level,
        method=f"workload of measured minutes(one-sided, {told})",
        n=min(row.total for row in (load, *ladder)),
        clusters=min(way.clusters for row in (load, *ladder) for way in row.ways),
        n_eff=outward(min(limits_of_row(row, alpha)[0] for row in (load, *ladder))),
        reason="" if some else "no reading was logged, or there is no item",
        decides=metric.decides,
        rests_on=tuple(name for name in RESTS_ON if name in names),
    )


def least_minutes(load: ShareRow, ladder: Sequence[ShareRow], metric: Metric, policy: Policy, level: float) -> float:
    """The upper bound had nobody had to read anything, in no time."""
    best = all_alike_row(load, hits=False), [all_alike_row(row, hits=False) for row in ladder]
    plain, wide = _bounds(*best, metric, policy, methods.alpha_of(level))
    return max(plain[1], wide[1])


def _bounds(
    load: ShareRow, ladder: Sequence[ShareRow], metric: Metric, policy: Policy, alpha: float
) -> tuple[Pair, Pair]:  # fmt: skip
    """By Kish's n_eff, and the widest by size."""
    slowest = slowest_of(policy)
    loads = limits_of_row(load, alpha / 2)[1:]
    steps = [limits_of_row(row, alpha / 2 / len(ladder))[1:] for row in ladder]
    plain, wide = (
        (
            _at(metric, policy, loads[which][0], _least_seconds([pair[which][0] for pair in steps], slowest), "down"),
            _at(metric, policy, loads[which][1], _seconds(slowest, [pair[which][1] for pair in steps]), "up"),
        )
        for which in (0, 1)
    )
    return plain, wide


def _seconds(slowest: float, longer: Sequence[float]) -> float:
    """The mean with every reading at the upper end of its step. longer: the share that takes longer than each step."""
    steps = steps_below(slowest)
    ends = (*steps[1:], slowest)
    return (steps[0] if steps else slowest) + sum((end - step) * share for step, end, share in zip(steps, ends, longer, strict=True))


def _least_seconds(longer: Sequence[float], slowest: float) -> float:
    """Likewise at the lower end."""
    steps = steps_below(slowest)
    return sum((step - before) * share for before, step, share in zip((0, *steps), steps, longer, strict=False))


def _at(metric: Metric, policy: Policy, load: float, seconds: float, direction: Direction = "nearest") -> float:
    human = policy.human_in_the_loop
    if human is None or human.work is None or human.bands is None:
        raise ValueError("the policy declares no work")
    readings = readings_of(human.bands)
    most = human.items_per_week * seconds / 60 * readings.most / readings.parts
    if not most:
        return 0.0
    return outward(_OF[metric.name](Week(most=most, capacity=human.work.minutes, each=human.work.minutes_each), load), direction=direction)


def measured_estimate(tally: ConfusionTally, metric: Metric, policy: Policy, level: float) -> Estimate | None:
    """None where readings, or their seconds, were not counted."""
    rows = minutes_rows(tally, policy)
    return None if rows is None else minutes_estimate(*rows, metric, policy, level)
