"""Which model costs less, by how many false alarms one miss is worth."""

from __future__ import annotations

from dataclasses import dataclass

Ratios = tuple[float, float | None]
"""From which to which ratio: how many false alarms one miss is worth. Null: without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRange:
    """Where the same models cost least."""

    ratios: Ratios
    models: tuple[str, ...]
    """More than one where they cost the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPair:
    """Which of two models costs less, by what one miss is worth in false alarms. Ranges are open at their ends; null: nowhere."""

    one: str
    other: str
    one_cheaper: Ratios | None
    """Of the errors counted: exact."""
    other_cheaper: Ratios | None
    one_shown: Ratios | None = None
    """Where a bound shows it, for all ratios of the range at once."""
    other_shown: Ratios | None = None
    level: float | None = None
    """Confidence of each of the two ranges that are shown; null where no admissible bound is known: then the pair is only described."""
    method: str = ""
    reason: str = ""
    """Why there is no bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """What a model gets wrong, as counted."""

    model: str
    missed: int
    false_alarms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRatio:
    """Which model costs least, whatever one miss is worth."""

    metrics: tuple[str, str]
    """Whose errors are the misses, and whose the false alarms."""
    errors: tuple[Errors, ...]
    ranges: tuple[CostRange, ...]
    """By rising ratio; together they hold every ratio above 0."""
    pairs: tuple[CostPair, ...]
