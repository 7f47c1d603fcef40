"""Measures the examples of docs/metrics.md: by `evaluate` itself, and copies by the code that `evaluate` counts them with."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from metrics_docs_data import PAIR_LEVELS, PAIRED, REGRADED, Example, Row, examples

from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.catalogue.complete import COMPLETE_METRICS
from evalharness.evidence.assemble import estimate_as_json
from evalharness.metrics.copies import copy_estimates
from evalharness.records import Condition, CopyKind, Policy
from evalharness.requirements import read_policy
from evalharness.tally import CopyCounter, Slices
from evalharness.workflows.evaluate import evaluate

Measured = dict[str, Any]
"""An estimate as it stands in the evidence."""

LEVEL = 0.95
_KIND = CopyKind(name="noise", changed="numbers moved a little")
_POLICY = {
    "schema": "evalharness/policy/v1",
    "version": 1,
    "title": "An example",
    "claim": "rehearsal",
    "population": "The items of an example.",
    "intended_use": "Shows how metrics are reckoned.",
    "prohibited_uses": ["any other"],
    "stream": "synthetic",
    "confidence": LEVEL,
    "intersections": 1,
    "sign_off": {"roles": {"senior_responsible_owner": 1}, "developers_may_not_sign": True, "valid_for_days": 30},
}
_USABLE = {"id": "usable", "metric": COMPLETE_METRICS[0].name, "equals": 0, "why": "Everything that was sent counts."}


@cache
def evidence_of(task: str) -> dict[str, Any]:
    """evidence.json of the example of a task, as `evaluate` writes it."""
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        _write(root, task, examples()[task])
        run = evaluate(task, f"predictions:{root / 'answers.csv'}", workspace=root, out=root / "run", at="2026-01-01T00:00:00Z")
        return json.loads((run.folder / "evidence.json").read_text(encoding="utf-8"))


@cache
def measured(task: str) -> dict[tuple[str, str], Measured]:
    """Every estimate about everybody in the evidence of the example, and every gap between its groups, by metric and unit."""
    evidence = evidence_of(task)
    lines = [*evidence["estimates"], *evidence.get("described", [])]
    return {(line["metric"], line.get("unit", "")): line for line in lines if not line["group"]}


@cache
def copies_measured(of: TaskMetrics) -> dict[str, tuple[Measured, list[int]]]:
    """Every metric of the pairs of the example, `of` as `copy_metrics` gives it: its estimate about everybody, and the counts behind it."""
    graded = "graded_lower_rate" in of.metrics
    task = task_metrics("ordinal", PAIR_LEVELS) if graded else task_metrics("binary")
    nobody = Slices(attributes=(), levels={}, depth=0)
    counter = CopyCounter(_KIND, task, pairs=nobody, decided=nobody, clustered=False)
    labels, items, copies = np.array(list(_graded_pairs() if graded else _decided_pairs()), dtype=np.int8).T
    counter.add(labels, items, copies, {}, None)
    made = counter.result()
    tally = replace(made.decided, pairs={Condition(under=_KIND.name).text: made.pairs})
    counts: list[int] = made.pairs.counts[0].tolist()
    return {one.metric: (estimate_as_json(one), counts) for one in copy_estimates(tally, _policy(), LEVEL)}


def _decided_pairs() -> Iterator[tuple[int, int, int]]:
    """Label, decision of the item, decision of the copy."""
    known = {"selected": 1, "set aside": 0}
    for truth, fates in PAIRED.items():
        for fate, number in fates.items():
            item, copy = (known[part] for part in fate.split(", ")) if fate != "no answer" else (1, -1)
            yield from [(int(truth == "relevant"), item, copy)] * number


def _graded_pairs() -> Iterator[tuple[int, int, int]]:
    """The true level changes nothing in these metrics: it is taken to be the item's."""
    for item, copy in product(range(len(PAIR_LEVELS)), (*range(len(PAIR_LEVELS)), -1)):
        yield from [(item, item, copy)] * REGRADED[item][copy]


def _policy() -> Policy:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "binary.yaml"
        _yaml(path, _policy_of("binary", examples()["binary"]))
        return read_policy(path)


def _policy_of(task: str, example: Example) -> dict[str, Any]:
    requirements = [*example.policy.get("requirements", ()), _USABLE]
    return {**_POLICY, "name": task, "task": task, "benchmark": task, **example.policy, "requirements": requirements}


def _write(root: Path, task: str, example: Example) -> None:
    folder = root / "datasets_synthetic" / task
    folder.mkdir(parents=True)
    (root / "policies").mkdir()
    _csv(folder / "items.csv", example.items)
    _csv(root / "answers.csv", example.answers)
    if example.pairs:
        _csv(folder / "pairs.csv", example.pairs)
    declared = {"schema": "evalharness/benchmark/v1", "name": task, "version": 1, "task": task, "table": "items.csv", **example.benchmark}
    _yaml(folder / "benchmark.yaml", declared)
    _yaml(root / "policies" / f"{task}.yaml", _policy_of(task, example))


def _csv(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _yaml(path: Path, document: Mapping[str, Any]) -> None:
    """JSON is YAML."""
    path.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in document.items()), encoding="utf-8")
