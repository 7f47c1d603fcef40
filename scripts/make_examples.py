"""Write reports/examples/: small committed runs, the same bytes each time (fixed clock). The tests derive them again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).with_name("evalharness")
AT = "2026-11-22T09:00:00Z"
EXAMPLES = {
    "triage-reference-20000": ("message-triage", "triage-reference", ("--rows", "20000")),
    "triage-narrow-60000": ("message-triage", "triage-narrow", ("--rows", "60000")),
    "triage-people-40000": ("message-triage-people", "triage-reference", ("--rows", "40000", "--synthetic-reviewers")),
    "breast-cancer": ("breast-cancer", "nuclei-logistic", ("--workspace", "examples/breast-cancer")),
}


def main() -> None:
    for name, (policy, model, more) in EXAMPLES.items():
        folder = ROOT / "reports" / "examples" / name
        shutil.rmtree(folder, ignore_errors=True)
        command = [COMMAND, "evaluate", "--policy", policy, "--model", model, "--at", AT, "--out", str(folder), *more]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        print(folder.relative_to(ROOT))


if __name__ == "__main__":
    main()
