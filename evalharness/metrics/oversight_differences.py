"""Differences of shares that the same people make: bounds from the limits of each share, with no word on how they hang together.

The same reviewers read shown and blind, so the shares are not independent, and a bound such as MOVER's is wrongly met in up to 13 % where
some lean on the classifier and others do not. Of k limits each holds at alpha / k, so all hold together (Bonferroni): the sum of the
limits bounds the sum of the shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight import NOT_SUPPLIED
from evalharness.metrics import methods
from evalharness.metrics.share_limits import Pair, all_alike_row, limits_of_row
from evalharness.records import OVERALL, Estimate, Policy, Prospect, Question
from evalharness.records.share import ShareRow
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

KIND = "oversight_difference"
BY_CHANCE = "shown and blind readings are not comparable: the policy's review_study does not say that chance decided who sees what"
Terms = tuple[tuple[float, str], ...]
"""(weight, share row)."""

_WITH: Terms = ((0.5, "reader_recall"), (0.5, "reader_specificity"))
_WITHOUT: Terms = ((-0.5, "blind_reader_recall"), (-0.5, "blind_reader_specificity"))
_MODEL: Terms = ((-0.5, "read_model_recall"), (-0.5, "read_model_specificity"))
_OF_MODEL = frozenset(name for _, name in _MODEL)
DIFFERENCES: Mapping[str, tuple[Terms, ...]] = {
    "automation_bias": (((1.0, "wrong_when_model_wrong"), (-1.0, "blind_wrong_when_model_wrong")),),
    "augmentation": ((*_WITH, *_WITHOUT),),
    "tiring_trend": (((1.0, "wrong_late_in_shift"), (-1.0, "wrong_early_in_shift")),),
    "weariness_trend": (((1.0, "wrong_in_last_shifts"), (-1.0, "wrong_in_first_shifts")),),
    "synergy": ((*_WITH, *_WITHOUT), (*_WITH, *_MODEL)),
}
"""By metric, one sum of shares or several; of several the least counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Least:
    """The least of some sums of shares, and its limits."""

    value: float
    plain: Pair
    wide: Pair


def difference_estimates(tally: ConfusionTally, policy: Policy, level: float) -> Iterator[Estimate]:
    """One estimate of every difference whose share rows were counted."""
    for name in DIFFERENCES:
        metric = tally.of.metrics.get(name)
        if metric is not None and (found := _estimate(tally, metric, policy, level)) is not None:
            yield found


def difference_answer(tally: ConfusionTally, question: Question, metric: Metric, policy: Policy, level: float) -> Estimate | None:
    """The estimate that answers a question; None for a group, and where its shares were not counted."""
    return _estimate(tally, metric, policy, level) if question.group == OVERALL else None


def difference_prospect(tally: ConfusionTally, question: Question, level: float) -> Prospect | None:
    """None for a metric of another kind. How many more readings it takes depends on cases and reviewers both, so no number is given.

    Attainable: with every reading as the goal would have it, and the classifier as it is, the limits would have cleared the goal.
    """
    metric = tally.of.metrics.get(question.metric)
    if metric is None or metric.kind != KIND:
        return None
    rows = _rows(tally, metric.name)
    if rows is None:
        why = NOT_SUPPLIED[metric.source] if not tally.shares else f"{metric.name} is counted for everybody alone"
        return Prospect(attainable=False, needed=None, reason=why)
    if not all(row.total for row in rows.values()):
        return Prospect(attainable=False, needed=None, reason=_nothing(rows))
    lower, upper = _outward(_least(_best(rows, metric), DIFFERENCES[metric.name], methods.alpha_of(level)).wide)
    high = question.comparison == "at_least"
    return Prospect(attainable=lower >= question.bound if high else upper <= question.bound, needed=None)


def _best(rows: Mapping[str, ShareRow], metric: Metric) -> dict[str, ShareRow]:
    """Had every reading been as one would wish."""
    good = {name: (weight > 0) == (metric.better == "higher") for terms in DIFFERENCES[metric.name] for weight, name in terms}
    return {name: row if name in _OF_MODEL else all_alike_row(row, hits=good[name]) for name, row in rows.items()}


def _rows(tally: ConfusionTally, name: str) -> dict[str, ShareRow] | None:
    wanted = {row for terms in DIFFERENCES[name] for _, row in terms}
    found = {row.metric: row for row in tally.shares if row.metric in wanted and row.group == OVERALL}
    return found if len(found) == len(wanted) else None


def _nothing(rows: Mapping[str, ShareRow]) -> str:
    return f"nothing was counted in {', '.join(name for name, row in rows.items() if not row.total)}"


def _estimate(tally: ConfusionTally, metric: Metric, policy: Policy, level: float) -> Estimate | None:
    rows = _rows(tally, metric.name)
    people = policy.human_in_the_loop
    by_chance = people is not None and people.review_study is not None and people.review_study.by_chance
    return None if rows is None else difference_of_rows(rows, metric, level, by_chance=by_chance)


def difference_of_rows(rows: Mapping[str, ShareRow], metric: Metric, level: float, *, by_chance: bool) -> Estimate:
    """From its share rows by name. by_chance: whether chance said who sees the classifier's answer; else its bounds do not decide."""
    sums = DIFFERENCES[metric.name]
    some = all(row.total for row in rows.values())
    least = _least(rows, sums, methods.alpha_of(level)) if some else None
    plain, wide = (None, None) if least is None else (_outward(least.plain), _outward(least.wide))
    return Estimate(
        metric=metric.name,
        value=None if least is None else outward(least.value),
        lower=None if plain is None else plain[0],
        upper=None if plain is None else plain[1],
        by_size=None if wide == plain else wide,
        level=level,
        method=_method(rows, sums, level),
        n=sum(row.total for row in rows.values()),
        clusters=min(way.clusters for row in rows.values() for way in row.ways),
        n_eff=outward(min(limits_of_row(row, methods.alpha_of(level))[0] for row in rows.values())),
        reason=_nothing(rows) if not some else "" if by_chance or not metric.decides else BY_CHANCE,
        rests_on=next(iter(rows.values())).rests_on,
        decides=by_chance and metric.decides,
    )


def _method(rows: Mapping[str, ShareRow], sums: tuple[Terms, ...], level: float) -> str:
    """With the number of limits that share alpha; of several sums the upper limits share it once more."""
    alpha, limits = f"{methods.alpha_of(level):.10g}", max(len(terms) for terms in sums)
    ways = "+".join(way.name for way in next(iter(rows.values())).ways)
    least = f"; least of {len(sums)}" if len(sums) > 1 else ""
    return f"difference-of-limits(one-sided, alpha={alpha}, bonferroni={limits}{least}; ways={ways}{methods.kish(clustered=True)})"


def _least(rows: Mapping[str, ShareRow], sums: tuple[Terms, ...], alpha: float) -> _Least:
    """Lower: all sums above their own lower limit is an intersection, each at alpha. Upper: a union, each at alpha over their number."""
    lower = [_limits(rows, terms, alpha) for terms in sums]
    upper = [_limits(rows, terms, alpha / len(sums)) for terms in sums]
    return _Least(
        value=min(sum(weight * rows[name].part / rows[name].total for weight, name in terms) for terms in sums),
        plain=(min(low for (low, _), _ in lower), min(high for (_, high), _ in upper)),
        wide=(min(low for _, (low, _) in lower), min(high for _, (_, high) in upper)),
    )


def _limits(rows: Mapping[str, ShareRow], terms: Terms, alpha: float) -> tuple[Pair, Pair]:
    """The sums of limits, each at alpha over their number: by Kish's n_eff, and the widest by size."""
    found = [(weight, limits_of_row(rows[name], alpha / len(terms))[1:]) for weight, name in terms]
    plain, wide = (
        (
            sum(weight * pairs[at][0 if weight > 0 else 1] for weight, pairs in found),
            sum(weight * pairs[at][1 if weight > 0 else 0] for weight, pairs in found),
        )
        for at in (0, 1)
    )
    return plain, wide


def _outward(pair: Pair) -> Pair:
    return outward(pair[0], direction="down"), outward(pair[1], direction="up")
