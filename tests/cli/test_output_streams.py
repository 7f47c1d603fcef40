"""The exit code is the answer: it never depends on whether anybody reads what is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, table

PROGRAM = [sys.executable, "-m", "evalharness"]


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> SmallWorkspace:
    made = SmallWorkspace(tmp_path_factory.mktemp("workspace"), table(600)).write()
    made.write_card()
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", made.root, "--json")
    run = Path(json.loads(answer.out)["run"])
    (run / "report.md").write_bytes((run / "report.md").read_bytes() + b" ")
    return made


def commands(space: SmallWorkspace) -> dict[str, tuple[list[str], int]]:
    run = str(next(space.reports.iterdir()))
    gate = ["gate", "--policy", "small", "--model", "vendor", "--workspace", str(space.root)]
    return {
        "gate": (gate, 13),
        "gate --json": ([*gate, "--json"], 13),
        "verify": (["verify", run], 13),
        "bad input": (["gate", "--policy", "absent", "--model", "vendor", "--workspace", str(space.root)], 2),
        "usage": (["gate"], 2),
    }


NAMES = ("gate", "gate --json", "verify", "bad input", "usage")


@pytest.mark.parametrize("name", NAMES)
def test_readers_that_went_away_do_not_change_the_code(space: SmallWorkspace, name: str) -> None:
    arguments, expected = commands(space)[name]
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as dead:
        done = subprocess.run([*PROGRAM, *arguments], stdout=dead, stderr=dead, check=False)
    assert done.returncode == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_the_output_does_not_change_the_code(space: SmallWorkspace, name: str) -> None:
    arguments, expected = commands(space)[name]
    with Path("/dev/full").open("wb") as full:
        assert subprocess.run([*PROGRAM, *arguments], stdout=full, stderr=full, check=False).returncode == expected


@pytest.mark.parametrize("name", NAMES)
def test_closed_streams_do_not_change_the_code(space: SmallWorkspace, name: str) -> None:
    arguments, expected = commands(space)[name]
    line = " ".join(f"'{part}'" for part in [*PROGRAM, *arguments])
    assert subprocess.run(["/bin/sh", "-c", f"{line} >&- 2>&-"], check=False).returncode == expected


def test_an_evaluation_whose_reader_went_away_is_complete(space: SmallWorkspace, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [
        *PROGRAM,
        "evaluate",
        "--policy",
        "small",
        "--model",
        "vendor",
        "--workspace",
        str(space.root),
        "--out",
        str(tmp_path / "run"),
    ]
    with os.fdopen(write, "wb") as dead:
        assert subprocess.run(command, stdout=dead, stderr=dead, check=False).returncode == 0
    assert evalharness("verify", tmp_path / "run").code == 0


@pytest.mark.parametrize("command", ["evaluate", "gate", "verify", "report", "init"])
def test_a_name_longer_than_any_file_system_takes_is_bad_input(space: SmallWorkspace, command: str) -> None:
    name = space.root / ("a" * 300)
    common = ("--policy", "small", "--model", "vendor", "--workspace", space.root)
    arguments = {"evaluate": (*common, "--out", name), "gate": (*common, "--reports", name)}.get(command, (name,))
    assert evalharness(command, *arguments).code == 2


@pytest.mark.parametrize("file", ["policies", "reports"])
def test_init_over_a_file_in_the_way_makes_nothing(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("x")
    assert evalharness("init", tmp_path).code == 2
    assert [path.name for path in tmp_path.iterdir()] == [file]
