"""A face of a finished run, made again from its evidence alone."""

from __future__ import annotations

from pathlib import Path

from evalharness.errors import Altered, bad_input
from evalharness.evidence.rederive import rederive
from evalharness.evidence.store import read_run
from evalharness.report.faces import FORMATS, render


def render_run(folder: Path, format_: str) -> bytes:
    """The report of `folder` as html, md or junit. Raises Altered when the folder is not what was written, BadInput for another format."""
    if format_ not in FORMATS:
        raise bad_input("no such format", where="--format", got=format_, expected=" | ".join(FORMATS))
    run = read_run(folder)
    problems = (*run.problems, *rederive(run.evidence))
    if problems:
        raise Altered(problems)
    return render(run.evidence, format_)
