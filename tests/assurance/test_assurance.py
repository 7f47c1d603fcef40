"""The 60-second version of `make assurance`: a seeded sample of its scenes, with fewer runs, through the same code. It can fail, and the
machinery is shown to catch methods that are known to be bad."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from assurance.limits import rates_with_limits
from assurance.running import run_all, run_scene, scenes
from assurance.scene import Cell, Scene
from assurance.store import Store, code_digest

from evalharness.metrics import arrays, limits_asked
from evalharness.stats.proportion import clopper_pearson_upper, wilson

RUNS, SEED = 1500, 5
SAMPLE = 70


def sampled() -> list[Scene]:
    """Of every family some scenes; of what the recipes generate one."""
    rng, chosen = np.random.default_rng(SEED), []
    wanted = scenes()
    for family in sorted({scene.family for scene in wanted}):
        mine = [scene for scene in wanted if scene.family == family]
        many = 1 if family == "generated" else max(3, round(SAMPLE * len(mine) / len(wanted)))
        chosen += [mine[at] for at in rng.choice(len(mine), size=min(many, len(mine)), replace=False)]
    return chosen


def cells_of(some: list[Scene], runs: int = RUNS) -> list[Cell]:
    return [cell for scene in some for cell in run_scene(scene, runs, SEED)[0]]


def above(cells: list[Cell]) -> list[str]:
    return [f"{rate.cell.metric} {rate.cell.dependence} {rate.what} {rate.rate:.3f}" for rate in rates_with_limits(cells) if rate.above]


def one(family: str, **parameters: object) -> list[Scene]:
    """The scenes of a family that have these parameters."""
    found = [s for s in scenes([family]) if all(s.parameters.get(key) == value for key, value in parameters.items())]
    assert found
    return found


def test_no_sampled_cell_is_above_its_target():
    cells = cells_of(sampled())
    assert len(cells) > 100
    assert {cell.source for cell in cells} == {"enumerated", "drawn", "benchmark"}
    assert any("in size" in cell.dependence and not cell.stated for cell in cells)
    assert above(cells) == []


def test_every_scene_has_a_name_and_a_digest_of_its_own():
    wanted = scenes()
    assert len({scene.digest() for scene in wanted}) == len(wanted)
    assert sum(scene.family == "generated" for scene in wanted) >= 20


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    (scene,) = one("proportion", kind="clustered", clusters=40, sizes="geometric", correlation=0.2, goal=0.9)
    again = [[cell.document() for cell in run_scene(scene, 300, seed)[0]] for seed in (1, 1, 2)]
    assert again[0] == again[1] != again[2]


def test_a_gate_on_the_point_estimate_is_caught(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits_asked, "_LARGEST", 0)  # no limit of the right rule is kept from before
    monkeypatch.setattr(limits_asked, "clopper_pearson_lower", lambda k, n, _alpha: np.asarray(k) / np.maximum(np.asarray(n), 1e-300))
    assert len(above(cells_of(one("proportion", kind="exact", goal=0.9)))) > 4


def test_wilsons_bound_is_caught_where_every_outcome_is_enumerated(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits_asked, "_LARGEST", 0)
    monkeypatch.setattr(limits_asked, "clopper_pearson_lower", lambda k, n, alpha: wilson(k, n, alpha)[0])
    assert above(cells_of(one("proportion", kind="exact", goal=0.95)))


def test_the_number_of_items_as_their_effective_number_is_caught(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arrays, "sum_of_squares", lambda second, weights: np.einsum("...ii,qi->...q", np.sqrt(second), np.asarray(weights)))
    cells = cells_of(one("proportion", kind="clustered", clusters=150, sizes="equal", correlation=1.0), runs=400)
    assert above(cells)


def test_a_bootstrap_is_above_the_target_in_most_of_the_exact_cells():
    cells = [cell for cell in cells_of(one("proportion", kind="exact")) if cell.form == "at_least"]
    assert sum(cell.beside["bootstrap of items"] > 0.05 for cell in cells) > len(cells) / 2


def test_findings_that_differ_from_what_evaluate_would_say_stop_the_run(monkeypatch: pytest.MonkeyPatch):
    from assurance import pairs

    monkeypatch.setattr(pairs, "limits", lambda of, alpha: (of.value, clopper_pearson_upper(of.successes, of.n_eff, alpha)))
    (scene,) = one("proportion", kind="exact", items=29, goal=0.9)
    with pytest.raises(AssertionError, match="instead of"):
        run_scene(scene, 0, SEED)


def test_gaps_that_differ_from_what_evaluate_would_say_stop_the_run(monkeypatch: pytest.MonkeyPatch):
    from assurance import pairs

    monkeypatch.setattr(pairs, "differences", lambda of, _alpha, spanned=False: arrays.differences(of, 0.06, spanned=spanned))
    scene = one("gap", layout="tiny", dependence="geometric, .2", base=0.95, gap=0.1, low="last")[0]
    with pytest.raises(AssertionError, match="instead of"):
        run_scene(scene, 20, SEED)


def test_finished_scenes_are_not_run_again_and_other_code_runs_all_of_them(tmp_path: Path):
    some = one("proportion", kind="exact", goal=0.5)[:3]
    told: list[str] = []
    store = Store(tmp_path, code="a" * 64, seed=SEED, runs=10)
    first = list(run_all(some[:2], store, runs=10, seed=SEED, jobs=1, tell=told.append))
    assert len(told) == 2
    second = list(run_all(some, store, runs=10, seed=SEED, jobs=1, tell=told.append))
    assert [scene for scene, _ in second] == some
    assert told[2].startswith("2 of 3")
    assert len(told) == 4
    assert second[:2] == first
    assert Store(tmp_path, code="b" * 64, seed=SEED, runs=10).get(some[0]) is None
    assert all(json.loads(file.read_text())["cells"] for file in tmp_path.rglob("*.json"))


def test_the_digest_of_the_code_follows_what_decides_and_not_how_the_page_is_written(tmp_path: Path):
    for name in ("evalharness/stats", "evalharness/metrics", "evalharness/catalogue", "evalharness/requirements", "evalharness/records",
                 "scripts/assurance"):  # fmt: skip
        (tmp_path / name).mkdir(parents=True)
    for name in ("evalharness/stats/proportion.py", "evalharness/requirements/judge.py", "evalharness/records/attempt.py",
                 "scripts/assurance/page.py", "scripts/assurance/gaps.py"):  # fmt: skip
        (tmp_path / name).write_text("1\n")
    before = code_digest(tmp_path)
    (tmp_path / "scripts/assurance/page.py").write_text("2\n")
    assert code_digest(tmp_path) == before
    (tmp_path / "evalharness/stats/proportion.py").write_text("2\n")
    assert code_digest(tmp_path) != before
