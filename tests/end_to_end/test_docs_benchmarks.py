"""docs/benchmarks.md, followed to the letter: bash runs every command shown, Python the example; the recipe is generated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from benchmark_folder import ROOT
from shown_commands import bash, commands, reader

from evalharness.benchmarks.declaration import read_declaration
from evalharness.evidence.store import read_run
from evalharness.files.seal import harms_of
from evalharness.files.yaml import read_yaml

PAGE = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
NAMES = ("message-triage", "severity-grading", "lead-priority", "case-linkage", "risk-level")


def shown(language: str) -> str:
    """The one fenced block of the page in a language."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return block


def table(header: str) -> list[list[str]]:
    """Cells of the rows of the table whose header begins with a text."""
    lines = PAGE[PAGE.index(f"| {header}") :].split("\n\n")[0].splitlines()
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_a_data_scientist_looks_generates_loads_and_makes_a_recipe(tmp_path: Path) -> None:
    recipe = f"mkdir datasets_synthetic/harder-triage\ncat > datasets_synthetic/harder-triage/benchmark.yaml <<'END'\n{shown('yaml')}END\n"
    script = commands("benchmarks.md", "For a data scientist", "For a board")
    assert script.count("harder-triage") == 2
    before, own, after = script.partition("evalharness benchmark generate harder-triage")
    done = bash(f"set -eu\n{before}{recipe}{own}{after}", tmp_path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "harm: separability, size: 0.3, plausible: 0 to 0.4, of: ethnicity=other" in done.stdout
    assert done.stdout.count("best_attainable") == 2
    workspace = tmp_path / "my-workspace"
    assert (workspace / "look" / "truth" / "items.csv").is_file()
    python = subprocess.run(
        [sys.executable, "-c", shown("python")], cwd=workspace, env=reader(), capture_output=True, text=True, check=False
    )
    assert python.returncode == 0, python.stderr
    score, _, leads, links, rows = python.stdout.splitlines()
    assert 0.5 < float(score) < 1
    assert 0.8 < float(leads.split()[0]) < 1
    assert float(leads.split()[1]) == pytest.approx(100, abs=15)
    assert 0.2 < float(links) < 0.8
    assert rows == "20000"


def test_a_board_seals_locks_opens_and_a_vendor_answers_a_blind_export(tmp_path: Path) -> None:
    done = bash("set -eu\n" + commands("benchmarks.md", "A walk as a board and a vendor", None), tmp_path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    board = tmp_path / "board"
    sealed, vendor, practice = (read_run(board / "reports" / name).evidence for name in ("sealed-1", "vendor-1", "practice-1"))
    assert sealed.lock is not None
    assert sealed.benchmark.seal is not None
    assert len(sealed.benchmark.seal.models) == 2
    assert vendor.lock is None
    assert vendor.benchmark.digest == sealed.benchmark.digest
    assert vendor.benchmark.seal == sealed.benchmark.seal
    for told, items in ((vendor, 33_600), (practice, 3_000)):
        blind = told.predictions.blind
        assert blind is not None
        assert (blind.canaries, blind.answered, told.predictions.answered) == (200, 200, items)
    assert "no lock can have named them" in (board / "reports" / "vendor-1" / "report.md").read_text(encoding="utf-8")
    assert "running the model again gives the same evidence" in done.stdout
    assert (tmp_path / "keys" / "board-triage.secret").is_file()
    assert list((board / "sign-off").rglob("*.secret")) == []


def test_the_table_of_harms_has_the_sizes_of_the_shipped_recipes() -> None:
    rows = table("dial | what it does")
    recipes = [read_yaml(ROOT / "datasets_synthetic" / name / "benchmark.yaml").data for name in NAMES]
    sizes = [{harm: f"{value['size']:g}" for harm, value in harms_of(recipe).items()} for recipe in recipes]
    assert {row[0]: row[2:] for row in rows} == {row[0]: [own.get(row[0], "–") for own in sizes] for row in rows}
    assert {row[0] for row in rows} == set().union(*sizes)


def test_the_table_of_benchmarks_has_their_tasks() -> None:
    assert {row[0]: row[1] for row in table("benchmark | task")} == {
        name: read_declaration(ROOT / "datasets_synthetic" / name).task for name in NAMES
    }
