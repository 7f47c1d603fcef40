"""What follows from the dials of a risk-level benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.family import Fault
from evalharness.benchmarks.families.ingredients.alike import SPLITS, sizes_from_one, with_repeats
from evalharness.benchmarks.families.risk_level.dials import RiskLevelDials
from evalharness.benchmarks.families.risk_level.raters import bands_of
from evalharness.benchmarks.families.risk_level.reports import reports, tables
from evalharness.benchmarks.families.tabular.apart import places_apart
from evalharness.benchmarks.families.tabular.posterior import known

LEVELS = ("low", "medium", "high")


def facts(dials: RiskLevelDials) -> dict[str, Any]:
    """Of the split `test` unless said; shares are those of reports made apart, correlations those of outcomes, harms to groups apart."""
    counts, positives = _by_level(dials)
    total, outcomes = int(counts.sum()), float(positives.sum())
    alike = with_repeats(dials.households.correlation, sizes_from_one(dials.households.sizes), dials.harms.duplicates.size)
    return {
        "reports_per_household": round(sum((1 + i) * share for i, share in enumerate(dials.households.sizes)), 6),
        "correlation_within_households": {name: round(alike, 6) for name in SPLITS if name in dials.split_rows()},
        "share_with_outcome": round(outcomes / 1_000_000 / total, 4),
        "share_of_level": {level: round(int(count) / total, 4) for level, count in zip(LEVELS, counts, strict=True)},
        "outcomes_in_level": {level: round(float(found) / outcomes, 4) for level, found in zip(LEVELS, positives, strict=True)},
        "estimated_from": f"{total:,} reports made apart",
    }


def unattained(dials: RiskLevelDials) -> Iterator[Fault]:
    """A level in which less than one report of all rows is to be expected."""
    counts = _by_level(dials)[0].tolist()
    total = sum(counts)
    for level, count in zip(LEVELS, counts, strict=True):
        if count * dials.rows < total:
            cut = "high" if level == "high" else "medium"
            got = f"{getattr(dials.bands, cut):g}, and {count} of {total:,} reports made apart"
            what = f"no report is to be expected in the level '{level}'"
            expected = f"cut points with one report of {dials.rows:,} in every level"
            yield Fault(("bands", cut), what, got, expected)


def _by_level(dials: RiskLevelDials) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """(reports, outcomes in millionths) of each level among reports made apart."""
    prepared = tables(dials)
    counts, positives = np.zeros(len(LEVELS), dtype=np.int64), np.zeros(len(LEVELS))
    for place in places_apart(dials):
        split = prepared.splits[place.split]
        made = reports(dials, prepared, place).items
        chances = known(prepared, split, made.codes, made.weeks).of_clean()
        bands = bands_of(dials.bands, chances)
        counts += np.bincount(bands, minlength=len(LEVELS))
        positives += np.bincount(bands, chances, minlength=len(LEVELS))
    return counts, positives
