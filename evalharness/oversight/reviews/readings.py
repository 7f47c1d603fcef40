"""The readings of a study as arrays: who was to read what, what they were shown, what they said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
NOTHING = -1
"""No answer of the classifier, no decision of a reviewer, no label."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Which two records each of M items is: places among the records, none of them twice."""

    lower: Ints
    higher: Ints
    """Greater than `lower`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What is known of M items beside the log, in the benchmark's own words."""

    ids: pa.Array
    """[M] distinct; where items are pairs, [records]."""
    labels: Bytes
    """[M] what they are; -1 where nobody knows."""
    decisions: Bytes
    """[M] what the classifier decides; -1 without an answer."""
    words: Mapping[str, int]
    """Each word for a label, and its value."""
    shown_words: Mapping[str, int] | None = None
    """Each word for a decision; None: those for labels."""
    pairs: Pairs | None = None
    """Where items are pairs of records."""
    relevant_from: int = 1
    """The least value that is relevant."""
    cases: Ints | None = None
    """[M] codes of the cases that items belong to; None: each item is its own."""
    not_readers: frozenset[str] = frozenset()
    """People who made the classifier."""

    @property
    def told(self) -> Mapping[str, int]:
        """Each word for a decision of the classifier, and its value."""
        return self.words if self.shown_words is None else self.shown_words


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readings:
    """N readings that were assigned, or where nobody listed those, that were logged."""

    item: Ints
    """[N] places among the items."""
    reviewer: Ints
    """[N] codes."""
    reading: Bytes
    """[N] 1, 2 or 3."""
    blind: Flags
    seeded: Flags
    shown: Bytes
    """[N] what the reviewer was told, -1 for no answer; where blind, or nobody read, what the classifier decides."""
    said: Bytes
    """[N] -1 without a decision."""
    read: Flags
    """[N] whether it is in the log."""
    shift: Ints
    """[N] codes; of what nobody read one for each reviewer."""
    seconds: npt.NDArray[np.float64]
    """[N] NaN where nobody read."""
    time: npt.NDArray[np.int64]
    """[N] microseconds since 1970, 0 where nobody read."""
    opened: npt.NDArray[np.int64] | None = None
    views: Ints | None = None

    @property
    def number(self) -> int:
        """N."""
        return len(self.item)
