"""A paired tally to findings: is a challenger not worse than the incumbent by more than a margin, and where do the two disagree.

The difference is that of the shares decided wrongly: positive where the challenger is wrong more often. What decides is the exact bound of
the share lost (`stats.paired.lost_at_most`), where items that the incumbent did not answer and the challenger gets wrong count as lost: an
incumbent that refuses makes no challenger good. Whether it is *worse* is judged without them. Tango's interval and McNemar's test describe.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import PairedMetric
from evalharness.metrics import methods
from evalharness.metrics.arrays import Rates, limits, rates
from evalharness.metrics.paired_describing import described, is_kind
from evalharness.records.paired import BothFinding, Disagreement, PairedCounts, PairedFinding, Standing
from evalharness.stats.paired import holm_levels, not_worse_p
from evalharness.stats.rounding import outward
from evalharness.stats.uneven import all_alike, p_at_most
from evalharness.tally.paired import KINDS, PairedTally

_EVERYTHING = np.ones((1, len(KINDS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What challengers are held against."""

    margin: float
    level: float
    """Confidence of each bound; several challengers share it (Holm)."""
    own: Mapping[str, float] | None = None
    """The level of each challenger's own attempt, where a campaign pays for every one of them: then nothing is shared."""

    def level_of(self, challenger: str) -> float:
        """Confidence of the bounds of one challenger, before any correction."""
        return self.level if self.own is None else self.own[challenger]

    def alphas(self, p: Mapping[str, float]) -> dict[str, float]:
        """What each challenger's p value is held against: by Holm's step-down, or alpha of its own attempt."""
        if self.own is not None:
            return {name: methods.alpha_of(self.own[name]) for name in p}
        _, against = holm_levels(list(p.values()), methods.alpha_of(self.level))
        return dict(zip(p, map(float, against), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One challenger in one metric, for everybody."""

    may_be_lost: Rates
    """What the challenger gets wrong, of what the incumbent gets right or did not answer; this and the next two are scalars."""
    lost: Rates
    gained: Rates
    counts: PairedCounts
    clusters: int
    clustered: bool

    def p(self, margin: float) -> float:
        """p value of "the share lost is the margin or more"; NaN without items."""
        of = self.may_be_lost
        p = float(not_worse_p(of.successes, of.n_eff, margin))
        return p if of.uneven is None else max(p, float(p_at_most(of.successes, of.n_eff, of.uneven, margin)))

    def upper(self, alpha: float) -> float:
        """Bound of the share that may be lost."""
        return outward(float(limits(self.may_be_lost, alpha)[1]), direction="up")

    def lower(self, alpha: float) -> float:
        """Opposite bound of the difference."""
        least, _ = limits(self.lost, alpha / 2)
        _, most = limits(self.gained, alpha / 2)
        return outward(float(least - most), direction="down")

    def losing_nothing(self, alpha: float) -> float:
        """Bound of the share that may be lost, were none lost."""
        of = self.may_be_lost
        nothing = replace(of, value=np.zeros_like(of.value), successes=np.zeros_like(of.successes))
        if of.uneven is not None:
            nothing = replace(nothing, uneven=all_alike(of.n_eff, of.uneven.one_more, hits=False))
        return outward(float(limits(nothing, alpha)[1]), direction="up")


def paired_findings(tallies: Mapping[str, PairedTally], of: Sequence[PairedMetric], asked: Asked) -> tuple[PairedFinding, ...]:
    """For each metric and challenger, for everybody: is it not worse by more than the margin.

    tallies: by challenger, of the same items and the metrics `of`. In each metric the probability that any challenger is wrongly called not
    worse is at most 1 - level: by Holm's correction over them, or because each is judged at the level of its own attempt. "Worse" is judged
    challenger by challenger.
    """
    found: list[PairedFinding] = []
    for place, metric in enumerate(of):
        sides = {name: _side(tally, place) for name, tally in tallies.items()}
        p = {name: side.p(asked.margin) for name, side in sides.items()}
        against = asked.alphas(p)
        for name, side in sides.items():
            judged = _finding(metric, name, side, (p[name], against[name]), asked)
            found.append(described(judged, tallies[name], place, asked.level_of(name)) if judged.counts.n else judged)
    return tuple(found)


def both_findings(tallies: Mapping[str, PairedTally], of: Sequence[PairedMetric], asked: Asked) -> tuple[BothFinding, ...]:
    """For each challenger: is it not worse in all metrics that must be shown together. As `paired_findings`.

    All must be shown, so the largest p value stands (intersection-union); Holm's correction over these runs over the challengers.
    Worse: the opposite bound of one of them lies beyond the margin even with alpha divided by their number (Holm's first step).
    """
    places = [place for place, metric in enumerate(of) if metric.together]
    sides = {name: [_side(tally, place) for place in places] for name, tally in tallies.items()}
    p = {name: _largest([side.p(asked.margin) for side in own]) for name, own in sides.items()}
    against = asked.alphas(p)
    return tuple(_both(name, own, (p[name], against[name]), asked) for name, own in sides.items())


def disagreements(challenger: str, tally: PairedTally, of: Sequence[PairedMetric], level: float) -> Iterator[Disagreement]:
    """For every slice, in each metric that must be shown: who was right where, and the bound of the share lost there, on its own."""
    alpha = methods.alpha_of(level)
    second = tally.second if tally.clustered else None
    lost = rates(tally.counts, second, [is_kind("only_incumbent", "unknown")], _EVERYTHING, tally.clusters[..., None])
    lower, upper = limits(lost, alpha)
    for s, group in enumerate(tally.slices.groups):
        for place, metric in enumerate(of):
            if not metric.together:
                continue
            some = lost.total[s, place, 0] > 0
            yield Disagreement(
                challenger=challenger,
                metric=metric.name,
                group=group,
                items=metric.items,
                counts=_counts(tally.counts[s, place]),
                clusters=int(tally.clusters[s, place]),
                n_eff=outward(float(lost.n_eff[s, place, 0])),
                lower=outward(float(lower[s, place, 0]), direction="down") if some else None,
                upper=outward(float(upper[s, place, 0]), direction="up") if some else None,
            )


def _largest(values: Sequence[float]) -> float:
    """NaN where one is."""
    return math.nan if any(map(math.isnan, values)) else max(values)


def _side(tally: PairedTally, place: int) -> _Side:
    """Shares lost and gained for everybody."""
    second = tally.second[0, place] if tally.clustered else None
    numerators = [is_kind("only_incumbent", "unknown"), is_kind("only_incumbent"), is_kind("only_challenger")]
    clusters = np.full(len(numerators), tally.clusters[0, place])
    found = rates(tally.counts[0, place], second, numerators, np.repeat(_EVERYTHING, len(numerators), axis=0), clusters)
    may_be_lost, lost, gained = (found.take(i) for i in range(len(numerators)))
    return _Side(
        may_be_lost=may_be_lost,
        lost=lost,
        gained=gained,
        counts=_counts(tally.counts[0, place]),
        clusters=int(tally.clusters[0, place]),
        clustered=tally.clustered,
    )


def _counts(row: NDArray[np.int64]) -> PairedCounts:
    return PairedCounts(**dict(zip(KINDS, map(int, row), strict=True)))


def _finding(metric: PairedMetric, name: str, side: _Side, tested: tuple[float, float], asked: Asked) -> PairedFinding:
    p, alpha = tested
    level, margin, counts = asked.level_of(name), asked.margin, side.counts
    n_eff = float(side.lost.n_eff)
    fewest = math.ceil(math.log(alpha) / math.log1p(-margin))
    nothing = PairedFinding(
        challenger=name,
        metric=metric.name,
        items=metric.items,
        counts=counts,
        clusters=side.clusters,
        n_eff=outward(n_eff),
        difference=None,
        upper=None,
        lower=None,
        level=outward(1 - alpha, direction="up"),
        opposite_level=level,
        p=None,
        outcome=Standing.NOT_EVALUABLE,
        attainable=False,
        fewest=fewest,
        method=_method(alpha, level, clustered=side.clustered, corrected=asked.own is None),
        reason="there is no item to compare on",
    )
    if not counts.n:
        return nothing
    upper, lower = side.upper(alpha), side.lower(methods.alpha_of(level))
    attainable = side.losing_nothing(alpha) <= margin
    outcome = Standing.WORSE if lower > margin else Standing.NOT_DEMONSTRATED
    if upper <= margin:
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
    return replace(told, reason=_reason(told, margin))


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


def _both(name: str, sides: Sequence[_Side], tested: tuple[float, float], asked: Asked) -> BothFinding:
    p, alpha = tested
    compared = [side for side in sides if side.counts.n]
    if any(side.lower(methods.alpha_of(asked.level_of(name)) / len(compared)) > asked.margin for side in compared):
        outcome = Standing.WORSE
    elif len(compared) < len(sides):
        outcome = Standing.NOT_EVALUABLE
    else:
        shown = all(side.upper(alpha) <= asked.margin for side in sides)
        outcome = Standing.DEMONSTRATED if shown else Standing.NOT_DEMONSTRATED
    return BothFinding(
        challenger=name,
        outcome=outcome,
        p=None if math.isnan(p) else outward(p, direction="up"),
        level=outward(1 - alpha, direction="up"),
    )


def _method(alpha: float, level: float, *, clustered: bool, corrected: bool) -> str:
    kish = methods.kish(clustered)
    holm = " by holm" if corrected else ""
    return (
        f"discordant-bound(upper: clopper-pearson of the share lost, one-sided, alpha={alpha:.10g}{holm}{kish}; "
        f"lower: share lost less share gained, clopper-pearson each, alpha={methods.alpha_of(level)!r}/2{kish})"
    )
