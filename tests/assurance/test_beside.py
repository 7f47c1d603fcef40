"""What the page shows beside the harness's own answers: the bootstrap of items is fairlearn's."""

from __future__ import annotations

import numpy as np
import pytest
from assurance.gaps import _bootstrap
from assurance.judged import bootstrap

from evalharness.metrics.arrays import Rates

metrics = pytest.importorskip("fairlearn.metrics")


def rates(found: list[int], sizes: list[int]) -> Rates:
    k, n = np.array(found, dtype=float), np.array(sizes, dtype=float)
    return Rates(value=k / n, total=n, n_eff=n, successes=k)


@pytest.mark.filterwarnings("ignore")
def test_the_percentile_of_one_rate_is_that_of_metric_frame():
    answers = np.array([1] * 46 + [0] * 4)
    frame = metrics.MetricFrame(
        metrics=metrics.selection_rate, y_true=np.ones(50), y_pred=answers, sensitive_features=np.zeros(50), n_boot=500,
        ci_quantiles=[0.05], random_state=3,
    )  # fmt: skip
    theirs = float(frame.overall_ci[0])
    goals = np.linspace(0.7, 1, 301)
    ours = max(goal for goal in goals if bootstrap(rates([46], [50]), float(goal), "at_least")[0])
    assert ours == pytest.approx(theirs, abs=0.02)


@pytest.mark.filterwarnings("ignore")
def test_the_percentile_of_the_gap_is_that_of_metric_frame():
    """fairlearn resamples all items, so the groups' sizes vary a little; ours keeps them."""
    answers = np.array([1] * 180 + [0] * 20 + [1] * 160 + [0] * 40)
    frame = metrics.MetricFrame(
        metrics=metrics.selection_rate, y_true=np.ones(400), y_pred=answers, sensitive_features=np.repeat([0, 1], 200), n_boot=250,
        ci_quantiles=[0.95], random_state=3,
    )  # fmt: skip
    theirs = float(frame.difference_ci(method="between_groups")[0])
    of = rates([180, 160], [200, 200])
    batch = Rates(**{name: getattr(of, name)[None, :] for name in ("value", "total", "n_eff", "successes")})
    rng = np.random.default_rng(4)
    ours = min(goal for goal in np.linspace(0.05, 0.3, 251) if _bootstrap(batch, None, float(goal), rng)[0])
    assert ours == pytest.approx(theirs, abs=0.025)
