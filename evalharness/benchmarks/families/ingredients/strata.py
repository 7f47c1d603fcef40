"""Strata: the combinations of groups that some dial treats differently. All else of the groups changes nothing and is summed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.shares import ONE_32, drawn_shares, ends, exactly, threshold

GroupCell = Mapping[str, str]
"""Attribute -> level; an item belongs to it when it has all of these levels. Empty: everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strata:
    """Strata numbered by the bits of membership that occur, in ascending order of those bits."""

    attributes: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    ends: tuple[npt.NDArray[np.uint32], ...]
    """For each attribute: upper ends of its levels, in declared order."""
    members: npt.NDArray[np.bool_]
    """[strata, cells]: whether the items of a stratum belong to each of the `cells` asked for."""
    of_cell: npt.NDArray[np.int64]
    """Product of all attributes' levels (first attribute slowest) -> stratum."""
    shares: npt.NDArray[np.float64]
    """[strata] probability as it is really drawn."""
    cell_shares: npt.NDArray[np.float64]
    """[product of all levels] likewise."""

    def __len__(self) -> int:
        return len(self.shares)

    def of(self, codes: Sequence[npt.NDArray[np.integer]]) -> npt.NDArray[np.int64]:
        """Stratum of each item, from its level codes by attribute in declared order."""
        cell = np.zeros(len(codes[0]), dtype=np.int64)
        for attribute, code in zip(self.attributes, codes, strict=True):
            cell = cell * len(self.levels[attribute]) + code
        return self.of_cell[cell]

    def shares_within(self, attribute: str) -> npt.NDArray[np.float64]:
        """[levels, strata]: P(stratum | level of the attribute)."""
        sizes = [len(self.levels[name]) for name in self.attributes]
        axis = self.attributes.index(attribute)
        table = np.moveaxis(self.cell_shares.reshape(sizes), axis, 0).reshape(sizes[axis], -1)
        numbers = np.moveaxis(self.of_cell.reshape(sizes), axis, 0).reshape(sizes[axis], -1)
        found = np.zeros((sizes[axis], len(self)))
        for level in range(sizes[axis]):
            for share, stratum in zip(table[level].tolist(), numbers[level].tolist(), strict=True):
                found[level, stratum] += share
            total = 0.0
            for share in found[level].tolist():
                total += share
            found[level] /= total
        return found


def strata_of(groups: Mapping[str, Mapping[str, float]], cells: Sequence[GroupCell]) -> Strata:
    """Strata of independent attributes, `groups` attribute -> level -> share, by membership in each of `cells`."""
    attributes = tuple(groups)
    levels = {name: tuple(groups[name]) for name in attributes}
    upper = tuple(ends(exactly(share) for share in groups[name].values()) for name in attributes)
    each = [drawn_shares(e).tolist() for e in upper]
    bits, weights = [], []
    for codes in product(*(range(len(levels[name])) for name in attributes)):
        level = {name: levels[name][code] for name, code in zip(attributes, codes, strict=True)}
        bits.append(tuple(all(level.get(a) == wanted for a, wanted in cell.items()) for cell in cells))
        weight = 1.0
        for share, code in zip(each, codes, strict=True):
            weight *= share[code]
        weights.append(weight)
    known = sorted(set(bits))
    number = {found: i for i, found in enumerate(known)}
    of_cell = np.array([number[found] for found in bits], dtype=np.int64)
    shares = np.zeros(len(known))
    for stratum, weight in zip(of_cell.tolist(), weights, strict=True):
        shares[stratum] += weight
    return Strata(
        attributes=attributes,
        levels=levels,
        ends=upper,
        members=np.array(known, dtype=np.bool_).reshape(len(known), len(cells)),
        of_cell=of_cell,
        shares=shares,
        cell_shares=np.array(weights),
    )


def thinned(strata: Strata, group: GroupCell, share: Fraction) -> Strata:
    """Shares where a unit of the group is, in `share` of the cases, drawn once more among everybody (`threshold(share)` of 32 bits)."""
    again = threshold(share) / ONE_32
    levels = [strata.levels[name] for name in strata.attributes]
    inside = [all(dict(zip(strata.attributes, cell, strict=True))[a] == wanted for a, wanted in group.items()) for cell in product(*levels)]
    anew = 0.0
    for weight, is_inside in zip(strata.cell_shares.tolist(), inside, strict=True):
        anew += weight * again if is_inside else 0.0
    kept = [weight * (1 - again) if is_inside else weight for weight, is_inside in zip(strata.cell_shares.tolist(), inside, strict=True)]
    cell_shares = np.array(kept) + anew * strata.cell_shares
    shares = np.zeros(len(strata))
    for stratum, weight in zip(strata.of_cell.tolist(), cell_shares.tolist(), strict=True):
        shares[stratum] += weight
    return replace(strata, shares=shares, cell_shares=cell_shares)
