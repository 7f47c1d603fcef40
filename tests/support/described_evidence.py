"""Described measures of a ranking and of a linkage, made by the real code on a few hundred rows, inside a document of such a run."""

from __future__ import annotations

from typing import Any

import numpy as np
from task_evidence import GROUPS, build

from evalharness.evidence.assemble import curve_as_json, estimate_as_json
from evalharness.metrics.linked import describe_linking
from evalharness.metrics.ranked import RankedLeads, describe_ranking
from evalharness.records import Description
from evalharness.tally.linked import LinkedCounter
from evalharness.tally.ordered import WaitingLeads

BUDGET = 50


def ranking_document(
    *, days: int = 30, minutes: bool = True, arrived: bool = True, strength: float = 3.0, size: int = 80
) -> dict[str, Any]:
    """Of `days` queues of `size` leads; the greater `strength`, the better the order."""
    draw = np.random.default_rng(8)
    n = days * size
    labels = (draw.random(n) < 0.1).astype(np.int8)
    relevant = int(labels.sum())
    ranked = RankedLeads(
        leads=WaitingLeads(
            queues=np.repeat(np.arange(days), size), labels=labels, minutes=draw.integers(4, 40, n) * 1.0 if minutes else None
        ),
        scores=draw.random(n) + strength * labels,
        arrived=draw.integers(0, 1440, n) * 1.0 if arrived else None,
        chances=labels * 0.9 if arrived else None,
        groups={name: draw.integers(0, len(levels), relevant).astype(np.int32) for name, levels in GROUPS.items()},
        levels=GROUPS,
    )
    return _with(build("ranking"), describe_ranking(ranked, budget=BUDGET, goal=0.8, level=0.95))


def linkage_document(*, entities: int = 60, named: bool = False) -> dict[str, Any]:
    """Of `entities` with three records each, of which one pair in five is not put forward."""
    draw = np.random.default_rng(9)
    of = np.repeat(np.arange(entities), 3)
    pairs = np.array([(3 * e + a, 3 * e + b) for e in range(entities) for a, b in ((0, 1), (0, 2), (1, 2)) if draw.random() < 0.8])
    wrong = np.array([(3 * e, 3 * e + 4) for e in range(entities - 1)])
    lower, higher = np.concatenate([pairs, wrong]).T
    predicted = np.where(draw.random(len(of)) < 0.1, (of + 1) % entities, of) if named else None
    linked = draw.random(len(lower)) < np.where(of[lower] == of[higher], 0.8, 0.05)
    if predicted is not None:
        linked = predicted[lower] == predicted[higher]
    counter = LinkedCounter(of, predicted, {name: (of % len(levels)).astype(np.int32) for name, levels in GROUPS.items()})
    counter.add(lower, higher, (of[lower] == of[higher]).astype(np.int8), linked.astype(np.int8))
    policy = {"operating_point": {"rule": "label"}} if named else None
    return _with(build("linkage", policy=policy), describe_linking(counter.result(), GROUPS, 0.95))


def _with(document: dict[str, Any], description: Description) -> dict[str, Any]:
    return {
        **document,
        "described": [estimate_as_json(e) for e in description.estimates],
        "curves": [curve_as_json(c) for c in description.curves],
    }
