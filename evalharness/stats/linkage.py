"""How alike two clusterings of the same records are: pairwise, B-cubed, merge distance, variation of information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overlap:
    """The non-empty cells of the table of true by predicted clusters: C of them. Made by `overlap`."""

    records: Integers
    """[C] records in each cell."""
    true: Integers
    """[C] number of its true cluster."""
    predicted: Integers
    """[C] number of its predicted cluster."""
    true_sizes: Integers
    """Records of each true cluster."""
    predicted_sizes: Integers
    """Records of each predicted cluster."""
    cell_of: Integers
    """[n] cell of each record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Precision, recall and their harmonic mean; null where the denominator is empty."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeDistance:
    """Steps from the predicted to the true clusters: first split every predicted cluster into pure parts, then merge the parts."""

    splits: int
    merges: int

    @property
    def distance(self) -> int:
        """Both together, a step each."""
        return self.splits + self.merges


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of records, by whether they are together."""

    both: int
    """In one cluster in both clusterings (true positives)."""
    only_predicted: int
    """False positives."""
    only_true: int
    """False negatives: missed links."""


def overlap(true: ArrayLike, predicted: ArrayLike) -> Overlap:
    """Cells from the cluster of each record [n] in both clusterings (names of any sortable kind). Raises ValueError for unequal lengths."""
    t, p = np.asarray(true), np.asarray(predicted)
    if t.ndim != 1 or t.shape != p.shape:
        raise ValueError("the clusterings must be one-dimensional and of one length")
    true_names, t_codes = np.unique(t, return_inverse=True)
    predicted_names, p_codes = np.unique(p, return_inverse=True)
    width = max(len(predicted_names), 1)
    keys, cell_of, records = np.unique(t_codes.astype(np.int64) * width + p_codes, return_inverse=True, return_counts=True)
    rows, columns = np.divmod(keys, width)
    return Overlap(
        records=records.astype(np.int64),
        true=rows,
        predicted=columns,
        true_sizes=np.bincount(t_codes, minlength=len(true_names)),
        predicted_sizes=np.bincount(p_codes, minlength=len(predicted_names)),
        cell_of=cell_of,
    )


def pairs(cells: Overlap) -> Pairs:
    """Counts pairs of records, over all records and hence over all true links."""
    both = _pairs(cells.records)
    return Pairs(both=both, only_predicted=_pairs(cells.predicted_sizes) - both, only_true=_pairs(cells.true_sizes) - both)


def pairwise(cells: Overlap) -> Agreement:
    """Precision and recall over pairs of records; equals scikit-learn's `pair_confusion_matrix`, halved."""
    count = pairs(cells)
    predicted, true = count.both + count.only_predicted, count.both + count.only_true
    return Agreement(precision=_share(count.both, predicted), recall=_share(count.both, true), f1=_share(2 * count.both, predicted + true))


def bcubed(cells: Overlap, weights: ArrayLike | None = None) -> Agreement:
    """B-cubed: the mean, over records, of the share of a record's predicted (true) cluster that is in its true (predicted) one.

    `weights` [n], 0 or more, weigh the mean only: 1 for the records of a group and 0 for others gives the group's figure, with clusters
    left whole. Null where no record counts. Source: Bagga and Baldwin 1998; Amigo et al. 2009. ValueError for weights that do not fit.
    """
    weight = cells.records.astype(np.float64) if weights is None else _cell_weights(cells, weights)
    total = float(weight.sum())
    precision = float(weight @ (cells.records / cells.predicted_sizes[cells.predicted]))
    recall = float(weight @ (cells.records / cells.true_sizes[cells.true]))
    return Agreement(
        precision=_share(precision, total),
        recall=_share(recall, total),
        f1=_share(2 * precision * recall, (precision + recall) * total),
    )


def merge_distance(cells: Overlap) -> MergeDistance:
    """The basic merge distance, counted by kind. Source: Menestrina, Whang and Garcia-Molina 2010, unit costs."""
    parts = len(cells.records)
    return MergeDistance(splits=parts - len(cells.predicted_sizes), merges=parts - len(cells.true_sizes))


def variation_of_information(cells: Overlap) -> float | None:
    """H(true | predicted) + H(predicted | true), in nats; 0 for equal clusterings, null without records. Source: Meila 2007."""
    total = int(cells.records.sum())
    if not total:
        return None
    joint, true, predicted = (
        float(special.entr(sizes / total).sum()) for sizes in (cells.records, cells.true_sizes, cells.predicted_sizes)
    )
    return max(2 * joint - true - predicted, 0.0)


def _cell_weights(cells: Overlap, weights: ArrayLike) -> Floats:
    each = np.asarray(weights, dtype=np.float64)
    if each.shape != cells.cell_of.shape or not np.isfinite(each).all() or (each < 0).any():
        raise ValueError("weights must be finite, not below 0, and one for each record")
    return np.bincount(cells.cell_of, weights=each, minlength=len(cells.records)).astype(np.float64, copy=False)


def _pairs(sizes: Integers) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
