"""The gate as a function: names and paths -> actual files -> `admission`. Loads no numerical library."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from evalharness.admission import Decision, admit
from evalharness.admission.gate import Request
from evalharness.cards import actual_digest, card_for
from evalharness.digests import sha256_json
from evalharness.errors import Altered, BadInput, bad_input
from evalharness.evidence.store import EXAMPLES
from evalharness.files.manifest import read_manifest
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.files.yaml import read_yaml
from evalharness.records import Claim, Policy
from evalharness.requirements import policy_for, read_policy
from evalharness.workflows.clock import clock_now, resolve_time


def gate(
    policy: str | Path,
    model: str | Path,
    *,
    benchmark: str | Path | None = None,
    reports: Path | None = None,
    claim: str | None = None,
    at: str | datetime | None = None,
    workspace: Path | None = None,
) -> Decision:
    """May this model be used as the policy says? Hashes the actual artefact, policy and benchmark manifest.

    claim: the least claim that is enough (default: the policy's). reports: where run folders lie (default: the workspace's).
    Returns a Decision whose `code` is the exit code. Raises BadInput when policy, card or benchmark cannot be read.
    """
    place = find_workspace(workspace)
    wanted = read_policy(policy_for(str(policy), place.root))
    card = card_for(str(model), place.root)
    name, digest, problems = _benchmark_identity(place, wanted, benchmark)
    clock = clock_now()
    return admit(
        Request(
            policy=wanted,
            card=card,
            model_digest=actual_digest(card),
            benchmark=name,
            benchmark_digest=digest,
            benchmark_problems=problems,
            reports=_reports(place, reports),
            claim=_claim(claim, wanted),
            at=clock if at is None else resolve_time(at),
            clock=clock,
        )
    )


def _reports(place: Workspace, reports: Path | None) -> Path:
    folder = place.reports if reports is None else reports
    if folder.exists() and not folder.is_dir():
        raise bad_input("not a folder", where="--reports", got=str(folder), expected="the folder that holds run folders")
    if folder.resolve().name == EXAMPLES:
        raise bad_input("examples are never evidence", where="--reports", got=str(folder), expected="a folder of run folders")
    if reports is not None and not folder.exists():
        raise bad_input("no such folder", where="--reports", got=str(folder), expected="the folder that holds run folders")
    return folder


def _claim(claim: str | None, policy: Policy) -> Claim:
    if claim is None:
        return policy.claim
    try:
        return Claim(claim)
    except ValueError as error:
        raise bad_input("no such claim", where="--for", got=claim, expected=" | ".join(Claim)) from error


def _benchmark_identity(place: Workspace, policy: Policy, benchmark: str | Path | None) -> tuple[str, str, tuple[str, ...]]:
    """Name, digest and problems of the committed manifest; the data itself is never needed."""
    folder = place.benchmark_of(policy, None if benchmark is None else str(benchmark))
    path = folder / "manifest.json"
    if not path.is_file():
        raise bad_input(
            "the benchmark has no manifest",
            where=path,
            expected="manifest.json beside benchmark.yaml",
            hint="`evalharness benchmark generate` (generated data) or `evalharness evaluate` (supplied table) writes it; then commit it",
        )
    try:
        manifest = read_manifest(path)
    except Altered as error:
        return folder.name, "", tuple(f"benchmark manifest {path.name}: {reason}" for reason in error.reasons)
    declaration = read_yaml(folder / "benchmark.yaml")
    problems: tuple[str, ...] = ()
    if sha256_json(declaration.data) != manifest.declaration:
        problems = ("benchmark.yaml is not the one that the committed manifest.json was made from",)
    return manifest.name, manifest.digest, problems


__all__ = ["BadInput", "Decision", "gate"]
