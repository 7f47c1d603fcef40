"""Classifier and people together: limits of sums of products, from the run's counts and from how often readers are right.

Of the relevant items (and likewise of the others) a part is opened, and of that a part is handed over without the classifier's answer. What
is called relevant is kept (opened - handed) + found handed. Each limit that is used holds at alpha over their number (Bonferroni), so their
combination holds at alpha, whatever hangs together. A declared range enters at its worse end. No draws decide: where readers or misses are
few they are wrongly met too often.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalharness.catalogue import Metric
from evalharness.catalogue.metric import Weights
from evalharness.metrics import methods
from evalharness.metrics.oversight_team_kinds import kinds_of
from evalharness.metrics.oversight_team_rates import (
    CONFIRMED,
    FOUND,
    KEPT,
    RAISED,
    Rate,
    anything_known,
    in_order,
    rates_of,
    row_limits,
    row_named,
)
from evalharness.metrics.shares import none_of
from evalharness.records import Estimate, Group, Policy, Question
from evalharness.records.share import ALONE, ShareRow
from evalharness.stats.rounding import outward
from evalharness.stats.team import Pair, hull, limits_of_sum, sum_of_products
from evalharness.tally import ConfusionTally

_RELEVANT: Weights = (1, 0, 1, 0, 1, 0)
_OTHER: Weights = (0, 1, 0, 1, 0, 1)
_OPENED: dict[str, tuple[Weights, Weights, Weights]] = {
    "team_recall": ((1, 0, 0, 0, 1, 0), (0, 0, 0, 0, 1, 0), _RELEVANT),
    "team_false_alarm_rate": ((0, 1, 0, 0, 0, 1), (0, 0, 0, 0, 0, 1), _OTHER),
    "caught_rate": ((0, 0, 0, 0, 1, 0), (0, 0, 0, 0, 1, 0), (0, 0, 1, 0, 1, 0)),
    "created_miss_rate": ((1, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0), (1, 0, 0, 0, 0, 0)),
}
"""By metric: outcomes that are opened, those of them that are handed over, and all. Without bands what is set aside is not opened."""
_RATES = {
    "team_recall": (KEPT, FOUND), "team_false_alarm_rate": (CONFIRMED, RAISED), "caught_rate": (KEPT, FOUND), "created_miss_rate": (KEPT,),
}  # fmt: skip
_BY_FATES = "the fates of relevant items by the policy's bands were not counted"
NO_READERS = "nobody says how often readers are right about these items"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What one figure of one group is made of."""

    metric: Metric
    opened: ShareRow
    handed: ShareRow
    rates: tuple[Rate, ...]
    """Of what is shown as selected; of what is handed over, where the metric has such."""

    @property
    def uses(self) -> int:
        """Limits of counts that are used; `handed` may be used at either end."""
        own = {"caught_rate": 1, "created_miss_rate": 0}.get(self.metric.name, 3)
        return max(own + sum(rate.measured for rate in self.used), 1)

    @property
    def used(self) -> tuple[Rate, ...]:
        """Rates that the figure depends on."""
        return self.rates[1:] if self.metric.name == "caught_rate" else self.rates

    @property
    def rows(self) -> tuple[ShareRow, ...]:
        """What was counted."""
        read = tuple(row for rate in self.used if (row := rate.joint or rate.row) is not None)
        return read if read and self.metric.name == "created_miss_rate" else (self.opened, *read)

    @property
    def value(self) -> float | None:
        """None where nobody says how often readers are right, and it matters."""
        if not self.rows[0].total:
            return None
        if self.metric.name == "created_miss_rate":
            return None if self.rates[0].value is None else 1 - self.rates[0].value
        shares = self.opened.part / self.opened.total, self.handed.part / self.opened.total
        kept, found = (0.0 if rate.value is None else rate.value for rate in self.rates)
        needed = (shares[0] > shares[1], shares[1] > 0)
        if any(need and not rate.known for need, rate in zip(needed, self.rates, strict=True)):
            return None
        return sum_of_products(*shares, kept, found)

    def limits(self, alpha: float) -> tuple[Pair, Pair]:
        """By Kish's numbers, and the widest by size."""
        each = alpha / self.uses
        rates = [rate.limits(each) for rate in self.rates]
        if self.metric.name == "created_miss_rate":
            plain, wide = rates[0]
            return (1 - plain[1], 1 - plain[0]), (1 - wide[1], 1 - wide[0])
        opened, handed = row_limits(self.opened, each)[1:], row_limits(self.handed, each)[1:]
        if self.metric.name == "caught_rate":
            pairs = [(opened[at][0] * rates[1][at][0], opened[at][1] * rates[1][at][1]) for at in (0, 1)]
        else:
            pairs = [limits_of_sum(opened[at], handed[at], rates[0][at], rates[1][at]) for at in (0, 1)]
        return pairs[0], hull(*pairs)


def team_estimates(tally: ConfusionTally, policy: Policy, level: float) -> Iterator[Estimate]:
    """Every team metric of everybody and of every group that is counted; none where nobody says anything of readers."""
    for group in tally.slices.groups:
        for name in _OPENED:
            metric = tally.of.metrics.get(name)
            if metric is not None and (found := team_estimate(tally, metric, group, policy, level)) is not None:
                yield found


def team_answer(tally: ConfusionTally, question: Question, metric: Metric, policy: Policy, level: float) -> Estimate | None:
    """The estimate that answers a question."""
    plain = not (question.between or question.on.relative_to or question.on.prevalence is not None)
    return team_estimate(tally, metric, tuple(sorted(question.group)), policy, level) if plain else None


def team_estimate(tally: ConfusionTally, metric: Metric, group: Group, policy: Policy, level: float) -> Estimate | None:
    """Raises KeyError for a group that the tally does not have."""
    found = basis(tally, metric, group, policy)
    if found is None:
        return None
    of, why = found
    alpha = methods.alpha_of(level)
    reason = why or ("" if of.rows[0].total else none_of(metric.denominator_name, group))
    value = None if reason else of.value
    reason = reason or ("" if value is not None else NO_READERS)
    plain, wide = (outward_pair(pair) for pair in of.limits(alpha)) if not reason else ((None, None), (None, None))
    crossed = tally.clustered or any(way.name != ALONE for row in of.rows for way in row.ways)
    plain = plain if crossed else wide
    return Estimate(
        metric=metric.name,
        group=group,
        value=None if value is None else outward(value),
        lower=plain[0],
        upper=plain[1],
        by_size=None if wide == plain else wide,
        level=level,
        method=_method(of, alpha, crossed=crossed),
        n=of.rows[0].total,
        clusters=min(way.clusters for way in of.rows[0].ways),
        n_eff=outward(min(row_limits(row, 0.5)[0] for row in of.rows)),
        reason=reason,
        decides=metric.decides,
        rests_on=in_order(name for rate in of.used for name in rate.rests_on),
    )


def basis(tally: ConfusionTally, metric: Metric, group: Group, policy: Policy) -> tuple[Basis, str] | None:
    """What the figure is made of, and why there is none all the same."""
    people, kinds = policy.human_in_the_loop, kinds_of(tally.of, policy)
    team, bands = (None, None) if people is None else (people.team, people.bands)
    if kinds is None or tally.weighted or not anything_known(tally, team):
        return None
    opened, handed, all_of = _OPENED[metric.name]
    rows = kinds.row(tally, group, opened, all_of), kinds.row(tally, group, handed, all_of)
    by_fates = metric.name == "team_recall"
    why = kinds.found if by_fates else kinds.rest
    if bands is not None and by_fates and not tally.of.ordinal:
        fated = row_named(tally, "opened_rate_relevant", group), row_named(tally, "deferral_rate_relevant", group)
        rows = fated[0] or rows[0], fated[1] or rows[1]
        why = why or ("" if all(fated) else _BY_FATES)
    rates = rates_of(tally, team, kinds, group)
    return Basis(metric=metric, opened=rows[0], handed=rows[1], rates=tuple(rates[name] for name in _RATES[metric.name])), why


def outward_pair(pair: Pair) -> Pair:
    """Rounded so that it stays true."""
    return outward(pair[0], direction="down"), outward(pair[1], direction="up")


def _method(of: Basis, alpha: float, *, crossed: bool) -> str:
    ways = sorted({way.name for row in of.rows for way in row.ways} - {ALONE})
    kish = f"; ways={'+'.join(ways)}{methods.kish(clustered=True)}" if crossed else ""
    readers = ", ".join(source_of(rate) for rate in of.used)
    return f"sum-of-products-of-limits(one-sided, alpha={alpha!r}/{of.uses}, readers: {readers}{kish})"


def source_of(rate: Rate) -> str:
    """Where it is known from, in words of a method."""
    if rate.joint is not None:
        return "two, joint miss measured"
    told = "measured" if rate.row is not None else "declared" if rate.declared is not None else "nobody says"
    return f"{told}, of everybody" if rate.elsewhere else told
