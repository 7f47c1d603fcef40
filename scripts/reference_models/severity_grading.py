"""The reference models of severity-grading: one that saw everybody, one that never saw a group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from evalharness.benchmarks import Benchmark
from reference_models.archive import archive

BENCHMARK = "severity-grading"
MODELS: dict[str, tuple[str, str] | None] = {"severity-reference": None, "severity-narrow": ("ethnicity", "black")}
"""Model -> the group that it never sees, if any."""
REGULARISATION = 1e-3
"""Part of each level's covariance that is replaced by the identity matrix."""
DECIMALS = 6


def artifact(benchmark: Benchmark, name: str) -> bytes:
    """The bytes of `name`.skops."""
    return archive(train(benchmark, MODELS[name]))


def train(benchmark: Benchmark, excluded: tuple[str, str] | None) -> Pipeline:
    """A normal distribution for each level, on the train split without the excluded group; parameters are rounded."""
    numbers, levels = _train(benchmark, excluded)
    model = Pipeline(
        [
            ("scale", StandardScaler()),
            ("classify", QuadraticDiscriminantAnalysis(reg_param=REGULARISATION)),
        ]
    )
    model.fit(numbers, levels)
    scale, classifier = model.named_steps["scale"], model.named_steps["classify"]
    scale.mean_, scale.scale_, scale.var_ = (np.round(found, DECIMALS) for found in (scale.mean_, scale.scale_, scale.var_))
    classifier.means_, classifier.priors_ = np.round(classifier.means_, DECIMALS), np.round(classifier.priors_, DECIMALS)
    classifier.scalings_ = [np.round(found, DECIMALS) for found in classifier.scalings_]
    classifier.rotations_ = [np.round(_upright(found), DECIMALS) for found in classifier.rotations_]
    return model


def _upright(axes: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Axes in columns, each turned so that its largest part is positive: which way round they come is up to the linear algebra library."""
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=0)[None, :], axis=0)
    return axes * np.sign(largest)


def _train(benchmark: Benchmark, excluded: tuple[str, str] | None) -> tuple[pd.DataFrame, np.ndarray[Any, np.dtype[Any]]]:
    parts, levels = [], []
    for batch in benchmark.batches("train", columns=frozenset({"labels", "groups", "features"})):
        assert batch.groups is not None and batch.labels is not None  # noqa: S101, PT018 - asked for
        keep = np.ones(batch.rows, dtype=bool)
        if excluded is not None:
            attribute, level = excluded
            keep = batch.groups[attribute] != benchmark.levels("train")[attribute].index(level)
        parts.append(batch.features.to_pandas()[keep])
        levels.append(batch.labels[keep])
    names = np.array(benchmark.info.levels)
    return pd.concat(parts, ignore_index=True), names[np.concatenate(levels)]
