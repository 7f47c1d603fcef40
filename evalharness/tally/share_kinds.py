"""Rows of few kinds to share rows: every kind is counted once in each way, and every share is added up from the kinds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from evalharness.errors import Fault
from evalharness.records import OVERALL, Group
from evalharness.records.share import ShareRow, Way
from evalharness.tally.shares import Codes, Flags
from evalharness.tally.slices import Slices, Subset

_FEW = 10_000
"""Places that a table may have in any case."""
_SPARSE = 4
"""Places a row that a table may have."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KindShare:
    """One share: [K] which kinds of rows count, and which are in the denominator."""

    metric: str
    part: Flags
    total: Flags
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Table:
    """Rows of each kind in each cluster, clusters of one group side by side."""

    counts: npt.NDArray[np.unsignedinteger]
    """[K, clusters of all groups]."""
    groups: Sequence[slice]
    """The clusters of each group."""


def count_kinds(
    shares: Sequence[KindShare], number: npt.NDArray[np.int64], ways: Mapping[str, Codes], *, slices: Slices | None = None,
    groups: Mapping[str, Codes] | None = None, in_groups: Collection[str] = (),
) -> dict[str, list[ShareRow]]:  # fmt: skip
    """By metric, the row of everybody, and of each group for those `in_groups`: the rows that `tally.shares.count_shares` gives.

    The N rows come in the order of their kinds; number: [K] rows of each kind. ways: by name, one at least, [N] the cluster of each row, 0
    and up. groups: by attribute, [N] codes into the levels of `slices` (none: everybody alone). Raises Fault for a share in which a kind
    counts that is not in its denominator.
    """
    for share in shares:
        if (share.part & ~share.total).any():
            raise Fault(f"{share.metric}: a row counts that is not in the denominator")
    found: dict[str, list[ShareRow]] = {share.metric: [] for share in shares}
    ends = np.cumsum(number).tolist()
    for subset in slices.subsets if slices is not None else ((),):
        some = [share for share in shares if not subset or share.metric in in_groups]
        if not some:
            continue
        wanted = np.logical_or.reduce([share.total for share in some]).tolist()
        places = [slice(a, b if inside else a) for a, b, inside in zip([0, *ends[:-1]], ends, wanted, strict=True)]
        cells, names = _cells(subset, slices, groups or {})
        tables = {name: _table(places, codes, cells, len(names)) for name, codes in ways.items()}
        for share in some:
            found[share.metric] += _rows(share, tables, names)
    return found


def _cells(subset: Subset, slices: Slices | None, groups: Mapping[str, Codes]) -> tuple[Codes | None, Sequence[Group]]:
    """[N] the number of the group of `subset` that each row is in (None: one for all), and the groups."""
    if slices is None or not subset:
        return None, (OVERALL,)
    cells = groups[subset[0]]
    for attribute in subset[1:]:
        cells = cells * np.int32(len(slices.levels[attribute])) + groups[attribute]
    return cells, [slices.groups[position] for position in slices.positions(subset).tolist()]


def _table(places: Sequence[slice], codes: Codes, cells: Codes | None, groups: int) -> _Table:
    clusters = int(codes.max(initial=0)) + 1
    if cells is None:
        return _Table(counts=_counts(places, codes, clusters), groups=(slice(0, clusters),))
    if clusters * groups <= _FEW:
        counts = _counts(places, cells * np.int32(clusters) + codes, clusters * groups)
        return _Table(counts=counts, groups=[slice(a, b) for a, b in pairwise(range(0, clusters * groups + 1, clusters))])
    number, ends = _there(cells.astype(np.int64) * clusters + codes, clusters, groups)
    return _Table(counts=_counts(places, number, ends[-1]), groups=[slice(a, b) for a, b in pairwise([0, *ends])])


def _there(pair: npt.NDArray[np.int64], clusters: int, groups: int) -> tuple[npt.NDArray[np.integer], list[int]]:
    """[N] the place of each row's pair of group and cluster among those that there are, and where each group ends there."""
    if clusters * groups > _SPARSE * max(len(pair), _FEW):
        distinct = np.unique(pair)
        ends = np.searchsorted(distinct, np.arange(1, groups + 1) * clusters)
        return np.searchsorted(distinct, pair), ends.tolist()
    there = np.zeros(clusters * groups, dtype=np.bool_)
    there[pair] = True
    number = np.cumsum(there, dtype=np.int32)
    found: npt.NDArray[np.int32] = number[pair] - np.int32(1)
    return found, number[clusters - 1 :: clusters].tolist()


def _counts(places: Sequence[slice], codes: npt.NDArray[np.integer], number: int) -> npt.NDArray[np.unsignedinteger]:
    """[K, number], in as few bytes as will do."""
    rows: list[npt.NDArray[np.unsignedinteger]] = []
    for at in places:
        counted = np.bincount(codes[at], minlength=number)
        rows.append(counted.astype(np.min_scalar_type(int(counted.max(initial=0)))))
    return np.stack(rows)


def _rows(share: KindShare, tables: Mapping[str, _Table], names: Sequence[Group]) -> Iterator[ShareRow]:
    """The row of each group."""
    ways: dict[str, list[Way]] = {}
    sizes: list[tuple[int, int]] = []
    for name, table in tables.items():
        hits = table.counts[share.part].sum(axis=0, dtype=np.int64)
        rest = table.counts[share.total & ~share.part].sum(axis=0, dtype=np.int64)
        ways[name] = [_way(name, hits[of], rest[of]) for of in table.groups]
        if not sizes:
            sizes = [(int(hits[of].sum()), int(rest[of].sum())) for of in table.groups]
    for place, (group, (part, other)) in enumerate(zip(names, sizes, strict=True)):
        own = tuple(way[place] for way in ways.values())
        yield ShareRow(metric=share.metric, group=group, part=part, total=part + other, ways=own, rests_on=share.rests_on)


def _way(name: str, hits: npt.NDArray[np.int64], rest: npt.NDArray[np.int64]) -> Way:
    total = hits + rest
    return Way(
        name=name, clusters=int(np.count_nonzero(total)), total2=int(total @ total), part2=int(hits @ hits), rest2=int(rest @ rest)
    )  # fmt: skip
