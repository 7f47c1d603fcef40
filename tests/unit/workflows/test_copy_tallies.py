"""Pairs of items and their copies to evidence and back: rates and bounds follow from the document, and what was altered is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import beta
from task_evidence import GROUPS, LEVELS, build, policy_of

from evalharness.catalogue import task_metrics
from evalharness.errors import Altered
from evalharness.evidence import Evidence, estimates_of, evidence_bytes, read_evidence
from evalharness.evidence.rederive import rederive
from evalharness.metrics import measure
from evalharness.metrics.copies import copy_estimates
from evalharness.records import CopyKind
from evalharness.tally import ConfusionTally, CopyCounter, Counter, Slices
from evalharness.workflows.copy_tallies import copies_as_json
from evalharness.workflows.tallies import tally_from_evidence

KINDS = (CopyKind(name="marker", of=("sex",), changed="only the marker changed"), CopyKind(name="noise", changed="something moved"))
TASKS = ("binary", "ordinal", "ranking", "risk")


def _tally(task: str, *, clustered: bool, rows: int = 1_500) -> ConfusionTally:
    of, rng = task_metrics(task, LEVELS.get(task, ())), np.random.default_rng(5)
    size = len(of.levels) if of.ordinal else 2
    labels, items = (rng.integers(-1, size, rows).astype(np.int8) for _ in range(2))
    groups = {name: rng.integers(0, len(levels), rows).astype(np.int32) for name, levels in GROUPS.items()}
    clusters = pa.array([f"case {n}" for n in rng.integers(0, rows // 4, rows)])
    counter = Counter(Slices(tuple(GROUPS), GROUPS, 2), clustered, of=of)
    counter.add(labels, items, groups, clusters)
    pairs = {}
    for kind in KINDS:
        some = Slices(tuple(GROUPS), GROUPS, 1)
        copies = CopyCounter(kind, of, pairs=some, decided=some, clustered=clustered)
        moved = np.where(rng.random(rows) < 0.9, items, rng.integers(-1, size, rows)).astype(np.int8)
        has = np.flatnonzero(rng.random(rows) < 0.3)
        copies.add(labels[has], items[has], moved[has], {name: codes[has] for name, codes in groups.items()}, clusters.take(pa.array(has)))
        pairs[f"under {kind.name}"] = copies.result().pairs
    return replace(counter.result(), pairs=pairs)


def _document(task: str, tally: ConfusionTally) -> dict[str, Any]:
    document = build(task, tally=tally)
    document["benchmark"]["clustered"] = tally.clustered
    document["tallies"]["copies"] = copies_as_json(tally.pairs, KINDS)
    return document


def _evidence(task: str, tally: ConfusionTally) -> Evidence:
    return read_evidence(evidence_bytes(_document(task, tally)))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("clustered", [False, True])
def test_pairs_come_back_and_the_same_estimates_follow(task: str, clustered: bool) -> None:
    tally = _tally(task, clustered=clustered)
    evidence = _evidence(task, tally)
    assert rederive(evidence) == ()
    again = tally_from_evidence(evidence, 2)
    assert list(again.pairs) == ["under marker", "under noise"]
    for condition, pairs in tally.pairs.items():
        assert again.pairs[condition].slices == pairs.slices
        for name in ("counts", "second", "clusters"):
            np.testing.assert_array_equal(getattr(again.pairs[condition], name), getattr(pairs, name))
    assert measure(again, policy_of(task), 0.95) == estimates_of(evidence)


@pytest.mark.parametrize("task", TASKS)
def test_rates_and_bounds_are_those_of_clopper_and_pearson_at_the_effective_number_of_pairs(task: str) -> None:
    tally = _tally(task, clustered=True)
    for estimate in copy_estimates(tally, policy_of(task), 0.95):
        pairs = tally.pairs[estimate.condition]
        at, metric = pairs.slices.position(estimate.group), pairs.of.metrics[estimate.metric]
        part, whole = (float(np.array(w) @ pairs.counts[at]) for w in (metric.numerator, metric.denominator))
        n_eff = whole**2 / float(np.array(metric.denominator) @ pairs.second[at] @ np.array(metric.denominator))
        k = part / whole * n_eff
        assert estimate.value == pytest.approx(part / whole)
        assert estimate.n_eff == pytest.approx(n_eff)
        assert estimate.upper == pytest.approx(beta.ppf(0.95, k + 1, n_eff - k), rel=1e-8)
        assert estimate.lower == pytest.approx(beta.ppf(0.05, k, n_eff - k + 1), rel=1e-8)
        assert estimate.worst_case is None


def test_everybody_has_every_metric_and_a_group_its_flip_rate() -> None:
    found = [(e.condition, e.metric) for e in copy_estimates(_tally("binary", clustered=False), policy_of("binary"), 0.95) if not e.group]
    assert found == [(c, m) for c in ("under marker", "under noise") for m in ("flip_rate", "newly_missed_rate", "newly_selected_rate")]
    grouped = [e for e in copy_estimates(_tally("binary", clustered=False), policy_of("binary"), 0.95) if e.group]
    assert {e.metric for e in grouped} == {"flip_rate"}
    assert len(grouped) == 2 * sum(len(levels) for levels in GROUPS.values())


def _one_more(document: dict[str, Any]) -> None:
    document["tallies"]["copies"][0]["pairs"][1]["counts"][0] += 1


def _another_rate(document: dict[str, Any]) -> None:
    next(e for e in document["estimates"] if e["metric"] == "flip_rate")["value"] = 0.0


def _fewer_clusters(document: dict[str, Any]) -> None:
    next(e for e in document["estimates"] if e["metric"] == "flip_rate")["n_eff"] *= 2


def _another_kind(document: dict[str, Any]) -> None:
    document["tallies"]["copies"][0]["kind"] = "proxy"


def _twice(document: dict[str, Any]) -> None:
    document["tallies"]["copies"].append(document["tallies"]["copies"][0])


def _more_pairs_than_items(document: dict[str, Any]) -> None:
    for row in document["tallies"]["copies"][0]["pairs"]:
        row["counts"] = [100 * count for count in row["counts"]]


def _nowhere(document: dict[str, Any]) -> None:
    document["tallies"]["copies"][0]["pairs"][1]["group"] = {"sex": "nobody"}


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (_one_more, "do not add up to everybody"),
        (_another_rate, "is recorded and the tallies give"),
        (_fewer_clusters, "n_eff is"),
        (_another_kind, "such pairs are not in the tallies"),
        (_twice, "the same kind stands there more than once"),
        (_more_pairs_than_items, "and there are"),
        (_nowhere, "not the groups that are counted"),
    ],
)
def test_what_was_altered_is_told(alter: Any, told: str) -> None:
    document = _document("binary", _tally("binary", clustered=True))
    alter(document)
    assert any(told in problem for problem in rederive(read_evidence(evidence_bytes(document))))


def test_counts_of_another_task_are_not_read() -> None:
    document = _document("binary", _tally("binary", clustered=True))
    document["tallies"]["copies"][0]["pairs"][0]["counts"].append(0)
    with pytest.raises(Altered):
        read_evidence(evidence_bytes(document))
    linked = build("linkage")
    linked["tallies"]["copies"] = _document("binary", _tally("binary", clustered=True))["tallies"]["copies"]
    with pytest.raises(Altered):
        read_evidence(evidence_bytes(linked))
