"""A policy of declared readers, and a tally with reader rates, for tests of classifier and people together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from small_workspace import policy

from evalharness.records import Policy
from evalharness.records.share import ShareRow
from evalharness.requirements import policy_from_document
from evalharness.tally import ConfusionTally, Slices
from evalharness.tally.shares import count_shares

NOBODY = Slices(attributes=(), levels={}, depth=0)
SELECTED = {"shown": "selected", "recall": {"low": 0.8, "high": 0.9}, "specificity": {"low": 0.6, "high": 0.8}}
BLIND = {"shown": "blind", "recall": {"low": 0.5, "high": 0.7}, "specificity": {"low": 0.9, "high": 1.0}}


def people(*readers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The block `human_in_the_loop`; more: beside `readers`, and `bands`."""
    bands = more.pop("bands", None)
    block: dict[str, Any] = {
        "minutes_per_review": 3, "items_per_week": 1000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
    }  # fmt: skip
    if bands is not None:
        block["bands"] = bands
    return {**block, "team": {"readers": list(readers), **more}} if readers else block


def stated(*readers: dict[str, Any], **more: Any) -> Policy:
    """A policy that declares these readers."""
    return policy_from_document(policy(human_in_the_loop=people(*readers, **more)), "sha256:" + "0" * 64)


def tally(counts: list[int], *rows: ShareRow, slices: Slices = NOBODY) -> ConfusionTally:
    """Independent items by outcome, and what was counted of readers."""
    table = np.array([counts] * len(slices.groups))
    return replace(ConfusionTally.of_independent(slices, table), shares=rows)


def reader_row(metric: str, part: int, total: int, **ways: np.ndarray) -> ShareRow:
    """The first `part` of `total` readings count."""
    (row,) = count_shares({metric: (np.arange(total) < part, np.ones(total, dtype=np.bool_))}, ways)
    return row
