"""Tallies to the JSON of evidence and back: all that the bounds depend on is in the evidence, so anyone can compute them again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from evalharness.catalogue import denominators_that_came_later
from evalharness.evidence import Evidence
from evalharness.evidence.consistency import levels_of
from evalharness.evidence.tallied import CountsPart
from evalharness.records import group_as_json, group_from_json
from evalharness.tally import ConfusionTally, Slices
from evalharness.workflows.beside_json import beside_from_evidence
from evalharness.workflows.copy_tallies import pairs_from_evidence


def counts_as_json(tally: ConfusionTally) -> dict[str, list[dict[str, Any]]]:
    """`tallies.ordinal` for an ordinal task, `tallies.confusion` for the others: the counts of every group."""
    groups = [group_as_json(group) for group in tally.slices.groups]
    rows: list[list[int]] = tally.counts.tolist()
    if tally.of.ordinal:
        return {"ordinal": [{"group": group, **_matrix(tally.of.levels, row)} for group, row in zip(groups, rows, strict=True)]}
    return {
        "confusion": [{"group": group, **dict(zip(tally.of.outcomes, row, strict=True))} for group, row in zip(groups, rows, strict=True)]
    }


def _matrix(levels: tuple[str, ...], counts: list[int]) -> dict[str, Any]:
    size = len(levels)
    matrix = [counts[true * size : (true + 1) * size] for true in range(size)]
    return {"labels": list(levels), "matrix": matrix, "no_answer": counts[size * size :]}


def moments_as_json(tally: ConfusionTally) -> list[dict[str, Any]]:
    """`tallies.moments`: the upper triangle of the second moments of the clusters, and clusters by denominator, a group."""
    above, beside = np.triu_indices(len(tally.of.outcomes))
    second = tally.second[:, above, beside].tolist()
    clusters = [dict(zip(tally.of.denominator_names, row, strict=True)) for row in tally.clusters.tolist()]
    groups = [group_as_json(group) for group in tally.slices.groups]
    return [{"group": g, "second": s, "clusters": c} for g, s, c in zip(groups, second, clusters, strict=True)]


def others_as_json(tally: ConfusionTally) -> list[dict[str, Any]]:
    """`tallies.others`: the same of every other condition."""
    return [
        {"condition": condition, **counts_as_json(other), "moments": moments_as_json(other)} for condition, other in tally.others.items()
    ]


def strata_as_json(tally: ConfusionTally) -> list[dict[str, Any]]:
    """`tallies.strata`: the same of the items drawn with each chance."""
    return [{"inclusion": chance, **counts_as_json(part), "moments": moments_as_json(part)} for chance, part in tally.strata]


def tally_from_evidence(evidence: Evidence, depth: int) -> ConfusionTally:
    """The tally that the evidence was computed from. Raises KeyError where the evidence lacks a group or a number of clusters.

    Clusters of denominators that only later metrics have are 0 where an older evidence does not know them: it has no estimate of those.
    """
    others = {
        other.condition: _tally(evidence, other, max((len(row.group) for row in other.counted), default=0))
        for other in evidence.tallies.others
    }
    told = evidence.predictions
    account = {name: getattr(told, name) for name in ("items", "answered", "missing", "duplicate", "invalid")}
    own = _tally(evidence, evidence.tallies, depth)
    strata = tuple((part.inclusion, _tally(evidence, part, depth)) for part in evidence.tallies.strata)
    shares = tuple(part.record for part in evidence.tallies.shares)
    sample = evidence.oversight and evidence.oversight.sample
    sampled = sample.record if sample else None
    return replace(own, strata=strata, others=others, pairs=pairs_from_evidence(evidence), account=account, shares=shares, sampled=sampled)


def _tally(evidence: Evidence, tallies: CountsPart, depth: int) -> ConfusionTally:
    levels = levels_of(evidence)
    attributes = evidence.benchmark.attributes
    slices = Slices(attributes=attributes, levels={a: levels[a] for a in attributes}, depth=depth)
    of = evidence.benchmark.task_metrics
    above, beside = np.triu_indices(len(of.outcomes))
    rows = {group_from_json(part.group): part for part in tallies.counted}
    moments = {group_from_json(part.group): part for part in tallies.moments}
    counts = np.array([rows[group].counts for group in slices.groups], dtype=np.int64)
    second = np.zeros((len(slices.groups), len(of.outcomes), len(of.outcomes)), dtype=np.int64)
    second[:, above, beside] = [moments[group].second for group in slices.groups]
    second[:, beside, above] = second[:, above, beside]
    unknown = dict.fromkeys(denominators_that_came_later(of), 0)
    known = [unknown | moments[group].clusters for group in slices.groups]
    clusters = np.array([[row[name] for name in of.denominator_names] for row in known], dtype=np.int64)
    return ConfusionTally(
        slices=slices, counts=counts, second=second, clusters=clusters, clustered=evidence.benchmark.counted_in_clusters, of=of,
        beside=beside_from_evidence(evidence) if tallies is evidence.tallies else {},
    )  # fmt: skip
