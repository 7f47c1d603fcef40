"""Rates had a model made no error: what a sample of these clusters could show at best."""

from __future__ import annotations

import numpy as np

from evalharness.metrics.arrays import Rates
from evalharness.stats.uneven import all_alike


def best_rates(of: Rates, *, hits: bool) -> Rates:
    """The same denominators had every item of them counted, or none."""
    successes = of.n_eff if hits else np.zeros_like(of.n_eff)
    uneven = None if of.uneven is None else all_alike(of.n_eff, of.uneven.one_more, hits=hits)
    return Rates(value=np.full_like(of.n_eff, float(hits)), total=of.total, n_eff=of.n_eff, successes=successes, uneven=uneven)
