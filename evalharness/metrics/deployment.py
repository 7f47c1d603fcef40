"""What the counts mean where the share of relevant items is another one: predictive value, misses and workload. It describes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evalharness.catalogue import METRICS
from evalharness.metrics import methods
from evalharness.metrics.counted import everybody
from evalharness.metrics.quantities import quantity_of
from evalharness.metrics.shares import share_estimates
from evalharness.records import Curve, Policy
from evalharness.stats.operating_curve import PREVALENCE_SHIFT_ASSUMPTION, predictive_value, selected_share
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

_RATES = ("recall", "false_positive_rate")


def deployment(tally: ConfusionTally, policy: Policy, level: float) -> Iterator[Curve]:
    """`deployment`: one row for the share of relevant items measured here, one for that which the policy states under `planning`.

    Nothing where the policy declares no volume, or one of the classes has no item. Limits combine the deciding limits of recall and false
    positive rate (MOVER).
    """
    human = policy.human_in_the_loop
    wanted = [quantity_of(METRICS[name], human) for name in _RATES]
    recall, alarms = next(share_estimates(tally, [q for q in wanted if q is not None], level, [everybody(tally)]))
    known = [(e.value, e.lower, e.upper) for e in (recall, alarms)]
    if human is None or any(number is None for one in known for number in one):
        return
    (r, rl, ru), (f, fl, fu) = (tuple(float(number or 0.0) for number in one) for one in known)
    shares = [recall.n / (recall.n + alarms.n)]
    if policy.planning is not None and policy.planning.prevalence is not None:
        shares.append(policy.planning.prevalence)
    pi, volume = np.array(shares), human.items_per_week
    precision = predictive_value(r, rl, ru, f, fl, fu, pi)
    workload = selected_share(r, rl, ru, f, fl, fu, pi)
    missed = [pi * (1 - rate) for rate in (r, ru, rl)]
    columns = {"prevalence": pi, "stated": np.arange(len(pi)) > 0}
    for name, (value, lower, upper), scale in (
        ("precision", precision, 1), ("selected_per_week", workload, volume), ("missed_per_week", missed, volume),
    ):  # fmt: skip
        columns |= {name: value * scale, f"{name}_lower": lower * scale, f"{name}_upper": upper * scale}
    yield Curve(
        name="deployment",
        columns=tuple(columns),
        rows=tuple(
            tuple(_rounded(name, float(value)) for name, value in zip(columns, row, strict=True))
            for row in zip(*columns.values(), strict=True)
        ),
        method=(
            f"mover of {methods.clopper_pearson(level, tally.clustered)} limits; {volume:,} items a week. {PREVALENCE_SHIFT_ASSUMPTION} "
            "An item without an answer counts as a miss or a false alarm."
        ),
    )


def _rounded(name: str, value: float) -> float | None:
    if np.isnan(value):
        return None
    return outward(value, direction="down" if name.endswith("_lower") else "up" if name.endswith("_upper") else "nearest")
