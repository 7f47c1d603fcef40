"""Bounds from a drawn sample against piles whose truth is known: seeded simulations."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.records.attempt import attempt_level
from evalharness.records.oversight_sample import SampledPile
from evalharness.stats.sampled import Pile, least_in_pile, most_in_pile, share_found_limits

RUNS = 1_500
ALLOWED = 0.05 + 3 * np.sqrt(0.05 * 0.95 / RUNS)
"""5 %, and three standard deviations of so many runs."""
SCENES = {
    "few missed": ((9_000, 400, 18), (800, 100, 16), (300, 100, 270)),
    "much missed": ((3_000, 250, 90), (400, 120, 40), (200, 60, 120)),
    "tiny piles": ((60, 30, 3), (20, 12, 4), (15, 10, 9)),
    "most of it read": ((500, 450, 10), (100, 90, 12), (80, 75, 60)),
    "nothing kept is relevant but little": ((5_000, 300, 5), (700, 80, 2), (300, 80, 6)),
}
"""(items, drawn, relevant) of the piles set aside, dismissed and kept."""
Scene = tuple[tuple[int, int, int], ...]


def truth(scene: Scene) -> float:
    return scene[2][2] / sum(relevant for _, _, relevant in scene)


def seen(scene: Scene, rng: np.random.Generator, sensitivity: float = 1.0) -> list[np.ndarray]:
    """[RUNS] of each pile: relevant items among those drawn that coders recognise."""
    inside = [rng.hypergeometric(relevant, total - relevant, drawn, RUNS) for total, drawn, relevant in scene]
    return [rng.binomial(n, sensitivity) for n in inside]


def limits(scene: Scene, counts: tuple[int, ...], sensitivity: float = 1.0, uncoded: int = 0) -> tuple[float, float]:
    piles = [
        Pile(population=total, drawn=drawn, least=max(x - uncoded, 0), most=min(x + uncoded, drawn), found=at == 2)
        for at, ((total, drawn, _), x) in enumerate(zip(scene, counts, strict=True))
    ]
    lower, upper = share_found_limits(piles, 0.05, sensitivity=sensitivity)
    return (0.0 if lower is None else lower), (1.0 if upper is None else upper)


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@pytest.mark.parametrize("sensitivity", [1.0, 0.8])
def test_bounds_on_recall_cover_the_truth(scene: Scene, sensitivity: float):
    rng = np.random.default_rng(11)
    runs = list(zip(*(x.tolist() for x in seen(scene, rng, sensitivity)), strict=True))
    known = {counts: limits(scene, counts, sensitivity) for counts in set(runs)}
    lower, upper = np.array([known[counts] for counts in runs]).T
    assert np.mean(lower > truth(scene)) <= ALLOWED
    assert np.mean(upper < truth(scene)) <= ALLOWED


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@pytest.mark.parametrize("sensitivity", [1.0, 0.8])
def test_bounds_on_elusion_cover_the_truth_whatever_part_of_the_pile_is_read(scene: Scene, sensitivity: float):
    total, drawn, relevant = scene[0]
    counts = seen(scene[:1], np.random.default_rng(12), sensitivity)[0]
    most = {x: most_in_pile(x, total, drawn, 0.05, sensitivity=sensitivity) for x in set(counts.tolist())}
    least = {x: least_in_pile(x, total, drawn, 0.05) for x in most}
    assert np.mean([most[x] < relevant for x in counts.tolist()]) <= ALLOWED
    assert np.mean([least[x] > relevant for x in counts.tolist()]) <= ALLOWED


def test_dividing_the_limit_by_the_coders_sensitivity_would_not_hold_where_much_of_a_pile_is_read():
    """The usual shortcut: of a pile read whole the limit is the count itself, and what coders overlooked varies around it."""
    total, relevant, sensitivity = 500, 100, 0.8
    counts = np.random.default_rng(13).binomial(relevant, sensitivity, RUNS)
    short = np.mean([most_in_pile(x, total, total, 0.05) / sensitivity < relevant for x in counts.tolist()])
    exact = np.mean([most_in_pile(x, total, total, 0.05, sensitivity=sensitivity) < relevant for x in counts.tolist()])
    assert short > 0.3
    assert exact <= ALLOWED


def test_an_elusion_only_sample_overestimates_recall():
    """What was kept counted as found without looking, what reviewers dismissed not at all: the lower bound lies above the truth."""
    scene = ((9_000, 400, 18), (800, 0, 40), (300, 0, 200))
    counts = seen(scene[:1], np.random.default_rng(14))[0]
    naive = {x: 300 / (300 + most_in_pile(x, 9_000, 400, 0.05)) for x in set(counts.tolist())}
    point = np.array([300 / (300 + x / 400 * 9_000) for x in counts.tolist()])
    assert np.mean(point > truth(scene)) > 0.5
    assert np.mean([naive[x] > truth(scene) for x in counts.tolist()]) > ALLOWED
    honest = ((9_000, 400, 18), (800, 100, 40), (300, 100, 200))
    runs = list(zip(*(x.tolist() for x in seen(honest, np.random.default_rng(15))), strict=True))
    known = {c: limits(honest, c)[0] for c in set(runs)}
    assert np.mean([known[c] > truth(honest) for c in runs]) <= ALLOWED


def test_the_best_of_several_draws_is_paid_for():
    """An elusion right at the goal, drawn until it is met, five times at most."""
    total, drawn, relevant = 9_000, 600, 91  # one more than 1 in 100
    goal = 90
    rng = np.random.default_rng(16)
    counts = rng.hypergeometric(relevant, total - relevant, drawn, (RUNS, 5))

    def met(alphas: list[float]) -> float:
        most = {(x, k): most_in_pile(x, total, drawn, a) for k, a in enumerate(alphas) for x in set(counts[:, k].tolist())}
        return float(np.mean([any(most[int(x), k] <= goal for k, x in enumerate(run)) for run in counts]))

    assert met([0.05] * 5) > ALLOWED
    assert met([1 - attempt_level(0.95, k) for k in range(1, 6)]) <= ALLOWED


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_rows_that_nobody_coded_never_help(share: float):
    scene = SCENES["much missed"]
    rng = np.random.default_rng(17)
    for counts in list(zip(*(x.tolist() for x in seen(scene, rng)), strict=True))[:150]:
        whole = limits(scene, counts)
        piles = []
        for at, ((total, drawn, _), x) in enumerate(zip(scene, counts, strict=True)):
            kept, rest = rng.binomial(x, 1 - share), rng.binomial(drawn - x, 1 - share)
            told = SampledPile(name="p", population=total, drawn=drawn, relevant=int(kept), not_relevant=int(rest))
            piles.append(Pile(population=total, drawn=drawn, least=told.relevant, most=told.relevant + told.uncoded, found=at == 2))
        lower, upper = share_found_limits(piles, 0.05)
        assert lower is not None
        assert upper is not None
        assert lower <= whole[0]
        assert upper >= whole[1]
