"""The example of docs/metrics.md for faults: a log of five, read and judged by the code that `evaluate --fault-log` runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from metrics_docs_examples import LEVEL, Measured

from evalharness.catalogue.oversight.faults import FAULT_METRICS
from evalharness.evidence.assemble import estimate_as_json
from evalharness.metrics.oversight import share_row_estimate
from evalharness.workflows.oversight.faults import of_log

FATES = ("to_a_person", "to_a_person", "to_review", "set_aside", "")
"""Of the five faults; of the last nobody knows what became."""
WORDS = """\
From faults injected where the policy asks for it, or from a log of the system in use (`evaluate --fault-log`). **The example** is a log of
five faults: two items went to a person, one was put before a reviewer like any selected item, one was set aside, and of one nobody knows.
"""


@cache
def measured() -> Mapping[str, tuple[str, Measured]]:
    """By metric: the counts behind it as text, and its estimate."""
    lines = [f"f{at},timeout,2026-03-01T10:0{at}:00Z,{fate}" for at, fate in enumerate(FATES)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "faults.csv"
        path.write_text("\n".join(["fault_id,kind,injected_at,fate", *lines, ""]), encoding="utf-8")
        (row,) = of_log(path).shares
    (metric,) = FAULT_METRICS
    return {row.metric: (f"{row.part} / {row.total} = ", estimate_as_json(share_row_estimate(row, metric, LEVEL)))}
