"""Killing `evaluate` at any moment leaves no run folder, or a complete one."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from command import evalharness
from small_workspace import SmallWorkspace, table

MOMENTS = 20


def test_killed_at_twenty_random_moments(tmp_path: Path) -> None:
    space = SmallWorkspace(tmp_path, table(3_000)).write()
    command = [sys.executable, "-m", "evalharness", "evaluate", "--policy", "small", "--model", f"predictions:{space.predictions}",
               "--workspace", str(tmp_path), "--out"]  # fmt: skip
    started = time.monotonic()
    subprocess.run([*command, str(tmp_path / "whole")], check=True, capture_output=True)
    whole = time.monotonic() - started
    draw = random.Random(11)
    complete = 0
    for turn in range(MOMENTS):
        out = tmp_path / "out" / f"run-{turn}"
        out.parent.mkdir(exist_ok=True)
        process = subprocess.Popen([*command, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * (1.1 * turn / MOMENTS if turn < MOMENTS // 2 else draw.uniform(0.6, 1.1)))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if out.exists():
            complete += 1
            assert evalharness("verify", out).code == 0
    assert complete < MOMENTS
    assert evalharness("gate", "--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", tmp_path,
                       "--reports", tmp_path / "out").code in (3, 12)  # fmt: skip
