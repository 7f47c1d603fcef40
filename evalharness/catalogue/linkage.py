"""Metrics of the task `linkage`. What is counted are pairs: every true link, every predicted link, and every other candidate pair."""

from __future__ import annotations

from evalharness.catalogue.metric import Metric, Weights

#                    tp fp fn tn na+ na-
_ALL: Weights = (1, 1, 1, 1, 1, 1)

LINKAGE_METRICS: tuple[Metric, ...] = (
    Metric(
        name="pairwise_recall",
        title="True links found",
        kind="proportion",
        better="higher",
        unit="proportion",
        decides=True,
        definition=(
            "Share of all true links of the split that are predicted; a link that no candidate pair holds, or without an answer, is missed."
        ),
        numerator=(1, 0, 0, 0, 0, 0),
        denominator=(1, 0, 1, 0, 1, 0),
        denominator_name="true links",
        gaps=True,
    ),
    Metric(
        name="pairwise_precision",
        title="Predicted links that are true",
        kind="proportion",
        better="higher",
        unit="proportion",
        decides=True,
        definition="Share of the predicted links whose two records do belong together; pairs without an answer are left out.",
        numerator=(1, 0, 0, 0, 0, 0),
        denominator=(1, 1, 0, 0, 0, 0),
        denominator_name="predicted links",
        gaps=True,
        needs_ceiling_on=("no_answer_rate",),
    ),
    Metric(
        name="no_answer_rate",
        title="Pairs without an answer",
        kind="proportion",
        better="lower",
        unit="proportion",
        decides=True,
        definition="Share of all pairs for which the classifier gave no usable answer.",
        numerator=(0, 0, 0, 0, 1, 1),
        denominator=_ALL,
        denominator_name="pairs",
        gaps=True,
    ),
)
