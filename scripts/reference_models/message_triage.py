"""The reference models of message-triage: one that saw everybody, one that never saw a group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from evalharness.benchmarks import Benchmark
from reference_models.archive import archive

BENCHMARK = "message-triage"
MODELS: dict[str, tuple[str, str] | None] = {"triage-reference": None, "triage-narrow": ("ethnicity", "black")}
"""Model -> the group that it never sees, if any."""
FALSE_ALARMS = 0.12
"""Share of irrelevant messages of the calibration split that score at least .5: the operating point, put into the intercept."""


def artifact(benchmark: Benchmark, name: str) -> bytes:
    """The bytes of `name`.skops."""
    return archive(train(benchmark, MODELS[name]))


def train(benchmark: Benchmark, excluded: tuple[str, str] | None) -> Pipeline:
    """Counts of tokens into a logistic regression, on the train split without the excluded group."""
    tokens, relevant = _split(benchmark, "train", excluded)
    vocabulary = sorted({token for text in tokens["tokens"] for token in text.split()})
    counter = CountVectorizer(token_pattern=r"\S+", lowercase=False, vocabulary=vocabulary)  # noqa: S106 - no password
    model = Pipeline(
        [
            (
                "count",
                ColumnTransformer([("tokens", counter, "tokens")]),
            ),
            ("classify", LogisticRegression(C=1.0, tol=1e-8, max_iter=5_000)),
        ]
    )
    info = benchmark.info
    model.fit(tokens, np.where(relevant, info.positive, info.negative))
    classifier = model.named_steps["classify"]
    classifier.coef_ = np.round(classifier.coef_, 3)
    calibration, relevant = _split(benchmark, "calibration", excluded)
    level = np.quantile(model.decision_function(calibration)[~relevant], 1 - FALSE_ALARMS)
    classifier.intercept_ = np.round(classifier.intercept_ - level, 3)
    vars(model.named_steps["count"].named_transformers_["tokens"]).pop("_stop_words_id", None)  # a memory address; made again when needed
    return model


def _split(benchmark: Benchmark, split: str, excluded: tuple[str, str] | None) -> tuple[pd.DataFrame, np.ndarray[Any, np.dtype[np.bool_]]]:
    tokens: list[str] = []
    relevant = []
    for batch in benchmark.batches(split, columns=frozenset({"labels", "groups", "features"})):
        assert batch.groups is not None and batch.labels is not None  # noqa: S101, PT018 - asked for
        keep = np.ones(batch.rows, dtype=bool)
        if excluded is not None:
            attribute, level = excluded
            keep = batch.groups[attribute] != benchmark.levels(split)[attribute].index(level)
        tokens += batch.features.column("tokens").filter(keep).to_pylist()
        relevant.append(batch.labels[keep] == 1)
    return pd.DataFrame({"tokens": tokens}), np.concatenate(relevant)
