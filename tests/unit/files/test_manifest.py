"""The manifest of a benchmark: read without numerical libraries, and never with another digest than its content's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmark_folder import SHIPPED

from evalharness.errors import Altered, BadInput
from evalharness.files.manifest import benchmark_digest_of_manifest, manifest_bytes, read_manifest

COMMITTED = SHIPPED / "manifest.json"


def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(COMMITTED.read_bytes())
    return loaded


def test_the_committed_manifest_reads_and_writes_back_to_the_same_bytes() -> None:
    assert manifest_bytes(read_manifest(COMMITTED)) == COMMITTED.read_bytes()


@pytest.mark.parametrize(
    ("key", "value"),
    [("name", "other"), ("version", 9), ("rows", 499_999), ("declaration", "sha256:" + "0" * 64), ("digest", "sha256:" + "0" * 64)],
)
def test_an_edit_of_what_the_digest_covers_is_found(tmp_path: Path, key: str, value: object) -> None:
    edited = {**document(), key: value}
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(edited))
    with pytest.raises(Altered, match="digest"):
        read_manifest(path)


def test_an_edit_of_one_columns_digest_is_found(tmp_path: Path) -> None:
    edited = document()
    edited["columns"][3]["digest"] = "sha256:" + "f" * 64
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(edited))
    with pytest.raises(Altered):
        read_manifest(path)


def test_the_digest_does_not_cover_truth_or_splits_which_follow_from_the_rest() -> None:
    edited = {**document(), "truth": None, "splits": []}
    assert benchmark_digest_of_manifest(edited) == document()["digest"]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"{", b"\xff\xfe", b'{"schema": "evalharness/manifest/v1"}', b"[" * 100_000,
        b'{"rows": 1, "rows": 2}', b"null", b'{"schema": "evalharness/manifest/v2"}',
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_bad_input(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(raw)
    with pytest.raises(BadInput, match=r"manifest\.json"):
        read_manifest(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [("rows", -1), ("rows", 1.5), ("rows", True), ("name", "../x"), ("task", "sorting"), ("seed", "7"), ("columns", []), ("extra", 1)],
)
def test_a_value_that_cannot_be_is_bad_input(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({**document(), key: value}))
    with pytest.raises(BadInput, match="not a manifest"):
        read_manifest(path)


def test_a_missing_manifest_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_manifest(tmp_path / "manifest.json")


def test_reading_a_manifest_loads_no_numerical_library() -> None:
    program = (
        "import sys; from pathlib import Path; from evalharness.files.manifest import read_manifest; "
        "read_manifest(Path(sys.argv[1])); print(sorted({'numpy', 'pandas', 'pyarrow', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program, str(COMMITTED)], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
