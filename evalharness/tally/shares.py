"""Rows to share rows: what people did, counted by group and in every way in which rows belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from evalharness.errors import Fault
from evalharness.records import Group
from evalharness.records.share import ALONE, ShareRow, Way
from evalharness.tally.slices import Slices, Subset

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
_SPARSE = 4
"""Places a row that a table of clusters may have."""
_FEW = 10_000
"""Rows for which a table is small in any case."""


def count_shares(
    shares: Mapping[str, tuple[Flags, Flags]],
    ways: Mapping[str, Codes],
    *,
    slices: Slices | None = None,
    groups: Mapping[str, Codes] | None = None,
    rests_on: Mapping[str, Sequence[str]] | None = None,
) -> tuple[ShareRow, ...]:
    """A row for each share and group, shares in their order, groups in that of `slices` (none: everybody alone).

    shares: by metric, [N] whether a row counts and [N] whether it is in the denominator; what counts outside of it is a Fault.
    ways: by name, [N] the cluster of each row, 0 and up; none: every row is its own. groups: by attribute, [N] codes into the levels.
    """
    rows: list[ShareRow] = []
    for metric, (part, total) in shares.items():
        if (part & ~total).any():
            raise Fault(f"{metric}: a row counts that is not in the denominator")
        inside = np.flatnonzero(total)
        counted = part[inside]
        members = {name: _dense(codes[inside]) for name, codes in ways.items()}
        told = tuple((rests_on or {}).get(metric, ()))
        for subset in slices.subsets if slices is not None else ((),):
            cells, names = _cells(subset, slices, groups or {}, inside)
            for group, hits, size, own in zip(
                names, *_counted(counted, cells, len(names)), _ways(counted, cells, len(names), members), strict=True
            ):
                rows.append(ShareRow(metric=metric, group=group, part=hits, total=size, ways=own, rests_on=told))
    return tuple(rows)


def _cells(
    subset: Subset, slices: Slices | None, groups: Mapping[str, Codes], inside: npt.NDArray[np.int64]
) -> tuple[Codes | None, list[Group]]:
    """The number of the group of `subset` that each row is in (None: one for all), and the groups."""
    if slices is None or not subset:
        return None, [()]
    cells = np.zeros(len(inside), dtype=np.int32)
    for attribute in subset:
        cells *= len(slices.levels[attribute])
        cells += groups[attribute][inside]
    return cells, [slices.groups[position] for position in slices.positions(subset).tolist()]


def _counted(part: Flags, cells: Codes | None, groups: int) -> tuple[list[int], list[int]]:
    """Rows that count, and rows, of each group."""
    if cells is None:
        return [int(np.count_nonzero(part))], [len(part)]
    return np.bincount(cells[part], minlength=groups).tolist(), np.bincount(cells, minlength=groups).tolist()


def _dense(codes: Codes) -> Codes:
    """Codes from 0 on of which not many are unused, so that a place for each takes no more than a few times their memory."""
    if not len(codes) or int(codes.max()) <= _SPARSE * len(codes):
        return codes
    return np.unique(codes, return_inverse=True)[1].astype(np.int32)


def _ways(part: Flags, cells: Codes | None, groups: int, members: Mapping[str, Codes]) -> Iterator[tuple[Way, ...]]:
    """The ways of each group in turn."""
    if not members:
        for hits, total in zip(*_counted(part, cells, groups), strict=True):
            yield (Way(name=ALONE, clusters=total, total2=total, part2=hits, rest2=total - hits),)
        return
    yield from zip(*(_of_way(name, part, cells, groups, codes) for name, codes in members.items()), strict=True)


def _of_way(name: str, part: Flags, cells: Codes | None, groups: int, codes: Codes) -> list[Way]:
    """Sums over the clusters of one way, for each group."""
    number = int(codes.max(initial=0)) + 1
    if cells is not None and number * groups > _SPARSE * max(len(codes), _FEW):  # a table of clusters by groups would be mostly empty
        return [_of_way(name, part[cells == cell], None, 1, _dense(codes[cells == cell]))[0] for cell in range(groups)]
    place = codes.astype(np.int64) if cells is None else codes.astype(np.int64) * groups + cells
    few_count = 2 * int(np.count_nonzero(part)) < len(part)
    sizes = np.bincount(place, minlength=number * groups).reshape(number, groups)
    few = np.bincount(place[part if few_count else ~part], minlength=number * groups).reshape(number, groups)
    other = sizes - few
    hits, rest = (few, other) if few_count else (other, few)
    squares = [(each * each).sum(axis=0).tolist() for each in (sizes, hits, rest)]
    return [
        Way(name=name, clusters=clusters, total2=total2, part2=part2, rest2=rest2)
        for clusters, total2, part2, rest2 in zip(np.count_nonzero(sizes, axis=0).tolist(), *squares, strict=True)
    ]
