"""A number and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Group = tuple[tuple[str, str], ...]
"""(attribute, level) pairs sorted by attribute; the empty tuple is everybody."""

OVERALL: Group = ()
CUSTOM = "custom:"
"""How the names of metrics of other packages begin, in evidence."""


def group_as_json(group: Group) -> dict[str, str]:
    """`{"sex": "F"}`; overall is `{}`."""
    return dict(sorted(group))


def group_from_json(value: Mapping[str, str]) -> Group:
    """Inverse of `group_as_json`."""
    return tuple(sorted(value.items()))


def group_text(group: Group) -> str:
    """`ethnicity=X,sex=F`; overall is `overall`."""
    return ",".join(f"{attribute}={level}" for attribute, level in sorted(group)) or "overall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One metric for one group (or one gap between groups), with the bounds that may decide."""

    metric: str
    """Name in the catalogue; gaps end in `_difference` or `_ratio` as in fairlearn."""
    group: Group = OVERALL
    """Whom it is about; `()` for everybody and for gaps."""
    value: float | None
    """The point estimate; null when it cannot be computed."""
    lower: float | None
    """One-sided lower bound at `level`, rounded down; null when there is none."""
    upper: float | None
    """One-sided upper bound at `level`, rounded up; null when there is none."""
    level: float
    """Confidence of each bound on its own."""
    method: str
    """The method with all its parameters."""
    n: int
    """Items in the denominator."""
    clusters: int
    """Clusters with an item in the denominator; equal to n where items are independent. For gaps: those of the two groups of the pair,
    a cluster with items in both counted once for each, but never more than everybody has."""
    n_eff: float
    """Effective number of independent items in the denominator."""
    reason: str = ""
    """Why value or a bound is null."""
    between: tuple[str, ...] = ()
    """For gaps: the attribute, or the attributes of the intersection, whose levels are compared."""
    pair: tuple[Group, Group] | None = None
    """For gaps: the ordered pair of groups whose bound is the deciding one."""
    contrary_pair: tuple[Group, Group] | None = None
    """For gaps: the ordered pair of groups whose bound would show that the requirement is not met."""
    worst_case: tuple[float | None, float | None] | None = None
    """Lower and upper bound if every item without an answer were counted whichever way is worse, of either pair of bounds; null where that
    changes nothing."""
    by_size: tuple[float | None, float | None] | None = None
    """Lower and upper bound that hold also if large clusters are missed more often than small ones; null where these are the bounds above,
    as for independent items and for clusters of one size. Never tighter than these: it decides."""
    excluded: tuple[Group, ...] = ()
    """For gaps: levels left out because the policy exempts them by name."""
    unit: str = ""
    """For expected_cost: the unit."""
    condition: str = ""
    """Under what it holds (`records.Condition.text`), where that is not the run as it stands. No estimate answers for another condition."""
    rests_on: tuple[str, ...] = ()
    """What it takes for granted that nobody has measured (`records.share.RESTS_ON`)."""
    decides: bool = True
    """Whether its bounds are admissible to decide a requirement."""

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The pair that decides, and that findings carry: `by_size` where there is one, for it is never tighter than the other."""
        return self.by_size or (self.lower, self.upper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What more data could show for one requirement: numbers that metrics compute and judging only repeats."""

    attainable: bool
    """Whether zero errors at this sample size would have met the bound."""
    needed: int | None
    """Size of a new sample of the denominator that would show it with probability .8 if the observed rate were true; for gaps the items
    of all compared groups together."""
    reason: str = ""
    """Why `needed` is null."""
    corrected: bool = False
    """Whether its opposite bound lies beyond the goal even after Holm's correction for the number of questions of the run."""
