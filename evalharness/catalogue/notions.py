"""Notions of equality between groups, by the names of the field: the worst gap of these metrics. They describe."""

from __future__ import annotations

from collections.abc import Mapping

NOTIONS: Mapping[str, tuple[str, ...]] = {
    "demographic_parity": ("selection_rate",),
    "equal_opportunity": ("recall",),
    "equalized_odds": ("recall", "false_positive_rate"),
    "predictive_parity": ("precision",),
}
FAIRLEARN_HAS = frozenset({"demographic_parity", "equal_opportunity", "equalized_odds"})
"""Those that fairlearn has under the same name."""
CAME_LATER = frozenset({"predictive_parity"})
"""Those that the first evidence does not have."""
