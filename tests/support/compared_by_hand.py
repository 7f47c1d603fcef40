"""A comparison by hand, for pages and schemas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evalharness.records import Estimate, attempt_level
from evalharness.records.comparison import ComparedModel, Comparison
from evalharness.records.cost_ratio import CostPair, CostRange, CostRatio, Errors
from evalharness.records.paired import BothFinding, Disagreement, PairedCounts, PairedFinding, Standing

ITEMS = {"recall": "relevant items", "false_positive_rate": "irrelevant items", "accuracy": "items"}
PAIR = CostPair(
    one="old", other="new", one_cheaper=(5.0, None), other_cheaper=(0.0, 5.0), one_shown=(6.123401, None), other_shown=(0.0, 3.98769),
    level=0.95, method="m",
)  # fmt: skip
COSTS = CostRatio(
    metrics=("recall", "false_positive_rate"),
    errors=(Errors(model="old", missed=2, false_alarms=20), Errors(model="new", missed=5, false_alarms=5)),
    ranges=(CostRange(ratios=(0.0, 5.0), models=("new",)), CostRange(ratios=(5.0, None), models=("old",))),
    pairs=(PAIR,),
)


def estimate(metric: str, value: float | None) -> Estimate:
    bounds = (None, None) if value is None else (max(value - 0.02, 0.0), min(value + 0.02, 1.0))
    return Estimate(metric=metric, value=value, lower=bounds[0], upper=bounds[1], level=0.95, method="m", n=100, clusters=100, n_eff=100.0)


def model(name: str, recall: float | None, reviewed: float, **changes: Any) -> ComparedModel:
    made = ComparedModel(
        name=name, version="1", digest="sha256:" + "0" * 64, card=None, incumbent=False, level=0.95, verdict="met", findings=(),
        estimates=(estimate("recall", recall), estimate("review_rate", reviewed)), answered=100, no_answer=0, dominated_by=(),
    )  # fmt: skip
    return replace(made, **changes)


def finding(metric: str, outcome: Standing, name: str = "new") -> PairedFinding:
    return PairedFinding(
        challenger=name, metric=metric, items=ITEMS[metric], clusters=100,
        counts=PairedCounts(both=90, only_incumbent=6, only_challenger=2, neither=2),
        n_eff=100.0, difference=0.04, upper=0.1, lower=-0.01, level=0.95, opposite_level=0.95, p=0.2, outcome=outcome, attainable=True,
        fewest=59, method="m",
    )  # fmt: skip


def attempts(first: int) -> tuple[tuple[str, int, float], ...]:
    return tuple((name, k, attempt_level(0.95, k)) for k, name in enumerate(("new", "old"), start=first))


def comparison(**changes: Any) -> Comparison:
    made = Comparison(
        policy="small", policy_version=1, policy_digest="sha256:" + "1" * 64, benchmark="items", benchmark_digest="sha256:" + "2" * 64,
        task="binary", split="test", claim="rehearsal", items=100, unlabelled=0, clustered=False, incumbent="old", margin=0.05,
        margin_stated=True, confidence=0.95, attempt=None, attempts=attempts(1),
        together=("recall", "false_positive_rate"), drawn=("recall", "review_rate"),
        models=(model("old", 0.9, 0.3, incumbent=True), model("new", 0.92, 0.4)),
        findings=tuple(finding(metric, Standing.NOT_DEMONSTRATED) for metric in ("recall", "false_positive_rate", "accuracy")),
        both=(BothFinding(challenger="new", outcome=Standing.NOT_DEMONSTRATED, p=0.2, level=0.95),),
        disagreements=(
            Disagreement(challenger="new", metric="recall", items="relevant items", clusters=100, n_eff=100.0, lower=0.02, upper=0.1,
                         counts=PairedCounts(both=90, only_incumbent=6, only_challenger=2, neither=2)),
        ),
        notices=(), created="2026-11-22T09:30:00Z",
    )  # fmt: skip
    return replace(made, **changes)
