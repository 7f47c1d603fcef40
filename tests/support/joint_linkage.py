"""Linking with all records of a region at once: Gibbs sampling of who belongs to whom, with the generator's own chances.

For the question how much more is known than from each pair alone. For recipes without harms: one channel, no repeats, no mistakes. That the
last entity of a region is cut to fit is left out: the chances are those of a stretch of an endless row of entities.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from linkage_recipe import Linked

from evalharness.benchmarks.families.case_linkage.frequencies import NEIGHBOUR, weights_of
from evalharness.benchmarks.families.ingredients.shares import ONE_16, ONE_32


def joint_chances(part: Linked, regions: int, rng: np.random.Generator, *, sweeps: int, burn: int) -> Any:
    """[regions, records, records] how often two records were of one entity, over the sweeps after the first `burn`."""
    size = part.dials.regions.size
    sampler = _Sampler(part, regions, size)
    counts = np.zeros((regions, size, size))
    for sweep in range(sweeps):
        for record in rng.permutation(size).tolist():
            sampler.move(record, rng)
        if sweep >= burn:
            counts += sampler.of[:, :, None] == sampler.of[:, None, :]
    return counts / (sweeps - burn)


class _Sampler:
    """One state for each region; a step moves one record in each of them."""

    def __init__(self, part: Linked, regions: int, size: int) -> None:
        values = part.made.values[:, : regions * size].reshape(-1, regions, size)
        tables = [_copying(part, row) for row in range(len(values))]
        self.frequencies = [frequency for frequency, _ in tables]
        self.copies = [table.T[own] for (_, table), own in zip(tables, values, strict=True)]
        """For each attribute: [regions, records, true values] chance that the true value is copied so."""
        self.regions = np.arange(regions)
        self.of = np.tile(np.arange(size), (regions, 1))
        self.records = np.ones((regions, size), dtype=int)
        self.products = [frequency * own for frequency, own in zip(self.frequencies, self.copies, strict=True)]
        """For each attribute: [regions, entities, true values] chance of the value and of all copies of it."""
        shares = np.array(part.dials.entities.records)
        orders = shares * np.cumprod(np.arange(1, len(shares) + 1))
        self.grows = np.append(orders[1:] / orders[:-1], 0.0)
        """Of an entity of k + 1 records: how much more likely one of k + 2 is, any order of its records being the same."""
        self.single = orders[0]

    def move(self, record: int, rng: np.random.Generator) -> None:
        """Draws the record's entity anew, given everybody else's."""
        old = self.of[:, record]
        self.records[self.regions, old] -= 1
        for products, frequency, copies in zip(self.products, self.frequencies, self.copies, strict=True):
            left = products[self.regions, old] / copies[:, record]
            products[self.regions, old] = np.where(self.records[self.regions, old][:, None] == 0, frequency, left)
        weights = np.ones(self.records.shape)
        for products, copies in zip(self.products, self.copies, strict=True):
            weights *= (products * copies[:, record][:, None, :]).sum(axis=2) / products.sum(axis=2)
        empty = self.records == 0
        first_empty = empty & (np.cumsum(empty, axis=1) == 1)
        entities = np.count_nonzero(~empty, axis=1)[:, None]
        new_one = first_empty * self.single * (1 + entities)  # one entity more can stand at any place among the others
        weights *= np.where(empty, new_one, self.grows[np.maximum(self.records, 1) - 1])
        ends = np.cumsum(weights, axis=1)
        new = (ends < rng.random(len(ends))[:, None] * ends[:, -1:]).sum(axis=1)
        self.of[:, record] = new
        self.records[self.regions, new] += 1
        for products, copies in zip(self.products, self.copies, strict=True):
            products[self.regions, new] *= copies[:, record]


def _copying(part: Linked, row: int) -> tuple[Any, Any]:
    """([true values] frequency, [true values, codes] chance that it is copied so) of an attribute."""
    count = list(part.dials.attributes.values())[row]
    ends = part.split.limits[row, 0].astype(float) / ONE_32
    frequency = np.array(weights_of(count, part.dials.flatness)) / ONE_16
    table = np.tile(np.append((ends[1] - ends[0]) * frequency, ends[0]), (count, 1))
    values = np.arange(count)
    table[values, values ^ NEIGHBOUR] += ends[2] - ends[1]
    table[values, values] += 1 - ends[2]
    return frequency, table
