"""Which attributes tell more of a label than the features do."""

from __future__ import annotations

from collections.abc import Iterable, Set


def reached(telling: Set[str], tying: Iterable[Set[str]]) -> frozenset[str]:
    """`telling`, and every attribute that `tying` cells tie to it, directly or through one another.

    What a cell of several attributes leans to (a proxy, a group that is rarer) makes them depend on one another once the features are
    known. Where the label depends on one of them, the level of each then tells of it.
    """
    found, cells = set(telling), [set(cell) for cell in tying]
    while more := [cell for cell in cells if cell & found and not cell <= found]:
        found.update(*more)
    return frozenset(found)
