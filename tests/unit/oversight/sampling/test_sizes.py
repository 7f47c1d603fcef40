"""Sizes of a sample against what samples of that size show."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.errors import BadInput
from evalharness.oversight.sampling.sizes import FEWEST, Asked, Plan, sizes
from evalharness.records.oversight_sample import ELUSION, PRECISION, RECALL
from evalharness.stats.sampled import Pile, least_in_pile, most_in_pile, share_found_limits

POPULATIONS = {"set_aside": 8_000, "reviewed_negative": 1_000, "reviewed_positive": 400}
EXPECTED = {"set_aside": 0.001, "reviewed_negative": 0.01, "reviewed_positive": 0.9}
FLOOR = Asked(metric=RECALL, at_least=True, bound=0.7)


def plan(**changes: object) -> Plan:
    return Plan(**{"populations": POPULATIONS, "expected": EXPECTED, "power": 0.8, "sensitivity": 1.0, "alpha": 0.05, **changes})  # type: ignore[arg-type]


def shown(drawn: dict[str, int], rng: np.random.Generator) -> tuple[bool, bool]:
    """Whether one sample shows a recall of .7, and an elusion of .01 at most."""
    held = {name: round(POPULATIONS[name] * EXPECTED[name]) for name in POPULATIONS}
    seen = {name: int(rng.hypergeometric(held[name], POPULATIONS[name] - held[name], n)) if n else 0 for name, n in drawn.items()}
    piles = [Pile(population=POPULATIONS[n], drawn=drawn[n], least=x, most=x, found=n == "reviewed_positive") for n, x in seen.items()]
    lower, _ = share_found_limits(piles, 0.05)
    return (lower or 0) >= 0.7, most_in_pile(seen["set_aside"], 8_000, drawn["set_aside"], 0.05) <= 80


def test_samples_of_the_size_show_what_is_asked_as_often_as_said():
    drawn = sizes(plan(), [FLOOR, Asked(metric=ELUSION, at_least=False, bound=0.01)])
    rng = np.random.default_rng(5)
    found = np.mean([shown(drawn, rng) for _ in range(200)], axis=0)
    assert (found >= 0.75).all(), found  # 0.8, and three standard deviations of 200 runs below
    fewer = {name: n // 3 for name, n in drawn.items()}
    assert np.mean([shown(fewer, rng)[0] for _ in range(100)]) < 0.5


def test_only_what_is_asked_is_drawn_and_never_more_than_there_is():
    alone = sizes(plan(), [Asked(metric=ELUSION, at_least=False, bound=0.05)])
    assert alone == {"set_aside": max(FEWEST, alone["set_aside"]), "reviewed_negative": 0, "reviewed_positive": 0}
    kept = sizes(plan(populations={"set_aside": 30, "reviewed_positive": 40}), [Asked(metric=PRECISION, at_least=True, bound=0.5)])
    assert kept == {"set_aside": 0, "reviewed_positive": 40}
    assert least_in_pile(round(40 * 0.9), 40, 40, 0.05) / 40 >= 0.5


def test_stricter_draws_and_coders_who_overlook_need_more():
    usual = sum(sizes(plan(), [FLOOR]).values())
    assert sum(sizes(plan(alpha=0.0076), [FLOOR]).values()) > usual
    assert sum(sizes(plan(sensitivity=0.9), [FLOOR]).values()) > usual


def test_what_no_sample_would_show_is_said():
    with pytest.raises(BadInput, match="no sample is likely to show what is required of sampled_recall"):
        sizes(plan(), [Asked(metric=RECALL, at_least=True, bound=0.97)])
    with pytest.raises(BadInput, match="what share of a pile is believed"):
        sizes(plan(expected={"set_aside": 0.001}), [FLOOR])
