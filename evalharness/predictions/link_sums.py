"""Pairs of records counted by record or by entity, where listing them one by one would take the square of the records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evalharness.predictions.answers import ANSWERED, STATUSES
from evalharness.predictions.decide import NO_ANSWER, NOT_SELECTED, SELECTED

Integers = NDArray[np.int64]


class Sum(NamedTuple):
    """Pairs that are alike."""

    label: int
    """1 where the two records truly belong to one entity, else 0."""
    decision: int
    """1 linked, 0 not, -1 no answer."""
    status: int
    """Status code: the graver one where the two records have different ones."""
    records: Integers
    """Records whose groups and cluster are the pairs'."""
    pairs: Integers
    """How many pairs each of them stands for; none is zero."""


class Entities:
    """To whom the records truly belong. Numbers of the entities are 0, 1, 2 …"""

    def __init__(self, of: Integers) -> None:
        self.of = of
        """[records] entity of each."""
        self.sizes: Integers = np.bincount(of) if len(of) else np.zeros(0, dtype=np.int64)
        self.first: Integers = np.full(len(self.sizes), len(of), dtype=np.int64)
        """[entities] its first record."""
        np.minimum.at(self.first, of, np.arange(len(of)))

    @property
    def links(self) -> int:
        """Pairs of records of one entity."""
        return int(pairs_among(self.sizes).sum())


def pairs_among(records: Integers) -> Integers:
    """Pairs that so many records make."""
    return records * (records - 1) // 2


def links_not_held(entities: Entities, held: Integers) -> Iterator[Sum]:
    """True links that no candidate pair holds, where candidate pairs are scored: nobody proposed them, so they are missed.

    held: [entities] true links among the candidates.
    """
    yield from _sums(1, NOT_SELECTED, ANSWERED, entities.first, pairs_among(entities.sizes) - held)


def links_by_entity(entities: Entities, predicted: Integers, status: NDArray[np.uint8]) -> Iterator[Sum]:
    """All true links, and all false links that were predicted, where each record was put into an entity.

    predicted: [records] the predicted entity, used where the status is ANSWERED.
    """
    answered = np.flatnonzero(status == ANSWERED)
    found = found_links(entities, predicted, answered)
    upto = np.zeros(len(entities.sizes), dtype=np.int64)
    for code in sorted(STATUSES):
        before = pairs_among(upto)
        upto = upto + np.bincount(entities.of[status == code], minlength=len(upto))
        pairs = pairs_among(upto) - before
        if code == ANSWERED:
            yield from _sums(1, SELECTED, code, entities.first, found)
            yield from _sums(1, NOT_SELECTED, code, entities.first, pairs - found)
        else:
            yield from _sums(1, NO_ANSWER, code, entities.first, pairs)
    together = later_alike(predicted[answered], np.zeros(len(answered), dtype=np.int64))
    rightly = later_alike(predicted[answered], entities.of[answered])
    yield from _sums(0, SELECTED, ANSWERED, answered, together - rightly)


def _sums(label: int, decision: int, status: int, records: Integers, pairs: Integers) -> Iterator[Sum]:
    some = pairs > 0
    if some.any():
        yield Sum(label, decision, status, records[some], pairs[some])


def found_links(entities: Entities, predicted: Integers, answered: Integers) -> Integers:
    """[entities] true links whose two records were put into one entity."""
    own, said = entities.of[answered], predicted[answered]
    order = np.lexsort((said, own))
    begins = _begins(own[order], said[order])
    found = np.zeros(len(entities.sizes), dtype=np.int64)
    np.add.at(found, own[order][begins], pairs_among(np.diff(begins, append=len(order))))
    return found


def later_alike(one: Integers, other: Integers) -> Integers:
    """[rows] how many later rows have the same pair of numbers."""
    order = np.lexsort((other, one))  # stable: equal rows stay in their order
    begins = _begins(one[order], other[order])
    sizes = np.diff(begins, append=len(order))
    later = np.empty(len(order), dtype=np.int64)
    later[order] = np.repeat(begins + sizes, sizes) - np.arange(len(order)) - 1
    return later


def _begins(one: Integers, other: Integers) -> Integers:
    """Where runs of equal pairs begin."""
    changes = np.flatnonzero((one[1:] != one[:-1]) | (other[1:] != other[:-1])) + 1
    return np.concatenate([np.zeros(min(1, len(one)), dtype=np.int64), changes])
