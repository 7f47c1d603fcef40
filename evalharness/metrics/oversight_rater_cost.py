"""Whether items cost more with the classifier than with a person who labelled the same ones, in each unit that the policy states.

Of the relevant items a share is found by the person alone and another by the classifier alone; each of them differs by what it costs to set
a relevant item aside, less its review. Likewise of the others. An item without an answer takes the dearer of both. The mean difference is a
sum of products of shares: each stands at the limit that makes it worst, all at alpha over their number (Bonferroni), so it holds however
they hang together, and it is paired: both decide the same items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight import NOT_SUPPLIED
from evalharness.catalogue.oversight.raters import COST_AGAINST_HUMAN, PARTS_OF_COST
from evalharness.metrics import methods
from evalharness.metrics.costs import unit_of
from evalharness.metrics.oversight_team import outward_pair
from evalharness.metrics.oversight_team_prospects import LIMITED
from evalharness.metrics.oversight_team_rates import row_limits
from evalharness.metrics.share_limits import all_alike_row
from evalharness.metrics.shares import none_of
from evalharness.records import OVERALL, CostUnit, Estimate, Policy, Prospect, Question
from evalharness.records.share import ALONE, ShareRow
from evalharness.stats.rounding import outward
from evalharness.stats.team import Pair, hull
from evalharness.tally import ConfusionTally

_NAMES = tuple(metric.name for metric in PARTS_OF_COST)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Class:
    """One true class: what an error costs more than the contrary decision, and who makes it alone."""

    worse: float
    """What the wrong decision costs, less what the right one costs; below 0 where the wrong one is cheaper."""
    by_classifier: ShareRow
    """Only the person is right."""
    by_person: ShareRow
    refused: ShareRow

    @property
    def uses(self) -> int:
        """Limits that are used."""
        return 0 if not self.worse else 2 if self.worse > 0 else 3

    def value(self) -> float:
        """Mean difference, of the items of the class. Items without an answer are wrong in the rows; where that is the cheaper decision
        they take the other."""
        found = self.worse * (_share(self.by_classifier) - _share(self.by_person))
        return found if self.worse >= 0 else found - self.worse * _share(self.refused)

    def limits(self, alpha: float, at: int) -> Pair:
        """Likewise, least and most."""
        lost, gained, refused = (row_limits(row, alpha)[1:][at] for row in (self.by_classifier, self.by_person, self.refused))
        if self.worse >= 0:
            return self.worse * (lost[0] - gained[1]), self.worse * (lost[1] - gained[0])
        more = -self.worse
        return more * (gained[0] - lost[1] + refused[0]), more * (gained[1] - lost[0] + refused[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    """One unit."""

    relevant: ShareRow
    classes: tuple[_Class, _Class]
    """Relevant items, and others."""

    @property
    def rows(self) -> tuple[ShareRow, ...]:
        """What was counted."""
        return (self.relevant, *(row for one in self.classes for row in (one.by_classifier, one.by_person, one.refused)))

    @property
    def uses(self) -> int:
        """Both limits of the share that is relevant: which of them is worse depends on the others."""
        return 2 + sum(one.uses for one in self.classes)

    @property
    def value(self) -> float:
        """Of all items."""
        share = _share(self.relevant)
        return share * self.classes[0].value() + (1 - share) * self.classes[1].value()

    def limits(self, alpha: float) -> tuple[Pair, Pair]:
        """By Kish's numbers, and the widest by size: linear in the share that is relevant, so at one of its ends."""
        each = alpha / self.uses
        pairs = []
        for at in (0, 1):
            ends = row_limits(self.relevant, each)[1:][at]
            relevant, other = (one.limits(each, at) for one in self.classes)
            low, high = ([share * relevant[side] + (1 - share) * other[side] for share in ends] for side in (0, 1))
            pairs.append((min(low), max(high)))
        return pairs[0], hull(*pairs)


def rater_cost_estimates(tally: ConfusionTally, policy: Policy, level: float) -> Iterator[Estimate]:
    """Each unit for everybody; none where no person was counted beside the classifier."""
    metric = tally.of.metrics.get(COST_AGAINST_HUMAN)
    for unit in policy.costs.units if policy.costs is not None and metric is not None else ():
        if metric is not None and (found := _difference(tally, unit)) is not None:
            yield _estimate(found, unit, metric, level)


def rater_cost_answer(tally: ConfusionTally, question: Question, policy: Policy, level: float) -> Estimate | None:
    """None for a group: a person is counted of everybody. Raises KeyError for a unit that the policy does not have."""
    found = _difference(tally, unit_of(question, policy))
    if found is None or question.group != OVERALL or question.between or question.condition:
        return None
    return _estimate(found, unit_of(question, policy), tally.of.metrics[COST_AGAINST_HUMAN], level)


def rater_cost_prospect(tally: ConfusionTally, question: Question, policy: Policy, level: float) -> Prospect | None:
    """None for another metric. Attainable: were the classifier alone in no dear decision, and the person in every one."""
    metric = tally.of.metrics.get(question.metric)
    if metric is None or metric.name != COST_AGAINST_HUMAN:
        return None
    found = _difference(tally, unit_of(question, policy))
    if found is None or question.group != OVERALL:
        reason = NOT_SUPPLIED[metric.source] if found is None else "it is counted for everybody alone"
        return Prospect(attainable=False, needed=None, reason=reason)
    if not all(row.total for row in found.rows):
        return Prospect(attainable=False, needed=None, reason=none_of(metric.denominator_name, OVERALL))
    best = _Difference(relevant=found.relevant, classes=(_best(found.classes[0]), _best(found.classes[1])))
    alpha = methods.alpha_of(level)
    attainable, shown = (outward_pair(one.limits(alpha)[1])[1] <= question.bound for one in (best, found))
    return Prospect(attainable=attainable, needed=None, reason="" if shown else LIMITED)


def _best(one: _Class) -> _Class:
    dear = one.worse > 0
    return _Class(
        worse=one.worse, by_classifier=all_alike_row(one.by_classifier, hits=not dear), by_person=all_alike_row(one.by_person, hits=dear),
        refused=all_alike_row(one.refused, hits=False),
    )  # fmt: skip


def _difference(tally: ConfusionTally, unit: CostUnit) -> _Difference | None:
    rows = {row.metric: row for row in tally.shares if row.group == OVERALL and row.metric in _NAMES}
    if len(rows) < len(_NAMES):
        return None
    return _Difference(
        relevant=rows["rated_relevant"],
        classes=(
            _Class(
                worse=unit.relevant_set_aside - unit.relevant_review, by_classifier=rows["found_by_person_alone"],
                by_person=rows["found_by_classifier_alone"], refused=rows["rated_refused_relevant"],
            ),
            _Class(
                worse=unit.not_relevant_review - unit.not_relevant_set_aside, by_classifier=rows["spared_by_person_alone"],
                by_person=rows["spared_by_classifier_alone"], refused=rows["rated_refused_other"],
            ),
        ),
    )  # fmt: skip


def _estimate(of: _Difference, unit: CostUnit, metric: Metric, level: float) -> Estimate:
    alpha, rows = methods.alpha_of(level), of.rows
    some = all(row.total for row in rows)
    plain, wide = (outward_pair(pair) for pair in of.limits(alpha)) if some else ((None, None), (None, None))
    crossed = any(way.name != ALONE for row in rows for way in row.ways)
    plain = plain if crossed else wide
    kish = f"; ways=case{methods.kish(clustered=True)}" if crossed else ""
    return Estimate(
        metric=metric.name,
        value=outward(of.value) if some else None,
        lower=plain[0],
        upper=plain[1],
        by_size=None if wide == plain else wide,
        level=level,
        method=f"sum-of-products-of-limits(one-sided, alpha={alpha!r}/{of.uses}, paired with a person{kish})",
        n=of.relevant.total,
        clusters=min(way.clusters for way in of.relevant.ways),
        n_eff=outward(min(row_limits(row, 0.5)[0] for row in rows)),
        reason="" if some else none_of(metric.denominator_name, OVERALL),
        unit=unit.name,
        rests_on=of.relevant.rests_on,
    )


def _share(row: ShareRow) -> float:
    return row.part / row.total if row.total else 0.0
