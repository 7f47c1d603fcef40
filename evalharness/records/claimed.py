"""What a supplier claims in a model card, and what arithmetic and measurement say of it."""

from __future__ import annotations

from dataclasses import dataclass

CLAIMED_FIGURES = (
    "recall", "false_negative_rate", "specificity", "false_positive_rate", "precision", "false_discovery_rate",
    "negative_predictive_value", "elusion", "accuracy", "balanced_accuracy", "f1", "youden", "matthews_corrcoef", "prevalence",
    "selection_rate",
)  # fmt: skip
"""What a card may claim of a test whose items are relevant or not. `prevalence` is the share of relevant items; the others are metrics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierClaim:
    """Figures that the card states of one test, as they were published."""

    source: str
    """Where the figures stand: a document, a table."""
    values: tuple[tuple[str, float, int], ...]
    """(metric, value, decimals it was rounded to), by metric."""
    items: int | None = None
    """How many items were tested, where it is stated."""
    relevant: int | None = None
    """How many of them were relevant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredClaim:
    """One claimed figure beside what this run measured of the same metric."""

    metric: str
    claimed: float
    value: float | None
    lower: float | None
    upper: float | None
    better_than_measured: bool
    """Whether the claim is better than the bound of what was measured allows, as far as its rounding goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim after both checks."""

    claim: SupplierClaim
    impossible: tuple[str, ...]
    """Why no classifier could have such figures, one sentence each; empty when arithmetic allows them."""
    unchecked: str
    """What arithmetic could not be checked, and why; empty when all was."""
    measured: tuple[MeasuredClaim, ...]
