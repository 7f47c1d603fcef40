"""Fresh ids: each names its export, so that the answers to one are never taken for answers to another."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.families.ingredients.columns import numbered

_FRESH = re.compile(r"blind-([0-9a-f]{16})-[0-9]{9}")


def fresh_ids(export: str, order: np.ndarray[Any, Any]) -> pa.Array:
    """`blind-EXPORT-NUMBER` in stored order: numbers by place in the shuffled export, so they tell nothing of the stored order."""
    return numbered(f"blind-{export}-", order)


def exports_in(ids: pa.Array) -> tuple[str, ...]:
    """The exports whose fresh ids are among these, in order of appearance."""
    perhaps = ids.filter(pc.starts_with(ids, "blind-"))  # without null
    matches = map(_FRESH.fullmatch, perhaps.to_pylist())
    return tuple(dict.fromkeys(match.group(1) for match in matches if match))
