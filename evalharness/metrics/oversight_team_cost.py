"""What an item costs, on average, once classifier and people have decided about it, in each unit that the policy states.

An item that is read costs what its review costs, whatever the reader says; if the reader then does not call it relevant, also what an item
of its true class costs that is set aside. An item that nobody reads costs the latter alone. With the share x of each of the six kinds of
items and the cost c of each, the mean is c(tn) + sum (c - c(tn)) x: its limits take each x and each reader's rate at the limit that makes
it worst, all at alpha over their number (Bonferroni), so they hold at alpha however readers and items hang together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight import NOT_SUPPLIED
from evalharness.catalogue.oversight.team import COST
from evalharness.metrics import methods
from evalharness.metrics.costs import unit_of
from evalharness.metrics.oversight_team import NO_READERS, outward_pair, source_of
from evalharness.metrics.oversight_team_kinds import Kinds, kinds_of
from evalharness.metrics.oversight_team_prospects import LIMITED, SAMPLED, best_rate
from evalharness.metrics.oversight_team_rates import CONFIRMED, FOUND, KEPT, RAISED, Rate, anything_known, in_order, rates_of, row_limits
from evalharness.metrics.share_limits import all_alike_row
from evalharness.metrics.shares import none_of
from evalharness.records import OVERALL, CostUnit, Estimate, Group, Policy, Prospect, Question
from evalharness.records.share import ALONE, ShareRow
from evalharness.stats.rounding import outward
from evalharness.stats.team import Pair, hull
from evalharness.tally import ConfusionTally

READ_TWICE = "the policy's bands have items read twice, and what a second reading costs is not stated"
_ALL = (1, 1, 1, 1, 1, 1)
_READ_BY = (KEPT, CONFIRMED, "", "", FOUND, RAISED)
"""By kind of item: how often its readers call it relevant; empty: nobody reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Kinds of items that cost alike: `base`, and `more` where their readers do not call them relevant."""

    base: float
    more: float
    rate: Rate | None
    row: ShareRow
    """Their share of all items."""
    zero: float
    """What an item costs that is not relevant and that nobody reads: costs are told beside it."""

    @property
    def above(self) -> Pair:
        """Least and most of how much dearer one is than that."""
        return self.base - self.zero, self.base + self.more - self.zero

    @property
    def uses(self) -> int:
        """Limits of its share that are used: both where only a reader's rate tells whether it is dearer."""
        least, most = self.above
        return 2 if least < 0 < most else 1

    def known(self) -> bool:
        """Whether anybody says how often its readers are right, where that matters."""
        return self.rate is None or self.rate.known or not self.row.part

    def value(self) -> float:
        """Part of the mean, above `zero`."""
        called = 0.0 if self.rate is None or self.rate.value is None else self.rate.value
        return (self.base + self.more * (1 - called) - self.zero) * self.row.part / self.row.total

    def limits(self, alpha: float, at: int) -> Pair:
        """Likewise, least and most. at: 0 by Kish's number, 1 the widest by size."""
        low, high = (0.0, 0.0) if self.rate is None else self.rate.limits(alpha)[at]
        fewest, most = row_limits(self.row, alpha)[1:][at]
        cheap, dear = (self.base + self.more * (1 - called) - self.zero for called in (high, low))
        return cheap * (fewest if cheap > 0 else most), dear * (most if dear > 0 else fewest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """One unit of one group."""

    zero: float
    least: float
    most: float
    terms: tuple[Term, ...]
    everything: ShareRow

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Rates of readers that it depends on, each once."""
        found: list[Rate] = []
        for term in self.terms:
            if term.rate is not None and not any(term.rate is known for known in found):
                found.append(term.rate)
        return tuple(found)

    @property
    def uses(self) -> int:
        """Limits of counts that share alpha."""
        return max(sum(term.uses for term in self.terms) + sum(rate.measured for rate in self.rates), 1)

    @property
    def value(self) -> float | None:
        """None where nobody says how often readers are right, and it matters."""
        return self.zero + sum(term.value() for term in self.terms) if all(term.known() for term in self.terms) else None

    def limits(self, alpha: float) -> tuple[Pair, Pair]:
        """By Kish's numbers, and the widest by size."""
        each = alpha / self.uses
        pairs = []
        for at in (0, 1):
            found = [term.limits(each, at) for term in self.terms]
            low, high = (self.zero + sum(pair[side] for pair in found) for side in (0, 1))
            pairs.append((max(low, self.least), min(high, self.most)))
        return pairs[0], hull(*pairs)


def team_cost_estimates(tally: ConfusionTally, policy: Policy, level: float, questions: Sequence[Question] = ()) -> Iterator[Estimate]:
    """Each unit for everybody, and for the groups that questions ask about; none where nobody says anything of readers."""
    metric = tally.of.metrics.get(COST)
    asked = dict.fromkeys((q.unit, tuple(sorted(q.group))) for q in questions if q.metric == COST and not q.condition)
    for unit in () if policy.costs is None or metric is None else policy.costs.units:
        for group in dict.fromkeys((OVERALL, *(group for name, group in asked if name == unit.name))):
            if (found := _estimate(tally, unit, group, policy, level)) is not None:
                yield found


def team_cost_answer(tally: ConfusionTally, question: Question, policy: Policy, level: float) -> Estimate | None:
    """The estimate that answers a question. Raises KeyError for a unit that the policy does not have."""
    if question.between or question.condition:
        return None
    return _estimate(tally, unit_of(question, policy), tuple(sorted(question.group)), policy, level)


def team_cost_prospect(tally: ConfusionTally, question: Question, policy: Policy, level: float) -> Prospect | None:
    """None for another metric. Attainable: had every item been of the cheapest kind, and every reading right."""
    metric = tally.of.metrics.get(question.metric)
    if metric is None or metric.name != COST:
        return None
    found = _mean(tally, unit_of(question, policy), tuple(sorted(question.group)), policy)
    if found is None:
        return Prospect(attainable=False, needed=None, reason=SAMPLED if tally.weighted else NOT_SUPPLIED[metric.source])
    of, why = found
    if why or not of.everything.total:
        return Prospect(attainable=False, needed=None)
    alpha = methods.alpha_of(level)
    attainable, shown = (outward_pair(one.limits(alpha)[1])[1] <= question.bound for one in (_best(of, metric), of))
    return Prospect(attainable=attainable, needed=None, reason="" if shown else LIMITED)


def _best(of: Mean, metric: Metric) -> Mean:
    """Readers are right; items are such as cost least then."""
    right = tuple(replace(term, rate=None if term.rate is None else best_rate(term.rate, metric)) for term in of.terms)
    costs = [term.above[0 if term.rate is None or term.rate.relevant else 1] for term in right]
    there = right[costs.index(min(costs))] if costs and min(costs) < 0 else None
    return replace(of, terms=tuple(replace(term, row=all_alike_row(term.row, hits=term is there)) for term in right))


def _estimate(tally: ConfusionTally, unit: CostUnit, group: Group, policy: Policy, level: float) -> Estimate | None:
    found = _mean(tally, unit, group, policy)
    if found is None:
        return None
    of, why = found
    alpha, metric = methods.alpha_of(level), tally.of.metrics[COST]
    reason = why or ("" if of.everything.total else none_of(metric.denominator_name, group))
    value = None if reason else of.value
    reason = reason or ("" if value is not None else NO_READERS)
    plain, wide = (outward_pair(pair) for pair in of.limits(alpha)) if not reason else ((None, None), (None, None))
    rows = (of.everything, *(row for rate in of.rates if (row := rate.joint or rate.row) is not None))
    crossed = tally.clustered or any(way.name != ALONE for row in rows for way in row.ways)
    plain = plain if crossed else wide
    ways = sorted({way.name for row in rows for way in row.ways} - {ALONE})
    kish = f"; ways={'+'.join(ways)}{methods.kish(clustered=True)}" if crossed else ""
    readers = ", ".join(source_of(rate) for rate in of.rates) or "it does not matter"
    return Estimate(
        metric=COST,
        group=group,
        value=None if value is None else outward(value),
        lower=plain[0],
        upper=plain[1],
        by_size=None if wide == plain else wide,
        level=level,
        method=f"sum-of-products-of-limits(one-sided, alpha={alpha!r}/{of.uses}, readers: {readers}{kish})",
        n=of.everything.total,
        clusters=min(way.clusters for way in of.everything.ways),
        n_eff=outward(min(row_limits(row, 0.5)[0] for row in rows)),
        reason=reason,
        unit=unit.name,
        rests_on=in_order(name for rate in of.rates for name in rate.rests_on),
    )


def _mean(tally: ConfusionTally, unit: CostUnit, group: Group, policy: Policy) -> tuple[Mean, str] | None:
    """What the mean is made of, and why there is none all the same; None where nobody says anything of readers, and of grades."""
    people, kinds = policy.human_in_the_loop, kinds_of(tally.of, policy)
    team = None if people is None else people.team
    if kinds is None or tally.of.ordinal or tally.weighted or not anything_known(tally, team):
        return None
    why = kinds.rest or (READ_TWICE if any(band.readers > 1 for band in kinds.bands) else "")
    rates = rates_of(tally, team, kinds, group)
    costs = _costs(unit)
    return Mean(
        zero=unit.not_relevant_set_aside,
        least=min(base for base, _ in costs),
        most=max(base + more for base, more in costs),
        terms=tuple(_terms(tally, kinds, group, rates, costs)),
        everything=kinds.row(tally, group, _ALL, _ALL),
    ), why


def _costs(unit: CostUnit) -> list[Pair]:
    """By kind: what an item costs, and what more where its reader does not call it relevant."""
    relevant = unit.relevant_review, unit.relevant_set_aside
    other = unit.not_relevant_review, unit.not_relevant_set_aside
    return [relevant, other, (relevant[1], 0.0), (other[1], 0.0), relevant, other]


def _terms(tally: ConfusionTally, kinds: Kinds, group: Group, rates: dict[str, Rate], costs: Sequence[Pair]) -> Iterator[Term]:
    """Kinds that cost alike together; those that cost what `zero` does are left out."""
    zero = costs[3][0]
    alike: dict[tuple[float, float, str], list[int]] = {}
    for kind, (base, more) in enumerate(costs):
        if base != zero or more:
            alike.setdefault((base, more, _READ_BY[kind] if more else ""), []).append(kind)
    for (base, more, rate), together in alike.items():
        part = tuple(int(kind) for kind in np.isin(np.arange(len(costs)), together))
        row = kinds.row(tally, group, part, _ALL)
        yield Term(base=base, more=more, rate=rates[rate] if rate else None, row=row, zero=zero)
