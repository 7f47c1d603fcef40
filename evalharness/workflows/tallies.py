"""Tallies to the JSON of evidence and back: all that the bounds depend on is in the evidence, so anyone can compute them again."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalharness.catalogue import OUTCOMES
from evalharness.evidence import Evidence
from evalharness.evidence.consistency import levels_of
from evalharness.records import group_as_json, group_from_json
from evalharness.tally import DENOMINATOR_NAMES, ConfusionTally, Slices

_UPPER = np.triu_indices(len(OUTCOMES))


def confusion_as_json(tally: ConfusionTally) -> list[dict[str, Any]]:
    """`tallies.confusion`: six counts a group."""
    groups = [group_as_json(group) for group in tally.slices.groups]
    return [{"group": group, **dict(zip(OUTCOMES, row, strict=True))} for group, row in zip(groups, tally.counts.tolist(), strict=True)]


def moments_as_json(tally: ConfusionTally) -> list[dict[str, Any]]:
    """`tallies.moments`: the upper triangle of the second moments of the clusters, and clusters by denominator, a group."""
    second = tally.second[:, _UPPER[0], _UPPER[1]].tolist()
    clusters = [dict(zip(DENOMINATOR_NAMES, row, strict=True)) for row in tally.clusters.tolist()]
    groups = [group_as_json(group) for group in tally.slices.groups]
    return [{"group": g, "second": s, "clusters": c} for g, s, c in zip(groups, second, clusters, strict=True)]


def tally_from_evidence(evidence: Evidence, depth: int) -> ConfusionTally:
    """The tally that the evidence was computed from. Raises KeyError where the evidence lacks a group."""
    levels = levels_of(evidence)
    attributes = evidence.benchmark.attributes
    slices = Slices(attributes=attributes, levels={a: levels[a] for a in attributes}, depth=depth)
    rows = {group_from_json(part.group): part for part in evidence.tallies.confusion}
    moments = {group_from_json(part.group): part for part in evidence.tallies.moments}
    counts = np.array([rows[group].counts for group in slices.groups], dtype=np.int64)
    second = np.zeros((len(slices.groups), len(OUTCOMES), len(OUTCOMES)), dtype=np.int64)
    second[:, _UPPER[0], _UPPER[1]] = [moments[group].second for group in slices.groups]
    second[:, _UPPER[1], _UPPER[0]] = second[:, _UPPER[0], _UPPER[1]]
    clusters = np.array([[moments[group].clusters[name] for name in DENOMINATOR_NAMES] for group in slices.groups], dtype=np.int64)
    return ConfusionTally(slices=slices, counts=counts, second=second, clusters=clusters, clustered=evidence.benchmark.clustered)
