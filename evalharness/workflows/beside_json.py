"""Counts beside other models to the JSON of evidence and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evalharness.evidence import Evidence
from evalharness.evidence.consistency import levels_of
from evalharness.records import group_as_json, group_from_json
from evalharness.records.condition import condition_of
from evalharness.records.reference import MeasuredReference
from evalharness.tally import ConfusionTally, Slices
from evalharness.tally.paired import KINDS, PairedTally

_ABOVE, _BESIDE = np.triu_indices(len(KINDS))


def beside_as_json(tally: ConfusionTally, references: Sequence[MeasuredReference]) -> list[dict[str, Any]]:
    """`tallies.beside`: which model it was, and who was right where, a metric and group."""
    by_name = {reference.name: reference for reference in references}
    found = []
    for condition, paired in tally.beside.items():
        model = by_name[condition_of(condition).relative_to]
        rows = [
            {
                "group": group_as_json(group),
                "metric": metric,
                "kinds": paired.counts[at, place].tolist(),
                "second": paired.second[at, place][_ABOVE, _BESIDE].tolist(),
                "clusters": int(paired.clusters[at, place]),
            }
            for at, group in enumerate(paired.slices.groups)
            for place, metric in enumerate(paired.metrics)
        ]
        told = {"model": model.model, "version": model.version, "digest": model.digest, **({"card": model.card} if model.card else {})}
        found.append({"condition": condition, **told, "rows": rows})
    return found


def beside_from_evidence(evidence: Evidence) -> dict[str, PairedTally]:
    """By condition. Raises KeyError where a group or metric is missing."""
    levels, attributes = levels_of(evidence), evidence.benchmark.attributes
    found = {}
    for part in evidence.tallies.beside:
        rows = {(group_from_json(row.group), row.metric): row for row in part.rows}
        metrics = tuple(dict.fromkeys(row.metric for row in part.rows))
        depth = max(len(row.group) for row in part.rows)
        slices = Slices(attributes=attributes, levels={a: levels[a] for a in attributes}, depth=depth)
        every = [[rows[group, metric] for metric in metrics] for group in slices.groups]
        second = np.zeros((len(every), len(metrics), len(KINDS), len(KINDS)), dtype=np.int64)
        second[..., _ABOVE, _BESIDE] = [[row.second for row in of] for of in every]
        second[..., _BESIDE, _ABOVE] = second[..., _ABOVE, _BESIDE]
        found[part.condition] = PairedTally(
            slices=slices,
            metrics=metrics,
            counts=np.array([[row.kinds for row in of] for of in every], dtype=np.int64),
            second=second,
            clusters=np.array([[row.clusters for row in of] for of in every], dtype=np.int64),
            clustered=evidence.benchmark.counted_in_clusters,
        )
    return found
