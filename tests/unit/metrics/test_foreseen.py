"""Choices that follow from the features alone are taken for more no oftener than stated; those that know labels are seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from evalharness.catalogue import OUTCOMES, TaskMetrics, task_metrics
from evalharness.metrics.foreseen import beyond_foreseen, foreseen_shares
from evalharness.tally import Foreseen

RUNS = 1_000
LEVELS = ("none", "C", "B", "A")
TASKS = ("binary", "risk", "ranking", "ordinal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The same items and choices in every run, with other labels."""

    of: TaskMetrics
    foreseen: Foreseen
    codes: Any
    """[runs, items] outcome."""
    together: int
    """Items of a cluster."""

    def share_beyond(self, alpha: float) -> float:
        own = np.eye(len(self.of.outcomes), dtype=np.int8)[self.codes]
        by_cluster = own.reshape(len(own), -1, self.together, own.shape[-1]).sum(axis=2, dtype=np.float64)
        counts = by_cluster.sum(axis=1)
        second = None if self.together == 1 else by_cluster.transpose(0, 2, 1) @ by_cluster
        return float(beyond_foreseen(counts, second, self.of, self.foreseen, alpha).mean())


def drawn(task: str, *, items: int, cut: float, together: int, leak: float = 0.0, seed: int = 1) -> Runs:
    """Items of a cluster share their chance and are relevant together or not at all. leak: for so many the choice is their label."""
    rng = np.random.default_rng(seed)
    lots = np.repeat(rng.random((RUNS, items // together)), together, axis=1)
    told = rng.random((RUNS, items)) < leak
    if task == "ordinal":
        chances = np.repeat(rng.dirichlet([0.6] * 4, items // together), together, axis=0)
        labels = (lots[:, :, None] > np.cumsum(chances, axis=1)[:, :3]).sum(axis=2)
        noisy = (chances + rng.normal(0, 0.5 - cut / 2, chances.shape)).argmax(axis=1)
        given = np.where(told, labels, noisy)
        expected = float(np.take_along_axis(chances[None], given[:, :, None], axis=2).sum()) / RUNS
        foreseen = Foreseen(choices=items, expected=expected, of=items)
        return Runs(of=task_metrics(task, LEVELS), foreseen=foreseen, codes=4 * labels + given, together=together)
    chances = np.repeat(rng.beta(0.4, 1.5, items // together), together)
    labels = lots < chances
    chosen = chances + rng.normal(0, 0.1, items) > cut
    names = np.array([[OUTCOMES.index("tn"), OUTCOMES.index("fp")], [OUTCOMES.index("fn"), OUTCOMES.index("tp")]])
    swapped = np.where(told, labels, chosen)
    share = swapped.mean(axis=0)
    foreseen = Foreseen(choices=round(float(share.sum())), expected=float((chances * share).sum()), of=float(chances.sum()))
    return Runs(of=task_metrics(task), foreseen=foreseen, codes=names[labels.astype(int), swapped.astype(int)], together=together)


@pytest.mark.parametrize("alpha", [0.05, 0.01])
@pytest.mark.parametrize("task", TASKS)
def test_of_honest_runs_no_more_are_called_better_than_possible_than_stated(task: str, alpha: float) -> None:
    """Few and many items, few and many chosen, alone and in clusters that are wholly alike: each fails by chance once in a million."""
    most = binom.isf(1e-6, RUNS, alpha) / RUNS
    for items in (20, 120, 360):
        for cut in (0.05, 0.3, 0.7):
            for together in (1, 4):
                runs = drawn(task, items=items, cut=cut, together=together)
                assert runs.share_beyond(alpha) <= most, (items, cut, together)


@pytest.mark.parametrize("task", TASKS)
def test_runs_that_were_told_labels_are_seen(task: str) -> None:
    for together in (1, 4):
        assert drawn(task, items=1_200, cut=0.3, together=together, leak=0.8).share_beyond(1e-6) > 0.95


def test_each_share_is_held_against_its_own_expectation() -> None:
    def expected(task: str, **parts: Any) -> list[tuple[str, float]]:
        of = task_metrics(task, LEVELS if task == "ordinal" else ())
        return [(metric.name, mean) for metric, mean in foreseen_shares(of, Foreseen(**parts))]

    assert expected("binary", choices=10, expected=4.0, of=8.0) == [("precision", 0.4), ("recall", 0.5)]
    assert expected("ranking", choices=10, expected=4.0, of=8.0) == [("precision_at_budget", 0.4), ("recall_at_budget", 0.5)]
    assert expected("risk", choices=10, expected=0.0, of=0.0) == [("precision", 0.0)]
    assert expected("ordinal", choices=10, expected=4.0, of=10.0) == [("exact_agreement", 0.4)]
    assert expected("binary", choices=0, expected=0.0, of=8.0) == []
    assert expected("linkage", choices=10, expected=4.0, of=8.0) == []
    with_nothing = beyond_foreseen(np.zeros((3, 6)), None, task_metrics("linkage"), Foreseen(choices=1, expected=0.0, of=1.0), 0.5)
    assert with_nothing.tolist() == [False, False, False]
