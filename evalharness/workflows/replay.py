"""The model of a run, run again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalharness.errors import bad_input
from evalharness.evidence import Evidence, evidence_bytes
from evalharness.evidence.store import StoredRun
from evalharness.files.workspace import Workspace
from evalharness.records.progress import Notice, Progress
from evalharness.workflows.blind_answers import key_of_export
from evalharness.workflows.clock import parse_time
from evalharness.workflows.counting import count
from evalharness.workflows.counting_copies import LEFT_OUT
from evalharness.workflows.document import evidence_document
from evalharness.workflows.inputs import Request, read_inputs
from evalharness.workflows.oversight.certify import certified
from evalharness.workflows.sample_verified import sample_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What a replay needs beside the workspace, as nothing of it is kept with a run."""

    blind_key: Path | None = None
    """Of the blind export that was answered; null: the one in sign-off/blind/."""
    reviews: Path | None = None
    """Log of what reviewers said."""
    assigned: Path | None = None
    """With it: the list of what they were to read."""
    people: Path | None = None
    """Table of the people in the items."""
    fault_log: Path | None = None
    """Log of faults that were injected into the system in use."""


def check_again(run: StoredRun, again: Again, *, replay: bool) -> None:
    """Raises BadInput where a replay lacks what this run was given, or something is given that it was not."""
    part = run.evidence.oversight
    reviews = None if part is None or part.reviews is None or part.reviews.dials is not None else part.reviews
    of_run = {
        "--blind-key": (again.blind_key, run.evidence.predictions.blind is not None),
        "--reviews": (again.reviews, reviews is not None),
        "--assigned": (again.assigned, reviews is not None and reviews.listed),
        "--people": (again.people, part is not None and part.people is not None),
        "--fault-log": (again.fault_log, part is not None and part.faults is not None and part.faults.log is not None),
    }
    for option, (path, used) in of_run.items():
        if path is not None and not (replay and used):
            raise bad_input(
                f"{option} is for the replay of a run that was given such a file", where=option, got=str(path),
                hint=f"leave {option} out" if replay else "add --replay",
            )  # fmt: skip
    lacking = [option for option, (path, used) in of_run.items() if used and path is None and option != "--blind-key"]
    if replay and lacking:
        raise bad_input(
            "a run on logs is replayed with the same files, which are not kept with it", where=run.folder, got="no " + ", ".join(lacking),
            expected=f"the files whose digests the evidence has: {' FILE '.join(lacking)} FILE",
            hint="add them, or verify without --replay: what was counted of a log is held to everything that follows from it",
        )  # fmt: skip


def replayed(run: StoredRun, place: Workspace, given: Again, progress: Progress, notice: Notice) -> Iterator[str]:
    """What differs between the evidence and what the model gives, run again on the same items.

    Raises BadInput where an input is lacking.
    """
    recorded = run.evidence.document()
    again = _again(run.evidence, place, given, progress, notice)
    if evidence_bytes(again) == run.evidence_bytes:
        return
    if recorded["environment"] != again["environment"]:
        notice("this environment is not the one of the run; small differences may come from it")
    for name in sorted(set(recorded) | set(again)):
        if name != "environment" and recorded.get(name) != again.get(name):
            yield f"replay: {name} differs"


def _again(evidence: Evidence, place: Workspace, given: Again, progress: Progress, notice: Notice) -> dict[str, Any]:
    model, benchmark = evidence.model, evidence.benchmark
    request = Request(
        policy=evidence.policy.name,
        model=model.name,
        benchmark=benchmark.name,
        rows=benchmark.rows if benchmark.seed is not None else None,
        seed=benchmark.seed,
        split=benchmark.split,
        seal=None if benchmark.seal is None else benchmark.seal.facts,
        blind_key=_blind_key(evidence, place, given.blind_key),
        reviews=given.reviews,
        assigned=given.assigned,
        people=given.people,
        fault_log=given.fault_log,
        anew=True,
        certifies=True,
        copies=LEFT_OUT not in evidence.limits,
        synthetic_reviewers=_made_up(evidence),
        sample=sample_of(evidence, place),
    )
    created = parse_time(evidence.created)
    inputs = read_inputs(place, request, created, progress, notice)
    inputs = certified(inputs, inputs.policy.confidence if evidence.attempt is None else evidence.attempt.level, progress)
    return evidence_document(inputs, count(inputs, progress), created, evidence.attempt)


def _made_up(evidence: Evidence) -> bool:
    """Whether the benchmark's made-up reviewers read its items."""
    reviews = None if evidence.oversight is None else evidence.oversight.reviews
    return reviews is not None and reviews.dials is not None


def _blind_key(evidence: Evidence, place: Workspace, given: Path | None) -> Path | None:
    blind = evidence.predictions.blind
    return None if blind is None else key_of_export(place, blind.export, given)
