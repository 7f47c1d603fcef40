"""case-linkage as it is committed: the digest of the shipped recipe, the weights of the reference models, their predictions."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from linkage_recipe import RECIPE, ROOT
from reference_models import case_linkage

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.cards import check_artifact, read_card
from evalharness.digests import sha256_file
from evalharness.errors import BadInput
from evalharness.files.manifest import read_manifest
from evalharness.predictions.pairs import align_pairs

MODELS = tuple(case_linkage.MODELS)


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory: pytest.TempPathFactory) -> Benchmark:
    """The committed rows and seed, in a folder of the test's own."""
    return open_benchmark(RECIPE.parent, data_dir=tmp_path_factory.mktemp("linkage") / "data")


def test_the_shipped_recipe_makes_the_committed_digest(benchmark: Benchmark) -> None:
    assert benchmark.info.digest == read_manifest(RECIPE.parent / "manifest.json").digest
    assert benchmark.practice == ""


@pytest.mark.parametrize("name", MODELS)
def test_cards_name_the_committed_files(name: str) -> None:
    card = read_card(ROOT / "model_cards" / f"{name}.md")
    assert check_artifact(card) == card.sha256
    assert sha256_file(ROOT / "model_cards" / f"{name}.json") == card.vendor_artifact_sha256
    assert card.adapter == "predictions"
    assert card.artifact.stat().st_size < 1_000_000


def test_the_train_split_gives_the_committed_weights_and_predictions(benchmark: Benchmark) -> None:
    for name in MODELS:
        assert case_linkage.artifact(benchmark, name) == (ROOT / "model_cards" / f"{name}.parquet").read_bytes()


@pytest.mark.parametrize("name", MODELS)
def test_predictions_are_of_the_candidate_pairs_of_every_split(benchmark: Benchmark, name: str) -> None:
    table = pq.read_table(io.BytesIO((ROOT / "model_cards" / f"{name}.parquet").read_bytes()))
    assert table.column_names == ["left_id", "right_id", "score"]
    assert benchmark.splits == case_linkage.SPLITS
    counts = [sum(len(left) for left, _ in benchmark.pairs(split)) for split in benchmark.splits]
    assert table.num_rows == sum(counts)
    scores = table["score"].to_numpy()
    assert np.abs(scores * 10_000 - np.rint(scores * 10_000)).max() < 1e-6
    assert (scores.min(), scores.max()) == (0.001, 0.999)


def test_the_flawed_model_differs_only_where_records_do_not_agree_on_the_attribute_it_demands() -> None:
    good, bad = (json.loads((ROOT / "model_cards" / f"{name}.json").read_text(encoding="utf-8")) for name in MODELS)
    assert (good.pop("demands"), bad.pop("demands")) == (None, "a3")
    assert good == bad
    one, other = (pq.read_table(ROOT / "model_cards" / f"{name}.parquet")["score"].to_numpy() for name in MODELS)
    assert set(other[one != other]) == {other.min()}
    assert 0.05 < (one != other).mean() < 0.5


def test_another_set_of_rows_gets_predictions_with_a_card_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the cards describe it."""
    small = open_benchmark(RECIPE.parent, rows=2_000, seed=4, data_dir=tmp_path / "data")
    for name in MODELS:
        case_linkage._write_predictions(small, name, ("calibration",), tmp_path / "out")
        card = read_card(tmp_path / "out" / f"{name}.md")
        assert check_artifact(card) == card.sha256
        assert pq.read_table(card.artifact).num_rows == sum(len(left) for left, _ in small.pairs("calibration"))
    assert "bytes of predictions" in capsys.readouterr().out


@pytest.mark.parametrize("name", MODELS)
def test_the_predictions_answer_every_pair_of_any_split_and_no_other_rows(benchmark: Benchmark, name: str, tmp_path: Path) -> None:
    path = ROOT / "model_cards" / f"{name}.parquet"
    for split in benchmark.splits:
        accounting = align_pairs(path, benchmark, split, score_range="unit").answers.accounting
        assert (accounting.missing, accounting.duplicate, accounting.invalid, accounting.extra) == (0, 0, 0, 0)
    small = open_benchmark(RECIPE.parent, rows=6_000, data_dir=tmp_path / "data")
    with pytest.raises(BadInput) as caught:
        align_pairs(path, small, "test", score_range="unit")
    assert "answers for the 200000 items of case-linkage version" in str(caught.value)
    assert "answers for the 6000 items" in str(caught.value)
