"""What users may import is pinned: a name is added or removed on purpose, and the changelog says so."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

PINNED = {
    "evalharness": {"__version__", "evaluate", "gate", "stress"},
    "evalharness.catalogue": {
        *("ABOVE_LOWEST", "BINARY_METRICS", "METRICS", "MOST_LEVELS", "OTHER_NAMES", "OUTCOMES", "TASKS"),
        *("FAIRLEARN_HAS", "NOTIONS"),
        *("DESCRIBED", "described_metrics"),
        *("COPY_METRICS", "EVERY_METRIC", "copy_metrics"),
        *("COMPARED", "FALSE_LINKS", "Compared", "PairedMetric", "paired_metrics", "wrong_weights"),
        *("Metric", "TaskMetrics", "Weights", "came_later", "denominators_that_came_later", "level_problem", "task_metrics"),
    },
    "evalharness.records": {
        *("AllowedChange", "Attempt", "attempt_level"),
        *(
            "BenchmarkFacts",
            "BenchmarkInfo",
            "Card",
            "Caution",
            "CautionKind",
            "Claim",
            "CopyKind",
            "CostUnit",
            "Costs",
            "Estimate",
            "Exemption",
            "Finding",
            "Group",
            "GroupContext",
        ),
        *("HumanInTheLoop", "NotJudged", "OVERALL", "OperatingPoint", "Outcome", "Policy", "Prospect", "Question"),
        *("AS_IT_STANDS", "Condition", "CostRange", "Curve", "Description"),
        *("CLAIMED_FIGURES", "CUSTOM", "CheckedClaim", "MeasuredClaim", "SupplierClaim"),
        *("Alternative", "Plan", "PlannedCell", "PlannedRequirement", "Planning"),
        *("Requirement", "Rule", "SealFacts", "SignOff", "Task", "Verdict", "group_as_json", "group_from_json", "group_text", "worst"),
    },
}


@pytest.mark.parametrize("module", sorted(PINNED))
def test_the_public_names_are_the_pinned_ones(module: str):
    package = importlib.import_module(module)
    assert set(package.__all__) == PINNED[module]
    assert all(hasattr(package, name) for name in package.__all__)


def test_the_version_is_the_package_s():
    from importlib.metadata import version

    import evalharness

    assert evalharness.__version__ == version("evalharness")


def test_evaluate_and_gate_stay_functions_after_their_modules_are_loaded():
    code = (
        "import evalharness, evalharness.admission, evalharness.workflows\n"
        "from evalharness import evaluate, gate\n"
        "import evalharness.workflows.evaluate, evalharness.workflows.gate\n"
        "assert callable(evalharness.gate) and callable(evalharness.evaluate)\n"
        "assert evalharness.gate is gate and evalharness.evaluate is evaluate\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_does_not_exist_is_an_attribute_error():
    import evalharness

    with pytest.raises(AttributeError, match="no_such_name"):
        _ = evalharness.no_such_name
