"""What a board or a gate relies on starts without a numerical or machine-learning library."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"numpy", "scipy", "pandas", "pyarrow", "sklearn", "skops", "joblib", "mlflow", "fairlearn", "matplotlib"}

LOAD = """
import importlib, json, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [package.__name__]
if sys.argv[2] == "whole":
    names += [found.name for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
    for name in names:
        importlib.import_module(name)
print(json.dumps([names, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def loaded(package: str, how: str) -> tuple[list[str], set[str]]:
    """Modules imported of `package`, and the top-level names then in sys.modules, in a process of their own."""
    done = subprocess.run([sys.executable, "-c", LOAD, package, how], capture_output=True, text=True, check=True)
    names, modules = json.loads(done.stdout)
    return names, set(modules)


def test_importing_evalharness_loads_nothing_heavy():
    _, modules = loaded("evalharness", "itself")
    assert modules & (HEAVY | {"pydantic", "rich", "typer", "jinja2"}) == set()


@pytest.mark.parametrize("package", ["records", "files", "cards", "catalogue", "requirements", "evidence", "report", "admission"])
def test_no_module_of_the_trust_core_loads_a_numerical_library(package: str):
    names, modules = loaded(f"evalharness.{package}", "whole")
    assert len(names) > 1
    assert modules & HEAVY == set()


@pytest.mark.parametrize("module", ["cli", "cli.gate_output", "workflows.gate", "workflows.report", "workflows.diff", "pytest_plugin"])
def test_the_command_line_the_gate_and_the_report_start_without_a_numerical_library(module: str):
    _, modules = loaded(f"evalharness.{module}", "itself")
    assert modules & HEAVY == set()


def test_a_heavy_import_would_be_noticed():
    _, modules = loaded("evalharness.stats", "whole")
    assert "numpy" in modules


@pytest.mark.parametrize("module", ["evaluate", "verify", "plan", "compare", "queue"])
def test_what_only_some_runs_need_is_imported_by_those(module: str):
    code = f"import sys, evalharness.workflows.{module}; print(sorted({{'pandas', 'scipy.stats', 'simpy', 'sklearn'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
