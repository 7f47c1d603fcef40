"""People who placed reports in a level one by one and without the model: a human baseline, neither the outcome nor the truth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.joint import GRID
from evalharness.benchmarks.families.ingredients.shares import exactly, happens, threshold
from evalharness.benchmarks.families.risk_level.dials import Bands, RiskLevelDials
from evalharness.benchmarks.families.tabular.rows import Items

STREAM = 7
TOP = 2


def cuts(bands: Bands) -> tuple[int, int]:
    """The cut points in millionths; a chance of exactly a cut point belongs to the level above it."""
    medium, high = (-int(-(exactly(cut) * GRID) // 1) for cut in (bands.medium, bands.high))
    return medium, high


def bands_of(bands: Bands, chances: npt.NDArray[np.int32]) -> npt.NDArray[np.int8]:
    """Place of the level of each chance, in millionths."""
    medium, high = cuts(bands)
    return (chances >= medium).astype(np.int8) + (chances >= high)


def hard(bands: Bands, chances: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Where the chance is within half of a cut point from it."""
    medium, high = cuts(bands)
    near = [2 * np.abs(chances.astype(np.int64) - cut) <= cut for cut in (medium, high)]
    return np.asarray(near[0] | near[1])


def ratings(dials: RiskLevelDials, place: Place, made: Items, chances: npt.NDArray[np.int32]) -> npt.NDArray[np.int8]:
    """[raters + 1, items] level by each rater; the last row is the middle one, of two middle ones the graver."""
    bits = Bits(dials.seed, split=place.split, block=place.number, stream=STREAM)
    rows, people = len(chances), dials.raters
    wrong = [threshold(exactly(share)) for share in (people.error, people.hard_error)]
    limits = np.array(wrong, dtype=np.uint64).take(hard(dials.bands, chances))
    true = bands_of(dials.bands, chances)
    lowest, highest = true == 0, true == TOP
    bias, lean = _bias(dials, made)
    said = []
    for _ in range(people.number):
        errs, up, biased = (bits.draw32(BLOCK_ROWS)[:rows] for _ in range(3))
        upwards = (happens(up, 1 << 31) | lowest) & ~highest
        step = (2 * upwards.astype(np.int8) - 1) * happens(errs, limits)
        said.append(np.clip(true + step + happens(biased, bias) * lean, 0, TOP))
    ordered = np.sort(np.stack(said), axis=0)
    return np.stack([*said, ordered[people.number // 2]])


def _bias(dials: RiskLevelDials, made: Items) -> tuple[npt.NDArray[np.uint64], np.int8]:
    """(limit of each item, levels that a biased rater adds)."""
    harm = dials.harms.annotator_bias
    inside = np.ones(len(made.clean), dtype=np.bool_)
    for attribute, wanted in harm.of.items():
        place = list(dials.groups).index(attribute)
        inside &= made.groups[place] == list(dials.groups[attribute]).index(wanted)
    limit = threshold(abs(exactly(harm.size)))
    return np.array([0, limit], dtype=np.uint64).take(inside), np.int8(-1 if harm.size > 0 else 1)
