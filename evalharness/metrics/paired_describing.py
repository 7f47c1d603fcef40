"""What stands beside a paired finding and never decides it: Tango's interval and McNemar's test, or an interval over clusters."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from evalharness.metrics import methods
from evalharness.records.paired import PairedFinding
from evalharness.stats.clusters import linearised_variance
from evalharness.stats.paired import mcnemar, tango
from evalharness.stats.rounding import outward
from evalharness.tally.paired import KINDS, PairedTally


def is_kind(*kinds: str) -> NDArray[np.int64]:
    """[5] 1 for these kinds of items (`only_incumbent` …), 0 for the others."""
    return np.array([int(kind in kinds) for kind in KINDS], dtype=np.int64)


def described(finding: PairedFinding, tally: PairedTally, place: int, level: float) -> PairedFinding:
    """With Tango's interval and McNemar's p values where items are independent; elsewhere with an interval linearised over clusters."""
    alpha = methods.alpha_of(level)
    b, c, n = finding.counts.only_incumbent, finding.counts.only_challenger, finding.counts.n
    if not tally.clustered:
        low, high = (float(x) for x in tango(b, c, n, alpha))
        exact, mid = (float(x) for x in mcnemar(b, c))
        return replace(
            finding,
            score_lower=outward(low, direction="down"),
            score_upper=outward(high, direction="up"),
            score_method=f"tango(one-sided, alpha={alpha!r})",
            mcnemar_exact=outward(exact, direction="up"),
            mcnemar_mid_p=outward(mid),
        )
    limits = _linearised(tally, place, (b - c) / n, alpha)
    if limits is None:
        return replace(finding, score_method="none: it needs two clusters, and that the two models disagree")
    return replace(
        finding,
        score_lower=outward(max(limits[0], -1.0), direction="down"),
        score_upper=outward(min(limits[1], 1.0), direction="up"),
        score_method=f"delta(one-sided, alpha={alpha!r}, variance=linearised over clusters)",
    )


def _linearised(tally: PairedTally, place: int, difference: float, alpha: float) -> tuple[float, float] | None:
    signs = is_kind("only_incumbent") - is_kind("only_challenger")
    gradient = (signs - difference) / float(tally.counts[0, place].sum())
    variance = float(linearised_variance(gradient, tally.counts[0, place], tally.second[0, place], tally.clusters[0, place]))
    if not variance > 0:
        return None
    reach = float(special.ndtri(1 - alpha)) * math.sqrt(variance)
    return difference - reach, difference + reach
