"""What the scores themselves show: their range, whether they order anything at all, and how well.

The area under the ROC curve (AUC: the chance that a relevant item scores above an irrelevant one, ties counting half) needs
all scores sorted. Here it is enclosed instead, in memory that does not grow with the rows: scores are counted in bins whose
order is that of the scores, and only pairs inside one bin are unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalharness.errors import Fault

_KEY_BITS = 22
"""Bits of a score's ordered key that choose its bin: sign, 11 of exponent, 10 of fraction; a bin spans 1/1,024 of its power of two."""
_BINS = 1 << _KEY_BITS
_SIGN = np.uint64(1 << 63)
_DECIMALS = 10**10


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSummary:
    """The scores of the labelled rows. What cannot be computed is null, with a reason."""

    rows: int
    """Rows with a label."""
    scored: int
    """Those of them with a score."""
    minimum: float | None
    maximum: float | None
    constant: bool
    """Whether two or more rows are scored and all scores are equal."""
    tied_at_threshold: int | None
    """Rows whose score is exactly the threshold; null without a threshold."""
    auc_low: float | None
    """AUC of the scored rows is at least this (rounded down at 10 decimals)."""
    auc_high: float | None
    """AUC of the scored rows is at most this (rounded up at 10 decimals)."""
    reason: str
    """Why a figure is null; empty when none is."""
    worse_than_chance: bool
    """Whether AUC is certainly below one half: the scores order the items backwards."""


class ScoreCounter:
    """Streams scores into a `ScoreSummary`; order of rows and cuts of batches change nothing.

    Memory: 25 bytes for each of the 4 million possible bins, of which a system that hands out pages on first use provides
    only those that scores fall in (a few hundred kilobytes for scores in [0, 1]).
    """

    def __init__(self, threshold: float | None) -> None:
        self._threshold = threshold
        self._rows = self._scored = self._tied = 0
        self._minimum, self._maximum = np.inf, -np.inf
        self._counts = (np.zeros(_BINS, dtype=np.int64), np.zeros(_BINS, dtype=np.int64))
        self._one_of = np.zeros(_BINS)
        self._several = np.zeros(_BINS, dtype=bool)

    def add(self, scores: npt.NDArray[np.float64], labels: npt.NDArray[np.int8]) -> None:
        """Adds rows: scores with NaN for none, labels 1, 0 or -1 (none; such rows are skipped). Raises Fault for unequal lengths."""
        if len(scores) != len(labels):
            raise Fault("scores and labels have different numbers of rows")
        labelled = labels >= 0
        self._rows += int(np.count_nonzero(labelled))
        kept = labelled & ~np.isnan(scores)
        values = scores[kept] + 0.0  # makes -0.0 the 0.0 that it is equal to
        if not len(values):
            return
        self._scored += len(values)
        self._minimum, self._maximum = min(self._minimum, float(values.min())), max(self._maximum, float(values.max()))
        if self._threshold is not None:
            self._tied += int(np.count_nonzero(values == self._threshold))
        self._bin(values, labels[kept])

    def result(self) -> ScoreSummary:
        """The summary of all rows so far."""
        low, high, worse = self._auc()
        return ScoreSummary(
            rows=self._rows,
            scored=self._scored,
            minimum=float(self._minimum) if self._scored else None,
            maximum=float(self._maximum) if self._scored else None,
            constant=self._scored > 1 and self._minimum == self._maximum,
            tied_at_threshold=None if self._threshold is None else self._tied,
            auc_low=low,
            auc_high=high,
            reason=self._reason(low),
            worse_than_chance=worse,
        )

    def _reason(self, auc: float | None) -> str:
        if not self._scored:
            return "no labelled row has a score"
        return "the scored rows are all of one class, so there is no pair to order" if auc is None else ""

    def _bin(self, values: npt.NDArray[np.float64], labels: npt.NDArray[np.int8]) -> None:
        bins = _ordered_bins(values)
        new = (self._counts[0][bins] == 0) & (self._counts[1][bins] == 0)
        self._one_of[bins[new]] = values[new]
        self._several[bins[self._one_of[bins] != values]] = True
        for label, counts in enumerate(self._counts):
            np.add.at(counts, bins[labels == label], 1)

    def _auc(self) -> tuple[float | None, float | None, bool]:
        """Bounds and whether the upper one is below one half; in whole numbers of half pairs, hence exact."""
        if not self._scored:
            return None, None, False
        first, last = _ordered_bins(np.array([self._minimum, self._maximum]) + 0.0)
        window = slice(int(first), int(last) + 1)
        used = np.flatnonzero((self._counts[0][window] > 0) | (self._counts[1][window] > 0)) + first
        negative, positive = (counts[used] for counts in self._counts)
        halves = 2 * int(negative.sum()) * int(positive.sum())
        if not halves:
            return None, None, False
        within = positive * negative
        unknown = int(within[self._several[used]].sum())
        ties = int(within.sum()) - unknown
        low = 2 * int(positive @ (np.cumsum(negative) - negative)) + ties
        high = low + 2 * unknown
        return low * _DECIMALS // halves / _DECIMALS, -(-high * _DECIMALS // halves) / _DECIMALS, 2 * high < halves


def _ordered_bins(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Bin of each score; a greater score never has a smaller bin. Flips the bits so that they sort as unsigned integers."""
    bits = values.view(np.uint64)
    keys = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    return (keys >> np.uint64(64 - _KEY_BITS)).astype(np.int64)
