"""From rows as they are stored to batches as the later stages see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.benchmarks.batch import Batch, Column
from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.exact import Rows, length
from evalharness.benchmarks.features import as_feature
from evalharness.benchmarks.numbers import as_numbers
from evalharness.benchmarks.queue_codes import QueueCodes
from evalharness.benchmarks.split_facts import MISSING
from evalharness.benchmarks.text import as_text, codes_into
from evalharness.records import BenchmarkInfo


class Batcher:
    """Makes the batches of one pass over one split."""

    def __init__(
        self,
        *,
        info: BenchmarkInfo,
        declared: Columns,
        features: Mapping[str, tuple[str, str]],
        levels: Mapping[str, tuple[str, ...]],
        asked: frozenset[Column],
    ) -> None:
        """`features`: column -> (type, digest); `levels`: attribute -> its levels in the split."""
        self._features = features
        self._declared = declared
        self._asked = asked
        self._indices = {attribute: {level: i for i, level in enumerate(names)} for attribute, names in levels.items()}
        self._rising = {level: i for i, level in enumerate(info.levels)}
        self._two = {info.positive: 1, **({info.negative: 0} if info.negative else {})} if info.positive else None
        self._queues = QueueCodes()
        self._start = 0

    @property
    def wanted(self) -> list[str]:
        """The stored columns that are needed; at least one."""
        declared = self._declared
        parts: dict[Column, tuple[str | None, ...]] = {
            "ids": (declared.id,),
            "labels": (declared.label,),
            "groups": declared.groups,
            "clusters": (declared.cluster,),
            "features": declared.features,
            "queues": (declared.queue,),
            "arrived": (declared.arrived,),
            "minutes": (declared.minutes,),
            "bands": (declared.band,),
            "entities": (declared.entity,),
            "inclusion": (declared.inclusion,),
        }
        names = [name for part, of_part in parts.items() if part in self._asked for name in of_part if name is not None]
        return list(dict.fromkeys(names)) or [declared.id]

    def batch(self, rows: Rows, known_bands: Any | None = None) -> Batch:
        """The next rows of the split; `known_bands`: their bands as text, where the table does not hold them."""
        declared, n = self._declared, length(rows)
        labels = self._part("labels", rows, declared.label)
        clusters = self._part("clusters", rows, declared.cluster)
        queues = self._part("queues", rows, declared.queue)
        arrived = self._part("arrived", rows, declared.arrived)
        minutes = self._part("minutes", rows, declared.minutes)
        bands = self._part("bands", rows, declared.band) if known_bands is None else known_bands
        entities = self._part("entities", rows, declared.entity)
        inclusion = self._part("inclusion", rows, declared.inclusion)
        batch = Batch(
            start=self._start,
            rows=n,
            ids=as_text(rows[declared.id]) if "ids" in self._asked else None,
            labels=None if labels is None else self._labels(labels),
            groups=self._groups(rows) if "groups" in self._asked else None,
            clusters=None if clusters is None else as_text(clusters),
            features=self._feature_table(rows) if "features" in self._asked else None,
            queues=None if queues is None else self._queues.of(queues),
            arrived=None if arrived is None else as_numbers(arrived).to_numpy(),
            minutes=None if minutes is None else as_numbers(minutes).to_numpy(),
            bands=None if bands is None else codes_into(bands, self._rising, missing=-1).astype(np.int8),
            entities=None if entities is None else as_text(entities),
            inclusion=None if inclusion is None else as_numbers(inclusion).to_numpy(),
        )
        self._start += n
        return batch

    def _part(self, part: Column, rows: Rows, name: str | None) -> Any | None:
        return rows[name] if part in self._asked and name is not None else None

    def _labels(self, array: Any) -> npt.NDArray[np.int8]:
        return codes_into(array, self._rising if self._two is None else self._two, missing=-1).astype(np.int8)

    def _groups(self, rows: Rows) -> dict[str, npt.NDArray[np.int32]]:
        return {name: codes_into(rows[name], index, missing=index.get(MISSING, -1)) for name, index in self._indices.items()}

    def _feature_table(self, rows: Rows) -> Any:
        return pa.table({name: as_feature(rows[name], kind) for name, (kind, _) in self._features.items()})
