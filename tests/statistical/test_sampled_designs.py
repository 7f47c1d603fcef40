"""Bounds of samples of the stream, of looks, and of coders who were measured, against truths that are known: seeded simulations."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy import stats

from evalharness.metrics.oversight_sample_limits import sampled_limits
from evalharness.oversight.sampling.counts import way_of
from evalharness.records.oversight_sample import ELUSION, RECALL, RECOGNITION, Cases, Doubly, Sampled, SampledPile, Seeded
from evalharness.records.share import Way
from evalharness.stats.sampled import most_in_pile, tail

RUNS = 350
LEVEL = 1 - 0.05 * math.pi**2 / 6
"""Of a policy whose first draw is judged at alpha = .05."""
NAMES = ("set_aside", "reviewed_negative", "reviewed_positive")


def allowed(runs: int) -> float:
    """5 %, and three standard deviations of so many runs."""
    return 0.05 + 3 * math.sqrt(0.05 * 0.95 / runs)


@dataclass(frozen=True)
class Kind:
    """Cases of one kind: how often they come, how many items they have, and where these lie: relevant and not, by pile."""

    often: float
    size: int
    relevant: tuple[float, float, float]
    other: tuple[float, float, float]


@dataclass(frozen=True)
class Stream:
    cases: int
    kinds: tuple[Kind, ...]
    drawn: tuple[int, int, int] = (250, 80, 80)
    sensitivity: float = 1.0

    @property
    def truth(self) -> tuple[float, float]:
        """(elusion, recall) of the stream."""
        relevant, other = (
            np.array(
                [[kind.often * kind.size * share for share in shares] for kind in self.kinds for shares in (getattr(kind, name),)]
            ).sum(0)
            for name in ("relevant", "other")
        )
        return relevant[0] / (relevant[0] + other[0]), relevant[2] / relevant.sum()

    def sampled(self, rng: np.random.Generator, overlooked: float = 0.0) -> Sampled:
        """A period of it, drawn from and coded; overlooked: share of cases of which coders see nothing."""
        seen_at_all = rng.random(self.cases) >= overlooked
        often = np.array([kind.often for kind in self.kinds])
        which = rng.choice(len(self.kinds), self.cases, p=often / often.sum())
        cells = np.array([[*kind.relevant, *kind.other] for kind in self.kinds])
        counts = np.array([rng.multinomial(self.kinds[k].size, cells[k]) for k in which])
        whole = counts.sum(1)
        piles = []
        for at, name in enumerate(NAMES):
            held = counts[:, at] + counts[:, 3 + at]
            if not held.sum():
                continue
            case = np.repeat(np.arange(self.cases), held)
            relevant = np.concatenate([np.arange(h) < r for h, r in zip(held, counts[:, at], strict=True)])
            chosen = rng.permutation(len(case))[: min(self.drawn[at], len(case))]
            seen = relevant[chosen] & (rng.random(len(chosen)) < self.sensitivity) & seen_at_all[case[chosen]]
            way = way_of(case[chosen].tolist(), seen.tolist())
            inside = Way(name="case", clusters=int((whole > 0).sum()), total2=int(whole @ whole), part2=int(held @ held),
                         rest2=int((whole - held) @ (whole - held)))  # fmt: skip
            piles.append(
                SampledPile(
                    name=name,
                    population=len(case),
                    drawn=len(chosen),
                    relevant=int(seen.sum()),
                    not_relevant=int((~seen).sum()),
                    cases=Cases(held=inside, least=way, most=way),
                )
            )
        return Sampled(draw=1, sensitivity=self.sensitivity, piles=tuple(piles))


LITTLE = Kind(0.8, 4, (0.0, 0.0, 0.0), (0.9, 0.1, 0.0))
STREAMS = {
    "items like one another": Stream(300, (Kind(1.0, 4, (0.01, 0.01, 0.08), (0.8, 0.08, 0.02)),)),
    "whole cases missed": Stream(250, (LITTLE, Kind(0.15, 5, (0, 0, 0.9), (0, 0, 0.1)), Kind(0.05, 5, (0.8, 0.2, 0), (0, 0, 0)))),
    "large cases missed": Stream(200, (LITTLE, Kind(0.18, 3, (0, 0, 0.9), (0, 0, 0.1)), Kind(0.02, 30, (0.7, 0.1, 0.1), (0.1, 0, 0)))),
    "few cases": Stream(25, (Kind(0.7, 20, (0, 0, 0), (0.95, 0.05, 0)), Kind(0.3, 20, (0.1, 0.1, 0.7), (0, 0, 0.1)))),
    "coders overlook": Stream(250, (LITTLE, Kind(0.2, 4, (0.15, 0.05, 0.7), (0, 0, 0.1))), sensitivity=0.8),
}


@pytest.mark.parametrize("name", STREAMS)
def test_bounds_cover_the_stream_and_not_the_period_alone(name: str):
    stream, rng = STREAMS[name], np.random.default_rng(21)
    elusion, recall = stream.truth
    wrong = np.zeros(4)
    for _ in range(RUNS):
        sampled = stream.sampled(rng)
        least, most = sampled_limits(sampled, ELUSION, LEVEL)
        lower, upper = sampled_limits(sampled, RECALL, LEVEL)
        wrong += [
            (least or 0) > elusion,
            (1 if most is None else most) < elusion,
            (lower or 0) > recall,
            (1 if upper is None else upper) < recall,
        ]
    assert (wrong / RUNS <= allowed(RUNS)).all(), wrong / RUNS


def test_bounds_of_the_piles_as_they_are_do_not_cover_the_stream_where_cases_are_missed_whole():
    stream, rng = STREAMS["large cases missed"], np.random.default_rng(22)
    elusion, _ = stream.truth
    short = 0
    for _ in range(RUNS):
        pile = stream.sampled(rng).piles[0]
        short += most_in_pile(pile.relevant, pile.population, pile.drawn, 0.05) / pile.population < elusion
    assert short / RUNS > allowed(RUNS)


def test_each_look_is_paid_for():
    """An elusion right above its goal, looked at four times, the earlier lines always among the later."""
    runs, total, relevant, looks, goal = 1_500, 40_000, 801, (500, 1_500, 4_500, 13_500), 800
    rng = np.random.default_rng(23)
    seen = []
    for _ in range(runs):
        places = rng.permutation(total)[:relevant]  # where on an endless sheet the relevant items stand
        seen.append([int((places < look).sum()) for look in looks])

    def met(alpha: float) -> float:
        most = {(x, n): most_in_pile(x, total, n, alpha) for row in seen for x, n in zip(row, looks, strict=True)}
        return float(np.mean([any(most[x, n] <= goal for x, n in zip(row, looks, strict=True)) for row in seen]))

    assert met(0.05) > allowed(runs)
    assert met(0.05 / len(looks)) <= 0.05

    def paid(row: list[int]) -> bool:  # through the code that judges
        for x, n in zip(row, looks, strict=True):
            pile = SampledPile(name="set_aside", population=total, drawn=n, relevant=x, not_relevant=n - x)
            _, upper = sampled_limits(Sampled(draw=1, sensitivity=1.0, piles=(pile,), looks=len(looks)), ELUSION, LEVEL)
            if upper is not None and upper <= goal / total:
                return True
        return False

    assert np.mean([paid(row) for row in seen]) == met(0.05 / len(looks))


@pytest.mark.parametrize(("spread", "sizes"), [(0.0, (1,)), (1.0, (1, 2, 6)), (1.0, (4,))])
def test_seeds_that_measure_coders_leave_the_bound_on_elusion_true(spread: float, sizes: tuple[int, ...]):
    """Coders overlook 3 in 10; with spread 1 all items of a case or none. To put the share of seeds in as if it were known does not hold.

    The upper limit is below the truth where the tail at the truth is at most alpha; that is asked, for it is quick.
    """
    runs, total, drawn, relevant, sees, seeds = 350, 4_000, 1_500, 160, 0.7, 25
    rng = np.random.default_rng(24)
    short = naive = 0
    for run in range(runs):
        size = rng.choice(sizes, 150)
        chance = np.where(rng.random(150) < spread, (rng.random(150) < sees).astype(float), sees)
        case = np.repeat(np.arange(150), size)
        chosen = rng.permutation(len(case))[:seeds]
        caught = rng.random(seeds) < chance[case[chosen]]
        seeded = Seeded(missed=len(case), drawn=seeds, recognised=int(caught.sum()), cases=way_of(case[chosen].tolist(), caught.tolist()))
        x = int(rng.binomial(rng.hypergeometric(relevant, total - relevant, drawn), sees))
        pile = SampledPile(name="set_aside", population=total, drawn=drawn, relevant=x, not_relevant=drawn - x)
        sampled = Sampled(draw=1, sensitivity=1.0, piles=(pile,), seeded=seeded)
        least, _ = sampled_limits(replace(sampled, draw=1, looks=2), RECOGNITION, LEVEL)  # at alpha / 2
        assert least is not None
        below = tail(x, relevant, total, drawn, least) <= 0.025
        short += below
        naive += tail(x, relevant, total, drawn, seeded.recognised / seeds) <= 0.05
        if run < 2 or (below and short < 3):
            _, upper = sampled_limits(sampled, ELUSION, LEVEL)
            assert upper is not None
            assert (upper < relevant / total) == below
    assert short / runs <= allowed(runs)
    assert naive / runs > allowed(runs)


def test_coders_who_overlook_whole_cases_are_allowed_for_in_the_stream_and_not_in_a_pile_as_it_is():
    """Eight cases of twenty hold what was missed; each is recognised whole or overlooked whole. So a figure about the pile rests on what is
    declared, whatever seeds show, and one about the stream does not."""
    runs, rng, sees = 300, np.random.default_rng(26), 0.7
    kinds = (Kind(0.92, 20, (0, 0, 0), (0.9, 0, 0.1)), Kind(0.08, 20, (0.9, 0, 0.1), (0, 0, 0)))
    stream = Stream(100, kinds, drawn=(800, 0, 0))
    elusion = stream.truth[0]
    short = {"the_stream": 0, "this_pile": 0}
    for _ in range(runs):
        recognised = (rng.random(60) < sees).repeat(4)
        caught = rng.permutation(240)[:120]
        found = recognised[caught]
        seeded = Seeded(missed=240, drawn=120, recognised=int(found.sum()), cases=way_of((caught // 4).tolist(), found.tolist()))
        told = stream.sampled(rng, overlooked=1 - sees)
        for about, cased in (("the_stream", told), ("this_pile", replace(told, piles=tuple(replace(p, cases=None) for p in told.piles)))):
            each = replace(cased, seeded=seeded)
            assert (ELUSION in each.declared) == (about == "this_pile")
            if about == "this_pile":  # quick: whether the tail at what the pile holds is below alpha / 2
                least, _ = sampled_limits(replace(each, looks=2), RECOGNITION, LEVEL)
                pile = each.piles[0]
                short[about] += tail(pile.relevant, round(elusion * pile.population), pile.population, pile.drawn, least or 0.0) <= 0.025
            else:
                short[about] += (sampled_limits(each, ELUSION, LEVEL)[1] or 0) < elusion
    assert short["the_stream"] / runs <= allowed(runs)
    assert short["this_pile"] / runs > allowed(runs)


@pytest.mark.parametrize(("hard", "sound"), [(0.0, True), (0.25, False)])
def test_two_coders_alone_cannot_show_what_both_overlook(hard: float, sound: bool):
    """A quarter of the relevant items is hard, and nobody sees it: what both found says nothing of it; so it describes alone.

    The best that could be said, that they recognise at least the lower limit of what each found of the other's finds, is above the truth.
    """
    runs, relevant, sees = 1_000, 200, 0.85
    rng = np.random.default_rng(25)
    truth = (1 - hard) * (1 - (1 - sees) ** 2)
    above, points = 0, []
    for _ in range(runs):
        visible = rng.random(relevant) >= hard
        one, two = (visible & (rng.random(relevant) < sees) for _ in range(2))
        both = int((one & two).sum())
        told = Doubly(items=relevant, both=both, first=int(one.sum()) - both, second=int(two.sum()) - both, overruled=0, settled=0)
        assert told.at_most is not None
        points.append(told.at_most)
        lower = [stats.beta.ppf(0.025, both, n - both + 1) for n in (int(one.sum()), int(two.sum()))]
        above += 1 - (1 - lower[0]) * (1 - lower[1]) > truth
    assert (above / runs <= allowed(runs)) == sound
    assert (abs(np.mean(points) - truth) < 0.01) == sound
    assert np.mean(points) > truth - 0.01  # an upper end, where they overlook the same items
