"""The content of message-triage never changes by accident: golden digests, whatever the batches, the process or the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmark_folder import SHIPPED

from evalharness.benchmarks import generating
from evalharness.benchmarks.column_digest import ColumnDigest
from evalharness.benchmarks.declaration import read_declaration, with_overrides
from evalharness.benchmarks.exact import in_batches
from evalharness.benchmarks.families import FAMILIES
from evalharness.benchmarks.opened import generated_data
from evalharness.files.manifest import read_manifest
from evalharness.records.progress import silent

ROWS, SEED = 20_000, 7
GOLDEN = {
    "item_id": "sha256:d4048978222db79d873aaa99987e2ef9a3a63ec741ae9d6288f57cf30a906cbf",
    "label": "sha256:8016e32fa2f8831c8322d970e237faa3e25d2d494aec73feb11e3e0d39e8113f",
    "tokens": "sha256:ab0a9279562a0896d7f4bad31304261f5ea19d78249ad7396f9e52332504e9de",
    "sex": "sha256:881166ab7123dd5667e3222bff2f770e703e511c9a09761e1958bb7c84e2a842",
    "ethnicity": "sha256:6d8012fccd54d588b4590547b014dac88df7695ac4695a20eb72cfa0a8739849",
    "age_band": "sha256:067142a88ea672b45d2fd902a0fea6ff1a42262dd091b0cb0494780ac8f7b191",
    "conversation_id": "sha256:f9723a54bd41b5276ff2aa6cac2b67321bb848f12ef050d6827521f7a0cc09a8",
    "split": "sha256:ec40c84496773e806efce364052729370b9ca1b5620f551b347ee97d045c7ec4",
    "posterior": "sha256:7d3b8942c4642b084321c0e2c1a03b9255df71a53388aa520ed278d259874bcb",
}


def small_manifest(folder: Path) -> dict[str, str]:
    """Column -> digest of 20,000 rows of seed 7."""
    _, manifest = generated_data(with_overrides(read_declaration(SHIPPED), rows=ROWS, seed=SEED), folder)
    assert manifest.truth is not None
    return {**{column.name: column.digest for column in manifest.columns}, "posterior": manifest.truth.digest}


def test_a_small_benchmark_has_its_golden_digests(tmp_path: Path) -> None:
    assert small_manifest(tmp_path / "data") == GOLDEN


def test_the_committed_manifest_is_that_of_the_committed_recipe(tmp_path: Path) -> None:
    _, manifest = generated_data(read_declaration(SHIPPED), tmp_path / "data")
    assert manifest == read_manifest(SHIPPED / "manifest.json")
    assert [(split.name, split.rows) for split in manifest.splits] == [("train", 100_000), ("calibration", 100_000), ("test", 300_000)]


@pytest.mark.parametrize("size", [1_000, 7_919, 65_536])
def test_the_content_is_the_same_in_batches_of_any_size(size: int) -> None:
    family = FAMILIES["message-triage"]
    dials = with_overrides(read_declaration(SHIPPED), rows=ROWS, seed=SEED).dials
    digests = {name: ColumnDigest() for name in GOLDEN if name != "posterior"}
    again = in_batches(in_batches((piece.columns for piece in family.pieces(dials)), size), 65_536)
    for rows in again:
        for name, digest in digests.items():
            digest.add(rows[name])
    assert {name: digest.digest() for name, digest in digests.items()} == {k: v for k, v in GOLDEN.items() if k != "posterior"}


def test_row_groups_of_another_size_do_not_change_the_digests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    from evalharness.benchmarks import open_benchmark
    from evalharness.benchmarks.verifying import verify_benchmark

    benchmark = open_benchmark(SHIPPED, rows=ROWS, seed=SEED, data_dir=tmp_path / "data")
    path = tmp_path / "data" / "items.parquet"
    pq.write_table(pq.read_table(path), path, row_group_size=1_234, compression="none")
    assert verify_benchmark(SHIPPED, rows=ROWS, seed=SEED, data_dir=tmp_path / "data") == ()
    assert open_benchmark(SHIPPED, rows=ROWS, seed=SEED, data_dir=tmp_path / "data").info == benchmark.info


def test_another_process_makes_the_same_content(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from evalharness.benchmarks import open_benchmark; "
        f"print(open_benchmark(Path(sys.argv[1]), rows={ROWS}, seed={SEED}, data_dir=Path(sys.argv[2])).info.digest)"
    )
    answers = set()
    for hash_seed in ("1", "2"):
        command = [sys.executable, "-c", program, str(SHIPPED), str(tmp_path / hash_seed)]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        answers.add(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)
    assert len(answers) == 1
    manifest = json.loads((tmp_path / "1" / "manifest.json").read_text())
    assert answers == {manifest["digest"] + "\n"}
    assert {column["name"]: column["digest"] for column in manifest["columns"]}["tokens"] == GOLDEN["tokens"]


def test_the_data_is_written_again_after_its_folder_was_deleted(tmp_path: Path) -> None:
    declaration = with_overrides(read_declaration(SHIPPED), rows=1_000, seed=1)
    first = generating.generate(declaration, tmp_path / "data", silent)
    for file in (tmp_path / "data").iterdir():
        file.unlink()
    assert generating.generate(declaration, tmp_path / "data", silent) == first
