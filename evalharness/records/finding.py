"""A requirement judged, and all of them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evalharness.records.estimate import Group


class Outcome(StrEnum):
    """Outcomes, worst first."""

    NOT_MET = "not_met"
    NOT_EVALUABLE = "not_evaluable"
    NOT_DEMONSTRATED = "not_demonstrated"
    MET = "met"


_WORST_FIRST = tuple(Outcome)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of them; nothing at all is `not_evaluable`, never `met`."""
    return min(outcomes, key=_WORST_FIRST.index, default=Outcome.NOT_EVALUABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the policy, for one group, judged."""

    requirement: str
    """Id of the requirement in the policy."""
    metric: str
    """Name of the estimate that was judged (a gap's own name for gaps)."""
    group: Group
    """Whom it is about."""
    outcome: Outcome
    value: float | None
    lower: float | None
    upper: float | None
    level: float
    method: str
    n: int
    clusters: int
    n_eff: float
    comparison: str
    """at_least, at_most, max_difference, min_ratio, equals or margin."""
    bound: float
    """The goal that the policy sets."""
    attainable: bool
    """Whether zero errors would have met it at this sample size."""
    needed: int | None
    """Size of a new sample of the denominator (of all compared groups together) that would demonstrate it with probability .8; null with a
    reason."""
    reason: str = ""
    """Why it is not evaluable or not demonstrated, or why `needed` is null."""
    corrected: bool | None = None
    """Where it is not met: whether that stands after Holm's correction for the number of findings of the run."""
    between: tuple[str, ...] = ()
    pair: tuple[Group, Group] | None = None
    unit: str = ""
    condition: str = ""
    """Under what it was asked; empty for the run as it stands."""
    rests_on: tuple[str, ...] = ()
    """What it takes for granted that nobody has measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A cell that the policy exempts by name; page one prints it."""

    requirement: str
    group: Group
    why: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The worst finding, and why."""

    outcome: Outcome
    reasons: tuple[str, ...]
