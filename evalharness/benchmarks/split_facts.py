"""What is known of a split after every row was seen once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

MISSING = "(missing)"
"""The level of a row without a value for an attribute: judged like any other."""


@dataclass(slots=True, kw_only=True)
class SplitFacts:
    """Filled while rows go by."""

    rows: int = 0
    labelled: int = 0
    labels: dict[str, int] = field(default_factory=dict)
    """Label -> rows; empty for linkage."""
    positives: int = 0
    """Rows of the positive label; 0 for ordinal and linkage."""
    first: int = -1
    """Number of its first row in the table, from 0."""
    last: int = -1
    levels: dict[str, dict[str, int]] = field(default_factory=dict)
    """Attribute -> level -> rows."""
    clusters: int = 0
    """Runs of rows of one cluster; equal to the number of clusters when `contiguous`."""
    ascending: bool = True
    """Whether each run's cluster is greater than the one before."""
    contiguous: bool = True
    """Whether each cluster is one run of rows."""
    last_cluster: str | None = None

    @property
    def one_run(self) -> bool:
        """Whether its rows stand together in the table."""
        return self.last - self.first + 1 == self.rows

    def add_levels(self, attribute: str, codes: npt.NDArray[np.int32], texts: list[str]) -> None:
        """Counts levels; code -1 is no value."""
        counts = np.bincount(codes + 1, minlength=len(texts) + 1)
        levels = self.levels.setdefault(attribute, {})
        for text, count in zip([MISSING, *texts], counts.tolist(), strict=True):
            if count:
                levels[text] = levels.get(text, 0) + count
