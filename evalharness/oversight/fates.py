"""What becomes of each item by the bands of a policy: its fate, and the shares that follow from the fates.

A fate is the place of a band in the policy's order; the last, one beyond them, is *to a person*: deferred, or without an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue.metric import Weights
from evalharness.errors import Fault
from evalharness.records.oversight_bands import Band, Bands

Codes = NDArray[np.int8]
Flags = NDArray[np.bool_]
NO_ANSWER = -1


def fates(
    bands: Bands,
    decisions: Codes,
    *,
    scores: NDArray[np.float64] | None = None,
    threshold: float | None = None,
    given: Codes | None = None,
    levels: Sequence[str] = (),
) -> Codes:
    """[N] the fate of each item.

    decisions: 1 selected, 0 not, or the level given; -1 without an answer. scores, threshold: for bands cut by scores, and for deferral.
    given: for bands of levels, the place of the level given among `levels`. Raises Fault where the bands need what is not there.
    """
    found = np.full(len(decisions), len(bands.bands) - 1, dtype=np.int8)
    for at in range(len(bands.bands) - 1, -1, -1):  # the first that takes an item counts, so it is written last
        found[_takes(bands.bands[at], decisions, scores, given, levels)] = at
    found[decisions == NO_ANSWER] = len(bands.bands)
    if bands.defer_within is not None:
        if scores is None or threshold is None:
            raise Fault("items are deferred by their scores, and there are none")
        with np.errstate(invalid="ignore"):
            found[np.abs(scores - threshold) < bands.defer_within] = len(bands.bands)
    return found


def _takes(band: Band, decisions: Codes, scores: NDArray[np.float64] | None, given: Codes | None, levels: Sequence[str]) -> Flags:
    if band.rest:
        return np.ones(len(decisions), dtype=np.bool_)
    if band.selected:
        return np.asarray(decisions == 1, dtype=np.bool_)
    if band.levels:
        if given is None:
            raise Fault("bands take levels, and the classifier gives none")
        return np.isin(given, [levels.index(level) for level in band.levels])
    if scores is None or band.at_least is None:
        raise Fault("bands take scores, and the classifier gives none")
    with np.errstate(invalid="ignore"):
        return np.asarray(scores >= band.at_least, dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fated:
    """N items with a label, and what becomes of them."""

    fates: Codes
    decisions: Codes
    labels: Codes
    """1, 0, or the place of the true level."""
    relevant: Flags
    top: int
    """The label, and the decision, of the top class: 1, or the place of the highest level."""


def shares(bands: Bands, items: Fated) -> dict[str, tuple[Flags, Flags]]:
    """By metric, [N] whether an item counts and whether it is in the denominator (as `tally.shares.count_shares` takes them)."""
    closes = np.array([*(band.closes for band in bands.bands), False])[items.fates]
    readers = np.array([*(band.readers for band in bands.bands), 1])[items.fates]
    person = items.fates == len(bands.bands)
    everything = np.ones(len(person), dtype=np.bool_)
    truly, given = items.labels == items.top, (items.decisions == items.top) & ~person
    return {
        "closed_by_machine_rate": (closes, everything),
        "unread_double_rate": (given & (readers < 2), given),
        "top_class_unread_rate": (truly & (readers == 0), truly),
        "opened_rate_relevant": (items.relevant & (readers > 0), items.relevant),
        "deferral_rate": (person, everything),
        "deferral_rate_relevant": (person & items.relevant, items.relevant),
        "deferral_rate_irrelevant": (person & ~items.relevant, ~items.relevant),
        "selective_risk": (~person & (items.decisions != items.labels), ~person),
    }


FATES = (0, 0, 1, 1, 2, 2)
"""By outcome, where two bands are what is selected and the rest: its fate."""
_ALL: Weights = (1, 1, 1, 1, 1, 1)
_RELEVANT: Weights = (1, 0, 1, 0, 1, 0)


def shares_of_outcomes(bands: Bands) -> dict[str, tuple[Weights, Weights]]:
    """By metric, the outcomes that count and those in the denominator, where one band is what is selected and the other the rest.

    Of irrelevant items alone, and of answered ones, the tallies of these tasks keep no clusters: those shares are not among them.
    """
    first, rest = bands.bands
    closed, twice = int(rest.closes), int(first.readers < 2)
    return {
        "closed_by_machine_rate": ((0, 0, closed, closed, 0, 0), _ALL),
        "unread_double_rate": ((twice, twice, 0, 0, 0, 0), (1, 1, 0, 0, 0, 0)),
        "top_class_unread_rate": ((0, 0, 1, 0, 0, 0), _RELEVANT),
        "opened_rate_relevant": ((1, 0, 0, 0, 1, 0), _RELEVANT),
        "deferral_rate": ((0, 0, 0, 0, 1, 1), _ALL),
        "deferral_rate_relevant": ((0, 0, 0, 0, 1, 0), _RELEVANT),
    }
