"""risk-level and lead-priority never change by accident: golden digests, whatever the workers, the process, the processor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmark_folder import ROOT

from evalharness.benchmarks.declaration import read_declaration, with_overrides
from evalharness.benchmarks.generating import generate
from evalharness.digests import sha256_json
from evalharness.files.manifest import read_manifest
from evalharness.records.progress import silent

ROWS, SEED = 20_000, 7
GOLDEN = {
    "risk-level": "sha256:a5a0f23b76f3acdfdc114c1918f2118353bc2dc9ea09eb7c5ae27d3cf731f48f",
    "lead-priority": "sha256:c9ed5231761ab167bf2609e775789a05e5cec12d67f60d77605b53cdee32233a",
}
_NO_VECTORS = "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR X86_V3 X86_V4"


def recipe(name: str) -> Path:
    return ROOT / "datasets_synthetic" / name


def everything(folder: Path) -> str:
    """One digest over those of all columns of all tables, truth included."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return sha256_json({part: manifest[part] for part in ("columns", "truth", "tables")})


def generated(name: str, folder: Path, **options: Any) -> str:
    generate(with_overrides(read_declaration(recipe(name)), rows=ROWS, seed=SEED), folder, silent, **options)
    return everything(folder)


@pytest.mark.parametrize("name", GOLDEN)
@pytest.mark.parametrize("workers", [1, 3])
def test_a_small_benchmark_has_its_golden_digest_whatever_the_workers(name: str, workers: int, tmp_path: Path) -> None:
    assert generated(name, tmp_path / "data", workers=workers) == GOLDEN[name]


@pytest.mark.parametrize("name", GOLDEN)
def test_the_committed_manifest_is_that_of_the_committed_recipe(name: str, tmp_path: Path) -> None:
    assert generate(read_declaration(recipe(name)), tmp_path / "data", silent) == read_manifest(recipe(name) / "manifest.json")


def test_another_process_on_a_lesser_processor_makes_the_same_content(tmp_path: Path) -> None:
    """numpy then takes its plain loops; a name that this numpy does not know only warns."""
    program = (
        "import sys; from pathlib import Path; from evalharness.benchmarks import open_benchmark\n"
        f"for name in sys.argv[2:]: open_benchmark(Path({str(ROOT)!r}) / 'datasets_synthetic' / name, rows={ROWS}, seed={SEED}, "
        "data_dir=Path(sys.argv[1]) / name)"
    )
    known = set(np._core._multiarray_umath.__cpu_dispatch__)  # type: ignore[attr-defined]
    environment = {**os.environ, "PYTHONHASHSEED": "1", "NPY_DISABLE_CPU_FEATURES": " ".join(sorted(set(_NO_VECTORS.split()) & known))}
    subprocess.run([sys.executable, "-c", program, str(tmp_path), *GOLDEN], check=True, env=environment, capture_output=True)
    assert {name: everything(tmp_path / name) for name in GOLDEN} == GOLDEN


@pytest.mark.parametrize("name", GOLDEN)
@pytest.mark.parametrize("end", [0, 1])
def test_every_dial_can_be_at_either_end_of_its_plausible_range(name: str, end: int) -> None:
    """Sealed test sets draw sizes from the ranges."""
    dials: Any = read_declaration(recipe(name)).dials
    harms = {key: harm.model_copy(update={"size": harm.range[end]}) for key, harm in dials.harms}
    assert list(dials.model_copy(update={"harms": dials.harms.model_copy(update=harms)}).faults()) == []
