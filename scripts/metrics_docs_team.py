"""The example of docs/metrics.md for classifier and people together: the binary example, declared readers, a few readings of a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
from metrics_docs_examples import LEVEL, Measured, evidence_of

from evalharness.catalogue.oversight.team import TEAM_METRICS, TEAM_SHARES
from evalharness.evidence.assemble import estimate_as_json
from evalharness.metrics.oversight_team import team_estimate
from evalharness.metrics.oversight_team_cost import team_cost_estimates
from evalharness.records import OVERALL
from evalharness.requirements import policy_from_document
from evalharness.tally import ConfusionTally, Slices
from evalharness.tally.shares import count_shares

WORDS = """\
From the run's own counts and from how often readers are right: by a review log where there is one (`dismissal_rate`,
`blind_reader_recall`, `commission_rate`, `blind_reader_specificity`), else as `human_in_the_loop: team` declares, at its worse end. What
is selected is read by people who see that, what has no answer or is deferred by people who see none, and what is set aside is missed.
Bounds are sums of products of limits, each at its part of alpha. For the tasks binary, risk and ranking, and for ordinal where the policy
says `relevant_from` (then beside a ceiling on `over_grading_1` in place of `review_rate`); `team_cost` for the first two alone. **The
example** is that of the binary task without bands. A log has 200 readings of relevant items shown as selected, of which 20 are dismissed;
for all else readers are declared: blind they call 60 to 80 % of the relevant items relevant and 90 to 95 % of the others not, and of
others shown as selected 50 to 70 % not.
"""
UNIT = "minutes"
_RANGES = {
    "selected": {"recall": {"low": 0.8, "high": 0.9}, "specificity": {"low": 0.5, "high": 0.7}},
    "blind": {"recall": {"low": 0.6, "high": 0.8}, "specificity": {"low": 0.9, "high": 0.95}},
}


@cache
def measured() -> Mapping[str, tuple[str, Measured]]:
    """By metric: nothing before it, as no two counts give it, and its estimate."""
    document = dict(evidence_of("binary")["policy"]["document"])
    people = {key: value for key, value in document["human_in_the_loop"].items() if key not in {"bands", "defer"}}
    readers = [{"shown": shown, **ranges} for shown, ranges in _RANGES.items()]
    document["human_in_the_loop"] = {**people, "team": {"readers": readers}}
    own = {one.name for one in TEAM_METRICS}
    document["requirements"] = [one for one in document["requirements"] if one["metric"] not in own and not _of_bands(one["metric"])]
    policy = policy_from_document(document, "sha256:" + "0" * 64)
    counts = evidence_of("binary")["tallies"]["confusion"][0]
    nobody = Slices(attributes=(), levels={}, depth=0)
    names = ("tp", "fp", "fn", "tn", "no_answer_positive", "no_answer_negative")
    log = count_shares({"dismissal_rate": (np.arange(200) < 20, np.ones(200, dtype=np.bool_))}, {})
    tally = replace(ConfusionTally.of_independent(nobody, np.array([[counts[name] for name in names]])), shares=log)
    found = {}
    for metric in TEAM_SHARES:
        estimate = team_estimate(tally, metric, OVERALL, policy, LEVEL)
        if estimate is not None:
            found[metric.name] = ("", estimate_as_json(estimate))
    (cost,) = (one for one in team_cost_estimates(tally, policy, LEVEL) if one.unit == UNIT)
    return {**found, cost.metric: (f"{UNIT}: ", estimate_as_json(cost))}


def _of_bands(metric: str) -> bool:
    return metric.startswith(("closed_by", "unread", "top_class", "opened_rate", "deferral", "selective"))
