"""The people who labelled the items: how far they agree, and who was right where, beside the classifier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from evalharness.catalogue import METRICS
from evalharness.catalogue.oversight.raters import PARTS_OF_COST, SOURCE
from evalharness.evidence.part import Count, Part

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Alpha = Annotated[float, Field(le=1, allow_inf_nan=False)]


class BesidePersonPart(Part):
    """Items by who was right in one metric: a person, the classifier, both, or neither."""

    metric: str
    """Name of the metric of the classifier."""
    both: Count
    only_person: Count
    only_model: Count
    neither: Count
    model: Share
    """The metric of the classifier on these items."""
    right_where_model_right: Share | None
    """How often the person is right among the items that the classifier gets right; null without any."""
    right_where_model_wrong: Share | None
    """Likewise among those that it gets wrong."""

    @property
    def total(self) -> int:
        """Items that the person labelled."""
        return self.both + self.only_person + self.only_model + self.neither


class RatersPart(Part):
    """Of the judged split."""

    people: Count
    """Who labelled anything."""
    items: Count
    """Labelled by two of them or more."""
    scale: Literal["nominal", "ordinal"]
    levels: Annotated[tuple[str, ...], Field(min_length=2, max_length=9)]
    coincidences: tuple[tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], ...], ...]
    """[levels, levels] ordered pairs of what two people said of an item, each 1 / (people who labelled it - 1)."""
    alpha: Alpha | None
    """Krippendorff's alpha of these; null where everybody said the same."""
    low: Alpha | None
    """5 % point when cases are drawn again; only a replay makes it again. Null with alpha, and with a single case."""
    high: Alpha | None
    person: str
    """Who stands beside the classifier: the first of them."""
    beside: Annotated[tuple[BesidePersonPart, ...], Field(max_length=12)]

    @model_validator(mode="after")
    def _square(self) -> RatersPart:
        size = len(self.levels)
        if len(self.coincidences) != size or any(len(row) != size for row in self.coincidences):
            raise ValueError("coincidences are not levels by levels")
        if (self.low is None) != (self.high is None) or (self.alpha is None and self.low is not None):
            raise ValueError("an interval has two ends, and stands around a value")
        return self


def raters_inconsistencies(part: RatersPart | None, shares: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """What does not follow, in words. shares: part and total of everybody by metric."""
    told = {} if part is None else {f"rater_{one.metric}": _share(one) for one in part.beside}
    if part is not None and len(told) < len(part.beside):
        yield "oversight.raters: a metric stands there twice"
    for one in () if part is None else part.beside:
        if one != BesidePersonPart.model_validate(beside_person(one.metric, one.both, one.only_person, one.only_model, one.neither)):
            yield f"oversight.raters: {one.metric}: the shares are not those of the counts"
    counted = {name: found for name, found in shares.items() if name in METRICS and METRICS[name].source == SOURCE}
    agreement = counted.pop("rater_agreement", None)
    apart = {metric.name for metric in PARTS_OF_COST} & counted.keys()
    yield from _apart(part, {name: counted.pop(name) for name in apart})
    if told != counted:
        yield "oversight.raters: who was right where does not add up to the shares of the people who labelled"
    if (agreement is None) != (part is None) or (part is not None and agreement is not None and agreement[1] != part.items):
        yield "oversight.raters: not the items that two people labelled"


def _apart(part: RatersPart | None, counted: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """Who is right alone, beside the shares of it."""
    beside = {} if part is None else {one.metric: one for one in part.beside}
    recall, alarms = beside.get("recall"), beside.get("false_positive_rate")
    if not counted:
        return
    if recall is None or alarms is None or len(counted) < len(PARTS_OF_COST):
        yield "oversight.raters: shares of who is right alone, and nobody to be so"
        return
    expected = {
        "rated_relevant": (recall.total, recall.total + alarms.total),
        "found_by_person_alone": (recall.only_person, recall.total),
        "found_by_classifier_alone": (recall.only_model, recall.total),
        "spared_by_person_alone": (alarms.only_person, alarms.total),
        "spared_by_classifier_alone": (alarms.only_model, alarms.total),
    }
    if any(counted[name] != found for name, found in expected.items()):
        yield "oversight.raters: who is right alone does not add up to the shares of it"
    for name, one in (("rated_refused_relevant", recall), ("rated_refused_other", alarms)):
        if counted[name][1] != one.total or counted[name][0] > one.only_person + one.neither:
            yield f"oversight.raters: {name}: more than the classifier got wrong"


def beside_person(metric: str, both: int, only_person: int, only_model: int, neither: int) -> dict[str, Any]:
    """As in `oversight.raters.beside`; at least one item."""
    total, right = both + only_person + only_model + neither, both + only_model
    known: Any = METRICS.get(metric)
    counted = right if known is not None and known.better == "higher" else total - right
    return {
        "metric": metric, "both": both, "only_person": only_person, "only_model": only_model, "neither": neither,
        "model": _divided(counted, total) or 0.0, "right_where_model_right": _divided(both, right),
        "right_where_model_wrong": _divided(only_person, total - right),
    }  # fmt: skip


def _divided(part: int, total: int) -> float | None:
    return float(f"{part / total:.10g}") if total else None


def _share(one: BesidePersonPart) -> tuple[int, int]:
    right = one.both + one.only_person
    known: Any = METRICS.get(f"rater_{one.metric}")
    return right if known is not None and known.better == "higher" else one.total - right, one.total
