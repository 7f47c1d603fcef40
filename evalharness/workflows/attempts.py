"""The option `--attempt` of whoever judges at the level of an attempt of a campaign."""

from __future__ import annotations

from evalharness.errors import Problems
from evalharness.records.attempt import MOST_ATTEMPTS


def check_attempt(attempt: int | None, problems: Problems, *, models: int = 1) -> None:
    """Adds a problem unless it is null, or such that this attempt and those of all `models` after it can be counted."""
    last = MOST_ATTEMPTS - max(models, 1) + 1
    if attempt is not None and not 1 <= attempt <= last:
        problems.add("not an attempt", where="--attempt", got=attempt, expected=f"a whole number from 1 to {last:,}")
