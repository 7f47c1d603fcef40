"""Every example of docs/metrics.md, "Requirement forms", is a policy that is read, judged and derived again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
import yaml_text
from shipped_workspace import shipped

from evalharness.records import Outcome
from evalharness.requirements import read_policy
from evalharness.requirements.shape import COMPARISONS, RequirementShape
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.plan import plan
from evalharness.workflows.verify import verify_run

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
SECTION = PAGE.read_text(encoding="utf-8").split("\n## Requirement forms\n")[1]
EXAMPLES = re.findall(r"```yaml\n# (\S+)\n(.*?)```", SECTION, re.DOTALL)
MODELS = {
    "message-triage": ("triage-reference", "triage-narrow"),
    "severity-grading": ("severity-reference",),
    "lead-priority": ("lead-reference",),
}
NEEDED = {"id": "answers", "metric": "no_answer_rate", "at_most": 0.01}
ROWS = 20_000


def examples_of(name: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """All requirements of the examples of one shipped policy, and their other keys."""
    read = [yaml.safe_load(text) for policy, text in EXAMPLES if policy == name]
    return [line for one in read for line in one["requirements"]], {k: v for one in read for k, v in one.items() if k != "requirements"}


def test_every_form_that_a_policy_can_have_has_an_example():
    keys = {key for name in MODELS for line in examples_of(name)[0] for key in line}
    forms = {*COMPARISONS, "for_each", "between", "unit", "prevalence", "budget_per_day", "relative_to", "under", "over_range"}
    assert keys >= forms
    assert forms >= set(RequirementShape.model_fields) - {"id", "metric", "why", "not_judged"}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_example_runs(name: str, tmp_path: Path):
    root = shipped(tmp_path / "workspace", name, *MODELS[name])
    path = root / "policies" / f"{name}.yaml"
    requirements, more = examples_of(name)
    document = {**read_policy(path).document, "requirements": [*requirements, NEEDED], **more}
    document.pop("planning", None)
    document.pop("change_plan", None)
    path.write_text(yaml_text.dump(document))
    run = evaluate(name, MODELS[name][0], workspace=root, out=tmp_path / "run", rows=ROWS)
    outcomes = {line["id"]: {f.outcome for f in run.findings if f.requirement == line["id"]} for line in requirements}
    for line in requirements:
        assert outcomes[line["id"]], line
        assert (outcomes[line["id"]] == {Outcome.NOT_EVALUABLE}) == bool(line.get("over_range")), (line, outcomes[line["id"]])
    assert verify_run(tmp_path / "run", workspace=root).problems == ()


def test_each_is_planned_or_says_why_not(tmp_path: Path):
    root = shipped(tmp_path / "workspace", "lead-priority", "lead-reference")
    path = root / "policies" / "lead-priority.yaml"
    document = {**read_policy(path).document, "requirements": [*examples_of("lead-priority")[0], NEEDED]}
    document.pop("planning", None)
    document.pop("change_plan", None)
    path.write_text(yaml_text.dump(document))
    made = plan("lead-priority", workspace=root)
    assert all(one.lead.items is not None or one.lead.reason for one in made.requirements)
