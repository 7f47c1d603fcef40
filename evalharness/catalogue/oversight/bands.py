"""What becomes of items by the bands of the policy: who reads them, and who does not."""

from __future__ import annotations

from evalharness.catalogue.metric import Metric

SOURCE = "bands"

BANDS_METRICS: tuple[Metric, ...] = (
    Metric(
        name="closed_by_machine_rate",
        title="Items closed by the machine",
        kind="oversight",
        source=SOURCE,
        better="lower",
        unit="proportion",
        decides=True,
        complete=True,
        definition=(
            "Share of the items that are in a band which nobody reads and which no person opens within stated days. A spot check is no "
            "reading of the items that it leaves. An item without an answer goes to a person."
        ),
        denominator_name="items in bands",
        needs_human=True,
    ),
    Metric(
        name="unread_double_rate",
        title="Items given the top class that are not read twice",
        kind="oversight",
        source=SOURCE,
        better="lower",
        unit="proportion",
        decides=True,
        complete=True,
        definition=(
            "Share of the items given the top class (selected, the highest level, the top band) whose band has fewer than two readers. It "
            "is about what is given, so the policy fixes it, and it is counted completely; deferred items, and those without an answer, "
            "are given none."
        ),
        denominator_name="items given the top class",
        needs_ceiling_on=("no_answer_rate",),
        needs_human=True,
    ),
    Metric(
        name="top_class_unread_rate",
        title="Items truly of the top class that nobody is given to read",
        kind="oversight",
        source=SOURCE,
        better="lower",
        unit="proportion",
        decides=True,
        definition=(
            "Share of the items that are truly of the top class (relevant, the highest level, the top band) and are in a band without "
            "readers. That a band is opened within stated days does not count; an item without an answer goes to a person."
        ),
        denominator_name="items truly of the top class",
        needs_ceiling_on=("deferral_rate",),
        needs_human=True,
    ),
    Metric(
        name="opened_rate_relevant",
        title="Relevant items that somebody is given to read",
        kind="oversight",
        source=SOURCE,
        better="higher",
        unit="proportion",
        decides=True,
        definition=(
            "Share of the relevant items that are in a band with readers, are deferred, or have no answer and so go to a person. It says "
            "who is given them, and not that they are judged rightly."
        ),
        denominator_name="relevant items in bands",
        needs_ceiling_on=("deferral_rate",),
        needs_human=True,
    ),
    Metric(
        name="deferral_rate",
        title="Items that the classifier leaves to a person",
        kind="oversight",
        source=SOURCE,
        better="lower",
        unit="proportion",
        decides=True,
        definition="Share of the items that are deferred, because their score is near the threshold, or that have no answer.",
        denominator_name="items in bands",
        needs_human=True,
    ),
    Metric(
        name="deferral_rate_relevant",
        title="Relevant items that the classifier leaves to a person",
        kind="oversight",
        source=SOURCE,
        better="lower",
        unit="proportion",
        decides=True,
        definition="Share of the relevant items that are deferred, or that have no answer.",
        denominator_name="relevant items in bands",
        needs_human=True,
    ),
    Metric(
        name="deferral_rate_irrelevant",
        title="Irrelevant items that the classifier leaves to a person",
        kind="oversight",
        source=SOURCE,
        better="lower",
        unit="proportion",
        decides=True,
        definition="Share of the irrelevant items that are deferred, or that have no answer.",
        denominator_name="irrelevant items in bands",
        needs_human=True,
    ),
    Metric(
        name="selective_risk",
        title="Errors among what the classifier decides",
        kind="oversight",
        source=SOURCE,
        better="lower",
        unit="proportion",
        decides=True,
        definition=(
            "Share of the items that are decided wrongly, of those that are neither deferred nor without an answer (ordinal: given another "
            "level than the true one; risk: placed in the top band, or not, wrongly)."
        ),
        denominator_name="items that are not deferred",
        needs_ceiling_on=("deferral_rate",),
        needs_human=True,
    ),
)
"""Of the items that have a label; which of them are relevant, the task says (ordinal: `relevant_from`)."""
