"""What a comparison of groups could show at all, how far groups are from everybody, and what no classifier can have at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evalharness.records.estimate import Group

Bounded = tuple[float | None, float | None, float | None]
"""Value, lower bound, upper bound; null where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapContext:
    """One metric compared between the groups of an attribute, or of an intersection."""

    metric: str
    between: tuple[str, ...]
    excluded: tuple[Group, ...] = ()
    """Levels left out because the policy exempts them by name."""
    noise_floor: float | None
    """Expected max - min if every group had the rate of all of them together; null where that is 0 or 1, or a group stands alone."""
    detectable: float | None
    """Least gap that would be shown to be above 0 with probability .8 between the two groups that tell most; null: none could."""
    detectable_smallest: float | None
    """The same between the two groups that tell least."""
    least_p: float | None
    """Smallest one-sided p, times the pairs that are looked at, that any outcome of groups of these sizes could give."""
    difference_to_overall: Bounded
    """fairlearn's difference with `method="to_overall"`."""
    ratio_to_overall: Bounded
    """fairlearn's ratio with `method="to_overall"`."""
    farthest: Group | None
    """The group whose rate differs most from that of everybody; null where there is no difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """How often items are relevant in two groups. Where that differs, notions of equality exclude one another."""

    between: tuple[str, ...]
    groups: tuple[Group, Group]
    """The pair whose difference is surest: first where more, then where fewer items are relevant."""
    base_rates: tuple[float, float]
    """Share of relevant items in either."""
    difference: float
    """Lower bound of the difference, corrected for all pairs and attributes; 0: it is not shown that base rates differ."""
    recall_ratio: float | None
    """first / second base rate: how many times as large the second group's recall would be, at equal selection rates and precisions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstCell:
    """Of all cells of the deepest intersections the one that is surest to be worse off than everyone else. It was picked for being that."""

    metric: str
    group: Group
    value: float
    rest: float
    """Rate of everyone else."""
    n: int
    """Items of the cell in the denominator."""
    difference: float
    """Lower bound of how much worse the cell is, at the level divided by all cells and metrics looked at; 0: not shown to be worse."""
    standing_out: int
    """Cells that are worse than everyone else by Holm's step-down over all cells and metrics looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupContext:
    """It describes: nothing is judged by it. It follows from the tallies."""

    gaps: tuple[GapContext, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    worst: tuple[WorstCell, ...] = ()
    """One for each metric looked at."""
    looked_at: int = 0
    """Cells with a denominator, over all metrics looked at for `worst`."""
    methods: Mapping[str, str] = field(default_factory=dict)
    """How each kind of number was made, with all parameters."""
