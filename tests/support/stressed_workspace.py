"""A workspace with the shipped recipe of leads, two harms with ranges, and its two models: one has a flaw that a dial reacts to."""

from __future__ import annotations

from pathlib import Path

import yaml_text
from ruamel.yaml import YAML
from shipped_workspace import shipped

AT = "2026-11-22T09:30:00Z"
BENCHMARK = "lead-priority"
HARMS = {
    "missing": {"of": {"sex": "F"}, "size": 0.0, "range": [0.0, 0.8]},
    "under_representation": {"of": {"sex": "M"}, "size": 0.0, "range": [0.0, 0.9]},
}


def workspace(folder: Path, *, harms: dict[str, object] | None = None, goal: float = 0.5) -> Path:
    """Both models, a recipe with these harms alone, and the policy `stressed`: leads at risk found, for everybody and by sex."""
    root = shipped(folder, BENCHMARK, "lead-blanks", "lead-reference")
    recipe = root / "datasets_synthetic" / BENCHMARK / "benchmark.yaml"
    document = YAML(typ="safe").load(recipe.read_text(encoding="utf-8"))
    document["generate"]["harms"] = HARMS if harms is None else harms
    recipe.write_text(yaml_text.dump(document), encoding="utf-8")
    (recipe.parent / "manifest.json").unlink()
    path = root / "policies" / f"{BENCHMARK}.yaml"
    policy = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    policy |= {"name": "stressed", "title": "Leads under stress"}
    policy["requirements"] = [
        {"id": "found", "metric": "recall_at_budget", "at_least": goal, "why": "w"},
        {"id": "found-each", "metric": "recall_at_budget", "at_least": 0.05, "for_each": ["sex"], "why": "w"},
        {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.5, "why": "w"},
    ]
    (root / "policies" / "stressed.yaml").write_text(yaml_text.dump(policy), encoding="utf-8")
    return root
