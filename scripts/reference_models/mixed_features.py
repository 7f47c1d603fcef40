"""Tables of numbers and levels, some of them missing: what the models of the benchmarks of tables share."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, PowerTransformer, StandardScaler

from evalharness.benchmarks import Benchmark

DIGITS = 3
"""Digits after the point of every fitted number, so that the same artefact comes out wherever it is trained."""


def split(benchmark: Benchmark, name: str) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """(features, whether the label is the positive one) of all rows of a split."""
    frames, labels = [], []
    for batch in benchmark.batches(name, columns=frozenset({"labels", "features"})):
        assert batch.features is not None and batch.labels is not None  # noqa: S101, PT018 - asked for
        frames.append(batch.features.to_pandas())
        labels.append(batch.labels == 1)
    return pd.concat(frames, ignore_index=True), np.concatenate(labels)


def fill(value: float | None = None) -> SimpleImputer:
    """The usual value and a mark that it was missing; or, with `value`, that value and no mark."""
    if value is None:
        return SimpleImputer(strategy="median", add_indicator=True)
    return SimpleImputer(strategy="constant", fill_value=value)


def trained(
    features: pd.DataFrame,
    positive: npt.NDArray[np.bool_],
    *,
    classes: tuple[str, str],
    numbers: dict[str, SimpleImputer],
    skewed: tuple[str, ...],
    levels: tuple[str, ...],
) -> Pipeline:
    """Numbers to a common scale (skewed ones straightened), levels one by one (a missing one is a level), then a logistic regression.

    classes: (negative, positive).
    """
    scaled = [
        (name, Pipeline([("fill", imputer), ("scale", PowerTransformer() if name in skewed else StandardScaler())]), [name])
        for name, imputer in numbers.items()
    ]
    prepare = ColumnTransformer([*scaled, ("levels", OneHotEncoder(handle_unknown="ignore"), list(levels))])
    features = features[[*numbers, *levels]]
    prepare.fit(features)
    for name in numbers:
        _round(prepare.named_transformers_[name].named_steps["scale"])
    classifier = LogisticRegression(C=1.0, tol=1e-8, max_iter=5_000)
    classifier.fit(prepare.transform(features), np.where(positive, classes[1], classes[0]))
    classifier.coef_ = np.round(classifier.coef_, DIGITS)
    classifier.intercept_ = np.round(classifier.intercept_, DIGITS)
    return Pipeline([("prepare", prepare), ("classify", classifier)])


def _round(scale: Any) -> None:
    parts = (scale, scale._scaler) if isinstance(scale, PowerTransformer) else (scale,)
    for part in parts:
        for name in ("lambdas_", "mean_", "var_", "scale_"):
            if hasattr(part, name):
                setattr(part, name, np.round(getattr(part, name), DIGITS))
