"""docs/sign-off.md and docs/ci.md, followed to the letter: bash runs every command of their console blocks, from an empty folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def commands(page: str, start: str, end: str) -> str:
    """The commands between two headings of a page, as a script: `$ ` and what continues it, here-documents included."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    part = text[text.index(f"\n## {start}\n") : text.index(f"\n## {end}\n")]
    lines = [line.removeprefix("$ ") for block in re.findall(r"```console\n(.*?)```", part, re.DOTALL) for line in block.splitlines()]
    return "\n".join(lines) + "\n"


def bash(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("bash") is None:
        pytest.skip("the pages show commands for bash, which is not here")
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONWARNINGS": "ignore"}
    environment.pop("EVALHARNESS_ROOT", None)
    return subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=540)


def test_the_board_s_page_leads_to_an_approval_and_to_its_end(tmp_path: Path):
    script = commands("sign-off.md", "A rehearsal, start to finish", "What each step means")
    approval, gate, rest = script.partition("evalharness gate ")
    assert gate, "the page shows no gate"
    first, _, rest = (gate + rest).partition("\n")
    done = bash(f"set -eu\n{approval}{first}\necho APPROVED-BY-THE-PAGE\nset +e\n{rest}\nexit $?", tmp_path)
    assert "approved for: rehearsal" in done.stdout, done.stdout[-3000:] + done.stderr[-3000:]
    assert "APPROVED-BY-THE-PAGE" in done.stdout
    assert done.returncode == 12, done.stdout[-3000:] + done.stderr[-3000:]
    assert (tmp_path / "rehearsal" / "reports" / "rehearsal-1" / "decision.html").is_file()


def test_the_engineer_s_page_leads_to_an_approved_gate(tmp_path: Path):
    done = bash("set -eu\n" + commands("ci.md", "From nothing to an approved gate", "Exit codes"), tmp_path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout.count("approved for: rehearsal") == 1
