"""People who looked at candidate pairs one by one and without the model: a human baseline, not the recorded truth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.case_linkage.dials import CaseLinkageDials
from evalharness.benchmarks.families.case_linkage.pairs import Pairs
from evalharness.benchmarks.families.case_linkage.rows import Codes, Ints, Records
from evalharness.benchmarks.families.case_linkage.tables import Tables
from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import exactly, happens, threshold

STREAM = 7
RATED = frozenset({"test", "shifted"})


def hard(dials: CaseLinkageDials, values: Codes, pairs: Pairs) -> npt.NDArray[np.bool_]:
    """Pairs that agree on fewer than half of the attributes; a missing value agrees with nothing."""
    agree = np.zeros(len(pairs.left), dtype=np.int64)
    for own, count in zip(values, dials.attributes.values(), strict=True):
        left = own[pairs.left]
        agree += (left == own[pairs.right]) & (left < count)
    return np.asarray(2 * agree < len(dials.attributes))


def rated(dials: CaseLinkageDials, place: Place, pairs: Pairs) -> Ints:
    """Places of the pairs that people looked at: those of some regions."""
    if place.name not in RATED or not dials.raters.share:
        return np.empty(0, dtype=np.int64)
    regions = BLOCK_ROWS // dials.regions.size
    draws = Bits(dials.seed, split=place.split, block=place.number, stream=STREAM).draw32(regions)
    chosen = happens(draws, threshold(exactly(dials.raters.share)))
    return np.flatnonzero(chosen[pairs.left // dials.regions.size])


def ratings(dials: CaseLinkageDials, tables: Tables, place: Place, made: Records, pairs: Pairs) -> npt.NDArray[np.uint8]:
    """[raters + 1, pairs]: 1 the same entity, by each rater; the last row is what most of them say, the same where they are split."""
    people, (left, right) = dials.raters, (pairs.left, pairs.right)
    is_hard = hard(dials, made.values, pairs)
    kept = {False: exactly(people.sensitivity), True: exactly(people.hard_sensitivity)}
    sees = np.where(is_hard, threshold(kept[True]), threshold(kept[False]))
    if "annotator_bias" in tables.members:
        less = 1 - exactly(dials.harms.annotator_bias.size)
        biased = np.where(is_hard, threshold(kept[True] * less), threshold(kept[False] * less))
        sees = np.where(tables.members["annotator_bias"][made.strata[left]], biased, sees)
    same = made.entities[left] == made.entities[right]
    limits = np.where(same, sees, threshold(exactly(people.false_alarms))).astype(np.uint64)
    said = []
    for person in range(people.number):
        bits = Bits(dials.seed, split=place.split, block=place.number, stream=STREAM + 16 * (1 + person))
        said.append(happens(bits.draw32(len(left)), limits))
    votes = np.stack(said).astype(np.uint8)
    most = np.zeros(len(left), dtype=np.int64)
    for row in votes:
        most += row
    return np.concatenate([votes, (2 * most >= people.number).astype(np.uint8)[None, :]])
