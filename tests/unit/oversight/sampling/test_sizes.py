"""Sizes of a sample against what samples of that size show."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.errors import BadInput
from evalharness.metrics.oversight_sample_limits import sampled_limits
from evalharness.oversight.sampling.sizes import FEWEST, Asked, Plan, sizes, stretched
from evalharness.records.oversight_sample import ELUSION, PRECISION, RECALL, Sampled, SampledPile, Seeded
from evalharness.records.share import Way
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


def test_with_seeds_the_size_is_one_at_which_coders_as_good_as_believed_show_it():
    asked, held, sees = Asked(metric=ELUSION, at_least=False, bound=0.02), 8, 0.9
    (n, *_), rng = sizes(plan(sensitivity=sees, seeds=80), [asked]).values(), np.random.default_rng(6)
    level = 1 - 0.05 * np.pi**2 / 6
    met = 0
    for _ in range(60):
        caught, x = int(rng.binomial(80, sees)), int(rng.binomial(rng.hypergeometric(held, 8_000 - held, n), sees))
        way = Way(name="case", clusters=80, total2=80, part2=caught, rest2=80 - caught)
        pile = SampledPile(name="set_aside", population=8_000, drawn=n, relevant=x, not_relevant=n - x)
        told = Sampled(draw=1, sensitivity=1.0, piles=(pile,), seeded=Seeded(missed=500, drawn=80, recognised=caught, cases=way))
        _, upper = sampled_limits(told, ELUSION, float(level))
        met += upper is not None and upper <= 0.02
    assert met >= 40  # .8 of 60, and three standard deviations below
    assert n > sizes(plan(sensitivity=sees), [asked])["set_aside"]


def test_the_stream_needs_more_the_more_items_are_of_one_case_and_the_last_look_is_filled():
    asked, alone = [Asked(metric=ELUSION, at_least=False, bound=0.02)], dict.fromkeys(("", *POPULATIONS), 0.0)
    single = sizes(plan(together=alone), asked)["set_aside"]
    cased = sizes(plan(together=dict.fromkeys(alone, 0.001)), asked)["set_aside"]
    assert cased > single
    with pytest.raises(BadInput, match="no sample is likely"):
        sizes(plan(together=dict.fromkeys(alone, 0.05)), asked)
    drawn = {"set_aside": 300, "reviewed_negative": 0, "reviewed_positive": 100}
    grown = stretched(drawn, POPULATIONS, 1_000)
    assert (sum(grown.values()), grown["reviewed_negative"]) == (1_000, 0)
    assert grown["set_aside"] == pytest.approx(750, abs=2)
    assert stretched(drawn, POPULATIONS, 8_400) == {"set_aside": 8_000, "reviewed_negative": 0, "reviewed_positive": 400}
    for total, words in ((399, "too small"), (8_401, "hold fewer items")):
        with pytest.raises(BadInput, match=words):
            stretched(drawn, POPULATIONS, total)
