"""What more data could show of classifier and people together: had everything relevant been opened, and every reading been right."""

from __future__ import annotations

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight import NOT_SUPPLIED
from evalharness.catalogue.oversight.team import KIND
from evalharness.metrics import methods
from evalharness.metrics.oversight_team import Basis, basis, outward_pair
from evalharness.metrics.oversight_team_rates import Rate
from evalharness.metrics.share_limits import all_alike_row
from evalharness.records import Policy, Prospect, Question
from evalharness.records.share import ShareRow
from evalharness.stats.team import Pair
from evalharness.tally import ConfusionTally

SAMPLED = "items were drawn with different chances, and of such a sample no figure of classifier and people together has a bound yet"
LIMITED = "it rests on several shares at once, so no one size of a sample would show it"


def team_prospect(tally: ConfusionTally, question: Question, policy: Policy, level: float) -> Prospect | None:
    """None for a metric of another kind. Attainable: had everything relevant been opened, and every reading been right."""
    metric = tally.of.metrics.get(question.metric)
    if metric is None or metric.kind != KIND:
        return None
    found = basis(tally, metric, tuple(sorted(question.group)), policy)
    if found is None:
        return Prospect(attainable=False, needed=None, reason=SAMPLED if tally.weighted else NOT_SUPPLIED[metric.source])
    of, why = found
    if why or not of.rows[0].total:
        return Prospect(attainable=False, needed=None)
    best = Basis(
        metric=metric, opened=_best(of.opened, metric), handed=_best(of.handed, metric, all_alike=False),
        rates=tuple(best_rate(rate, metric) for rate in of.rates),
    )  # fmt: skip
    alpha = methods.alpha_of(level)
    attainable, shown = (_clears(one.limits(alpha)[1], question) for one in (best, of))
    return Prospect(attainable=attainable, needed=None, reason="" if shown else LIMITED)


def _clears(limits: Pair, question: Question) -> bool:
    lower, upper = outward_pair(limits)
    return lower >= question.bound if question.comparison == "at_least" else upper <= question.bound


def _best(row: ShareRow, metric: Metric, *, all_alike: bool | None = None) -> ShareRow:
    """Had every item been as one would wish."""
    hits = metric.better == "higher" if all_alike is None else all_alike
    return all_alike_row(row, hits=hits)


def best_rate(rate: Rate, metric: Metric) -> Rate:
    """Had every reading been right."""
    if rate.joint is not None:
        return Rate(joint=_best(rate.joint, metric, all_alike=False), relevant=True)
    if rate.row is None:
        return rate
    called = rate.relevant  # right: relevant items are called so, and no others
    row = _best(rate.row, metric, all_alike=called != rate.contrary)
    return Rate(row=row, contrary=rate.contrary, drop=rate.drop, readers=rate.readers, third=rate.third, relevant=rate.relevant)
