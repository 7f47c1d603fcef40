"""How many of one kind come for each of another: the odds of a share, and its bounds the odds of the share's bounds.

With q = x / (x + finds) the ratio is q / (1 - q), which rises with q; so a bound of q is a bound of the ratio at the same confidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight.exposure import VIEWS_PER_FIND, VIEWS_SHARE
from evalharness.catalogue.oversight.people import ODDS, OPENED_PER_FIND, OPENED_SHARE
from evalharness.metrics.oversight import oversight_prospect, share_row_estimate
from evalharness.records import Estimate, Prospect, Question
from evalharness.records.share import ShareRow
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

SHARES = {OPENED_PER_FIND: OPENED_SHARE, VIEWS_PER_FIND: VIEWS_SHARE}
"""By metric: the share that it is the odds of."""
NO_FIND = "nothing was found, so there is no number for each find"
UNBOUNDED = "so few finds that there may be any number for each of them"


def odds_estimates(tally: ConfusionTally, level: float) -> Iterator[Estimate]:
    """Of everybody, and of every group that the share was counted for."""
    for name, share in SHARES.items():
        metric = tally.of.metrics.get(name)
        for row in tally.shares if metric is not None else ():
            if row.metric == share and metric is not None:
                yield odds_of_row(row, metric, tally.of.metrics[share], level)


def odds_answer(tally: ConfusionTally, question: Question, metric: Metric, level: float) -> Estimate | None:
    """The estimate that answers a question; None where nobody counted the share."""
    group = tuple(sorted(question.group))
    row = next((row for row in tally.shares if row.metric == SHARES[metric.name] and row.group == group), None)
    return None if row is None else odds_of_row(row, metric, tally.of.metrics[row.metric], level)


def odds_prospect(tally: ConfusionTally, question: Question, level: float) -> Prospect | None:
    """That of the share at the goal q = goal / (1 + goal). None for a metric of another kind."""
    metric = tally.of.metrics.get(question.metric)
    if metric is None or metric.kind != ODDS:
        return None
    goal = question.bound / (1 + question.bound)
    return oversight_prospect(tally, replace(question, metric=SHARES[metric.name], bound=goal), level)


def odds_of_row(row: ShareRow, metric: Metric, share_metric: Metric, level: float) -> Estimate:
    """Raises nothing: without a find it has no value and no upper bound, and says why."""
    share = share_row_estimate(row, share_metric, level)
    some, finds = row.total > 0, row.total - row.part
    lower, upper = _odds(share.lower, "down"), _odds(share.upper, "up")
    wide = None if share.by_size is None else (_odds(share.by_size[0], "down"), _odds(share.by_size[1], "up"))
    reason = share.reason or ("" if finds else NO_FIND) or (UNBOUNDED if _odds(share.bounds[1], "up") is None else "")
    return replace(
        share,
        metric=metric.name,
        value=outward(row.part / finds) if some and finds else None,
        lower=lower,
        upper=upper,
        by_size=None if wide == (lower, upper) else wide,
        method=f"odds of {share.method}",
        reason=reason,
        decides=metric.decides,
    )


def _odds(share: float | None, direction: str) -> float | None:
    if share is None or share >= 1:
        return None
    return outward(share / (1 - share), direction="up" if direction == "up" else "down")
