"""Points for a chart, and how they were made."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records.estimate import OVERALL, Estimate, Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A table of points. It describes, and nothing is judged by it."""

    name: str
    """`reliability`, `operating_points`, …"""
    group: Group = OVERALL
    columns: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]
    """One value for each column; null where it cannot be computed."""
    method: str
    """How the points were made, with all parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is measured beside the counts, and decides nothing."""

    estimates: tuple[Estimate, ...] = ()
    curves: tuple[Curve, ...] = ()
