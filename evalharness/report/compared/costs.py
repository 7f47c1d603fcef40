"""What one miss is worth against one false alarm: which model costs least over which range, and what bounds show of it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from evalharness.records.comparison import Comparison
from evalharness.records.cost_ratio import CostPair, CostRatio, Ratios
from evalharness.report import numbers
from evalharness.report.compared.words import listed
from evalharness.report.view import Section, Table

ERRORS = {
    "recall": "missed",
    "false_positive_rate": "false alarms",
    "under_grading_1": "graded too low",
    "over_grading_1": "graded too high",
    "pairwise_recall": "true links missed",
    "false_link_rate": "false links",
}
"""What is counted, by the metric whose errors they are."""
ONE = {
    "recall": "one miss",
    "false_positive_rate": "false alarms",
    "under_grading_1": "one item graded too low",
    "over_grading_1": "items graded too high",
    "pairwise_recall": "one missed link",
    "false_link_rate": "false links",
}
"""In a sentence: one of the first kind, so many of the second."""


def cost_sections(comparison: Comparison) -> Iterator[Section]:
    """One section; none where one kind of error follows from the other."""
    costs = comparison.costs
    if costs is None:
        return
    yield Section(
        anchor="costs",
        title="What an error is worth",
        paragraphs=(
            f"Which model costs less depends on how many {ONE[costs.metrics[1]]} {ONE[costs.metrics[0]]} is worth. The ranges are exact "
            "for the errors counted on these items; “shown” adds what bounds show of other items like these, for all ratios of the range "
            "at once; each pair stands on its own and is not corrected for the number of models.",
        ),
        tables=(_counted(costs), _cheapest(costs)),
        items=tuple(pair_sentence(costs, pair) for pair in costs.pairs),
    )


def cheapest_sentence(costs: CostRatio) -> str:
    """Where the cheapest model changes, in one sentence."""
    if len(costs.ranges) == 1:
        return f"Whatever {ONE[costs.metrics[0]]} is worth, {listed(costs.ranges[0].models)} costs least on these items."
    one, many = (ONE[metric] for metric in costs.metrics)
    told = [f"{listed(each.models)} where {one} is worth {_range(each.ratios)} {many}" for each in costs.ranges]
    return f"What costs least on these items: {'; '.join(told)}."


def pair_sentence(costs: CostRatio, pair: CostPair) -> str:
    """Two models: which costs less from where on, and what is shown."""
    one, many = (ONE[metric] for metric in costs.metrics)
    sides = ((pair.one, pair.other, pair.one_cheaper, pair.one_shown), (pair.other, pair.one, pair.other_cheaper, pair.other_shown))
    found = [f"{name} costs less than {beside} {_when(one, many, ratios)}" for name, beside, ratios, _ in sides if ratios is not None]
    if not found:
        return f"{pair.one} and {pair.other} cost the same on these items, whatever {one} is worth."
    counted = "; ".join(found)
    if pair.level is None:
        return f"{counted}. This is described only: {pair.reason}."
    shown = [f"that {name} costs less {_when(one, many, ratios, inward=True)}" for name, _, _, ratios in sides if ratios is not None]
    sure = f"{numbers.confidence(pair.level)} sure"
    return f"{counted}. Shown, {sure}: {' and '.join(shown) if shown else 'of neither, at any ratio'}."


def _when(one: str, many: str, ratios: Ratios, *, inward: bool = False) -> str:
    """inward: the range is never told wider than it is."""
    low, high = ratios
    up: numbers.Rounding = "up" if inward else "near"
    down: numbers.Rounding = "down" if inward else "near"
    if high is None:
        return f"whatever {one} is worth" if low == 0 else f"when {one} is worth more than {_ratio(low, up)} {many}"
    return f"when {one} is worth less than {_ratio(high, down)} {many}"


def _counted(costs: CostRatio) -> Table:
    return Table(
        caption="Errors counted, an item without an answer among them",
        columns=("model", *(ERRORS[metric] for metric in costs.metrics)),
        rows=tuple((each.model, numbers.count(each.missed), numbers.count(each.false_alarms)) for each in costs.errors),
        numeric_from=1,
    )


def _cheapest(costs: CostRatio) -> Table:
    return Table(
        caption="Which costs least, on the errors counted",
        columns=(f"{ONE[costs.metrics[0]]} is worth", "costs least"),
        rows=tuple((f"{_range(each.ratios)} {ONE[costs.metrics[1]]}", listed(each.models)) for each in costs.ranges),
    )


def _range(ratios: Ratios) -> str:
    low, high = ratios
    if high is None:
        return f"more than {_ratio(low)}" if low else "any number of"
    return f"less than {_ratio(high)}" if not low else f"{_ratio(low)} to {_ratio(high)}"


def _ratio(value: float, rounding: numbers.Rounding = "near") -> str:
    return numbers.four(value, rounding) if value < 10_000 else numbers.count(math.floor(value) if rounding == "down" else math.ceil(value))
