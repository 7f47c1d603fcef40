"""What a family of synthetic benchmarks must offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.columns import Columns
from evalharness.files.document import KeyPath
from evalharness.files.shape import Shape


class Dials(Protocol):
    """Checked dials: a pydantic model with at least these."""

    @property
    def family(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def seed(self) -> int: ...
    def faults(self) -> Iterator[tuple[KeyPath, str]]:
        """What no single dial shows: (place under `generate`, what is wrong)."""
        ...

    def split_rows(self) -> dict[str, int]:
        """Rows of each split, in stored order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Consecutive rows, of one split, in stored order."""

    columns: Mapping[str, Any]
    """Column -> pyarrow array, in stored order of columns."""
    posterior: npt.NDArray[np.int32]
    """P(positive | what a model receives) in whole steps of `Family.grid`."""
    within: npt.NDArray[np.int32] | None
    """P(positive | what a model receives, own level of `Family.shaped_by`) likewise; null where no attribute shapes the features."""


class Family(Protocol):
    """One recipe. Rows are sorted by cluster, ids ascend, each split is one run of rows."""

    name: str
    version: int
    """Raised whenever the same dials and seed make other bytes."""
    positive: str
    negative: str
    grid: float
    """Step to which posteriors are rounded."""

    @property
    def dials(self) -> type[Shape]:
        """The model of its dials; instances are `Dials`."""
        ...

    def columns(self, dials: Any) -> Columns:
        """Roles of the generated columns."""
        ...

    def shaped_by(self, dials: Any) -> str | None:
        """The attribute whose levels make other features for the same label; null when there is none.

        The posterior averages over its levels. What could best be found within one of them needs the posterior given that level too.
        """
        ...

    def pieces(self, dials: Any) -> Iterator[Piece]:
        """All rows. The same bytes on every machine, however the pieces are put together later."""
        ...

    def facts(self, dials: Any) -> dict[str, Any]:
        """What follows from the dials and is worth telling: plain JSON values."""
        ...
