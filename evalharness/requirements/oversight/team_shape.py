"""The shape of `human_in_the_loop.team`: what is declared of the people who read items."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalharness.files.fields import Label, Share
from evalharness.files.shape import Shape
from evalharness.records.oversight_team import NO_DROP, CurrentProcess, Range, Readers, Team

MOST_READERS = 40


class RangeShape(Shape):
    """Between which two figures it lies. Nobody has measured it, so it decides rehearsals only."""

    low: Share
    high: Share


class ReadersShape(Shape):
    """How often people are right about the items of a group, by what they see of the classifier's answer."""

    shown: Literal["selected", "blind"] = Field(
        description="selected: the classifier selected the item and readers see that; blind: they see no answer."
    )
    group: dict[Label, Label] = Field({}, description="Whose items; of several that fit, the one with most attributes counts.")
    recall: RangeShape = Field(description="Share of the relevant items put before them that they call relevant.")
    specificity: RangeShape = Field(description="Share of the other items put before them that they do not call relevant.")


class CurrentProcessShape(Shape):
    """How the work is done today, without the classifier. It stands beside the figures of both together, and decides nothing."""

    recall: RangeShape = Field(description="Share of the relevant items that are found.")
    false_alarm_rate: RangeShape = Field(description="Share of the other items that are acted on.")


class TeamShape(Shape):
    """Declared readers. What a review log measures is taken from there."""

    readers: Annotated[tuple[ReadersShape, ...], Field(min_length=1, max_length=MOST_READERS)]
    fatigue_drop: RangeShape | None = Field(None, description="How much of the readers' recall is lost over a shift, on average.")
    low_prevalence_drop: RangeShape | None = Field(None, description="Likewise because relevant items are rare at work.")
    current_process: CurrentProcessShape | None = Field(
        None, description="How the work is done today; it stands beside and decides nothing."
    )


def team_record(shape: TeamShape | None) -> Team | None:
    """None where the policy declares no readers."""
    if shape is None:
        return None
    return Team(
        readers=tuple(
            Readers(shown=one.shown, group=tuple(sorted(one.group.items())), recall=_range(one.recall), specificity=_range(one.specificity))
            for one in shape.readers
        ),
        fatigue_drop=_range(shape.fatigue_drop),
        low_prevalence_drop=_range(shape.low_prevalence_drop),
        current_process=_current(shape.current_process),
    )


def _current(shape: CurrentProcessShape | None) -> CurrentProcess | None:
    return None if shape is None else CurrentProcess(recall=_range(shape.recall), false_alarm_rate=_range(shape.false_alarm_rate))


def _range(shape: RangeShape | None) -> Range:
    return NO_DROP if shape is None else Range(low=shape.low, high=shape.high)
