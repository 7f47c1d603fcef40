"""Metrics of other packages: found, computed for every group, bounded by a bootstrap, refused with a reason."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from installed_plugin import install_third_party
from tallies_by_hand import LEVEL, clustered, independent

from evalharness.errors import BadInput
from evalharness.metrics.custom import (
    CountMetric,
    Custom,
    RowMetric,
    count_metric_estimates,
    custom_estimates,
    custom_names,
    load_custom,
    load_customs,
    row_metric_estimates,
)
from evalharness.tally.row_functions import RowFunctionTally

RECALL = Custom(
    name="recall",
    metric=CountMetric(title="Recall", compute=lambda c: c["tp"] / (c["tp"] + c["fn"] + c["no_answer_positive"])),
    source="here",
)


@pytest.fixture
def third_party(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    install_third_party(tmp_path / "site", monkeypatch)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "evalharness_constant"]:
        sys.modules.pop(name)


@pytest.mark.usefixtures("third_party")
def test_installed_metrics_are_found_and_every_problem_is_told() -> None:
    assert {"jaccard", "mcc_of_rows"} <= set(custom_names())
    found = load_custom("jaccard", "linkage")
    assert isinstance(found.metric, CountMetric)
    assert found.source == "evalharness_constant.metrics:jaccard (evalharness-constant 1.0)"
    assert isinstance(load_custom("mcc_of_rows", "risk").metric, RowMetric)
    with pytest.raises(BadInput) as caught:
        load_customs(("jacard", "not_a_metric", "mcc_of_rows"), "ranking")
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 3
    assert all(words in text for words, text in zip(("no metric of this name", "not a metric", "not for this task"), told, strict=True))
    assert "did you mean 'jaccard'?" in told[0]


def test_values_are_those_of_the_counts_and_limits_hold_the_sampling_error() -> None:
    tally = independent({("a",): (80, 10, 20, 100, 0, 0), ("b",): (5, 0, 0, 5, 0, 0), ("c",): (0, 10, 0, 100, 0, 0)})
    overall, a, b, c = count_metric_estimates(RECALL, tally, LEVEL)
    assert overall.metric == "custom:recall"
    assert (a.value, a.n, a.n_eff, a.decides) == (0.8, 210, 210, False)
    assert a.lower is not None
    assert a.upper is not None
    half = 1.645 * np.sqrt(0.8 * 0.2 / 100)
    assert (a.lower, a.upper) == pytest.approx((0.8 - half, 0.8 + half), abs=0.015)
    assert (b.value, b.lower, b.reason) == (1.0, None, "no interval: fewer than 20 independent items")
    assert (c.value, c.reason) == (None, "the metric is not defined on these items")
    assert "replicates=1000, seed=5, undefined=0" in a.method
    assert a.method.endswith("; here")


def test_clusters_widen_the_interval() -> None:
    counts = (80, 10, 20, 100, 0, 0)
    alone = count_metric_estimates(RECALL, independent({("a",): counts}), LEVEL)[0]
    together = count_metric_estimates(RECALL, clustered([(4, 0, 1, 5, 0, 0)] * 20 + [(0, 10, 0, 0, 0, 0)]), LEVEL)[0]
    assert together.n_eff < alone.n_eff
    assert together.lower is not None
    assert alone.lower is not None
    assert together.lower < alone.lower
    assert "n=n_eff by kish" in together.method


@pytest.mark.parametrize("counts", [(4, 0, 0, 0, 0, 0), (40, 0, 0, 0, 0, 0)])
def test_perfect_rows_draw_no_interval(counts: tuple[int, ...]) -> None:
    found = count_metric_estimates(RECALL, independent({("a",): counts}), LEVEL)[0]
    assert (found.value, found.lower, found.upper) == (1.0, None, None)
    assert found.reason.startswith("no interval")


def test_metrics_that_break_the_rules_are_refused_by_name() -> None:
    tally = independent({("a",): (8, 1, 2, 10, 0, 0)})
    for compute, said in ((lambda c: c["tp"].sum(), "another shape"), (lambda c: c["hits"], "failed")):
        with pytest.raises(BadInput, match=said) as caught:
            count_metric_estimates(Custom(name="odd", metric=CountMetric(title="t", compute=compute), source="s"), tally, LEVEL)
        assert "metric 'odd' of s" in str(caught.value)


def test_row_metrics_keep_their_order_and_say_why_there_is_no_interval() -> None:
    def of(value: float, replicates: list[float]) -> RowFunctionTally:
        return RowFunctionTally(
            groups=((),), value=np.array([value]), replicates=np.array(replicates).reshape(-1, 1), rows=np.array([300]),
            units=np.array([100]), left_out=7,
        )  # fmt: skip

    row = Custom(name="rows", metric=RowMetric(title="t", function=lambda _, __: 0.0), source="s")
    many = np.linspace(0.4, 0.6, 201).tolist()
    first, second, third = custom_estimates(
        [row, RECALL, row], independent({(): (8, 1, 2, 10, 0, 0)}, ()), [of(0.5, many), of(0.7, [])], LEVEL
    )
    assert (first.lower, first.value, first.upper, first.clusters) == (pytest.approx(0.41), 0.5, pytest.approx(0.59), 100)
    assert "left out without an answer=7" in first.method
    assert second.metric == "custom:recall"
    assert (third.value, third.lower) == (0.7, None)
    assert "more than 100,000 rows" in third.reason
    undefined = row_metric_estimates(row, of(0.5, [np.nan] * 20 + many), LEVEL)[0]
    assert "20 of 221 replicates are not defined" in undefined.reason
