"""Commands that a page of the documentation shows, run by bash as they stand."""

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


def commands(page: str, start: str, end: str | None) -> str:
    """The commands from one heading of a page to another, or to the end of the page, as a script.

    They are what follows `$ ` in console blocks, with the lines that continue it, here-documents included.
    """
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    part = text[text.index(f"\n## {start}\n") : None if end is None else text.index(f"\n## {end}\n")]
    lines = [line.removeprefix("$ ") for block in re.findall(r"```console\n(.*?)```", part, re.DOTALL) for line in block.splitlines()]
    return "\n".join(lines) + "\n"


def bash(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What becomes of a script in a folder; the test is skipped where there is no bash."""
    if shutil.which("bash") is None:
        pytest.skip("the pages show commands for bash, which is not here")
    return subprocess.run(["bash", "-c", script], cwd=folder, env=reader(), capture_output=True, text=True, check=False, timeout=540)


def reader() -> dict[str, str]:
    """The environment of whoever follows the page; libraries for matrices wait for one another on busy cores, so they get one thread."""
    own = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"}
    own.pop("EVALHARNESS_ROOT", None)
    return own
