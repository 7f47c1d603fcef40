"""A paired tally to findings: is a challenger not worse than the incumbent by more than a margin, and where do the two disagree.

The difference is that of the shares decided wrongly: positive where the challenger is wrong more often. What decides is the exact bound of
the share lost (`stats.paired.lost_at_most`), where items that the incumbent did not answer and the challenger gets wrong count as lost: an
incumbent that refuses makes no challenger good. Whether it is *worse* is judged without them. Tango's interval and McNemar's test describe.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evalharness.metrics import methods
from evalharness.metrics.arrays import Rates, limits, rates
from evalharness.metrics.paired_describing import described, outcomes_of
from evalharness.records.comparison import BothFinding, Disagreement, PairedCounts, PairedFinding, Standing
from evalharness.stats.paired import difference_at_least, holm_levels, lost_at_most, not_worse_p
from evalharness.stats.proportion import Floats
from evalharness.stats.rounding import outward
from evalharness.tally.paired import KINDS, PAIRED_DENOMINATORS, PairedTally

PAIRED_METRICS = ("recall", "false_positive_rate", "accuracy")
"""What is compared, in the order of `PAIRED_DENOMINATORS`: on relevant items, on irrelevant ones, on all."""
_ITEMS: tuple[Literal["relevant", "irrelevant"], ...] = ("relevant", "irrelevant")
TOGETHER = ("recall", "false_positive_rate")
"""What must both be shown before a challenger is called not worse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Shares [slices, metrics], and the counts they are of."""

    may_be_lost: Rates
    """What the challenger gets wrong, of what the incumbent gets right or did not answer."""
    lost: Rates
    gained: Rates
    counts: tuple[PairedCounts, ...]
    clusters: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What a challenger is held against."""

    margin: float
    level: float


def paired_findings(tallies: Mapping[str, PairedTally], margin: float, level: float) -> tuple[PairedFinding, ...]:
    """For each metric and challenger, for everybody: is it not worse by more than `margin`.

    tallies: by challenger, of the same items. In each metric Holm's correction runs over the challengers: the probability that any of them
    is wrongly called not worse in it is at most 1 - level. "Worse" is judged challenger by challenger at `level`.
    """
    found: list[PairedFinding] = []
    for place, metric in enumerate(PAIRED_METRICS):
        sides = {name: _sides(tally, [0]) for name, tally in tallies.items()}
        p = [float(_p_of(side, place, margin)) for side in sides.values()]
        _, against = holm_levels(p, methods.alpha_of(level))
        for (name, side), value, alpha in zip(sides.items(), p, against.tolist(), strict=True):
            found.append(_finding(name, metric, (tallies[name], side, place), (value, float(alpha)), _Judged(margin=margin, level=level)))
    return tuple(found)


def both_findings(tallies: Mapping[str, PairedTally], margin: float, level: float) -> tuple[BothFinding, ...]:
    """For each challenger: is it not worse in recall and in the false positive rate together. As `paired_findings`.

    Both must be shown, so the larger p value stands (intersection-union); Holm's correction over these runs over the challengers.
    Worse: the opposite bound of one of them lies beyond the margin even with alpha divided by their number (Holm's first step).
    """
    places = [PAIRED_METRICS.index(metric) for metric in TOGETHER]
    sides = {name: _sides(tally, [0]) for name, tally in tallies.items()}
    p = [_larger([float(_p_of(side, place, margin)) for place in places]) for side in sides.values()]
    _, against = holm_levels(p, methods.alpha_of(level))
    judged = _Judged(margin=margin, level=level)
    return tuple(
        _both(name, side, places, (value, float(alpha)), judged)
        for (name, side), value, alpha in zip(sides.items(), p, against.tolist(), strict=True)
    )


def disagreements(challenger: str, tally: PairedTally, level: float) -> Iterator[Disagreement]:
    """For every slice, relevant items first: who was right where, and the bound of the share lost there, on its own."""
    alpha = methods.alpha_of(level)
    sides = _sides(tally, range(len(tally.counts)))
    lower, upper = limits(sides.may_be_lost, alpha)
    for s, group in enumerate(tally.slices.groups):
        for place, items in enumerate(_ITEMS):
            some = sides.lost.total[s, place] > 0
            yield Disagreement(
                challenger=challenger,
                group=group,
                items=items,
                counts=_counts(tally.counts[s], place),
                clusters=int(tally.clusters[s, place]),
                n_eff=outward(float(sides.lost.n_eff[s, place])),
                lower=outward(float(lower[s, place]), direction="down") if some else None,
                upper=outward(float(upper[s, place]), direction="up") if some else None,
            )


def _larger(values: Sequence[float]) -> float:
    """NaN where one is."""
    return math.nan if any(map(math.isnan, values)) else max(values)


def _sides(tally: PairedTally, at: Sequence[int]) -> _Sides:
    """Shares [slices, metrics] lost and gained at these slices."""
    chosen = list(at)
    denominators = np.array(PAIRED_DENOMINATORS)
    second = tally.second[chosen] if tally.clustered else None
    may_be_lost, lost, gained = (
        rates(tally.counts[chosen], second, denominators * sum(map(outcomes_of, kinds)), denominators)
        for kinds in (("only_incumbent", "unknown"), ("only_incumbent",), ("only_challenger",))
    )
    first = chosen[0]
    return _Sides(
        may_be_lost=may_be_lost,
        lost=lost,
        gained=gained,
        counts=tuple(_counts(tally.counts[first], place) for place in range(len(PAIRED_METRICS))),
        clusters=tuple(int(x) for x in tally.clusters[first]),
    )


def _counts(row: NDArray[np.int64], place: int) -> PairedCounts:
    """The counts of relevant items (0), irrelevant items (1) or all items (2) in one slice."""
    by_true = row.reshape(2, len(KINDS))
    chosen = by_true.sum(axis=0) if place == len(by_true) else by_true[place]
    return PairedCounts(**dict(zip(KINDS, map(int, chosen), strict=True)))


def _p_of(sides: _Sides, place: int, margin: float) -> Floats:
    return not_worse_p(sides.may_be_lost.successes[0, place], sides.may_be_lost.n_eff[0, place], margin)


def _upper_at(sides: _Sides, place: int, alpha: float) -> float:
    """Bound of the share that may be lost."""
    of = sides.may_be_lost
    return outward(float(lost_at_most(of.successes[0, place], of.n_eff[0, place], alpha)), direction="up")


def _lower_at(sides: _Sides, place: int, alpha: float) -> float:
    """Opposite bound of the difference."""
    lost, gained, n_eff = (float(x[0, place]) for x in (sides.lost.successes, sides.gained.successes, sides.lost.n_eff))
    return outward(float(difference_at_least(lost, gained, n_eff, alpha)), direction="down")


def _finding(name: str, metric: str, of: tuple[PairedTally, _Sides, int], tested: tuple[float, float], judged: _Judged) -> PairedFinding:
    tally, sides, place = of
    p, alpha = tested
    counts, n_eff = sides.counts[place], float(sides.lost.n_eff[0, place])
    fewest = math.ceil(math.log(alpha) / math.log1p(-judged.margin))
    nothing = PairedFinding(
        challenger=name,
        metric=metric,
        counts=counts,
        clusters=sides.clusters[place],
        n_eff=outward(n_eff),
        difference=None,
        upper=None,
        lower=None,
        level=outward(1 - alpha, direction="up"),
        opposite_level=judged.level,
        p=None,
        outcome=Standing.NOT_EVALUABLE,
        attainable=False,
        fewest=fewest,
        method=_method(alpha, judged.level, tally.clustered),
        reason="there is no item to compare on",
    )
    if not counts.n:
        return nothing
    upper, lower = _upper_at(sides, place, alpha), _lower_at(sides, place, methods.alpha_of(judged.level))
    attainable = outward(float(lost_at_most(0.0, n_eff, alpha)), direction="up") <= judged.margin
    outcome = Standing.WORSE if lower > judged.margin else Standing.NOT_DEMONSTRATED
    if upper <= judged.margin:
        outcome = Standing.DEMONSTRATED
    told = replace(
        nothing,
        difference=outward((counts.only_incumbent - counts.only_challenger) / counts.n),
        upper=upper,
        lower=lower,
        p=outward(p, direction="up"),
        outcome=outcome,
        attainable=attainable,
        reason="",
    )
    return described(replace(told, reason=_reason(told, judged.margin)), tally, place, judged.level)


def _reason(finding: PairedFinding, margin: float) -> str:
    if finding.outcome is Standing.WORSE:
        return f"it is wrong more often by at least {finding.lower:.10g}, and the margin is {margin:.10g}"
    if finding.outcome is Standing.DEMONSTRATED:
        return ""
    text = f"up to {finding.upper:.10g} of the items may be lost, and the margin is {margin:.10g}"
    if finding.counts.unknown:
        text += f"; {finding.counts.unknown:,} items that the incumbent did not answer and this model gets wrong count as lost"
    if finding.attainable:
        return text
    return f"{text}; even losing none could not have shown it on so few: {finding.fewest:,} independent items would be needed for that"


def _both(name: str, sides: _Sides, places: Sequence[int], tested: tuple[float, float], judged: _Judged) -> BothFinding:
    p, alpha = tested
    compared = [place for place in places if sides.counts[place].n]
    if any(_lower_at(sides, place, methods.alpha_of(judged.level) / len(compared)) > judged.margin for place in compared):
        outcome = Standing.WORSE
    elif len(compared) < len(places):
        outcome = Standing.NOT_EVALUABLE
    else:
        shown = all(_upper_at(sides, place, alpha) <= judged.margin for place in places)
        outcome = Standing.DEMONSTRATED if shown else Standing.NOT_DEMONSTRATED
    return BothFinding(
        challenger=name,
        outcome=outcome,
        p=None if math.isnan(p) else outward(p, direction="up"),
        level=outward(1 - alpha, direction="up"),
    )


def _method(alpha: float, level: float, clustered: bool) -> str:
    kish = ", n_eff=kish" if clustered else ""
    return (
        f"discordant-bound(upper: clopper-pearson of the share lost, one-sided, alpha={alpha:.10g} by holm{kish}; "
        f"lower: share lost less share gained, clopper-pearson each, alpha={methods.alpha_of(level)!r}/2{kish})"
    )
