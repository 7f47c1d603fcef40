"""The main job, shown: two models against a demanding policy, one against a bad one, one with its readers, the gate, real data, a sign-off.

Every step is a command that you can run yourself; it is printed before it runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import demo_sign_off

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "reports"
EXAMPLE = ROOT / "examples" / "breast-cancer"
COMMAND = Path(sys.executable).with_name("evalharness")
TRACKING = "sqlite:///.demo/mlflow.db"
EXPECTED = [12, 10, 11, 0, 12, 13]
"""Practice only; not met; not demonstrated; approved for a rehearsal; revoked; another model."""


def main() -> int:
    started = time.monotonic()
    (ROOT / ".demo").mkdir(exist_ok=True)
    title("1. A good model against a demanding policy (the benchmark is generated when it is absent)")
    evaluate("message-triage", "triage-reference", "demo-reference", "--track", TRACKING)
    title("2. A model trained without one group, against the same policy: overall it looks as good")
    evaluate("message-triage", "triage-narrow", "demo-narrow", "--track", TRACKING)
    title("3. The same model against a permissive policy: why the policy is part of what is signed")
    evaluate("permissive-example", "triage-narrow", "demo-permissive")
    title("4. The good model together with the people who read what it selects (made up, with known habits): they lean on it too much")
    evaluate("message-triage-people", "triage-reference", "demo-people", "--synthetic-reviewers")
    title("5. The gate: what CI would do (nothing is approved: these were practice runs, and nobody has signed)")
    codes = [gate("message-triage", "triage-reference"), gate("message-triage", "triage-narrow")]
    title("6. Real data: a supplied table of 228 test rows and an honest policy")
    evaluate("breast-cancer", "nuclei-logistic", "demo-breast-cancer", workspace=EXAMPLE)
    codes.append(gate("breast-cancer", "nuclei-logistic", workspace=EXAMPLE))
    title("7. Sign-off, rehearsed: lock, run, six people with REHEARSAL keys, the gate; then a revocation; then another model")
    codes += demo_sign_off.demonstrate()
    summary(time.monotonic() - started)
    if codes != EXPECTED:
        print(f"the gate answered {codes}, expected {EXPECTED}: something is wrong with this installation", file=sys.stderr)
        return 1
    return 0


def title(text: str) -> None:
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)


def evaluate(policy: str, model: str, name: str, *more: str, workspace: Path | None = None) -> None:
    """Evaluates into a folder of the demonstration's own, which an earlier demonstration may have left."""
    folder = (workspace or ROOT) / "reports" / name
    if folder.exists():
        shutil.rmtree(folder)
    run("evaluate", "--policy", policy, "--model", model, "--out", str(folder.relative_to(ROOT)), *more, workspace=workspace, expected=(0,))


def gate(policy: str, model: str, workspace: Path | None = None) -> int:
    return run("gate", "--policy", policy, "--model", model, workspace=workspace, expected=(10, 11, 12, 13))


def run(*arguments: str, workspace: Path | None, expected: tuple[int, ...]) -> int:
    where = ("--workspace", str(workspace.relative_to(ROOT))) if workspace else ()
    print("$ evalharness " + " ".join((*arguments, *where)), flush=True)
    done = subprocess.run([COMMAND, *arguments, *where], cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": "ignore"}, check=False)
    if done.returncode not in expected:
        raise SystemExit(done.returncode)
    return done.returncode


def summary(seconds: float) -> None:
    title(f"Done in {seconds:.0f} seconds. Open in a browser:")
    for folder in (
        REPORTS / "demo-reference",
        REPORTS / "demo-narrow",
        REPORTS / "demo-permissive",
        REPORTS / "demo-people",
        EXAMPLE / "reports" / "demo-breast-cancer",
        demo_sign_off.WORKSPACE / demo_sign_off.RUN,
    ):
        print(f"    {(folder / 'report.html').relative_to(ROOT)}")
    print(f"    {(demo_sign_off.WORKSPACE / demo_sign_off.RUN / 'decision.html').relative_to(ROOT)}     (who decided what)")
    print("The runs in MLflow:")
    print(f"    .venv/bin/mlflow ui --backend-store-uri {TRACKING}     (then open the address it prints)")
    print("Check a run for yourself:")
    print("    .venv/bin/evalharness verify reports/demo-reference --replay")


if __name__ == "__main__":
    sys.exit(main())
