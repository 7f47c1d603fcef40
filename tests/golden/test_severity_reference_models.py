"""The reference models of severity-grading: cards say what is committed, training repeats, and the flaw is the one described."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import skops.io
from benchmark_folder import ROOT
from reference_models import severity_grading

from evalharness.adapters.trusted_types import TRUSTED_TYPES
from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.cards import check_artifact, read_card

LEVELS = ("none", "C", "B", "A")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Benchmark:
    folder = ROOT / "datasets_synthetic" / severity_grading.BENCHMARK
    return open_benchmark(folder, rows=40_000, seed=11, data_dir=tmp_path_factory.mktemp("small") / "data")


def committed(name: str) -> Any:
    return skops.io.load(ROOT / "model_cards" / f"{name}.skops", trusted=list(TRUSTED_TYPES))


@pytest.mark.parametrize("name", severity_grading.MODELS)
def test_the_committed_artefact_is_the_one_on_its_card(name: str) -> None:
    card = read_card(ROOT / "model_cards" / f"{name}.md")
    assert check_artifact(card) == card.sha256
    assert set(skops.io.get_untrusted_types(file=card.artifact)) <= set(TRUSTED_TYPES)
    assert card.artifact.stat().st_size < 100_000
    assert tuple(committed(name).classes_) == card.classes
    assert tuple(committed(name).feature_names_in_) == card.inputs


def test_training_twice_gives_the_same_bytes_and_each_model_its_own(small: Benchmark) -> None:
    made = [severity_grading.artifact(small, name) for name in severity_grading.MODELS]
    assert made == [severity_grading.artifact(small, name) for name in severity_grading.MODELS]
    assert len(set(made)) == 2


def test_the_narrow_model_grades_too_low_only_where_it_never_looked(small: Benchmark) -> None:
    (batch,) = small.batches("test", columns=frozenset({"labels", "groups", "features"}))
    assert batch.features is not None
    assert batch.groups is not None
    numbers, labels = batch.features.to_pandas(), batch.labels
    unseen = batch.groups["ethnicity"] == small.levels("test")["ethnicity"].index("black")
    low = {}
    for name in severity_grading.MODELS:
        given = np.array([LEVELS.index(level) for level in committed(name).predict(numbers)])
        low[name] = (float((given < labels)[unseen].mean()), float((given < labels)[~unseen].mean()))
    assert low["severity-narrow"][0] > low["severity-reference"][0] + 0.04
    assert low["severity-narrow"][1] == pytest.approx(low["severity-reference"][1], abs=0.005)
