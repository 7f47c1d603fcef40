"""A workspace of its own with one shipped benchmark, its policy and its models, so that nothing is written into the repository."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmark_folder import ROOT


def shipped(folder: Path, benchmark: str, *models: str) -> Path:
    """`folder` as a workspace; the policy has the benchmark's name, and a copy of it judges the split `shifted`."""
    for part in ("policies", "model_cards", "reports"):
        (folder / part).mkdir(parents=True)
    policy = (ROOT / "policies" / f"{benchmark}.yaml").read_text(encoding="utf-8")
    (folder / "policies" / f"{benchmark}.yaml").write_text(policy, encoding="utf-8")
    named = policy.replace(f"name: {benchmark}\n", f"name: {benchmark}-shifted\n")
    shifted = named.replace(f"benchmark: {benchmark}\n", f"benchmark: {benchmark}\nsplit: shifted\n")
    (folder / "policies" / f"{benchmark}-shifted.yaml").write_text(shifted, encoding="utf-8")
    for model in models:
        for ending in ("md", "skops"):
            shutil.copy(ROOT / "model_cards" / f"{model}.{ending}", folder / "model_cards")
    (folder / "datasets_synthetic" / benchmark).mkdir(parents=True)
    for name in ("benchmark.yaml", "manifest.json"):
        shutil.copy(ROOT / "datasets_synthetic" / benchmark / name, folder / "datasets_synthetic" / benchmark)
    return folder
