"""Makes tests/fixtures/signed-v1/: a small workspace signed from end to end, kept for ever, so that every later version still reads it.

Run once for each version of the formats, never again: it refuses to touch a fixture that is there. The keys are made in a temporary folder,
marked REHEARSAL, and gone when this ends; nobody can sign for this workspace again.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests" / "fixtures"
SIGNED, EVIDENCE = FIXTURES / "signed-v1", FIXTURES / "evidence-v1"
COMMAND = Path(sys.executable).with_name("evalharness")
VARIABLE = "EVALHARNESS_FIXTURE_PASSPHRASE"
SIGNERS = {
    "ada": "senior_responsible_owner",
    "ben": "independent_evaluator",
    "cy": "data_protection",
    "dee": "safeguarding",
    "eve": "victims_advocate",
}
DEPLOYMENT = "claim: rehearsal\nstream: synthetic\nvolume_per_week: 20000\nthreshold: 0.5\n"
EXAMPLES = {
    "breast-cancer": ("breast-cancer", "nuclei-logistic", ("--workspace", "examples/breast-cancer")),
    "message-triage": ("message-triage", "triage-reference", ("--rows", "20000")),
}


class Workshop:
    """A workspace, the keys beside it, and the command line."""

    def __init__(self, place: Path) -> None:
        self.root, self.keys = place / "workspace", place / "keys"
        self.environment = {**os.environ, "PYTHONWARNINGS": "ignore", VARIABLE: secrets.token_urlsafe(32)}

    def run(self, *arguments: object, where: Path | None = None) -> str:
        command = [str(COMMAND), *map(str, arguments)]
        done = subprocess.run(command, cwd=where or self.root, env=self.environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def signing(self, *people: str) -> tuple[str, ...]:
        keys = [option for person in people for option in ("--key", f"../keys/{person}.key.pem")]
        return (*keys, "--passphrase-env", VARIABLE)


def main() -> None:
    if SIGNED.exists() or EVIDENCE.exists():
        raise SystemExit(f"{SIGNED.relative_to(ROOT)} is kept for ever; a new version of the formats gets a new folder")
    with tempfile.TemporaryDirectory() as place:
        shop = Workshop(Path(place))
        files(shop)
        register(shop)
        runs = [locked_run(shop, model) for model in ("second", "vendor")]
        decide(shop, runs[1])
        shop.run("status", "revoke", runs[0], "--why", "The predictions were of another stream.", *shop.signing("cy"))
        shop.run("gate", "--policy", "small", "--model", "vendor", "--deployment", "deployment.yaml")
        shutil.copytree(shop.root, SIGNED, ignore=shutil.ignore_patterns(".*"))
        (SIGNED / "keys").mkdir()
        for public in shop.keys.glob("*.pub.json"):
            shutil.copy(public, SIGNED / "keys")
    examples()
    print(f"{SIGNED.relative_to(ROOT)}: {sum(path.stat().st_size for path in SIGNED.rglob('*') if path.is_file()) >> 10} KiB")


def files(shop: Workshop) -> None:
    """A table, a policy with an exempted cell, two models of stored predictions."""
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from signed_workspace import SIGN_OFF, small  # noqa: PLC0415

    shop.root.mkdir()
    shop.keys.mkdir()
    exempt = {"group": {"sex": "F"}, "why": "Too few of them were labelled.", "until": "2027-06-30"}
    requirements = [
        {"id": "recall", "metric": "recall", "at_least": 0.7, "why": "Few may be missed."},
        {
            "id": "everyone",
            "metric": "recall",
            "at_least": 0.5,
            "for_each": ["sex"],
            "why": "Nobody more than others.",
            "not_judged": [exempt],
        },
        {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.05, "why": "Refusing is no way to pass."},
    ]
    space = small(shop.root, requirements=requirements, sign_off={**SIGN_OFF, "valid_for_days": 180})
    second = space.predictions.with_name("second.csv")
    second.write_bytes(space.predictions.read_bytes().replace(b"\n", b"\r\n"))
    space.write_card("second", version="2", artifact=second.name, sha256="sha256:" + hashlib.sha256(second.read_bytes()).hexdigest())
    (shop.root / "deployment.yaml").write_text(DEPLOYMENT)


def register(shop: Workshop) -> None:
    """Five people; the root is two of two; one key is replaced."""
    for person in ("root-a", "root-b", *SIGNERS):
        shop.run("key", "new", person, "--rehearsal", "--out", "../keys", "--passphrase-env", VARIABLE)
    roots = shop.signing("root-a", "root-b")
    shop.run("signers", "init", "--root", "../keys/root-a.pub.json", "--root", "../keys/root-b.pub.json", "--quorum", 2, *roots)
    for person, role in SIGNERS.items():
        shop.run("signers", "add", f"../keys/{person}.pub.json", "--roles", role, "--organisation", "Example Force", *roots)
    shop.run("signers", "add", new_key(shop, "gil"), "--roles", "safeguarding", "--organisation", "Example Force", *roots)
    shop.run("signers", "revoke", "gil", "--why", "The card was lost.", *roots)
    shop.run("status", "refresh", *shop.signing("dee"))


def new_key(shop: Workshop, person: str) -> str:
    shop.run("key", "new", person, "--rehearsal", "--out", "../keys", "--passphrase-env", VARIABLE)
    return f"../keys/{person}.pub.json"


def locked_run(shop: Workshop, model: str) -> str:
    told = ("--policy", "small", "--model", model)
    locked = json.loads(shop.run("lock", *told, *shop.signing("ben"), "--json"))
    run = json.loads(shop.run("evaluate", *told, "--lock", locked["lock"], *shop.signing("ben"), "--json"))["run"]
    return str(Path(run).relative_to(shop.root))


def decide(shop: Workshop, run: str) -> None:
    """Advice, three approvals under conditions, a dissent; one condition is fulfilled."""
    from evalharness.evidence.store import read_run  # noqa: PLC0415
    from evalharness.signoff.control import expected_missed  # noqa: PLC0415

    missed = expected_missed(read_run(shop.root / run).evidence)
    answers = (
        "--missed-per-1000",
        missed,
        "--not-tested",
        "Other languages.",
        "--risk-carried-by",
        "ada",
        "--accept-not-judged",
        "everyone[sex=F]",
    )
    limits = ("claim=rehearsal", "maximum_volume=50000", "until=2027-04-30")
    action = ("action=Tell the officers how to overrule it.@2027-01-31@dee",)
    say(shop, run, "eve", "advice", "--advice", "neutral", "--why", "Nobody asked those who are missed.")
    say(shop, run, "dee", "dissent", "--why", "The table is too small.")
    for person, conditions in (("ben", limits), ("cy", limits[:1]), ("ada", limits[:2] + action)):
        options = [option for condition in conditions for option in ("--condition", condition)]
        risk = ("--accept-risk", "I accept what remains, for a rehearsal.") if person == "ada" else ()
        say(shop, run, person, "approve-with-conditions", *answers, *options, *risk)
    (decision,) = (shop.root / run / "statements").glob("decision-*-ada-*")
    shop.run("status", "discharge", decision, "action-1", "--why", "They were told on the first day.", *shop.signing("dee"))


def say(shop: Workshop, run: str, person: str, kind: str, *more: str) -> None:
    time.sleep(1)  # each at a second of its own
    shop.run("sign", run, "--decision", kind, *more, *shop.signing(person), "--agree")


def examples() -> None:
    """Evidence of practice runs: clusters, gaps, costs and a known truth, which the small workspace does not have."""
    with tempfile.TemporaryDirectory() as place:
        EVIDENCE.mkdir()
        for name, (policy, model, more) in EXAMPLES.items():
            folder = Path(place) / name
            command = [
                COMMAND,
                "evaluate",
                "--policy",
                policy,
                "--model",
                model,
                "--at",
                "2026-11-22T09:00:00Z",
                "--out",
                str(folder),
                *more,
            ]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            shutil.copy(folder / "evidence.json", EVIDENCE / f"{name}.json")


if __name__ == "__main__":
    main()
