"""Judging for pytest: what goes wrong is told in a line, never as a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalharness.errors import BadInput, EvalharnessError, NoEvidence, shown
from evalharness.evidence import findings_of
from evalharness.evidence.store import StoredRun, read_run
from evalharness.pytest_plugin.options import Asked
from evalharness.records import Outcome, Verdict
from evalharness.records.progress import Notice
from evalharness.requirements.names import finding_name

if TYPE_CHECKING:
    from evalharness.workflows.evaluate import Run


def judged(request: Asked, folder: Path, notice: Notice) -> StoredRun:
    """Runs the model, writes the run folder and reads it back. Raises UsageError for bad input, before a test runs."""
    with _told_in_a_line():
        from evalharness.workflows.evaluate import evaluate  # noqa: PLC0415  numerical libraries: not in the workers

        run = evaluate(
            request.policy, request.model, benchmark=request.benchmark, workspace=request.workspace, out=folder, rows=request.rows,
            notice=notice,
        )  # fmt: skip
        return read_run(run.folder)


def names_asked(request: Asked, notice: Notice) -> tuple[str, ...]:
    """The names of the findings there would be: inputs are checked and the benchmark is opened, no model runs."""
    with _told_in_a_line():
        from evalharness.files.workspace import find_workspace  # noqa: PLC0415
        from evalharness.records.progress import silent  # noqa: PLC0415
        from evalharness.workflows.clock import resolve_time  # noqa: PLC0415
        from evalharness.workflows.inputs import Request, read_inputs  # noqa: PLC0415

        wanted = Request(
            policy=request.policy, model=request.model, benchmark=request.benchmark, rows=request.rows, certifies=True
        )  # fmt: skip
        inputs = read_inputs(find_workspace(request.workspace), wanted, resolve_time(None), silent, notice)
        return tuple(finding_name(question.requirement, question.group, question.condition) for question in inputs.questions)


def read_again(folder: Path) -> StoredRun:
    """The run that the controller of pytest-xdist has just written."""
    with _told_in_a_line():
        return read_run(folder)


def run_of(stored: StoredRun) -> Run:
    """A run folder as the `Run` that `evaluate` returned for it."""
    from evalharness.workflows.evaluate import Run  # noqa: PLC0415

    recorded = stored.evidence.verdict
    return Run(
        folder=stored.folder,
        verdict=Verdict(outcome=Outcome(recorded.outcome), reasons=recorded.reasons),
        findings=findings_of(stored.evidence),
        evidence=stored.evidence.document(),
        digest=stored.digest,
    )


@contextmanager
def _told_in_a_line() -> Iterator[None]:
    try:
        yield
    except (BadInput, NoEvidence) as error:
        raise pytest.UsageError(f"--evalharness: {error}") from error
    except OSError as error:
        if error.filename is None:
            raise
        raise pytest.UsageError(f"--evalharness: {shown(error.filename)}: it cannot be read or written: {error.strerror}") from error
    except EvalharnessError as error:
        pytest.exit(f"--evalharness: fault in the harness: {error}", returncode=pytest.ExitCode.INTERNAL_ERROR)
