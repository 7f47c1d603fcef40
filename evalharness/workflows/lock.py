"""Fix policy, benchmark, model and operating point before a run, and count the attempt."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evalharness.benchmarks.bands import HOW_TO_MEND, nothing_to_judge
from evalharness.benchmarks.declaration import read_declaration
from evalharness.cards import card_for
from evalharness.errors import Altered, BadInput, Problems, bad_input
from evalharness.files.atomic import Taken, new_file
from evalharness.files.seal import SEAL_FILE
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.records import Card, Policy
from evalharness.records.attempt import MOST_ATTEMPTS, attempt_level
from evalharness.records.decimals import decimal_text
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.requirements import policy_for, read_policy
from evalharness.signoff.locks import Locks, attempt_problems, attempts_problems, file_name, lock_payload, locked_twice, read_locks
from evalharness.signoff.organisations import name_problem
from evalharness.signoff.predicates import LockPredicate
from evalharness.signoff.refs import refs_for, refs_of_lock, unlike
from evalharness.signoff.register import read_register
from evalharness.signoff.status import StatusRead, read_status
from evalharness.workflows.campaign import Campaign, next_moment
from evalharness.workflows.claims import attainable_claim
from evalharness.workflows.clock import clock_now, time_text
from evalharness.workflows.inputs import Inputs, Request, read_inputs
from evalharness.workflows.locked_runs import runs_under
from evalharness.workflows.oversight.certify import check_certifiable
from evalharness.workflows.sealing_files import sealed_info, unopened_seal
from evalharness.workflows.signing import KeyGiven, Pen, check_independent, open_pen


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A lock that was written."""

    path: Path
    digest: str
    """sha256 of the file."""
    predicate: LockPredicate
    earlier: int
    """Attempts of the campaign before this one."""


def lock(
    policy: str | Path,
    model: str | Path,
    *,
    key: KeyGiven,
    role: str | None = None,
    benchmark: str | Path | None = None,
    campaign: str | None = None,
    workspace: Path | None = None,
    now: datetime | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Locked:
    """Locks what the next run will be about: one more attempt of the campaign of policy and supplier, whatever becomes of the run.

    campaign: name of a campaign to join, where this policy and supplier have none yet; an existing one always goes on.
    Everything an evaluation needs is opened and checked first, so that no attempt is spent on what cannot run.
    Raises BadInput for anything wrong with that, with the key or its role, and for a lock like it that waits unused;
    MissingSignOff without a register; Altered where a register, a lock or the status list was changed.
    """
    place = find_workspace(workspace)
    begun = clock_now() if now is None else now
    register = read_register(place.sign_off)
    locks = _whole(read_locks(place.sign_off, register))
    status = read_status(place.sign_off, register)
    if status.altered:
        raise Altered(status.altered)
    request = Request(policy=str(policy), model=str(model), benchmark=None if benchmark is None else str(benchmark))
    wanted, card = _check_files(place, request)
    pen = open_pen(key, register, role=role, roles=register.authority.lock, created=time_text(begun))
    check_independent(wanted, card, pen.author(time_text(begun), "rehearsal"), register)
    inputs = read_inputs(place, replace(request, certifies=True), begun, progress, notice)
    check_certifiable(inputs)
    with ExitStack() as kept:
        if wanted.sealed:
            seal = kept.enter_context(unopened_seal(place, place.benchmark_of(wanted, request.benchmark)))
            inputs = replace(inputs, sealed_as=sealed_info(inputs.benchmark.info, seal))
        elif inputs.benchmark.practice:
            raise bad_input(
                "these items are not those that count",
                where=f"benchmark {inputs.benchmark.info.name}",
                got=inputs.benchmark.practice,
                expected="the items of the committed manifest.json",
            )
        together = Campaign.of(locks, inputs.policy.name, inputs.card.supplier, campaign, notice)
        predicate = _predicate(inputs, pen, together, next_moment(together, now))
        _check_unused(place, together, status, predicate, notice)
        path = _write(place, pen, predicate)
        digest = _written(place, pen, predicate, path)
    return Locked(path=path, digest=digest, predicate=predicate, earlier=predicate.attempt - 1)


def _whole(locks: Locks) -> Locks:
    """Raises Altered when a lock cannot be read: nobody could say then how many attempts there were."""
    reasons = [*locks.unreadable, *(text for record in locks.records for text in record.altered)]
    if reasons:
        raise Altered(reasons)
    return locks


def _check_files(place: Workspace, request: Request) -> tuple[Policy, Card]:
    """What can be told before a key is opened and the benchmark is read: every problem at once."""
    problems = Problems()
    policy = read_policy(policy_for(request.policy, place.root))
    card = card_for(request.model, place.root)
    folder = place.benchmark_of(policy, request.benchmark)
    if card.digest is None:
        problems.add("the model has no card: a run of it can never be signed", where="--model", got=request.model, hint="write a card")
    else:
        if not card.supplier.strip():
            problems.add(
                "the card names no supplier: nobody can say whose attempts are counted", where=card.path, expected="evalharness.supplier"
            )
        elif bad := name_problem(card.supplier):
            problems.add(
                f"the supplier's name cannot be told from others: {bad}", where=card.path, got=card.supplier, expected="plain text"
            )
        if not card.team:
            problems.add(
                "the card names nobody of the team that made the model: nobody can say who may not sign", where=card.path,
                expected="evalharness.team, a list of person ids",
            )  # fmt: skip
    if policy.sealed and not (folder / SEAL_FILE).is_file():
        problems.add(
            "the policy asks for sealed items, and the benchmark has no seal", where=folder / SEAL_FILE,
            hint="`evalharness benchmark seal NAME` makes one; then commit it",
        )  # fmt: skip
    if not policy.sealed and not (folder / "manifest.json").is_file():
        problems.add(
            "the benchmark has no manifest: nobody has laid down which items count", where=folder / "manifest.json",
            hint="`evalharness benchmark generate NAME` writes it; then commit it",
        )  # fmt: skip
    if unjudged := nothing_to_judge(read_declaration(folder)):
        problems.add("a run could show nothing", where=folder / "benchmark.yaml", got=unjudged, hint=HOW_TO_MEND)
    if folder.name != policy.benchmark:
        problems.add(
            "a run on another benchmark than the policy's can never be signed", where="--benchmark", got=folder.name,
            expected=policy.benchmark,
        )  # fmt: skip
    problems.raise_if_any()
    return policy, card


def _predicate(inputs: Inputs, pen: Pen, together: Campaign, created: str) -> LockPredicate:
    policy, card = inputs.policy, inputs.card
    claim, _ = attainable_claim(policy, inputs.benchmark.info)
    attempt = len(together.before) + 1
    if attempt > MOST_ATTEMPTS:
        raise bad_input("the campaign has used up its attempts", where=together.name, got=str(attempt), expected=f"at most {MOST_ATTEMPTS}")
    level = attempt_level(policy.confidence, attempt)
    if level >= 1:
        raise bad_input(
            "no confidence is left for another attempt: this one would have to be certain", where=f"policy {policy.name}: confidence",
            got=f"{policy.confidence:g} at attempt {attempt}", hint="a lower confidence is another policy, decided by its owners",
        )  # fmt: skip
    refs = refs_for(policy, card, inputs.model_digest, inputs.sealed_as or inputs.benchmark.info)
    return LockPredicate(
        schema="evalharness/policy-lock/v1",
        campaign=together.name,
        attempt=attempt,
        previous=None if together.last is None else together.last.digest,
        confidence=decimal_text(policy.confidence),
        level=decimal_text(level),
        claim=claim.value,
        supplier=card.supplier,
        policy=refs.policy,
        benchmark=refs.benchmark,
        model=refs.model,
        operating_point=refs.operating_point,
        author=pen.author(created, claim.value),
    )


def _check_unused(place: Workspace, together: Campaign, status: StatusRead, predicate: LockPredicate, notice: Notice) -> None:
    for record in together.before:
        same = not unlike(refs_of_lock(record.predicate), refs_of_lock(predicate)) and record.predicate.claim == predicate.claim
        gone = record.problems or status.revoked(record.digest) or attempt_problems(record, together.before)
        runs = runs_under(place.reports, record.digest) if same else ()
        for run in runs:
            notice(
                f"{run.name} is attempt {record.predicate.attempt} of exactly this. From now on the gate asks for attempt "
                f"{predicate.attempt}: until that has a result and is approved, it does not answer 0, whatever was approved before"
            )
        if same and not gone and not runs:
            raise bad_input(
                "a lock of exactly this is there already, and no run has used it",
                where=place.locks,
                got=f"{record.signed.name}, attempt {record.predicate.attempt}",
                hint=f"use it: evalharness evaluate … --lock {place.locks / record.signed.name}; a new lock would be one more attempt",
            )


def _write(place: Workspace, pen: Pen, predicate: LockPredicate) -> Path:
    path = place.locks / file_name(predicate.campaign, predicate.attempt)
    data = pen.signed(lock_payload(predicate), predicate.author, predicate.claim, path.name)
    try:
        new_file(path, data)
    except Taken as error:
        raise _taken(path, predicate) from error
    return path


def _written(place: Workspace, pen: Pen, predicate: LockPredicate, path: Path) -> str:
    """Digest of the lock, after a look at whether anybody took the same attempt under another name meanwhile: then ours goes again."""
    locks = read_locks(place.sign_off, pen.register)
    together = locks.campaign(predicate.policy.name, predicate.supplier, predicate.campaign)
    mine = next((record for record in together if record.signed.name == path.name), None)
    if mine is None or attempts_problems(together) or predicate.attempt in locked_twice(together):
        path.unlink(missing_ok=True)
        raise _taken(path, predicate)
    return mine.digest


def _taken(path: Path, predicate: LockPredicate) -> BadInput:
    return bad_input(
        f"somebody else has locked attempt {predicate.attempt} of this campaign in the meantime; nothing was written",
        where=path,
        hint="run the command again: it takes the next attempt",
    )
