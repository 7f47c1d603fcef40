"""Metrics of a third party: one of counts, one of rows, and some that break the rules."""

from __future__ import annotations

from sklearn.metrics import matthews_corrcoef, roc_auc_score

from evalharness.metrics.custom import CountMetric, RowMetric

jaccard = CountMetric(
    title="Jaccard index",
    compute=lambda c: c["tp"] / (c["tp"] + c["fp"] + c["fn"] + c["no_answer_positive"] + c["no_answer_negative"]),
    tasks=("binary", "risk", "ranking", "linkage"),
)
mcc_of_rows = RowMetric(title="Matthews correlation of rows", function=matthews_corrcoef)
auc_of_rows = RowMetric(title="Area under the curve of rows", function=roc_auc_score, on="scores")
one_number = CountMetric(title="One number for all", compute=lambda c: c["tp"].sum())
failing = CountMetric(title="Fails", compute=lambda c: c["no such outcome"])
not_a_metric = object()
