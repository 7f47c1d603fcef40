"""People who labelled messages one by one and without the model: a human baseline, not the recorded label."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.shares import exactly, happens, threshold
from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.message_triage.rows import Messages
from evalharness.benchmarks.families.message_triage.tables import Tables

STREAM = 7
RATED = frozenset({"test", "shifted"})
"""Splits whose messages people labelled."""


def hard(dials: MessageTriageDials, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Messages of the shorter half of the lengths."""
    return np.asarray(2 * counts <= dials.tokens.fewest + dials.tokens.most)


def ratings(dials: MessageTriageDials, tables: Tables, place: Place, made: Messages) -> npt.NDArray[np.uint8]:
    """[raters + 1, messages]: 1 relevant, by each rater; the last row is what most of them say, relevant where they are evenly split."""
    bits = Bits(dials.seed, split=place.split, block=place.number, stream=STREAM)
    rows, people = len(made.clean), dials.raters
    sees = np.where(hard(dials, made.counts), threshold(exactly(people.hard_sensitivity)), threshold(exactly(people.sensitivity)))
    if "annotator_bias" in tables.members:
        kept = 1 - exactly(dials.harms.annotator_bias.size)
        less = np.where(
            hard(dials, made.counts),
            threshold(exactly(people.hard_sensitivity) * kept),
            threshold(exactly(people.sensitivity) * kept),
        )
        sees = np.where(tables.members["annotator_bias"][made.strata], less, sees)
    limits = np.where(made.clean == 1, sees, threshold(exactly(people.false_alarms))).astype(np.uint64)
    said = np.stack([happens(bits.draw32(BLOCK_ROWS)[:rows], limits) for _ in range(people.number)]).astype(np.uint8)
    most = (2 * said.sum(axis=0) >= people.number).astype(np.uint8)
    return np.concatenate([said, most[None, :]])
