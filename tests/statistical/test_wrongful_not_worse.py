"""How often a challenger that is worse by exactly the margin is called not worse: at most 5 %, in every cell, clusters included.

4,000 seeded runs a cell through the bounds that decide. A cell fails when the 99.9 % lower Clopper-Pearson limit of its share of wrongful
answers is above 5 %.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from simulated_tallies import Design, beyond_target

from evalharness.catalogue import PairedMetric, paired_metrics, task_metrics
from evalharness.metrics.arrays import rates
from evalharness.metrics.paired import Asked, both_findings, paired_findings
from evalharness.predictions.queues import work
from evalharness.records.paired import Standing
from evalharness.stats.paired import difference_at_least, holm_levels, lost_at_most, not_worse_p
from evalharness.tally import Slices
from evalharness.tally.paired import PairedCounter, PairedTally
from evalharness.workflows.compare import attempts_of

RUNS = 4000
INDEPENDENT = [Design(n, "one") for n in (20, 60, 150, 600)]
CLUSTERED = [
    Design(clusters, sizes, 8, whole)
    for sizes in ("equal", "geometric", "lognormal")
    for clusters in (15, 60, 200)
    for whole in (0.0, 0.3, 1.0)
]
EVERY = INDEPENDENT + CLUSTERED
LOST, GAINED, EVERYTHING = (0, 1, 0), (0, 0, 1), (1, 1, 1)


def drawn(design: Design, margin: float, gained: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts (runs, 3) of agreeing, lost and gained items and their second moments; lost - gained is the margin on average."""
    rng = np.random.default_rng([701, seed, int(1e4 * margin), int(1e4 * gained)])
    kept, lost = design.draw(rng, RUNS, 1 - margin - gained)
    won = (
        rng.binomial(kept, gained / (1 - margin - gained))
        if design.whole < 1
        else np.where(rng.random(kept.shape) < gained / (1 - margin - gained), kept, 0)
    )
    parts = np.stack([kept - won, lost, won], axis=-1).astype(np.float64)
    return parts.sum(axis=1), np.einsum("rci,rcj->rij", parts, parts)


@pytest.mark.parametrize("margin", [0.01, 0.05, 0.2])
@pytest.mark.parametrize("gained", [0.0, 0.05])
@pytest.mark.parametrize("design", EVERY, ids=str)
def test_a_challenger_at_the_margin_is_rarely_called_not_worse(design: Design, gained: float, margin: float):
    of = drawn(design, margin, gained, EVERY.index(design))
    lost = rates(*of, [LOST], [EVERYTHING])
    won = rates(*of, [GAINED], [EVERYTHING])
    assert not beyond_target((lost_at_most(lost.successes, lost.n_eff, 0.05) <= margin)[:, 0])
    opposite = difference_at_least(lost.successes, won.successes, lost.n_eff, 0.05)
    assert not beyond_target((opposite > margin)[:, 0])


def test_the_bound_is_not_so_wide_that_it_shows_nothing():
    of = drawn(Design(600, "one"), 0.005, 0.01, 9)
    lost = rates(*of, [LOST], [EVERYTHING])
    assert (lost_at_most(lost.successes, lost.n_eff, 0.05) <= 0.04).mean() > 0.8


def test_of_five_challengers_at_the_margin_rarely_any_is_called_not_worse():
    """Three lose relevant items and two raise false alarms. Both metrics must be shown, and Holm's correction runs over the challengers."""
    rng, margin = np.random.default_rng(702), 0.05
    recall = not_worse_p(rng.binomial(93, [margin, 0.0, margin, 0.0, margin], (RUNS, 5)), 93, margin)
    alarms = not_worse_p(rng.binomial(181, [0.0, margin, 0.0, margin, 0.0], (RUNS, 5)), 181, margin)
    together = np.maximum(recall, alarms)
    wrong = np.array([holm_levels(p, 0.05)[0].any() for p in together])
    assert not beyond_target(wrong)
    assert (together <= 0.05).any(axis=1).mean() > 0.15  # without the correction


def test_of_five_challengers_judged_as_attempts_of_their_own_rarely_any_is_called_not_worse():
    rng, margin = np.random.default_rng(706), 0.05
    own = {name: level for name, _, level in attempts_of(["old", *"abcde"], 0.95, 1)}
    asked = Asked(margin=margin, level=0.95, own=own)
    recall = not_worse_p(rng.binomial(400, margin, (RUNS, 5)), 400, margin)
    alphas = [alpha for _, alpha in sorted(asked.alphas(dict.fromkeys("abcde", 0.5)).items())]
    assert alphas == sorted(alphas, reverse=True)
    assert not beyond_target((recall <= np.array(alphas)).any(axis=1))
    assert (recall <= 0.05).any(axis=1).mean() > 0.15  # without levels of their own


def test_the_findings_of_a_run_say_what_the_simulated_bounds_say():
    """The same counts through the findings: the simulation above is about the code that decides."""
    rng, margin = np.random.default_rng(703), 0.05
    nobody, of = Slices((), {}, 0), paired_metrics(task_metrics("binary"))
    names = tuple(metric.name for metric in of)
    for _ in range(40):
        lost = rng.binomial(93, margin / 3, 3), rng.binomial(181, margin / 3, 3)
        rows = [[[93 - lost[0][i], lost[0][i], 0, 0, 0], [181 - lost[1][i], lost[1][i], 0, 0, 0]] for i in range(3)]
        tallies = {
            f"m{i}": PairedTally.of_independent(nobody, names, np.array([[*row, np.sum(row, axis=0)]])) for i, row in enumerate(rows)
        }
        p = np.maximum(not_worse_p(lost[0], 93, margin), not_worse_p(lost[1], 181, margin))
        shown = [both.outcome is Standing.DEMONSTRATED for both in both_findings(tallies, of, Asked(margin=margin, level=0.95))]
        assert shown == holm_levels(p, 0.05)[0].tolist()


def shown_of(rows: np.ndarray, clusters: np.ndarray, of: tuple[PairedMetric, ...], margin: float) -> dict[str, bool]:
    """rows: (label, incumbent, challenger); counted as a comparison counts them, and judged as it judges them."""
    counter = PairedCounter(Slices((), {}, 0), clustered=True, of=of)
    labels, incumbent, challenger = rows.astype(np.int8)
    counter.add(labels, incumbent, challenger, {}, pa.array(clusters.astype(str)))
    findings = paired_findings({"b": counter.result()}, of, Asked(margin=margin, level=0.95))
    return {f.metric: f.outcome is Standing.DEMONSTRATED for f in findings}


SOME = 300
"""Runs from rows: fewer, because every one of them is counted."""


@pytest.mark.parametrize("whole", [False, True])
def test_a_challenger_that_grades_too_low_by_the_margin_is_rarely_called_not_worse(whole: bool):
    """Three levels, cases of unequal size; of the files a tenth is pushed one level down, in whole cases or file by file."""
    rng, margin = np.random.default_rng([704, whole]), 0.1
    of, wrong = paired_metrics(task_metrics("ordinal", ("none", "low", "high"))), np.zeros((SOME, 2), dtype=bool)
    for run in range(SOME):
        clusters = np.repeat(np.arange(90), rng.geometric(0.25, 90))
        labels = rng.integers(1, 3, len(clusters))  # of no file can it be said that it cannot be graded too low
        pushed = rng.random(90)[clusters] < margin if whole else rng.random(len(clusters)) < margin
        shown = shown_of(np.stack([labels, labels, labels - pushed]), clusters, of, margin)
        wrong[run] = shown["under_grading_1"], shown["exact_agreement"]
    assert not beyond_target(wrong[:, 0])
    assert not beyond_target(wrong[:, 1])


def test_a_ranking_that_finds_less_by_the_margin_is_rarely_called_not_worse():
    """Daily queues of twelve leads and a budget of three; the challenger sets a share of the relevant leads that were found to the back."""
    rng, of, budget = np.random.default_rng(705), paired_metrics(task_metrics("ranking")), 3
    queues = np.repeat(np.arange(60), 12)

    def drawn_run() -> tuple[np.ndarray, np.ndarray]:
        labels = (rng.random(len(queues)) < 0.12).astype(np.int8)
        scores = rng.normal(2.5 * labels, 1.0)
        behind = np.where((labels == 1) & (rng.random(len(queues)) < 0.15), scores - 99, scores)
        decided = [work(own, queues, None, budget).decisions for own in (scores, behind)]
        return labels, np.stack(decided)

    made = [drawn_run() for _ in range(SOME)]
    relevant = sum(int((labels == 1).sum()) for labels, _ in made)
    margin = sum(int(((labels == 1) & (one > two)).sum()) for labels, (one, two) in made) / relevant  # the truth, over all runs
    wrong = [shown_of(np.stack([labels, *told]), np.arange(len(labels)), of, margin)["recall_at_budget"] for labels, told in made]
    assert not beyond_target(np.array(wrong))
    double = [shown_of(np.stack([labels, *told]), np.arange(len(labels)), of, 2.5 * margin)["recall_at_budget"] for labels, told in made]
    assert np.mean(double) > 0.5  # where it loses far less than the margin it is shown
