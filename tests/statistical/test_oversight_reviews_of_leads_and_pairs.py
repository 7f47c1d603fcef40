"""Made-up reviewers of leads and of candidate pairs, from the items of a run to the bounds: no bound is wrong too often.

Leads are within the budget of their day or beyond it, so a day's leads hang together. Pairs are in cases of very unequal size, and whole
entities are split by the classifier.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reviewers import dials_of
from reviewers_truth import METRICS, World, differences
from scipy.stats import binom
from task_benchmark import TaskBenchmark, inputs_for

from evalharness.metrics.oversight import share_row_estimate
from evalharness.oversight.reviews.align import aligned
from evalharness.oversight.reviews.check import checked_assigned, checked_log
from evalharness.oversight.reviews.kinds import kinds_of
from evalharness.oversight.reviews.outcomes import Counting, share_rows
from evalharness.oversight.reviews.readings import Known
from evalharness.oversight.synthetic.dials import Dials
from evalharness.records import OperatingPoint
from evalharness.records.progress import silent
from evalharness.records.share import ShareRow
from evalharness.workflows.oversight.items import DecidedItems, decided_items
from evalharness.workflows.oversight.made_up_log import made_up_log
from evalharness.workflows.oversight.reviews import known_of

RUNS, LEVEL = 90, 0.95
MOST = int(binom.isf(1e-4, RUNS, 1 - LEVEL))
"""More wrong bounds than that are no accident at the promised rate."""
DIALS: dict[str, Any] = {
    "reviewers": 40, "items": 1_200, "twice_share": 0.4, "seeded_share": 0.1, "unread_share": 0.03, "blind_share": 0.45,
    "sensitivity": {"mean": 0.75, "spread": 0.2}, "specificity": {"mean": 0.85, "spread": 0.15},
    "hard": {"share": 0.1, "share_of_wrong": 0.4, "penalty": 0.3}, "lean": {"of_reviewers": 0.5, "to_wrong": 0.7, "to_right": 0.5},
    "fatigue_per_100": 0.1, "same_errors": 0.2, "low_prevalence": {"below": 0.3, "drop": 0.1},
    "shifts": {"teams": 20, "of_each": 3, "readings": 50, "spread": 0.05},
}  # fmt: skip


class Judged(World):
    """Items as a classifier decided them: so many of each label and decision."""

    def __init__(self, items: DecidedItems) -> None:
        self.prevalence = float((items.labels == 1).mean())
        cells = [(label, decision) for label in (0, 1) for decision in (0, 1)]
        self.share = {cell: float(((items.labels == cell[0]) & (items.decisions == cell[1])).mean()) for cell in cells}
        assert min(self.share.values()) > 0
        assert sum(self.share.values()) == pytest.approx(1.0)


def leads(folder: Path) -> tuple[Known, DecidedItems]:
    """120 days of 20 to 80 leads, of which 10 are looked at."""
    draw = np.random.default_rng(11)
    queues = np.repeat(np.arange(120), draw.integers(20, 81, 120))
    labels = (draw.random(len(queues)) < 0.15).astype(np.int8)
    columns = {"labels": labels, "queues": queues, "arrived": np.arange(len(queues)) * 1.0, "clusters": np.array([f"d{q}" for q in queues])}
    score = labels + draw.normal(0, 0.8, len(queues))
    point = OperatingPoint(rule="budget", threshold=None, budget_per_day=10)
    names = [f"i{n}" for n in range(len(queues))]
    benchmark = TaskBenchmark("ranking", columns, labels=("no", "yes"))
    return of(inputs_for(folder, benchmark, {"item_id": names, "score": 1 / (1 + np.exp(-score))}, point))


def pairs(folder: Path) -> tuple[Known, DecidedItems]:
    """Entities of 1 to 12 records, few of them large; a third of them are split into pieces that are never linked."""
    draw = np.random.default_rng(12)
    entities = np.repeat(np.arange(500), draw.choice([1, 2, 3, 5, 12], 500, p=[0.3, 0.3, 0.2, 0.15, 0.05]))
    piece = draw.integers(0, 2, len(entities)) * (draw.random(500) < 0.33)[entities]
    starts = np.searchsorted(entities, np.arange(501))
    same = [pair for e in range(500) for pair in combinations(range(int(starts[e]), int(starts[e + 1])), 2) if draw.random() < 0.9]
    other = {(int(min(p)), int(max(p))) for p in draw.integers(0, len(entities), (2_500, 2)) if entities[p[0]] != entities[p[1]]}
    every = [*same, *sorted(other)]
    linked = [piece[a] == piece[b] if entities[a] == entities[b] else draw.random() < 0.02 for a, b in every]
    names = [f"i{n}" for n in range(len(entities))]
    told = {"left_id": [names[a] for a, _ in every], "right_id": [names[b] for _, b in every], "score": np.where(linked, 0.9, 0.1)}
    benchmark = TaskBenchmark("linkage", {"entities": np.array([f"e{e}" for e in entities])}, pairs=every, labels=("", ""))
    return of(inputs_for(folder, benchmark, told, OperatingPoint(rule="score >= threshold", threshold=0.5)))


def of(inputs: Any) -> tuple[Known, DecidedItems]:
    items = decided_items(inputs, silent)
    return known_of(inputs, items), items


def rows_of(dials: Dials, known: Known) -> tuple[ShareRow, ...]:
    """From the tables that made-up reviewers hand in."""
    log, assigned = made_up_log(dials, known)
    readings, reviewers = checked_log(log, known, "log", listed=True)
    whole = aligned(readings, reviewers, checked_assigned(assigned, known, "assigned"), known, "log")
    return share_rows(whole, known, Counting(rests_on=()), kinds_of(whole, known, 1_800.0))


@pytest.mark.parametrize("make", [leads, pairs])
def test_every_figure_lies_around_the_truth_and_its_bounds_hold(tmp_path: Path, make: Any) -> None:
    known, items = make(tmp_path)
    truth = Judged(items).truth(dials_of(**DIALS))
    values: dict[str, list[float]] = {metric: [] for metric in truth}
    wrong = dict.fromkeys(truth, (0, 0))
    for run in range(RUNS):
        counted = rows_of(dials_of(**DIALS, seed=run), known)
        estimates = [share_row_estimate(row, METRICS[row.metric], LEVEL) for row in counted if row.metric in truth and row.total]
        for estimate in (*estimates, *differences(counted, LEVEL)):
            if estimate.value is None or estimate.lower is None or estimate.upper is None:
                continue
            values[estimate.metric].append(estimate.value)
            low, high = wrong[estimate.metric]
            least, most = estimate.by_size or (estimate.lower, estimate.upper)
            true = truth[estimate.metric]
            wrong[estimate.metric] = low + (min(estimate.lower, least) > true), high + (max(estimate.upper, most) < true)
    for metric, true in truth.items():
        found = np.array(values[metric])
        assert len(found) > RUNS / 2
        bias = 0.02 if metric == "synergy" else 0.0  # the better of two is chosen by the same readings
        assert abs(found.mean() - true) < 4.5 * found.std() / np.sqrt(len(found)) + 0.003 + bias, (metric, found.mean(), true)
        assert max(wrong[metric]) <= MOST, (metric, wrong[metric])
    estimated = sum(len(found) for found in values.values())
    assert max(sum(low for low, _ in wrong.values()), sum(high for _, high in wrong.values())) <= (1 - LEVEL) * estimated


def test_who_leans_on_the_place_of_a_lead_is_found_and_who_does_not_is_not(tmp_path: Path) -> None:
    known, _ = leads(tmp_path)
    found = {0.0: 0, 0.6: 0}
    runs = 20
    for leaning in found:
        for run in range(runs):
            dials = dials_of(
                reviewers=500, items=5_000, seed=run, sensitivity={"mean": 0.9}, specificity={"mean": 0.9}, lean={"to_wrong": leaning},
                shifts={"teams": 500, "of_each": 2},
            )  # fmt: skip
            (bias,) = [estimate for estimate in differences(rows_of(dials, known), LEVEL) if estimate.metric == "automation_bias"]
            assert bias.lower is not None
            found[leaning] += (bias.by_size or (bias.lower, 0.0))[0] > 0
    assert found[0.6] == runs
    assert found[0.0] <= int(binom.isf(1e-4, runs, 1 - LEVEL))
