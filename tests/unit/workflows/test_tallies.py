"""Tallies of every task to evidence and back: what was computed from them follows from the document alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from task_evidence import GROUPS, LEVELS, TASKS, build, policy_of

from evalharness.catalogue import task_metrics
from evalharness.evidence import Evidence, estimates_of, evidence_bytes, findings_of, read_evidence, translation_of
from evalharness.evidence.consistency import levels_of
from evalharness.evidence.rederive import rederive
from evalharness.metrics import measure, prospects, translation
from evalharness.records import Claim
from evalharness.requirements import expand, judge
from evalharness.tally import ConfusionTally, Counter, Slices
from evalharness.workflows.clock import parse_time
from evalharness.workflows.tallies import counts_as_json, moments_as_json, others_as_json, tally_from_evidence


def tally_of(task: str, *, clustered: bool, seed: int = 3, rows: int = 2_000) -> ConfusionTally:
    """Rows at random, a few without label or answer; clusters of about four rows, spanning groups."""
    of, rng = task_metrics(task, LEVELS.get(task, ())), np.random.default_rng(seed)
    size = len(of.levels) if of.ordinal else 2
    labels = rng.choice([-1, *range(size)], rows).astype(np.int8)
    decisions = np.where(rng.random(rows) < 0.8, labels, rng.integers(-1, size, rows)).astype(np.int8)
    groups = {name: rng.integers(0, len(levels), rows).astype(np.int32) for name, levels in GROUPS.items()}
    counter = Counter(Slices(tuple(GROUPS), GROUPS, 2), clustered, of=of)
    counter.add(labels, decisions, groups, pa.array([f"case {n}" for n in rng.integers(0, rows // 4, rows)]))
    return counter.result()


def evidence_of(task: str, tally: ConfusionTally) -> Evidence:
    document = build(task, tally=tally)
    document["benchmark"]["clustered"] = tally.clustered and task != "linkage"
    return read_evidence(evidence_bytes(document))


CASES = [(task, clustered) for task in TASKS for clustered in (False, True) if clustered or task != "linkage"]


@pytest.mark.parametrize(("task", "clustered"), CASES)
def test_a_tally_comes_back_as_it_was(task: str, clustered: bool):
    tally = tally_of(task, clustered=clustered)
    again = tally_from_evidence(evidence_of(task, tally), 2)
    assert (again.of, again.slices, again.clustered) == (tally.of, tally.slices, tally.clustered)
    for name in ("counts", "second", "clusters"):
        np.testing.assert_array_equal(getattr(again, name), getattr(tally, name))


@pytest.mark.parametrize(("task", "clustered"), CASES)
def test_the_document_agrees_with_itself(task: str, clustered: bool):
    evidence = evidence_of(task, tally_of(task, clustered=clustered))
    assert rederive(evidence) == ()


@pytest.mark.parametrize(("task", "clustered"), CASES)
def test_estimates_translation_and_findings_follow_from_the_recorded_tallies(task: str, clustered: bool):
    evidence = evidence_of(task, tally_of(task, clustered=clustered))
    policy, tally = policy_of(task), tally_from_evidence(evidence, 2)
    questions, _ = expand(policy, levels_of(evidence), parse_time(evidence.created).date())
    estimates = measure(tally, policy, 0.95, questions)
    assert estimates == estimates_of(evidence)
    assert translation(tally, policy, 0.95) == translation_of(evidence)
    more = prospects(tally, questions, policy, 0.95)
    findings = judge(questions, estimates, more, policy=policy, claim=Claim.REHEARSAL, level=0.95)
    assert findings == findings_of(evidence)
    assert {f.metric for f in findings} & {"exact_agreement", "recall_at_budget", "pairwise_recall", "recall"}


def test_grades_are_written_as_a_matrix_with_the_levels_beside_it():
    of = task_metrics("ordinal", ("low", "middle", "high"))
    counter = Counter(Slices((), {}, 0), clustered=False, of=of)
    counter.add(np.array([0, 1, 2, 2], dtype=np.int8), np.array([0, 2, -1, 1], dtype=np.int8), {}, None)
    tally = counter.result()
    matrix = [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert counts_as_json(tally) == {
        "ordinal": [{"group": {}, "labels": ["low", "middle", "high"], "matrix": matrix, "no_answer": [0, 0, 1]}]
    }
    moments = moments_as_json(tally)
    assert len(moments[0]["second"]) == 12 * 13 // 2
    assert moments[0]["clusters"] == {
        **{"items": 4, "top-level items": 2, "items above the lowest level": 3, "items of level 1": 1, "items of level 2": 1},
        **{f"items given level {rank}": 1 for rank in (1, 2, 3)},
    }


@pytest.mark.parametrize(("task", "clustered"), CASES)
def test_counts_under_another_condition_come_back_too(task: str, clustered: bool):
    """They may be of fewer groups; that nobody asked for them is told."""
    tally, whole = tally_of(task, clustered=clustered), tally_of(task, clustered=clustered, seed=4)
    other = replace(
        whole,
        slices=Slices(tuple(GROUPS), GROUPS, 1),
        **{name: getattr(whole, name)[: len(Slices(tuple(GROUPS), GROUPS, 1))] for name in ("counts", "second", "clusters")},
    )
    document = build(task, tally=tally)
    document["benchmark"]["clustered"] = tally.clustered and task != "linkage"
    document["tallies"]["others"] = others_as_json(replace(tally, others={"under token-noise": other}))
    evidence = read_evidence(evidence_bytes(document))
    again = tally_from_evidence(evidence, 2).others["under token-noise"]
    assert again.slices == other.slices
    for name in ("counts", "second", "clusters"):
        np.testing.assert_array_equal(getattr(again, name), getattr(other, name))
    assert any("the policy asks nothing of the kind" in problem for problem in rederive(evidence))


def test_altered_counts_under_another_condition_are_told():
    tally = tally_of("binary", clustered=True)
    document = build("binary", tally=tally)
    document["benchmark"]["clustered"] = True
    (other,) = others_as_json(replace(tally, others={"at budget 10": tally}))
    other["confusion"][1]["tp"] += 1
    document["tallies"]["others"] = [other]
    problems = rederive(read_evidence(evidence_bytes(document)))
    assert any("do not add up to everybody (at budget 10)" in problem for problem in problems)
    assert any("tallies.others: at budget 10" in problem for problem in problems)
