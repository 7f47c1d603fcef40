"""The model of a run, run again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def replayed(run: StoredRun, place: Workspace, key: Path | None, progress: Progress, notice: Notice) -> Iterator[str]:
    """What differs between the evidence and what the model, run again on the same items, gives. Raises BadInput where an input is lacking.

    key: of the blind export that was answered; null: the one in sign-off/blind/.
    """
    recorded = run.evidence.document()
    again = _again(run.evidence, place, key, progress, notice)
    if evidence_bytes(again) == run.evidence_bytes:
        return
    if recorded["environment"] != again["environment"]:
        notice("this environment is not the one of the run; small differences may come from it")
    for name in sorted(set(recorded) | set(again)):
        if name != "environment" and recorded.get(name) != again.get(name):
            yield f"replay: {name} differs"


def _again(evidence: Evidence, place: Workspace, key: Path | None, progress: Progress, notice: Notice) -> dict[str, Any]:
    model, benchmark = evidence.model, evidence.benchmark
    request = Request(
        policy=evidence.policy.name,
        model=model.name,
        benchmark=benchmark.name,
        rows=benchmark.rows if benchmark.seed is not None else None,
        seed=benchmark.seed,
        split=benchmark.split,
        seal=None if benchmark.seal is None else benchmark.seal.facts,
        blind_key=_blind_key(evidence, place, key),
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
