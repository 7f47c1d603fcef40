"""The end of the demonstration: the model that meets its policy is locked, run, decided upon and admitted; then revoked; then changed.

Everything happens in a workspace of its own under .demo/, with keys marked REHEARSAL: they can never approve anything else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from evalharness.evidence.store import read_run
from evalharness.signoff.control import expected_missed

ROOT = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).with_name("evalharness")
PLACE = ROOT / ".demo" / "sign-off"
WORKSPACE, KEYS = PLACE / "workspace", PLACE / "keys"
VARIABLE = "EVALHARNESS_DEMO_PASSPHRASE"
SIGNERS = {
    "ada": "senior_responsible_owner",
    "ben": "independent_evaluator",
    "cy": "data_protection",
    "dee": "safeguarding",
    "eve": "victims_advocate",
    "fay": "officer_wellbeing",
}
MODEL = ("--policy", "message-triage", "--model", "triage-reference")
DEPLOYMENT = "claim: rehearsal\nstream: synthetic\nvolume_per_week: 20000\nthreshold: 0.5\n"
RUN = "reports/rehearsal-1"


def demonstrate() -> list[int]:
    """Runs it all and returns what the gate answered: approved, revoked, changed."""
    approve()
    return [*gates()]


def approve() -> None:
    """Everything up to the last signature."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    run("init", str(WORKSPACE.relative_to(ROOT)), told=False, where=ROOT)
    register()
    lock_and_run()
    decide()
    (WORKSPACE / "deployment.yaml").write_text(DEPLOYMENT, encoding="utf-8")


def register() -> None:
    """Keys for two root holders and six people; who may sign what."""
    for person in ("root-a", "root-b", *SIGNERS):
        run("key", "new", person, "--rehearsal", "--out", "../keys", *PASSPHRASE, told=False)
    root = [option for holder in ("root-a", "root-b") for option in ("--root", f"../keys/{holder}.pub.json")]
    run("signers", "init", *root, "--quorum", "2", *ROOTS, *PASSPHRASE, told=False)
    for person, role in SIGNERS.items():
        run(
            "signers",
            "add",
            f"../keys/{person}.pub.json",
            "--roles",
            role,
            "--organisation",
            "Example Force",
            *ROOTS,
            *PASSPHRASE,
            told=False,
        )
    run("signers", "show")
    run("status", "refresh", *key("dee"), told=False)


def lock_and_run() -> None:
    """What is tested is fixed before anybody sees a result."""
    run("lock", *MODEL, *key("ben"))
    (lock,) = (WORKSPACE / "sign-off" / "locks").glob("*.dsse.json")
    run("evaluate", *MODEL, "--lock", str(lock.relative_to(WORKSPACE)), *key("ben"), "--out", RUN)


def missed() -> str:
    """What a signer reads on page one: relevant items that nobody opens, of 1,000."""
    return expected_missed(read_run(WORKSPACE / RUN).evidence)


def decide() -> None:
    """Two advise, four approve under conditions. Each has read page one and answers three questions."""
    for person in ("eve", "fay"):
        sign(person, "--decision", "advice", "--advice", "for", "--why", "A rehearsal on made-up items harms nobody.")
    answers = ("--missed-per-1000", missed(), "--not-tested", "Real items, and the people who review them.", "--risk-carried-by", "ada")
    limits = ("--condition", "claim=rehearsal", "--condition", "maximum_volume=50000")
    for person in ("ben", "cy", "dee", "ada"):
        accepted = ("--accept-risk", "I carry the risk of this rehearsal. It permits no use on live cases.") if person == "ada" else ()
        sign(person, "--decision", "approve-with-conditions", *answers, *limits, *accepted)


def gates() -> tuple[int, int, int]:
    """The same question three times."""
    approved = gate()
    explain(
        f"{approved}: four people in four roles signed for exactly these files, nothing has run out or was revoked, the conditions hold."
    )
    run("status", "revoke", RUN, "--why", "The rehearsal is over.", *key("dee"), told=False)
    revoked = gate()
    explain(f"{revoked}: one authorised person took it back. Only a new attempt could bring it to 0 again.")
    artefact = WORKSPACE / "model_cards" / "triage-reference.skops"
    data = artefact.read_bytes()
    artefact.write_bytes(data[:1000] + bytes([data[1000] ^ 1]) + data[1001:])
    print("$ # one byte of model_cards/triage-reference.skops is changed")
    changed = gate()
    artefact.write_bytes(data)
    explain(f"{changed}: that is another model. Nothing that was signed is about it. (The byte is put back now.)")
    return approved, revoked, changed


def gate() -> int:
    return run("gate", *MODEL, "--deployment", "deployment.yaml", expected=(0, 10, 11, 12, 13))


def sign(person: str, *more: str) -> None:
    """Signs. What `sign` prints (page one, what others said, the sentence agreed to) is left out here: run it yourself to see it."""
    run("sign", RUN, *more, *key(person), "--agree", told=False)


def key(person: str) -> tuple[str, ...]:
    return ("--key", f"../keys/{person}.key.pem", *PASSPHRASE)


PASSPHRASE = ("--passphrase-env", VARIABLE)
ROOTS = ("--key", "../keys/root-a.key.pem", "--key", "../keys/root-b.key.pem")


def run(*arguments: str, told: bool = True, expected: tuple[int, ...] = (0,), where: Path = WORKSPACE) -> int:
    """Shows a command and runs it in the workspace; `told`: shows what it prints. Anything unexpected ends the demonstration."""
    print("$ evalharness " + " ".join(f"'{a}'" if " " in a else a for a in arguments if a not in PASSPHRASE), flush=True)
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", VARIABLE: "for demonstrations only"}
    done = subprocess.run([COMMAND, *arguments], cwd=where, env=environment, check=False, capture_output=not told, text=True)
    if done.returncode not in expected:
        print(f"{done.stdout or ''}{done.stderr or ''}", file=sys.stderr)
        raise SystemExit(done.returncode or 1)
    return done.returncode


def explain(text: str) -> None:
    print(f"  -> {text}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--approve"]:  # an approved workspace, for scripts/bench.py
        sys.exit(approve())
    codes = demonstrate()
    sys.exit(0 if codes == [0, 12, 13] else f"the gate answered {codes}, expected [0, 12, 13]")
