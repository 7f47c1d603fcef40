"""The reference models of risk-level: one that learnt outcomes, one that learnt what people said of the same reports."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

from evalharness.benchmarks import Benchmark
from reference_models.archive import archive
from reference_models.mixed_features import fill, split, trained

BENCHMARK = "risk-level"
MODELS: dict[str, str] = {"risk-reference": "outcomes", "risk-as-graded": "levels by people"}
"""Model -> what it learnt from."""
NUMBERS = tuple(f"n{number:02d}" for number in range(1, 11))
SKEWED = ("n04", "n06", "n10")
LEVELS = ("c1", "c2", "c3", "c4", "c5")


def artifact(benchmark: Benchmark, name: str) -> bytes:
    """The bytes of `name`.skops."""
    return archive(train(benchmark, graded=MODELS[name] != "outcomes"))


def train(benchmark: Benchmark, *, graded: bool) -> Pipeline:
    """On the train split: was the outcome recorded, or (`graded`) did people place the report in the top level?"""
    features, outcome = split(benchmark, "train")
    return trained(
        features,
        _placed_high(benchmark) if graded else outcome,
        classes=(benchmark.info.negative, benchmark.info.positive),
        numbers={name: fill() for name in NUMBERS},
        skewed=SKEWED,
        levels=LEVELS,
    )


def _placed_high(benchmark: Benchmark) -> npt.NDArray[np.bool_]:
    """The adjudicated level of each report of the train split: what a supplier has who was given old gradings, and no outcomes."""
    top = benchmark.info.levels[-1]
    rows = benchmark.table("annotators", "train", ("adjudicated",))
    return np.concatenate([np.array(part["adjudicated"].to_pylist()) == top for part in rows])
