"""Share rows to estimates: bounds that hold in every way in which units belong together.

Where readings depend on one another by case and by reviewer at once, the effective number of independent ones is the smaller of both
(statistics.md, review logs). Lower and upper are Clopper and Pearson's bounds at that number; `by_size` is the widest pair over the ways,
each as `stats.uneven` has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight import NOT_SUPPLIED
from evalharness.metrics import methods
from evalharness.metrics.oversight_sample import SOURCE, sampled_answer, sampled_estimates, sampled_prospect
from evalharness.metrics.share_limits import Pair, by_way, effective, limits_of_row
from evalharness.metrics.shares import none_of
from evalharness.records import Estimate, Prospect, Question
from evalharness.records.share import ALONE, ShareRow
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

KIND = "oversight"
NOT_BY_GROUP = "it is counted for everybody alone"
LIMITED = "more readings of the same {many} would not show it: the number of independent ones limits it"
_MANY = {"case": "cases", "reviewer": "reviewers", "shift": "shifts", "person": "people", "week": "weeks", "day": "days", ALONE: "items"}


def oversight_estimates(tally: ConfusionTally, level: float) -> Iterator[Estimate]:
    """The estimate of every share row of the tally, in order."""
    for row in tally.shares:
        metric = tally.of.metrics.get(row.metric)
        if metric is not None:
            yield share_row_estimate(row, metric, level)
    yield from sampled_estimates(tally, level)


def row_for(tally: ConfusionTally, question: Question) -> ShareRow | None:
    """The row that answers a question; None where nobody counted it."""
    group = tuple(sorted(question.group))
    return next((row for row in tally.shares if row.metric == question.metric and row.group == group), None)


def share_answer(tally: ConfusionTally, question: Question, metric: Metric, level: float) -> Estimate | None:
    """The estimate that answers a question; None where nobody counted it."""
    if metric.source == SOURCE:
        return sampled_answer(tally, question, metric, level)
    row = row_for(tally, question)
    return None if row is None else share_row_estimate(row, metric, level)


def share_row_estimate(row: ShareRow, metric: Metric, level: float) -> Estimate:
    """Raises nothing: a row without units has no value, and says why."""
    alpha = methods.alpha_of(level)
    n_eff, plain, wide = limits_of_row(row, alpha)
    some = row.total > 0
    lower, upper = _outward(plain) if some else (None, None)
    by_size = _outward(wide) if some else (None, None)
    if metric.complete and some:
        lower = upper = outward(row.part / row.total)
        by_size = lower, upper
    return Estimate(
        metric=row.metric,
        group=row.group,
        value=outward(row.part / row.total) if some else None,
        lower=lower,
        upper=upper,
        by_size=None if by_size == (lower, upper) else by_size,
        level=level,
        method=_method(row, metric, level),
        n=row.total,
        clusters=min(way.clusters for way in row.ways),
        n_eff=outward(float(row.total) if metric.complete else n_eff),
        reason="" if some else none_of(metric.denominator_name, row.group),
        decides=metric.decides,
        rests_on=row.rests_on,
    )


def oversight_prospect(tally: ConfusionTally, question: Question, level: float) -> Prospect | None:  # noqa: PLR0911  one for each way
    """None for a metric of another kind.

    Attainable: with every unit as the goal would have it, bounds in all ways would have cleared it. How many more it takes depends on cases
    and reviewers both, so no number is given.
    """
    metric, row = tally.of.metrics.get(question.metric), row_for(tally, question)
    if metric is None or metric.kind != KIND:
        return None
    if metric.source == SOURCE:
        return sampled_prospect(tally, question, metric, level, NOT_SUPPLIED[SOURCE])
    if row is None:
        some = any(other.metric == metric.name for other in tally.shares)
        return Prospect(attainable=False, needed=None, reason=NOT_BY_GROUP if some else NOT_SUPPLIED[metric.source])
    if not row.total:
        return Prospect(attainable=False, needed=None, reason=none_of(metric.denominator_name, row.group))
    if metric.complete:
        return Prospect(attainable=True, needed=None)
    high = question.comparison == "at_least"
    best = [by_way(way, row, methods.alpha_of(level), hits=high) for way in row.ways]
    lower, upper = _outward((min(low for low, _ in best), max(most for _, most in best)))
    attainable = lower >= question.bound if high else upper <= question.bound
    deciding = share_row_estimate(row, metric, level).bounds[0 if high else 1]
    met = deciding is not None and (deciding >= question.bound if high else deciding <= question.bound)
    fewest = min(row.ways, key=lambda way: effective(row, way))
    if met or fewest.name == ALONE:  # independent units: more of them would tell more
        return Prospect(attainable=attainable, needed=None)
    return Prospect(attainable=attainable, needed=None, reason=LIMITED.replace("{many}", _MANY.get(fewest.name, fewest.name)))


def _outward(pair: Pair) -> Pair:
    return outward(pair[0], direction="down"), outward(pair[1], direction="up")


def _method(row: ShareRow, metric: Metric, level: float) -> str:
    if metric.complete:
        return "complete count: every one of them, no sample"
    ways = [way.name for way in row.ways]
    plain = methods.clopper_pearson(level, ways != [ALONE])
    return plain if ways == [ALONE] else f"{plain[:-1]}; ways={'+'.join(ways)})"
