"""Differences and ratios between the groups of an attribute or of an intersection, under fairlearn's names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import NOTIONS, Metric, TaskMetrics
from evalharness.metrics import methods
from evalharness.metrics.arrays import (
    Envelope,
    Gaps,
    Rates,
    differences,
    envelope,
    farthest_difference,
    farthest_ratio,
    rates,
    ratios,
    worst_difference,
    worst_ratio,
)
from evalharness.metrics.counted import clusters_of, everybody, everything, one_more_of_all, second_of
from evalharness.metrics.refusals import refused, ways, worst_limits
from evalharness.metrics.rules import TODAY, Rules
from evalharness.records import Estimate, Group, Question, group_text
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The groups compared, and what is known of each; Q metrics, G groups."""

    between: tuple[str, ...]
    groups: tuple[Group, ...]
    excluded: tuple[Group, ...]
    """Groups of the subset left out because the policy exempts them by name."""
    metrics: tuple[Metric, ...]
    rates: Rates
    """(Q, G)."""
    clusters: Ints
    """(Q, G) clusters with an item in the denominator."""
    most_clusters: Ints
    """(Q,) distinct clusters of everybody with an item in the denominator."""
    refusals: tuple[Rates, ...]
    """The rates, and those (Q, G) had the refused items been answered, in four ways; empty where every item has an answer, and for
    clusters."""
    worst: tuple[Floats, Floats] | None
    """For clusters with refused items: each group's least lower and greatest upper limit (Q, G), whatever the answers."""
    level: float
    clustered: bool
    spanned: bool
    """Whether some cluster has items in several groups, so that the groups' rates are not independent."""
    rules: Rules
    """How bounds are made."""
    by_size: Comparison | None = None
    """The same with limits that hold also if large clusters are missed more often; None where items are independent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounded:
    """One gap of one metric: a row of `Gaps` as plain numbers; None where there is none."""

    row: int
    value: float | None
    lower: float | None
    upper: float | None
    deciding: tuple[int, int]
    contrary: tuple[int, int]
    pairs: int
    complete: bool
    """Whether every group has a denominator."""
    ratio: bool

    @property
    def bound(self) -> float | None:
        """The bound that can show that the goal is met."""
        return self.lower if self.ratio else self.upper

    @property
    def contrary_bound(self) -> float | None:
        """The bound that can show that it is not met."""
        return self.upper if self.ratio else self.lower


def gap_metrics(of: TaskMetrics) -> tuple[Metric, ...]:
    """Metrics that are compared between groups; all are proportions."""
    return tuple(metric for metric in of.metrics.values() if metric.gaps)


def comparison(
    tally: ConfusionTally, between: tuple[str, ...], metrics: Sequence[Metric], level: float, excluded: tuple[Group, ...] = (), *,
    rules: Rules = TODAY,
) -> Comparison:  # fmt: skip
    """The groups of `between`, less the excluded. Raises KeyError for a combination of attributes that the tally does not count."""
    positions = tally.slices.positions(between)
    left_out = {tuple(sorted(group)) for group in excluded}
    kept = np.array([p for p in positions if tally.slices.groups[p] not in left_out], dtype=np.int64)
    second = second_of(tally)
    denominators = [metric.denominator for metric in metrics]
    numbers = (
        tally.counts[kept],
        None if second is None else second[kept],
        np.array([metric.numerator for metric in metrics]),
        np.array(denominators),
    )
    clusters = clusters_of(tally, denominators)
    sizes = (clusters[kept], one_more_of_all(tally, denominators, kept.tolist())) if rules.by_size else (None, None)
    of = rates(*numbers, *sizes)
    any_refused = bool(refused(tally.of, tally.counts[kept]).any())
    spanned = shares_clusters(tally, between)
    at = rules.gaps.alphas(methods.alpha_of(level), spanned=spanned)[0]
    hidden = any_refused and second is not None
    plain = Comparison(
        between=between,
        groups=tuple(tally.slices.groups[p] for p in kept),
        excluded=excluded,
        metrics=tuple(metrics),
        rates=_by_metric(of.plain),
        clusters=clusters[kept].T,
        most_clusters=clusters[everybody(tally)],
        refusals=tuple(_by_metric(way) for way in ways(tally.of, *numbers)) if any_refused and second is None else (),
        worst=_worst_limits(tally.of, numbers, at) if hidden else None,
        level=level,
        clustered=tally.clustered,
        spanned=spanned,
        rules=rules,
    )
    if of.uneven is None:
        return plain
    worst = _worst_limits(tally.of, numbers, at, sizes) if hidden else None
    return replace(plain, by_size=replace(plain, rates=_by_metric(of), worst=worst))


def asked_comparison(tally: ConfusionTally, question: Question, level: float, rules: Rules = TODAY) -> Comparison:
    """The groups and the one metric that a question of a gap compares."""
    subset = tuple(attribute for attribute in tally.slices.attributes if attribute in question.between)
    return comparison(tally, subset, (tally.of.metrics[question.metric],), level, question.excluded, rules=rules)


def shares_clusters(tally: ConfusionTally, subset: tuple[str, ...]) -> bool:
    """Whether the groups of the subset count more clusters than everybody has: then some cluster stands in several of them."""
    clusters = clusters_of(tally, [everything(tally.of)])[:, 0]
    return tally.clustered and bool(clusters[tally.slices.positions(subset)].sum() > clusters[everybody(tally)])


def _worst_limits(
    of: TaskMetrics, numbers: tuple[Ints, Ints | None, Ints, Ints], alpha: float, sizes: tuple[Ints | None, Floats | None] = (None, None)
) -> tuple[Floats, Floats]:
    lower, upper = worst_limits(of, *numbers, alpha=alpha, clusters=sizes[0], one_more=sizes[1])
    return lower.T, upper.T


def _by_metric(of: Rates) -> Rates:
    """(G, Q) to (Q, G)."""
    return of.each(np.transpose)


def gap_estimates(between: Comparison) -> Iterator[Estimate]:
    """Difference and ratio of each metric, in order. A single group, or none, has no gap: null with the reason."""
    if between.by_size is None:
        yield from _gap_estimates(between)
        return
    for plain, wider in zip(_gap_estimates(between), _gap_estimates(between.by_size), strict=True):
        narrow, bounds = (plain.lower, plain.upper), (wider.lower, wider.upper)
        yield replace(wider, lower=plain.lower, upper=plain.upper, by_size=None if bounds == narrow else bounds)


def _gap_estimates(between: Comparison) -> Iterator[Estimate]:
    reach = envelope(between.refusals, methods.alpha_of(between.level), between.rules.gaps) if between.refusals else None
    for ratio in (False, True):
        gaps = _gaps(between, ratio)
        bounds = None if gaps is None else _worst_bounds(between, reach, ratio)
        for row, metric in enumerate(between.metrics):
            estimate = _estimate(between, metric.name + _suffix(ratio), _bounded(gaps, row, ratio), decides=metric.decides)
            yield estimate if bounds is None else _with_worst_case(estimate, _number(bounds[row]), ratio)


def _worst_bounds(between: Comparison, reach: Envelope | None, ratio: bool) -> Floats | None:
    """(Q,) deciding bounds had the refused items been answered in the worst way; None where nothing was refused."""
    if between.worst is not None:
        bound = farthest_ratio if ratio else farthest_difference
        return bound(between.rates, *between.worst, methods.alpha_of(between.level), spanned=between.spanned, rule=between.rules.gaps)
    return None if reach is None else (worst_ratio if ratio else worst_difference)(between.rates, reach)


def _with_worst_case(estimate: Estimate, bound: float | None, ratio: bool) -> Estimate:
    """The estimate, with its deciding bound had the refused items been answered in the worst way, where that is another bound."""
    if ratio:
        worst_case = (None if bound is None else outward(bound, direction="down"), estimate.upper)
    else:
        worst_case = (estimate.lower, None if bound is None else outward(bound, direction="up"))
    return estimate if worst_case == (estimate.lower, estimate.upper) else replace(estimate, worst_case=worst_case)


def named_estimates(between: Comparison) -> Iterator[Estimate]:
    """demographic_parity_*, equal_opportunity_*, …: fairlearn's values, describing; those whose metrics are in `between`."""
    rows = {metric.name: row for row, metric in enumerate(between.metrics)}
    for ratio in (False, True):
        for name, parts in NOTIONS.items():
            if not rows.keys() >= set(parts):
                continue
            members = [rows[part] for part in parts]
            together = Comparison(
                between=between.between,
                groups=between.groups,
                excluded=between.excluded,
                metrics=tuple(between.metrics[m] for m in members),
                rates=between.rates.take(members),
                clusters=between.clusters[members],
                most_clusters=between.most_clusters[members],
                refusals=(),
                worst=None,
                level=between.level,
                clustered=between.clustered,
                spanned=between.spanned,
                rules=between.rules,
            )
            yield _estimate(together, name + _suffix(ratio), _worst(_together(together, ratio)), decides=False)


def _suffix(ratio: bool) -> str:
    return "_ratio" if ratio else "_difference"


def _gaps(between: Comparison, ratio: bool, families: Ints | None = None) -> Gaps | None:
    if len(between.groups) < 2:
        return None
    alpha = methods.alpha_of(between.level)
    return (ratios if ratio else differences)(between.rates, alpha, families, spanned=between.spanned, rule=between.rules.gaps)


def _together(between: Comparison, ratio: bool) -> list[_Bounded]:
    """The gaps of several metrics judged as one: Holm's first step runs over the pairs of all of them."""
    defined = between.rates.defined.sum(axis=-1)
    family = np.full(len(between.metrics), int((defined * (defined - 1)).sum()), dtype=np.int64)
    gaps = _gaps(between, ratio, family)
    return [_bounded(gaps, row, ratio, int(family[0])) for row in range(len(between.metrics))]


def _bounded(gaps: Gaps | None, row: int, ratio: bool, pairs: int | None = None) -> _Bounded:
    if gaps is None:
        return _Bounded(row=row, value=None, lower=None, upper=None, deciding=(0, 0), contrary=(0, 0), pairs=0, complete=False, ratio=ratio)
    return _Bounded(
        row=row,
        value=_number(gaps.value[row]),
        lower=_number(gaps.lower[row]),
        upper=_number(gaps.upper[row]),
        deciding=(int(gaps.deciding[row, 0]), int(gaps.deciding[row, 1])),
        contrary=(int(gaps.contrary[row, 0]), int(gaps.contrary[row, 1])),
        pairs=int(gaps.pairs[row]) if pairs is None else pairs,
        complete=bool(gaps.complete[row]),
        ratio=ratio,
    )


def _worst(parts: list[_Bounded]) -> _Bounded:
    """The worst gap of several: null where one of them is, but the contrary bound stays wherever one is known."""
    ratio = parts[0].ratio
    pick = min if ratio else max
    values, lowers, uppers = ([x for x in (getattr(p, name) for p in parts) if x is not None] for name in ("value", "lower", "upper"))
    needed, spare = (lowers, uppers) if ratio else (uppers, lowers)
    bound = pick(needed) if len(needed) == len(parts) else None
    contrary = pick(spare) if spare else None
    decisive = _decisive(parts, bound, contrary)
    return _Bounded(
        row=decisive.row,
        value=pick(values) if len(values) == len(parts) else None,
        lower=bound if ratio else contrary,
        upper=contrary if ratio else bound,
        deciding=decisive.deciding,
        contrary=decisive.contrary,
        pairs=decisive.pairs,
        complete=decisive.complete,
        ratio=ratio,
    )


def _decisive(parts: list[_Bounded], bound: float | None, contrary: float | None) -> _Bounded:
    """The part that gives the deciding bound; else the one that prevents it; else the one that would show `not met`."""
    if bound is not None:
        return next(p for p in parts if p.bound == bound)
    if all(p.complete for p in parts):
        return next(p for p in parts if p.bound is None)
    return next((p for p in parts if contrary is not None and p.contrary_bound == contrary), parts[0])


def _estimate(between: Comparison, name: str, gap: _Bounded, *, decides: bool) -> Estimate:
    of = between.rates
    reason = _reason(between, gap)
    at = _pair(gap)
    members = sorted(set(at)) if at else []
    return Estimate(
        metric=name,
        value=None if gap.value is None else outward(gap.value),
        lower=None if gap.lower is None else outward(gap.lower, direction="down"),
        upper=None if gap.upper is None else outward(gap.upper, direction="up"),
        level=between.level,
        method=methods.gap(
            between.level,
            between.clustered,
            gap.pairs,
            ratio=gap.ratio,
            spanned=between.spanned,
            rule=between.rules.gaps,
            by_size=between.rules.by_size,
        ),
        n=int(of.total[gap.row, members].sum()),
        clusters=int(min(between.clusters[gap.row, members].sum(), between.most_clusters[gap.row])),
        n_eff=outward(float(of.n_eff[gap.row, members].sum())),
        reason=reason,
        between=between.between,
        pair=(between.groups[at[0]], between.groups[at[1]]) if at else None,
        contrary_pair=None if gap.contrary_bound is None else (between.groups[gap.contrary[0]], between.groups[gap.contrary[1]]),
        excluded=between.excluded,
        decides=decides,
    )


def _pair(gap: _Bounded) -> tuple[int, int] | None:
    """The pair that decides, or the one that would show `not met` where nothing can decide."""
    if gap.complete:
        return gap.deciding
    return None if gap.contrary_bound is None else gap.contrary


def _reason(between: Comparison, gap: _Bounded) -> str:
    if len(between.groups) < 2:
        return "fewer than two groups are left to compare"
    for row, metric in enumerate(between.metrics):
        absent = [group_text(g) for g, defined in zip(between.groups, between.rates.defined[row], strict=True) if not defined]
        if absent:
            more = f" and {len(absent) - _NAMES_SHOWN} more" if len(absent) > _NAMES_SHOWN else ""
            return f"no {metric.denominator_name} in {'; '.join(absent[:_NAMES_SHOWN])}{more}"
    if gap.value is None:
        return "every rate is 0, so there is no ratio"
    if gap.bound is None:
        return f"no lower bound of the ratio: the lower limit of {group_text(between.groups[gap.deciding[0]])} is 0"
    return "" if gap.lower is not None and gap.upper is not None else "no upper bound of the ratio: no pair has a lower limit above 0"


def _number(x: float) -> float | None:
    return None if np.isnan(x) else float(x)
