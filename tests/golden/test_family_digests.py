"""The content of every family never changes by accident: golden digests, whatever the workers, batches, process or processor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmark_folder import ROOT
from family_recipes import NAMES, declared, digest_of_everything, generated, shipped_folder

from evalharness.benchmarks import generating, open_benchmark
from evalharness.benchmarks.column_digest import ColumnDigest
from evalharness.benchmarks.exact import in_batches
from evalharness.benchmarks.families.family import BLOCK_ROWS, places
from evalharness.files.manifest import read_manifest

ROWS = 40_000
"""Of the shipped recipe; its test split then has more than one block."""
GOLDEN = {
    "case-linkage": "sha256:784c70607370e014ea0686eefb090bdf0498f5b37d51d7404060b7defa250035",
    "lead-priority": "sha256:2b380fef6d7719b4850f399ef0e05372cfbcdf97a2de5b00e00ccf381d0dc39b",
    "message-triage": "sha256:0fd343b1ae3a9f97b5f5818d9b5abab33a3850e660cbdb1b07e5eff3f6f0f8a2",
    "risk-level": "sha256:faf26bd8f6fbaeefec5fa0580d10b9c011bfd3aba1ac9490a85d89c5a51a9a0a",
    "severity-grading": "sha256:f070d85e29255039ecf9a522ce5676f37fae4ffe80ae96620d7085db36ea1f5a",
}
PROGRAM = """
import json, sys
from pathlib import Path
import numpy as np
from family_recipes import NAMES, digest_of_everything, generated

core = np._core._multiarray_umath
used = [feature for feature in core.__cpu_dispatch__ if core.__cpu_features__[feature]]
found = {}
for name in NAMES:
    folder = Path(sys.argv[1]) / name
    generated(name, folder, rows=int(sys.argv[2]))
    found[name] = digest_of_everything(folder)
print(json.dumps({"used": used, "found": found}))
"""


def test_every_family_has_a_golden_digest_of_several_blocks_a_split() -> None:
    assert tuple(GOLDEN) == NAMES
    for name in NAMES:
        rows = declared(name, rows=ROWS).dials.split_rows()  # type: ignore[union-attr]
        assert rows["test"] > BLOCK_ROWS
        assert min(rows.values()) > 1_000


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_shipped_recipe_has_its_golden_digest_whatever_the_workers(name: str, workers: int, tmp_path: Path) -> None:
    generated(name, tmp_path / "data", rows=ROWS, workers=workers)
    assert digest_of_everything(tmp_path / "data") == GOLDEN[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_manifest_is_that_of_the_committed_recipe(name: str, tmp_path: Path) -> None:
    assert generated(name, tmp_path / "data") == read_manifest(shipped_folder(name) / "manifest.json")


@pytest.mark.parametrize("name", NAMES)
def test_blocks_can_be_made_in_any_order(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def backwards(*given: Any) -> Iterator[Any]:
        family, dials, _ = given
        prepared = family.prepare(dials)
        every = list(places(dials))
        made = {place: family.block(dials, prepared, place) for place in reversed(every)}
        return ((place, made[place]) for place in every)

    monkeypatch.setattr(generating, "blocks_of", backwards)
    generated(name, tmp_path / "data", rows=ROWS)
    assert digest_of_everything(tmp_path / "data") == GOLDEN[name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1_000, 7_919])
def test_tables_can_be_written_in_batches_of_any_size(name: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = generating.tables_of

    def cut(*given: Any) -> Iterator[Any]:
        for table, rows in whole(*given):
            for start in range(0, len(next(iter(rows.values()))), size):
                yield table, {column: array.slice(start, size) for column, array in rows.items()}

    monkeypatch.setattr(generating, "tables_of", cut)
    generated(name, tmp_path / "data", rows=ROWS)
    assert digest_of_everything(tmp_path / "data") == GOLDEN[name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1_000, 7_919])
def test_rows_read_in_batches_of_any_size_have_the_digests_of_the_manifest(name: str, size: int, tmp_path: Path) -> None:
    manifest = generated(name, tmp_path / "data", rows=ROWS)
    benchmark = open_benchmark(shipped_folder(name), rows=ROWS, data_dir=tmp_path / "data")
    digests = {column.name: ColumnDigest() for column in manifest.columns}
    read = chain.from_iterable(benchmark.stored(split, size) for split in benchmark.splits)
    for rows in in_batches(({column: table[column].combine_chunks() for column in digests} for table in read), 65_536):
        for column, digest in digests.items():
            digest.add(rows[column])
    assert {column: digest.digest() for column, digest in digests.items()} == {column.name: column.digest for column in manifest.columns}


def test_other_processes_make_the_same_content_even_where_numpy_may_not_use_the_processor(tmp_path: Path) -> None:
    """The second one has everything above numpy's baseline switched off, and Arrow's own choice of instructions too.

    Features are named as this numpy knows them; it refuses names that it does not know or that this processor lacks.
    """
    core: Any = np._core._multiarray_umath  # type: ignore[attr-defined]
    above = [feature for feature in core.__cpu_dispatch__ if core.__cpu_features__[feature]]
    plain = answer_of(tmp_path / "plain", PYTHONHASHSEED="1")
    lesser = answer_of(tmp_path / "lesser", PYTHONHASHSEED="2", NPY_DISABLE_CPU_FEATURES=" ".join(above), ARROW_USER_SIMD_LEVEL="NONE")
    assert (plain["used"], lesser["used"]) == (above, [])
    assert plain["found"] == lesser["found"] == GOLDEN
    if not above:
        pytest.skip("this processor has nothing above numpy's baseline, so nothing could be switched off")


def answer_of(folder: Path, **environment: str) -> Any:
    """What PROGRAM says in a process of its own."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(folder), str(ROWS)]
    given = {**os.environ, "PYTHONPATH": str(ROOT / "tests" / "support"), **environment}
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=given).stdout)
