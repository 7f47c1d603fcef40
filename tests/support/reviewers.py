"""Made-up reviewers and items for them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from evalharness.oversight.synthetic.dials import Dials
from evalharness.oversight.synthetic.readers import Items
from evalharness.oversight.synthetic.streams import item_codes

PLAIN: dict[str, Any] = {
    "schema": "evalharness/reviewers/v1", "benchmark": "made-here", "seed": 1, "reviewers": 40, "items": 1000,
    "sensitivity": {"mean": 0.8}, "specificity": {"mean": 0.9},
}  # fmt: skip


def dials_of(**changed: Any) -> Dials:
    """Plain dials with some of them changed."""
    return Dials.model_validate_json(json.dumps({**PLAIN, **changed}), strict=True)


def items_of(rows: int, *, prevalence: float, outcomes: int = 2, relevant_from: int = 1, miss: float = 0.2, seed: int = 5) -> Items:
    """Items whose answers are wrong with the chance `miss`, and lacking with 1 in 100."""
    rng = np.random.default_rng(seed)
    labels = np.where(rng.random(rows) < prevalence, rng.integers(1, outcomes, rows) if outcomes > 2 else 1, 0).astype(np.int8)
    wrong = (labels + rng.integers(1, outcomes, rows)) % outcomes
    decisions = np.where(rng.random(rows) < miss, wrong, labels)
    decisions = np.where(rng.random(rows) < 0.01, -1, decisions).astype(np.int8)
    codes = item_codes(seed, (f"item-{number}" for number in range(rows)))
    return Items(
        codes=codes, labels=labels, decisions=decisions, outcomes=outcomes, relevant_from=relevant_from,
        prevalence=float((labels > 0).mean()),
    )  # fmt: skip
