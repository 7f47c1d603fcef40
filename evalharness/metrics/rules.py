"""By which rules bounds are made: those of today, or the earlier ones of an evidence that is derived again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evalharness.metrics.methods import asked_by_side, asked_by_size, gap_rule
from evalharness.stats.gap_rules import ADMISSIBLE, GapRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What has changed since the first evidence. Judging anew is by `TODAY`."""

    gaps: GapRule = ADMISSIBLE
    """How the deciding bound of a gap is made."""
    by_side: bool = True
    """Whether intervals of composites are drawn with enough items of every true class only."""
    by_size: bool = True
    """Whether clusters of unequal size have a second pair of bounds, for misses that grow with size."""
    by_chance: bool = True
    """Whether what is needed counts with chance in how unequal new clusters are; no method tells, as it decides nothing."""


TODAY = Rules()


def rules_of(recorded: Iterable[str]) -> Rules:
    """The rules by which estimates of these methods were bounded."""
    methods = tuple(recorded)
    return Rules(gaps=gap_rule(methods), by_side=asked_by_side(methods), by_size=asked_by_size(methods))
