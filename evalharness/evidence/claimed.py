"""What the card claims, in an evidence document, and what arithmetic and this run say of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from evalharness.evidence.part import Count, Number, Part
from evalharness.records import CheckedClaim, MeasuredClaim, SupplierClaim


class ClaimedFigurePart(Part):
    """One figure as published."""

    metric: str
    value: Number
    decimals: Annotated[int, Field(ge=0, le=20)]


class MeasuredFigurePart(Part):
    """A claimed figure beside what was measured."""

    metric: str
    claimed: Number
    value: Number | None
    lower: Number | None
    upper: Number | None
    better_than_measured: bool


class SupplierClaimPart(Part):
    """One claim, checked."""

    source: str
    figures: tuple[ClaimedFigurePart, ...]
    items: Count | None
    relevant: Count | None
    impossible: tuple[str, ...]
    """Why no classifier could have such figures; empty when arithmetic allows them."""
    unchecked: str
    measured: tuple[MeasuredFigurePart, ...]

    @property
    def claim(self) -> SupplierClaim:
        """As a record, so that it can be checked again."""
        values = tuple((f.metric, f.value, f.decimals) for f in self.figures)
        return SupplierClaim(source=self.source, values=values, items=self.items, relevant=self.relevant)

    @property
    def checked(self) -> CheckedClaim:
        """What is recorded, as a record."""
        measured = tuple(MeasuredClaim(**part.model_dump()) for part in self.measured)
        return CheckedClaim(claim=self.claim, impossible=self.impossible, unchecked=self.unchecked, measured=measured)


def claim_as_json(checked: CheckedClaim) -> dict[str, Any]:
    """A checked claim as in the evidence."""
    claim = checked.claim
    return {
        "source": claim.source,
        "figures": [{"metric": name, "value": value, "decimals": decimals} for name, value, decimals in claim.values],
        "items": claim.items,
        "relevant": claim.relevant,
        "impossible": list(checked.impossible),
        "unchecked": checked.unchecked,
        "measured": [
            {
                "metric": m.metric,
                "claimed": m.claimed,
                "value": m.value,
                "lower": m.lower,
                "upper": m.upper,
                "better_than_measured": m.better_than_measured,
            }
            for m in checked.measured
        ],
    }
