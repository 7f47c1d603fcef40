"""Rows to counts: answers, decisions, tallies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from evalharness.files.unchanged import check_unchanged
from evalharness.records.progress import Progress
from evalharness.workflows.blind_answers import check_export
from evalharness.workflows.counted import Counted, account_of
from evalharness.workflows.counting_beside import count_beside
from evalharness.workflows.counting_items import count_items
from evalharness.workflows.counting_links import count_links
from evalharness.workflows.counting_queues import count_queues
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight import provide, together
from evalharness.workflows.oversight.bands_counted import bands_of_counts

__all__ = ["Counted", "count"]

_BY_WHOLE_SPLIT: dict[str, Callable[[Inputs, Progress], Counted]] = {"ranking": count_queues, "linkage": count_links}
"""Tasks whose decisions on one item depend on others."""


def count(inputs: Inputs, progress: Progress) -> Counted:
    """Runs the classifier over the judged split and counts what comes of it.

    Memory is bounded by the batch, and by 8 bytes an id where ids are joined; for ranking by some 30 bytes a lead, for linkage by some
    100 bytes a record and 30 a candidate pair. Raises BadInput for anything wrong with the model's answers, and for files that change
    meanwhile.
    """
    if inputs.blind is None:
        check_export(inputs.card, None)
    counted = _BY_WHOLE_SPLIT.get(inputs.policy.task, count_items)(inputs, progress)
    check_unchanged(inputs.states)
    beside = count_beside(inputs, progress)
    people = together((counted.oversight, bands_of_counts(inputs.policy, counted.tally), provide(inputs, progress)))
    tally = replace(counted.tally, account=account_of(counted.accounting), beside=beside, shares=people.shares, sampled=people.sampled)
    counted = replace(counted, tally=tally, oversight=people)
    return counted if inputs.blind is None else _without_canaries(counted, inputs.blind.check.answered)


def _without_canaries(counted: Counted, answered: int) -> Counted:
    """Canaries are no items: answers to them are neither extra nor among the answers given."""
    account = counted.accounting
    return replace(counted, accounting=replace(account, rows=account.rows - answered, extra=max(account.extra - answered, 0)))
