"""Run a classifier on a benchmark, measure it, judge it against a policy, and write the run folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalharness.digests import sha256_bytes
from evalharness.errors import bad_input
from evalharness.evidence import evidence_as_written, evidence_bytes, findings_of
from evalharness.evidence.store import run_id, write_run
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.records import Attempt, Finding, Outcome, Verdict
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.report.faces import faces
from evalharness.workflows.asked_reviewers import check_written
from evalharness.workflows.clock import resolve_time
from evalharness.workflows.counting import count
from evalharness.workflows.document import evidence_document
from evalharness.workflows.inputs import Request, read_inputs
from evalharness.workflows.oversight.certify import certified

if TYPE_CHECKING:
    from evalharness.workflows.under_lock import LockGiven, UnderLock


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished evaluation."""

    folder: Path
    """The run folder that was written."""
    verdict: Verdict
    findings: tuple[Finding, ...]
    evidence: dict[str, Any]
    """The document of evidence.json."""
    digest: str
    """sha256 of evidence.json."""
    attempt: Attempt | None = None
    """What the lock of the run fixed; null for a practice run."""


def evaluate(
    policy: str | Path,
    model: str | Path,
    *,
    benchmark: str | Path | None = None,
    workspace: Path | None = None,
    out: Path | None = None,
    at: str | datetime | None = None,
    split: str | None = None,
    rows: int | None = None,
    seed: int | None = None,
    track: str | None = None,
    lock: LockGiven | None = None,
    blind_key: Path | None = None,
    reviews: Path | None = None,
    assigned: Path | None = None,
    synthetic_reviewers: bool = False,
    write_reviews: Path | None = None,
    people: Path | None = None,
    fault_log: Path | None = None,
    sample: Path | None = None,
    copies: bool = True,
    now: datetime | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Run:
    """Evaluates `model` against `policy` and writes a run folder, whatever the verdict.

    policy, model, benchmark: names in the workspace, or paths; a model may also be `ADAPTER:LOCATION`.
    out: the folder that is made (must not exist, or be empty); default `reports/RUN_ID` of the workspace.
    at: the time written into the evidence; default SOURCE_DATE_EPOCH or the clock.
    split: other than the policy's, for practice.
    rows, seed: for a generated benchmark, other than its recipe's.
    track: MLflow tracking URI; a tracking failure is a notice and never touches the run folder.
    blind_key: key of the blind export whose answers the model's predictions are; such a run takes no lock.
    reviews: log of what reviewers said of the items; assigned: who was to read what, made before anybody read.
    synthetic_reviewers: the benchmark's made-up reviewers read its items instead; what rests on them decides rehearsals only.
    write_reviews: a file (.csv or .parquet) for the log of made-up reviewers; what was assigned goes beside it.
    sample: folder of a coded sample of every pile, as `sample draw` made it.
    people: table of who is in which item, what was opened, who was identified and contacted.
    fault_log: log of faults that were injected into the system in use, and what became of each.
    copies: False leaves out the copies that the benchmark may have of items, with something changed; for practice, without a lock.
    lock: the lock of the run and a key: then the run is judged at the level of its attempt and its test result is signed. Without one it
    is a practice run. now: the clock of the signature (default: the machine's).
    Raises BadInput (every problem listed) for anything wrong with the inputs; nothing is written then. With a lock also MissingSignOff
    and Altered.
    """
    created = resolve_time(at)
    place = find_workspace(workspace)
    _check_out(out)
    _check_not_both(lock, blind_key)
    check_written(write_reviews, made_up=synthetic_reviewers)
    locked = None if lock is None else _locked(place, lock, created, now)
    request = Request(policy=str(policy), model=str(model), benchmark=None if benchmark is None else str(benchmark), rows=rows, seed=seed,
                      locked=locked is not None, blind_key=blind_key, split=split, copies=copies, sample=sample, reviews=reviews,
                      assigned=assigned, synthetic_reviewers=synthetic_reviewers, write_reviews=write_reviews, people=people,
                      fault_log=fault_log)  # fmt: skip
    inputs = read_inputs(place, replace(request, certifies=True), created, progress, notice)
    attempt = None
    if locked is not None:
        locked.check(inputs)
        attempt = locked.attempt
    inputs = certified(inputs, inputs.policy.confidence if attempt is None else attempt.level, progress)
    counted = count(inputs, progress)
    progress("report", 0, 1)
    document = evidence_document(inputs, counted, created, attempt)
    data = evidence_bytes(document)
    evidence = evidence_as_written(data)
    name = run_id(created, inputs.card.name, inputs.benchmark.info.name, sha256_bytes(data))
    folder = (place.reports / name if out is None else out).absolute()
    files = {"evidence.json": data, **faces(evidence)}
    statements = {}
    if locked is not None:
        locked.check_unused()
        statements = locked.statements(evidence, files)
    write_run(folder, files, statements)
    progress("report", 1, 1)
    if track is not None:
        from evalharness.tracking import track_run  # noqa: PLC0415  mlflow is heavy and optional

        track_run(track, document, folder, notice)
    return Run(
        folder=folder,
        verdict=Verdict(outcome=Outcome(evidence.verdict.outcome), reasons=evidence.verdict.reasons),
        findings=findings_of(evidence),
        evidence=document,
        digest=sha256_bytes(data),
        attempt=attempt,
    )


def _locked(place: Workspace, lock: LockGiven, created: datetime, now: datetime | None) -> UnderLock:
    from evalharness.workflows.under_lock import open_lock  # noqa: PLC0415 - signatures take a while to import; few runs have a lock

    return open_lock(place, lock, created, now)


def _check_not_both(lock: LockGiven | None, blind_key: Path | None) -> None:
    if lock is not None and blind_key is not None:
        raise bad_input(
            "a run through a blind key can never be signed, so it takes no lock: its answers were made after the items, and a lock names "
            "the exact model before they exist", where="--lock, --blind-key",
            hint="leave --lock out: such a run serves to choose. To sign what was chosen, lock the model itself and run it here",
        )  # fmt: skip


def _check_out(out: Path | None) -> None:
    if out is not None and (out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir())))):
        raise bad_input(
            "the output folder exists and is not empty", where="--out", got=str(out), hint="name a new folder; nothing is overwritten"
        )
