"""Sorted labels to the counts that every exact statistic of an order needs, and sorted scores to a few of them.

Between two distinct scores that have positives, negatives have the same place among the positives, whatever their own order. Taken together
they leave the area under the ROC curve, its variance and average precision as they are, and where positives are rare little is left to add.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

_MANY = 8
"""From one row in so many that shares its score with another, looking at every distinct score is quicker than at those rows."""


def ordered_counts(positive: Booleans, at: Integers, runs: NDArray[np.integer] | None) -> tuple[Floats, Floats]:
    """Positives and negatives [E] at rising places of the order, E at most 2 x (distinct scores with a positive) + 1.

    `positive` [n] whether each row is positive, by rising score, and `at` where it is; `runs` [n] which distinct score each row has,
    rising, or None where all differ.
    """
    if runs is None or not len(runs):
        starts, ends, ones = at, at + 1, np.ones(len(at), dtype=np.int64)
    elif (int(runs[-1]) - int(runs[0]) + 1) * _MANY < len(runs):
        firsts = starts_of(runs)
        found = np.add.reduceat(positive, firsts, dtype=np.int64)
        has = np.flatnonzero(found)
        starts, ends, ones = firsts[has], np.append(firsts[1:], len(runs))[has], found[has]
    else:
        starts, ends, ones = _stretches(at, runs)
    before = starts - np.cumsum(ones) + ones
    p, n = np.zeros(2 * len(ones) + 1), np.zeros(2 * len(ones) + 1)
    p[1::2], n[1::2] = ones, ends - starts - ones
    n[0:-1:2], n[-1] = before, len(positive) - ones.sum()
    n[2::2] -= before + n[1::2]
    some = p + n > 0
    return p[some], n[some]


def _stretches(at: Integers, runs: NDArray[np.integer]) -> tuple[Integers, Integers, Integers]:
    """First row, row after the last, and positives of each distinct score that has one."""
    own = runs[at]
    starts, ends = at.copy(), at + 1
    last = len(runs) - 1
    tied = np.flatnonzero((runs[np.maximum(at - 1, 0)] == own) & (at > 0) | (runs[np.minimum(at + 1, last)] == own) & (at < last))
    starts[tied] = np.searchsorted(runs, own[tied], side="left")
    ends[tied] = np.searchsorted(runs, own[tied], side="right")
    firsts = starts_of(starts)
    return starts[firsts], ends[firsts], np.diff(firsts, append=len(at))


def starts_of(runs: NDArray[np.integer]) -> Integers:
    """First row of each run of equal, neighbouring numbers; none where there are no rows."""
    return np.flatnonzero(np.concatenate([np.ones(min(len(runs), 1), dtype=bool), runs[1:] != runs[:-1]]))


def influences(positive: Floats, negative: Floats) -> tuple[Floats, Floats]:
    """By how much a positive and a negative at each place [E] move the area under the ROC curve away from its mean.

    (V10 - A) / N1 and (V01 - A) / N0 with the placements of DeLong, from the counts of `ordered_counts`; both sides must have rows. Rounded
    to multiples of 2**-51, so that sums of them are exact in any order. Source: Obuchowski 1997.
    """
    ones, zeros = positive.sum(), negative.sum()
    v10 = (np.cumsum(negative) - negative / 2) / zeros
    v01 = 1 - (np.cumsum(positive) - positive / 2) / ones
    area = np.sum(positive * v10) / ones
    up, down = (np.rint((v - area) / size * 2.0**51) * 2.0**-51 for v, size in ((v10, ones), (v01, zeros)))
    return up, down


def precision_influences(positive: Floats, negative: Floats) -> tuple[Floats, Floats]:
    """By how much a positive and a negative at each place [E] move average precision away from what it is; there must be positives.

    With T and N the positives and all items from a place upward, and W all positives, AP is the mean of T / N over positives. One more of
    weight dw at a place changes T and N of every place below: a positive adds (T/N - AP + sum of p (N - T) / N^2 up to it) / W, a negative
    takes (sum of p T / N^2 up to it) / W. All of them together add up to 0. Rounded as `influences`. Source: the infinitesimal jackknife
    (Efron 1982, 6.3), linearised as in `clusters.linearised_variance`.
    """
    found, flagged = (np.cumsum(side[::-1])[::-1] for side in (positive, positive + negative))
    precision, total = found / flagged, positive.sum()
    each = positive / flagged
    gained, lost = np.cumsum(each * (1 - precision)), np.cumsum(each * precision)
    up = (precision - np.sum(positive * precision) / total + gained) / total
    exact_up, exact_down = (np.rint(part * 2.0**51) * 2.0**-51 for part in (up, -lost / total))
    return exact_up, exact_down


def merged_scores(scores: Floats, starts: Integers, most: int, at: Iterable[float] = ()) -> Integers:
    """First row [B] of each of about `most` stretches of sorted `scores` [n], of about as many rows each; no distinct score is torn apart.

    `starts` is the first row of each distinct score. Where there are no more than `most` of those, each stays by itself. `at`: scores at
    which a stretch begins (or the first score above).
    """
    if len(starts) <= most:
        return starts
    asked = np.searchsorted(scores, np.fromiter(at, dtype=np.float64))
    aimed = np.concatenate([np.arange(most) * len(scores) // most, asked[asked < len(scores)]])
    return np.unique(starts[np.searchsorted(starts, aimed, side="right") - 1])
