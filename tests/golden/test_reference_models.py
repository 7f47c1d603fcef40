"""The reference models: what their cards say is what is committed, and training gives the same bytes each time."""

from __future__ import annotations

import io
import zipfile

import pytest
import skops.io
from benchmark_folder import ROOT, SHIPPED
from reference_models import message_triage
from reference_models.archive import EPOCH, archive

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.cards import check_artifact, read_card


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
def test_training_twice_gives_the_same_bytes(small: Benchmark, excluded: tuple[str, str] | None) -> None:
    first, second = (archive(message_triage.train(small, excluded)) for _ in range(2))
    assert first == second


def test_an_archive_holds_no_dates_and_loads_as_the_same_model(small: Benchmark) -> None:
    model = message_triage.train(small, None)
    packed = archive(model)
    with zipfile.ZipFile(io.BytesIO(packed)) as stored:
        assert {member.date_time for member in stored.infolist()} == {EPOCH}
    (batch,) = small.batches("calibration", columns=frozenset({"features"}))
    assert batch.features is not None
    tokens = batch.features.to_pandas()
    loaded = skops.io.loads(packed, trusted=[])
    assert (loaded.predict_proba(tokens) == model.predict_proba(tokens)).all()
