"""What stands beside the gaps between groups, in an evidence document. It decides nothing, and follows from the tallies."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from evalharness.evidence.part import Count, GroupPart, Number, Part
from evalharness.records import group_as_json, group_from_json
from evalharness.records.group_context import Conflict, GapContext, GroupContext, WorstCell

Chance = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
BoundedPart = tuple[Number | None, Number | None, Number | None]


class GapContextPart(Part):
    """One metric compared between groups: what could be seen at all, and how far the groups are from everybody."""

    metric: str
    between: tuple[str, ...] = Field(min_length=1)
    excluded: tuple[GroupPart, ...] = ()
    noise_floor: Chance | None
    """Gap to be expected if all groups had the same rate; null where nothing varied."""
    detectable: Chance | None
    """Least gap seen with probability .8 between the two groups that tell most; null: none could be."""
    detectable_smallest: Chance | None
    """Between the two groups that tell least."""
    least_p: Chance | None
    """Smallest p that any outcome could give, times the pairs."""
    difference_to_overall: BoundedPart
    """fairlearn's difference with method="to_overall": value, lower, upper bound."""
    ratio_to_overall: BoundedPart
    farthest: GroupPart | None
    """The group that differs most from everybody."""


class ConflictPart(Part):
    """Two groups whose base rates differ most surely."""

    between: tuple[str, ...] = Field(min_length=1)
    groups: tuple[GroupPart, GroupPart]
    base_rates: tuple[Chance, Chance]
    difference: Number
    """Lower bound; 0: not shown to differ."""
    recall_ratio: Number | None
    """How many times as large the second group's recall would be, at equal selection rates and precisions."""


class WorstCellPart(Part):
    """The cell of the deepest intersections that is surest to be worse off than everyone else: picked for that."""

    metric: str
    group: GroupPart
    value: Chance
    rest: Chance
    n: Count
    difference: Number
    """Lower bound after correction for everything that was looked at; 0: not shown to be worse."""
    standing_out: Count


class GroupContextPart(Part):
    """It describes."""

    gaps: tuple[GapContextPart, ...]
    conflicts: tuple[ConflictPart, ...]
    worst: tuple[WorstCellPart, ...]
    looked_at: Count
    methods: dict[str, str]

    @property
    def record(self) -> GroupContext:
        """As it is measured."""
        return GroupContext(
            gaps=tuple(_gap(part) for part in self.gaps),
            conflicts=tuple(_conflict(part) for part in self.conflicts),
            worst=tuple(_worst(part) for part in self.worst),
            looked_at=self.looked_at,
            methods=dict(self.methods),
        )


def group_context_as_json(context: GroupContext) -> dict[str, Any]:
    """As in the evidence; names that say nothing are left out."""
    return {
        "gaps": [
            {
                "metric": gap.metric,
                "between": list(gap.between),
                **({"excluded": [group_as_json(g) for g in gap.excluded]} if gap.excluded else {}),
                "noise_floor": gap.noise_floor,
                "detectable": gap.detectable,
                "detectable_smallest": gap.detectable_smallest,
                "least_p": gap.least_p,
                "difference_to_overall": list(gap.difference_to_overall),
                "ratio_to_overall": list(gap.ratio_to_overall),
                "farthest": None if gap.farthest is None else group_as_json(gap.farthest),
            }
            for gap in context.gaps
        ],
        "conflicts": [
            {
                "between": list(conflict.between),
                "groups": [group_as_json(g) for g in conflict.groups],
                "base_rates": list(conflict.base_rates),
                "difference": conflict.difference,
                "recall_ratio": conflict.recall_ratio,
            }
            for conflict in context.conflicts
        ],
        "worst": [
            {
                "metric": cell.metric,
                "group": group_as_json(cell.group),
                "value": cell.value,
                "rest": cell.rest,
                "n": cell.n,
                "difference": cell.difference,
                "standing_out": cell.standing_out,
            }
            for cell in context.worst
        ],
        "looked_at": context.looked_at,
        "methods": dict(context.methods),
    }


def _gap(part: GapContextPart) -> GapContext:
    return GapContext(
        metric=part.metric,
        between=part.between,
        excluded=tuple(group_from_json(g) for g in part.excluded),
        noise_floor=part.noise_floor,
        detectable=part.detectable,
        detectable_smallest=part.detectable_smallest,
        least_p=part.least_p,
        difference_to_overall=part.difference_to_overall,
        ratio_to_overall=part.ratio_to_overall,
        farthest=None if part.farthest is None else group_from_json(part.farthest),
    )


def _conflict(part: ConflictPart) -> Conflict:
    return Conflict(
        between=part.between,
        groups=(group_from_json(part.groups[0]), group_from_json(part.groups[1])),
        base_rates=part.base_rates,
        difference=part.difference,
        recall_ratio=part.recall_ratio,
    )


def _worst(part: WorstCellPart) -> WorstCell:
    return WorstCell(
        metric=part.metric,
        group=group_from_json(part.group),
        value=part.value,
        rest=part.rest,
        n=part.n,
        difference=part.difference,
        standing_out=part.standing_out,
    )
