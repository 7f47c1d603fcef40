"""Several models on the same items: each model's own counts, and those of each challenger beside the incumbent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from evalharness.files.unchanged import check_unchanged
from evalharness.records.progress import Progress
from evalharness.workflows.compare_counted import CountedModel, CountedTogether
from evalharness.workflows.compare_items import compare_items
from evalharness.workflows.compare_links import compare_links
from evalharness.workflows.compare_queues import compare_queues
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.bands_counted import bands_of_counts

__all__ = ["CountedModel", "CountedTogether", "count_together"]

_BY_WHOLE_SPLIT: dict[str, Callable[[Sequence[Inputs], Progress], CountedTogether]] = {"ranking": compare_queues, "linkage": compare_links}
"""Tasks whose decisions on one item depend on others."""


def count_together(every: Sequence[Inputs], progress: Progress) -> CountedTogether:
    """Runs all models over the judged split. The incumbent is the first.

    Raises BadInput for anything wrong with the answers of any model, all at once, and for files that change meanwhile.
    """
    counted = _BY_WHOLE_SPLIT.get(every[0].policy.task, compare_items)(every, progress)
    check_unchanged(tuple(dict.fromkeys(state for one in every for state in one.states)))
    return replace(counted, models=tuple(_with_bands(inputs, model) for inputs, model in zip(every, counted.models, strict=True)))


def _with_bands(inputs: Inputs, model: CountedModel) -> CountedModel:
    """Where the counts say what becomes of every item; of items decided one by one it was counted with them."""
    shares = bands_of_counts(inputs.policy, model.tally).shares
    return replace(model, tally=replace(model.tally, shares=(*model.tally.shares, *shares)))
