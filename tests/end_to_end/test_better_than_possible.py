"""`evaluate` says of answers that know labels, and of no others, that they are better than possible; in each family, of linkage never."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from benchmark_folder import ROOT
from command import evalharness
from family_models import told
from family_recipes import NAMES, shipped_folder
from family_truth import World, predictions
from item_benchmark import write_predictions

ROWS = {"lead-priority": 60_000}
"""Where few items are relevant, and a whole day counts as one; 12,000 elsewhere."""
SEED = 3
AT = "2026-11-22T09:00:00Z"


@pytest.fixture(scope="module", params=NAMES)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A workspace with the shipped recipe at few rows, and the shipped policy; half of its daily budget, so that something is missed."""
    name, root = request.param, tmp_path_factory.mktemp("possible")
    rows = ROWS.get(name, 12_000)
    recipe = (shipped_folder(name) / "benchmark.yaml").read_text(encoding="utf-8")
    folder = root / "datasets_synthetic" / name
    folder.mkdir(parents=True)
    few = re.sub(r"^  rows: \d+", f"  rows: {rows}", recipe, flags=re.MULTILINE)
    (folder / "benchmark.yaml").write_text(re.sub(r"^  seed: \d+", f"  seed: {SEED}", few, flags=re.MULTILINE), encoding="utf-8")
    (root / "policies").mkdir()
    policy = (ROOT / "policies" / f"{name}.yaml").read_text(encoding="utf-8")
    (root / "policies" / f"{name}.yaml").write_text(policy.replace("budget_per_day: 20", "budget_per_day: 10"), encoding="utf-8")
    return World(name, root, rows=rows, seed=SEED, recipe=folder)


def warnings(world: World, called: str, answers: Any) -> list[str]:
    file = write_predictions(world.folder / f"{called}.parquet", predictions(world, answers))
    out = world.folder / "reports" / called
    done = evalharness(
        "evaluate", "--policy", world.name, "--model", f"predictions:{file}", "--workspace", world.folder, "--out", out, "--at", AT
    )
    assert done.code == 0, done.err
    evidence = json.loads((out / "evidence.json").read_bytes())
    assert evidence["attainable"]
    found = [notice["text"] for notice in evidence["notices"] if notice["kind"] == "better_than_possible"]
    assert all(text.split(":")[0] in (out / "report.html").read_text(encoding="utf-8") for text in found)
    return found


def test_the_true_chances_themselves_are_not_better_than_possible(world: World) -> None:
    assert warnings(world, "honest", world.chances) == []


def test_answers_that_heard_of_the_labels_are(world: World) -> None:
    found = warnings(world, "leaked", told(world, world.labels))
    if world.task == "linkage":
        assert found == []
    else:
        (text,) = found
        assert text.startswith("Better than possible: ")
