"""Functions of whole rows, as scikit-learn writes them: their value and its replicates are all that is kept of the rows."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.errors import Fault
from evalharness.records import OVERALL, Group

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Labels = npt.NDArray[np.int8]
Answers = npt.NDArray[np.float64] | npt.NDArray[np.int8]
RowFunction = Callable[[npt.NDArray[Any], npt.NDArray[Any]], float]

REPLICATES = 200
MOST_RESAMPLED = 100_000
"""Rows beyond which no replicates are made: the function would be computed anew on all of them each time."""
ROW_SEED = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowFunctionTally:
    """G groups: everybody, then every level of every attribute. R replicates."""

    groups: tuple[Group, ...]
    value: Floats
    """[G]; NaN where the function is not defined."""
    replicates: Floats
    """[R, G]: the function on rows resampled by cluster; R is 0 where there are too many rows."""
    rows: Integers
    """[G] rows with a label and an answer."""
    units: Integers
    """[G] clusters among them; rows where those are independent."""
    left_out: int
    """Rows with a label and no answer: such a function has no place for them."""


class RowsHeld:
    """Holds labelled rows until functions of all of them can be computed: some 40 bytes a row and attribute."""

    def __init__(self, attributes: tuple[str, ...], levels: Mapping[str, tuple[str, ...]]) -> None:
        self._attributes, self._levels = attributes, levels
        self._parts: list[tuple[Labels, Answers, dict[str, npt.NDArray[np.int32]]]] = []
        self._clusters: list[pa.Array] = []
        self._left_out = 0

    def add(
        self, labels: Labels, answers: Answers, groups: Mapping[str, npt.NDArray[np.int32]], clusters: pa.Array | pa.ChunkedArray | None
    ) -> None:
        """Rows: labels with -1 for none; decisions with -1, or scores with NaN, for no answer; group codes; cluster ids or none."""
        if len(answers) != len(labels):
            raise Fault("labels and answers have different numbers of rows")
        silent = np.isnan(answers) if answers.dtype.kind == "f" else answers < 0
        kept = (labels >= 0) & ~silent
        self._left_out += int(np.count_nonzero((labels >= 0) & silent))
        self._parts.append((labels[kept], answers[kept], {name: groups[name][kept] for name in self._attributes}))
        if clusters is not None:
            whole = clusters.combine_chunks() if isinstance(clusters, pa.ChunkedArray) else clusters
            self._clusters.append(whole.filter(pa.array(kept)))

    def result(self, function: RowFunction) -> RowFunctionTally:
        """The value for everybody and each group of one attribute by fairlearn's MetricFrame, and its replicates by resampled clusters.

        Seeded. Not defined where the function raises ValueError or ZeroDivisionError or scikit-learn warns that a metric is undefined.
        """
        labels = np.concatenate([part[0] for part in self._parts]) if self._parts else np.zeros(0, dtype=np.int8)
        answers = np.concatenate([part[1] for part in self._parts]) if self._parts else np.zeros(0)
        codes = {name: np.concatenate([part[2][name] for part in self._parts]) for name in self._attributes} if self._parts else {}
        units = self._units(len(labels))
        inside = [np.ones(len(labels), dtype=bool)]
        groups: list[Group] = [OVERALL]
        for name in self._attributes:
            for code, level in enumerate(self._levels[name]):
                groups.append(((name, level),))
                inside.append(codes[name] == code if self._parts else np.zeros(0, dtype=bool))
        guarded = _guarded(function)
        value = _by_metric_frame(guarded, labels, answers, codes, self._levels)
        return RowFunctionTally(
            groups=tuple(groups),
            value=value,
            replicates=_replicates(guarded, labels, answers, inside, units),
            rows=np.array([np.count_nonzero(chosen) for chosen in inside]),
            units=np.array([len(np.unique(units[chosen])) for chosen in inside]),
            left_out=self._left_out,
        )

    def _units(self, rows: int) -> Integers:
        if not self._clusters:
            return np.arange(rows)
        encoded = pa.chunked_array(self._clusters).dictionary_encode().combine_chunks()
        return np.asarray(encoded.indices).astype(np.int64)


def _guarded(function: RowFunction) -> RowFunction:
    from sklearn.exceptions import UndefinedMetricWarning  # noqa: PLC0415  heavy, and needed for such functions only

    def value(labels: npt.NDArray[Any], answers: npt.NDArray[Any]) -> float:
        if not len(labels):
            return np.nan
        with warnings.catch_warnings():
            warnings.simplefilter("error", UndefinedMetricWarning)
            try:
                return float(function(np.asarray(labels), np.asarray(answers)))
            except (ValueError, ZeroDivisionError, UndefinedMetricWarning):
                return np.nan

    return value


def _by_metric_frame(
    function: RowFunction, labels: Labels, answers: Answers, codes: Mapping[str, Any], levels: Mapping[str, tuple[str, ...]]
) -> Floats:
    from fairlearn.metrics import MetricFrame  # noqa: PLC0415  likewise

    if not len(labels):
        return np.full(1 + sum(len(found) for found in levels.values()), np.nan)
    found = [function(labels, answers)]
    for name, own in codes.items():
        by_group = MetricFrame(metrics=function, y_true=labels, y_pred=answers, sensitive_features=own).by_group
        found += [float(by_group.get(code, np.nan)) for code in range(len(levels[name]))]
    return np.array(found)


def _replicates(function: RowFunction, labels: Labels, answers: Answers, inside: list[npt.NDArray[np.bool_]], units: Integers) -> Floats:
    if not 0 < len(labels) <= MOST_RESAMPLED:
        return np.zeros((0, len(inside)))
    order = np.argsort(units, kind="stable")
    _, starts, sizes = np.unique(units[order], return_index=True, return_counts=True)
    rng = np.random.Generator(np.random.Philox(ROW_SEED))
    found = np.empty((REPLICATES, len(inside)))
    for row in found:
        drawn = rng.integers(0, len(starts), len(starts))
        lengths = sizes[drawn]
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        picked = order[np.repeat(starts[drawn], lengths) + within]
        row[:] = [function(labels[picked[chosen[picked]]], answers[picked[chosen[picked]]]) for chosen in inside]
    return found
