"""The reference models: what their cards say is what is committed, and training gives the same bytes each time."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
import skops.io
from benchmark_folder import ROOT, SHIPPED

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.cards import check_artifact, read_card


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("train_reference_models", ROOT / "scripts" / "train_reference_models.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Benchmark:
    return open_benchmark(SHIPPED, rows=5_000, seed=11, data_dir=tmp_path_factory.mktemp("small") / "data")


@pytest.mark.parametrize("name", ["triage-reference", "triage-narrow"])
def test_the_committed_artefact_is_the_one_on_its_card(name: str) -> None:
    card = read_card(ROOT / "model_cards" / f"{name}.md")
    assert check_artifact(card) == card.sha256
    assert (card.classes, card.inputs, card.adapter) == (("not_relevant", "relevant"), ("tokens",), "sklearn")
    model = skops.io.load(card.artifact, trusted=[])
    assert tuple(model.classes_) == card.classes


@pytest.mark.parametrize("excluded", [None, ("ethnicity", "black")])
def test_training_twice_gives_the_same_bytes(script: ModuleType, small: Benchmark, excluded: tuple[str, str] | None) -> None:
    first, second = (script.archive(script.train(small, excluded)) for _ in range(2))
    assert first == second


def test_an_archive_holds_no_dates_and_loads_as_the_same_model(script: ModuleType, small: Benchmark, tmp_path: Path) -> None:
    model = script.train(small, None)
    archive = script.archive(model)
    with zipfile.ZipFile(io.BytesIO(archive)) as stored:
        assert {member.date_time for member in stored.infolist()} == {script.EPOCH}
    (batch,) = small.batches("calibration", columns=frozenset({"features"}))
    assert batch.features is not None
    tokens = batch.features.to_pandas()
    loaded = skops.io.loads(archive, trusted=[])
    assert (loaded.predict_proba(tokens) == model.predict_proba(tokens)).all()
