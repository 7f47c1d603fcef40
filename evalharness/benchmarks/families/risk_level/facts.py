"""What follows from the dials of a risk-level benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalharness.benchmarks.families.common.alike import SPLITS, sizes_from_one, with_repeats
from evalharness.benchmarks.families.risk_level.dials import RiskLevelDials
from evalharness.benchmarks.families.risk_level.raters import bands_of
from evalharness.benchmarks.families.risk_level.reports import reports, tables
from evalharness.benchmarks.families.tabular.apart import places_apart
from evalharness.benchmarks.families.tabular.posterior import known

LEVELS = ("low", "medium", "high")


def facts(dials: RiskLevelDials) -> dict[str, Any]:
    """Of the split `test` unless said; shares are those of reports made apart, correlations those of outcomes, harms to groups apart."""
    prepared, outcomes = tables(dials), 0.0
    counts = np.zeros(len(LEVELS), dtype=np.int64)
    positives = np.zeros(len(LEVELS))
    for place in places_apart(dials):
        split = prepared.splits[place.split]
        made = reports(dials, prepared, place).items
        chances = known(prepared, split, made.codes, made.weeks).of_clean()
        bands = bands_of(dials.bands, chances)
        counts += np.bincount(bands, minlength=len(LEVELS))
        positives += np.bincount(bands, chances, minlength=len(LEVELS))
        outcomes += float(chances.sum())
    total = int(counts.sum())
    alike = with_repeats(dials.households.correlation, sizes_from_one(dials.households.sizes), dials.harms.duplicates.size)
    return {
        "reports_per_household": round(sum((1 + i) * share for i, share in enumerate(dials.households.sizes)), 6),
        "correlation_within_households": {name: round(alike, 6) for name in SPLITS if name in dials.split_rows()},
        "share_with_outcome": round(outcomes / 1_000_000 / total, 4),
        "share_of_level": {level: round(int(count) / total, 4) for level, count in zip(LEVELS, counts, strict=True)},
        "outcomes_in_level": {level: round(float(found) / outcomes, 4) for level, found in zip(LEVELS, positives, strict=True)},
        "estimated_from": f"{total:,} reports made apart",
    }
