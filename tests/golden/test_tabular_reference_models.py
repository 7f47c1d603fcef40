"""The reference models of risk-level and lead-priority: cards say what is committed, and training gives the same bytes each time."""

from __future__ import annotations

from typing import Any

import pytest
import skops.io
from benchmark_folder import ROOT
from reference_models import lead_priority, risk_level

from evalharness.adapters.trusted_types import TRUSTED_TYPES
from evalharness.benchmarks import open_benchmark
from evalharness.cards import check_artifact, read_card

MODULES = {name: module for module in (risk_level, lead_priority) for name in module.MODELS}


@pytest.mark.parametrize("name", MODULES)
def test_the_committed_artefact_is_the_one_on_its_card(name: str) -> None:
    card = read_card(ROOT / "model_cards" / f"{name}.md")
    assert check_artifact(card) == card.sha256
    assert set(skops.io.get_untrusted_types(file=card.artifact)) <= set(TRUSTED_TYPES)
    assert card.artifact.stat().st_size < 100_000
    model = skops.io.load(card.artifact, trusted=list(TRUSTED_TYPES))
    assert tuple(model.classes_) == card.classes
    assert tuple(model.feature_names_in_) == card.inputs


@pytest.mark.parametrize("module", [risk_level, lead_priority])
def test_training_twice_gives_the_same_bytes_and_each_model_its_own(module: Any, tmp_path: Any) -> None:
    benchmark = open_benchmark(ROOT / "datasets_synthetic" / module.BENCHMARK, rows=20_000, seed=11, data_dir=tmp_path / "data")
    made = [module.artifact(benchmark, name) for name in module.MODELS]
    assert made == [module.artifact(benchmark, name) for name in module.MODELS]
    assert len(set(made)) == 2
