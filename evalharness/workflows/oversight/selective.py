"""What deferring more, or less, would change: a table that describes, where a policy defers what is near the threshold."""

from __future__ import annotations

import numpy as np

from evalharness.records import Curve
from evalharness.records.progress import Progress
from evalharness.stats.rounding import outward
from evalharness.stats.selective import risk_coverage
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.items import decided_items
from evalharness.workflows.oversight.provided import Provided

CURVE = "risk_coverage"
_POINTS = 21


def provide_selective(inputs: Inputs, progress: Progress) -> Provided | None:
    """Of the labelled items of the judged split, by how far their score is from the threshold. None where the policy defers nothing."""
    people, threshold = inputs.policy.human_in_the_loop, inputs.policy.operating_point.threshold
    bands = None if people is None else people.bands
    if bands is None or bands.defer_within is None or threshold is None or inputs.policy.task != "binary":
        return None
    items = decided_items(inputs, progress)
    if items.scores is None:
        return None
    known = items.labels >= 0
    confidence, clusters = np.abs(items.scores[known] - threshold), None if items.clusters is None else items.clusters[known]
    level = inputs.policy.confidence
    found = risk_coverage(
        confidence, items.decisions[known] != items.labels[known], clusters, points=_POINTS, alpha=round(1.0 - level, 12)
    )  # fmt: skip
    rows = tuple(
        (float(cut), outward(coverage), outward(risk), outward(lower, direction="down"), outward(upper, direction="up"))
        for cut, coverage, risk, lower, upper in zip(
            *(column.tolist() for column in (found.cut, found.coverage, found.risk, found.lower, found.upper)), strict=True
        )
    )
    if not rows:
        return None
    kish = "" if clusters is None else ", n_eff=kish, by_size"
    method = f"kept: |score - threshold| at least the cut; clopper-pearson(one-sided, alpha={round(1.0 - level, 12)!r}{kish})"
    area = Curve(name=f"{CURVE}_area", columns=("area",), rows=((outward(found.area),),), method="AURC, equal distances in every order")
    return Provided(curves=(Curve(name=CURVE, columns=("cut", "coverage", "risk", "lower", "upper"), rows=rows, method=method), area))
