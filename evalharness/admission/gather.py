"""Files -> `Case`. Each file is read once; what is absent, unreadable, altered or newer than understood becomes a part of the case that
blocks, never an exception. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from evalharness.admission.case import AlteredRun, Asked, Case, Deployment, LocksCase, Point, RunCase, StatusCase
from evalharness.admission.gather_runs import run_case
from evalharness.admission.gather_sign_off import carriers, locks_case, register_case, status_case
from evalharness.admission.locks import parts_unlike
from evalharness.admission.looking import Look, look_at
from evalharness.admission.matching import Expected, differences
from evalharness.admission.results import forged
from evalharness.admission.standing import meets
from evalharness.admission.trust import lifted
from evalharness.evidence.store import StoredRun, runs_in
from evalharness.files.seal import Seal, unlike_locks
from evalharness.records import BenchmarkFacts, Card, Claim, Policy
from evalharness.signoff.conditions import requirement_of
from evalharness.signoff.skeleton import skeleton


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be admitted, from the actual files."""

    policy: Policy
    card: Card
    model_digest: str
    """Digest of the artefact as it lies on disk now."""
    benchmark: str
    """Name of the benchmark asked for."""
    benchmark_digest: str
    """Digest that the committed manifest stands for."""
    benchmark_problems: tuple[str, ...]
    """What is wrong with the committed manifest; empty when nothing is."""
    manifest_digest: str = ""
    """Digest of the bytes of that manifest."""
    benchmark_facts: BenchmarkFacts | None = None
    """What manifest and benchmark.yaml say of the items; null when they cannot be read."""
    seal: Seal | None = None
    """The committed seal, where the policy asks for sealed items."""
    harms: Mapping[str, Any] = field(default_factory=dict)
    """Those of the committed recipe."""
    reports: Path
    sign_off: Path
    """The workspace's `sign-off/`: register of signers, locks, status list."""
    claim: Claim
    """The least claim that is enough."""
    at: datetime
    """The moment for which the decision is asked."""
    clock: datetime
    """The machine's own clock."""
    root: str | None = None
    """The fingerprint that the register's root must have; null: root.txt alone is held against it."""
    least_status: int = 0
    """Least version of the status list that the caller has seen."""
    status_seen: str = ""
    """sha256 of that version's file; empty: unknown."""
    deployment: Deployment | None = None
    other_policy: Callable[[str], Expected | None] = lambda _: None
    """By its name, what evidence under another policy of the workspace must be about; null: there is none that can be read."""


def gather(request: Request) -> Case:
    """Everything that the decision depends on."""
    register, told = register_case(request.sign_off, request.root, request.at)
    looks = [look for folder in runs_in(request.reports) if (look := look_at(folder, request.card.name)) is not None]
    believed = {look.folder.name: look.run for look in looks if look.run is not None and not look.altered}
    runs = tuple(run_case(run, request.policy, register, _expected(request), request.at) for run in believed.values())
    asked = _asked(request)
    status = status_case(request.sign_off, register, request.card.name)
    locks = locks_case(request.sign_off, register, frozenset(run.lock.digest for run in runs if run.lock is not None))
    runs = tuple(_held_to_seal(run, runs, locks) for run in runs)
    sound = {run.name for run in runs if soundly_locked(run, locks, status)}
    return Case(
        asked=asked,
        register=replace(told, people=carriers(register, asked)),
        status=status,
        locks=locks,
        runs=runs,
        altered_runs=tuple(AlteredRun(name=look.folder.name, reasons=look.altered) for look in looks if look.folder.name not in believed),
        deployment=request.deployment,
        loose_statements=_loose(looks, believed),
        requirements_met=frozenset(
            value
            for value in {c.value for run in runs for d in run.decisions for c in d.conditions if c.type == "further_requirement"}
            if _met(value, [run for name, run in believed.items() if name in sound], request)
        ),
    )


def _asked(request: Request) -> Asked:
    card, policy = request.card, request.policy
    return Asked(
        model=card.name,
        policy=policy.name,
        benchmark=request.benchmark,
        claim=request.claim,
        at=request.at,
        clock=request.clock,
        has_card=card.path is not None,
        artefact=card.artifact.name,
        artefact_digest=request.model_digest,
        card_states=card.sha256,
        supplier=skeleton(card.supplier) if card.supplier.strip() else "",
        team=frozenset(skeleton(person) for person in card.team if person.strip()),
        policy_benchmark=policy.benchmark,
        policy_digest=policy.digest,
        benchmark_digest=request.benchmark_digest,
        benchmark_problems=request.benchmark_problems,
        point=Point.of(policy),
        sign_off=policy.sign_off,
        reports=request.reports.name,
        least_status=request.least_status,
        status_seen=request.status_seen,
        supplier_name=card.supplier,
        bad_policy=policy.example_of_bad_policy,
    )


def soundly_locked(run: RunCase, locks: LocksCase, status: StatusCase) -> bool:
    """Whether a run was locked before it was made, and lock and result are what somebody who may has signed and nobody took back."""
    lock = next((lock for lock in locks.locks if run.lock is not None and lock.digest == run.lock.digest), None)
    if lock is None or run.lock is None or run.result is None or run.altered_statements:
        return False
    told = (
        *lock.altered,
        *lock.author.problems,
        *lock.campaign_problems,
        *run.result.author.problems,
        *parts_unlike(lock.subject, run.subject),
    )
    taken_back = [
        text for digest in (lock.digest, run.result.digest, run.evidence, run.sums, run.report) for text in lifted(status, digest)
    ]
    sealed = not_of_its_locks(run, locks)
    return not told and not sealed and not taken_back and lock.author.created <= run.created and not list(forged(run.result, run, run.lock))


def _expected(request: Request) -> Expected:
    return Expected(
        model_digest=request.model_digest,
        card_digest=request.card.digest,
        policy=request.policy,
        benchmark=request.policy.benchmark,
        benchmark_digest=request.benchmark_digest,
        manifest_digest=request.manifest_digest,
        facts=request.benchmark_facts,
        seal=request.seal,
        harms=request.harms,
    )


def _held_to_seal(run: RunCase, runs: tuple[RunCase, ...], locks: LocksCase) -> RunCase:
    """A run on sealed items is about others unless exactly what was locked by then decided the seed, its own lock with it, and no older run
    tells of another opening of the same seal."""
    return replace(run, unlike=(*run.unlike, *not_of_its_locks(run, locks), *opened_again(run, runs)))


def opened_again(run: RunCase, runs: tuple[RunCase, ...]) -> tuple[str, ...]:
    """Whether a locked run was made under another opening of a seal than one that is as old or older: by then everybody knew the secret."""
    told = run.seal
    if told is None or run.lock is None:
        return ()
    older = (other for other in runs if other.lock is not None and other.created <= run.created and other.seal not in (None, told))
    names = [other.name for other in older if other.seal is not None and other.seal.digest == told.digest]
    return (f"its seal was opened more than once: {', '.join(names)} tells of another opening",) if names else ()


def not_of_its_locks(run: RunCase, locks: LocksCase) -> tuple[str, ...]:
    """In what the opening of its seal and the locks on that seal differ; empty where its items were not sealed."""
    if run.seal is None:
        return ()
    on_it = [lock for lock in locks.locks if lock.subject.benchmark[1] == run.seal.digest and lock.author.created <= run.created]
    counted = run.lock is None or run.lock.digest in run.seal.locks
    told = unlike_locks(run.seal, {lock.digest: lock.subject.model[1] for lock in on_it})
    return told if counted else (*told, "the lock that it names is not among those for which its seal was opened")


def _loose(looks: list[Look], believed: dict[str, StoredRun]) -> frozenset[str]:
    return frozenset(digest for look in looks if look.folder.name not in believed for digest in look.statements)


def _met(value: str, runs: Iterable[StoredRun], request: Request) -> bool:
    """Whether runs of this exact model meet a requirement of exactly the policy text that was named: at least one, and none otherwise."""
    asked = requirement_of(value)
    expected = None if asked is None else request.other_policy(asked.policy)
    if asked is None or expected is None or expected.policy.digest != asked.digest:
        return False
    about = [run for run in runs if not differences(run.evidence, expected)]
    return bool(about) and all(meets(run.evidence, asked.id, request.claim, request.at) for run in about)
