"""All requirements of a plan together: the number of items that suffices for each, and the chance that all are shown."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.records import PlannedRequirement


def items_of_all(planned: Sequence[PlannedRequirement]) -> tuple[int | None, str]:
    """The largest number of items that a requirement needs; null, with a reason, where one has none. A complete count needs none."""
    sized = [p for p in planned if p.comparison != "equals"]
    without = [p.id for p in sized if p.lead.items is None]
    if without:
        return None, f"no number of items can be told for {', '.join(without)}"
    return max((p.lead.items or 0 for p in sized), default=0), ""


def all_shown(powers: Sequence[float | None]) -> float | None:
    """A floor of the chance that all are shown, from the chance of each; null where one is.

    1 less every chance of failing, whatever hangs together with what. Source: Bonferroni's inequality.
    """
    known = [power for power in powers if power is not None]
    return None if len(known) < len(powers) else max(0.0, 1 - sum(1 - power for power in known))
