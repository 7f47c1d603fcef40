"""What is left of records and links for measures of whole entities: who was put together with whom, and which pairs were put forward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.predictions.components import Components
from evalharness.predictions.link_sums import Entities
from evalharness.stats.linkage import Overlap, overlap

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinkedRecords:
    """T true entities, in the order of their numbers."""

    cells: Overlap
    """Of all records: true by predicted entities. A chain of made links joins all of its records."""
    inside: Overlap
    """Likewise inside the candidates: an entity is in parts where no chain of its candidate pairs joins it, and only links that candidate
    pairs hold join records."""
    entity_of_part: Integers
    """[true clusters of `inside`] the entity."""
    named: bool
    """Whether the classifier named entities; otherwise it scored pairs."""
    found: Integers
    """[T] true links that candidate pairs hold and that were made."""
    held: Integers
    """[T] true links that candidate pairs hold."""
    false: tuple[Integers, Integers, Integers]
    """False links that candidate pairs hold and that were made: (one entity, the other, how many), each pair of entities once."""
    groups: Mapping[str, Integers]
    """Attribute -> [T] group code of the entity's first record."""


class LinkedCounter:
    """Takes candidate pairs in pieces. Memory: some 50 bytes a record, and 8 a false link."""

    def __init__(self, entities: Integers, predicted: Integers | None, groups: Mapping[str, NDArray[np.int32]]) -> None:
        """entities: [records] whose each is, numbered from 0; predicted: [records] the named entity, -1 for none, or null where pairs
        are scored; groups: attribute -> [records] code."""
        self._entities, self._predicted = Entities(entities), predicted
        self._groups = groups
        self._true, self._made = Components(len(entities)), Components(len(entities))
        self._found = np.zeros(len(self._entities.sizes), dtype=np.int64)
        self._held = np.zeros(len(self._entities.sizes), dtype=np.int64)
        self._false: list[Integers] = []

    def add(self, lower: Integers, higher: Integers, labels: NDArray[np.int8], decisions: NDArray[np.int8]) -> None:
        """Candidate pairs, each once."""
        of, count = self._entities.of, len(self._held)
        true, made = labels == 1, decisions == 1
        self._true.join(lower[true], higher[true])
        self._made.join(lower[made], higher[made])
        self._held += np.bincount(of[lower[true]], minlength=count)
        self._found += np.bincount(of[lower[true & made]], minlength=count)
        wrong = made & ~true
        one, other = of[lower[wrong]], of[higher[wrong]]
        self._false.append(np.minimum(one, other) * count + np.maximum(one, other))

    def result(self) -> LinkedRecords:
        """All of it."""
        of, count = self._entities.of, max(len(self._held), 1)
        made, parts = self._made.numbers(), self._true.numbers()
        inside = overlap(parts, made)
        keys, pairs = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *self._false]), return_counts=True)
        one, other = np.divmod(keys, count)
        return LinkedRecords(
            cells=overlap(of, made if self._predicted is None else _alone(self._predicted)),
            inside=inside,
            entity_of_part=of[np.unique(parts)],
            named=self._predicted is not None,
            found=self._found,
            held=self._held,
            false=(one, other, pairs.astype(np.int64)),
            groups={name: codes[self._entities.first].astype(np.int64) for name, codes in self._groups.items()},
        )


def _alone(predicted: Integers) -> Integers:
    """Records without an answer stand alone."""
    none = predicted < 0
    return np.where(none, predicted.max(initial=0) + np.cumsum(none), predicted)
