"""Pairs of items and their copies to the JSON of evidence and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evalharness.catalogue import copy_metrics
from evalharness.evidence import Evidence
from evalharness.evidence.consistency import levels_of
from evalharness.evidence.copied import CopiesPart
from evalharness.records import Condition, CopyKind, group_as_json, group_from_json
from evalharness.tally import ConfusionTally, Slices


def copies_as_json(pairs: Mapping[str, ConfusionTally], kinds: Sequence[CopyKind]) -> list[dict[str, Any]]:
    """`tallies.copies`: kind by kind, for every group its pairs, the upper triangle of their second moments, clusters by denominator."""
    return [
        {"kind": kind.name, "of": list(kind.of), "changed": kind.changed, "pairs": _pairs(counted)}
        for kind in kinds
        if (counted := pairs.get(Condition(under=kind.name).text)) is not None
    ]


def _pairs(tally: ConfusionTally) -> list[dict[str, Any]]:
    above, beside = np.triu_indices(len(tally.of.outcomes))
    numbers = tally.counts.tolist(), tally.second[:, above, beside].tolist(), tally.clusters.tolist()
    return [
        {
            "group": group_as_json(group),
            "counts": counts,
            "second": second,
            "clusters": dict(zip(tally.of.denominator_names, clusters, strict=True)),
        }
        for group, counts, second, clusters in zip(tally.slices.groups, *numbers, strict=True)
    ]


def pairs_from_evidence(evidence: Evidence) -> dict[str, ConfusionTally]:
    """By condition. Raises KeyError where a group or a number of clusters is missing."""
    return {part.condition: _tally(evidence, part) for part in evidence.tallies.copies}


def _tally(evidence: Evidence, part: CopiesPart) -> ConfusionTally:
    levels, attributes = levels_of(evidence), evidence.benchmark.attributes
    depth = max(len(row.group) for row in part.pairs)
    slices = Slices(attributes=attributes, levels={a: levels[a] for a in attributes}, depth=depth)
    of = copy_metrics(evidence.benchmark.task)
    size = len(of.outcomes)
    above, beside = np.triu_indices(size)
    rows = {group_from_json(row.group): row for row in part.pairs}
    second = np.zeros((len(slices.groups), size, size), dtype=np.int64)
    second[:, above, beside] = [rows[group].second for group in slices.groups]
    second[:, beside, above] = second[:, above, beside]
    clusters = [[rows[group].clusters[name] for name in of.denominator_names] for group in slices.groups]
    return ConfusionTally(
        slices=slices,
        counts=np.array([rows[group].counts for group in slices.groups], dtype=np.int64),
        second=second,
        clusters=np.array(clusters, dtype=np.int64),
        clustered=evidence.benchmark.counted_in_clusters,
        of=of,
    )
