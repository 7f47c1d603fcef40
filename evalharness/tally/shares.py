"""Rows to share rows: what people did, counted by group and in every way in which rows belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from evalharness.errors import Fault
from evalharness.records import Group
from evalharness.records.share import ALONE, ShareRow, Way
from evalharness.tally.slices import Slices

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
_SPARSE = 4


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
        members = {name: codes[inside] for name, codes in ways.items()}
        told = tuple((rests_on or {}).get(metric, ()))
        for group, within in _groups(slices, {a: codes[inside] for a, codes in (groups or {}).items()}, len(inside)):
            own = counted if within is None else counted[within]
            cells = {name: codes if within is None else codes[within] for name, codes in members.items()}
            rows.append(ShareRow(metric=metric, group=group, part=int(own.sum()), total=len(own), ways=_ways(own, cells), rests_on=told))
    return tuple(rows)


def _groups(slices: Slices | None, codes: Mapping[str, Codes], rows: int) -> list[tuple[Group, Flags | None]]:
    """Every group with the rows that are in it; None: all."""
    found: list[tuple[Group, Flags | None]] = [((), None)]
    for subset in slices.subsets[1:] if slices is not None else ():
        positions = slices.positions(subset) if slices is not None else ()
        for position in positions:
            group = slices.groups[position] if slices is not None else ()
            within = np.ones(rows, dtype=np.bool_)
            for attribute, level in group:
                within &= codes[attribute] == (slices.levels[attribute].index(level) if slices is not None else -1)
            found.append((group, within))
    return found


def _ways(part: Flags, members: Mapping[str, Codes]) -> tuple[Way, ...]:
    total, hits = len(part), int(part.sum())
    if not members:
        return (Way(name=ALONE, clusters=total, total2=total, part2=hits, rest2=total - hits),)
    return tuple(_way(name, part, codes) for name, codes in members.items())


def _nearly_dense(codes: Codes) -> bool:
    """Whether a place for every code up to the highest takes no more than a few times the memory of the codes."""
    return len(codes) > 0 and int(codes.max()) <= _SPARSE * len(codes)


def _way(name: str, part: Flags, codes: Codes) -> Way:
    """Sums over the clusters of one way; codes need not be dense."""
    dense = codes if _nearly_dense(codes) else np.unique(codes, return_inverse=True)[1]
    sizes = np.bincount(dense).astype(np.int64)
    hits = np.bincount(dense, weights=part, minlength=len(sizes)).astype(np.int64)
    rest = sizes - hits
    return Way(name=name, clusters=int(np.count_nonzero(sizes)), total2=int(sizes @ sizes), part2=int(hits @ hits), rest2=int(rest @ rest))
