"""The gate as a function: names and paths -> actual files -> `admission`. Loads no numerical library."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

from evalharness.admission import Decision, admit
from evalharness.admission.deployment import read_deployment
from evalharness.admission.gate import Request
from evalharness.admission.matching import Expected
from evalharness.cards import actual_digest, card_for
from evalharness.digests import DIGEST_PATTERN
from evalharness.errors import BadInput, bad_input
from evalharness.evidence.store import EXAMPLES
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.records import Card, Claim, Policy
from evalharness.requirements import policy_for, read_policy
from evalharness.workflows.clock import clock_now, resolve_time
from evalharness.workflows.committed import committed_benchmark
from evalharness.workflows.gate_files import AnswerFiles

ROOT_VARIABLE = "EVALHARNESS_ROOT"
"""Environment variable with the fingerprint of the root that is to be trusted."""
_SEEN = re.compile(r"([0-9]{1,9})(?:@(sha256:[0-9a-f]{64}))?")


def gate(
    policy: str | Path,
    model: str | Path,
    *,
    benchmark: str | Path | None = None,
    reports: Path | None = None,
    claim: str | None = None,
    at: str | datetime | None = None,
    workspace: Path | None = None,
    deployment: Path | None = None,
    root: str | None = None,
    status_version: int | str = 0,
    sarif: Path | None = None,
    junit: Path | None = None,
) -> Decision:
    """May this model be used as the policy says? Hashes the actual artefact, policy and benchmark manifest.

    claim: the least claim that is enough (default: the policy's). reports: where run folders lie (default: the workspace's).
    deployment: a file that says how the model is used; conditions are held against it. root: the fingerprint that the register's root must
    have (default: EVALHARNESS_ROOT, else what root.txt says). status_version: the least version of the status list that was seen before;
    as `3@sha256:…`, with the digest of that version's file, which must be among those here.
    sarif, junit: files that are written with the answer; what is there before is removed first, so that no old answer stays.
    Returns a Decision whose `code` is the exit code. Raises BadInput when policy, card, benchmark or deployment cannot be read.
    """
    files = AnswerFiles(sarif=sarif, junit=junit)
    files.clear()
    place = find_workspace(workspace)
    wanted = read_policy(policy_for(str(policy), place.root))
    card = card_for(str(model), place.root)
    asked = committed_benchmark(place, wanted, benchmark)
    model_digest = actual_digest(card)
    clock = clock_now()
    least, seen = _status_version(status_version)
    decision = admit(
        Request(
            policy=wanted,
            card=card,
            model_digest=model_digest,
            benchmark=asked.name,
            benchmark_digest=asked.digest,
            benchmark_problems=asked.problems,
            manifest_digest=asked.manifest,
            benchmark_facts=asked.facts,
            seal=asked.seal,
            harms=asked.harms,
            reports=_reports(place, reports),
            sign_off=place.sign_off,
            claim=_claim(claim, wanted),
            at=clock if at is None else resolve_time(at),
            clock=clock,
            root=_root(root),
            least_status=least,
            status_seen=seen,
            deployment=None if deployment is None else read_deployment(deployment),
            other_policy=lambda other: _expected(place, other, card, model_digest),
        )
    )
    files.write(decision)
    return decision


def _root(root: str | None) -> str | None:
    """The fingerprint to be trusted. One that is given and is none, an empty one too, is an error: nobody meant to trust anything."""
    given, where = (root, "--root") if root is not None else (os.environ.get(ROOT_VARIABLE), ROOT_VARIABLE)
    if given is not None and DIGEST_PATTERN.fullmatch(given) is None:
        expected = "'sha256:' and 64 lower-case hexadecimal digits, as `evalharness signers show` prints it"
        raise bad_input("not the fingerprint of a root", where=where, got=given, expected=expected)
    return given


def _status_version(given: int | str) -> tuple[int, str]:
    """Version and digest of the list that was seen before; an empty digest where only the number is known."""
    match = _SEEN.fullmatch(str(given))
    if match is None or (match[2] is not None and int(match[1]) == 0):
        expected = "a whole number from 0, or VERSION@sha256:… as `evalharness status show` prints it"
        raise bad_input("not a version of the status list", where="--status-version", got=str(given), expected=expected)
    return int(match[1]), match[2] or ""


def _expected(place: Workspace, name: str, card: Card, model_digest: str) -> Expected | None:
    """What evidence of this model under another policy of the workspace is about; null where that cannot be said."""
    try:
        policy = read_policy(place.policies / f"{name}.yaml")
        about = committed_benchmark(place, policy, None)
    except BadInput:
        return None
    if about.problems or policy.name != name:
        return None
    return Expected(
        model_digest=model_digest,
        card_digest=card.digest,
        policy=policy,
        benchmark=about.name,
        benchmark_digest=about.digest,
        manifest_digest=about.manifest,
        facts=about.facts,
        seal=about.seal,
        harms=about.harms,
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


__all__ = ["BadInput", "Decision", "gate"]
