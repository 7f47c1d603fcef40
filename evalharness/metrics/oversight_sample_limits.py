"""Limits from a coded sample: of the piles as they are, or of the stream that they are a part of.

A pile as it is: exact hypergeometric limits, thinned by what coders overlook (`stats.sampled`). The stream: the share of its items that
fall into a pile, and the share of these that is relevant, each by Clopper and Pearson at Kish's number of cases and by size; what coders
see of a share p is p c, so its upper limit is divided by c. All limits that a figure needs share its error (Bonferroni), the coders' too
where seeds measure them.
"""

from __future__ import annotations

from evalharness.metrics import methods
from evalharness.metrics.share_limits import limits_of_row
from evalharness.records.attempt import attempt_level
from evalharness.records.oversight_sample import FOUND, PRECISION, RECALL, RECOGNITION, SET_ASIDE, Sampled, SampledPile, Seeded
from evalharness.records.share import ShareRow, Way
from evalharness.stats.sampled import Limits, found_of_all, least_in_pile, most_in_pile

Pair = tuple[float, float]


def sampled_limits(sampled: Sampled, metric: str, level: float) -> Limits:
    """Lower and upper limit, each at confidence `level`, less what the draw, the looks and several limits at once cost."""
    alpha = alpha_of_look(sampled, level)
    if metric == RECOGNITION:
        return (None, None) if sampled.seeded is None else _recognised(sampled.seeded, alpha)
    each = alpha / max(limits_needed(sampled, metric), 1)
    piles = sampled.of(metric)
    if metric == RECALL:
        whole = sum(pile.population for pile in sampled.piles)
        return found_of_all([(*_relevant(sampled, pile, whole, each), pile.name in FOUND) for pile in piles])
    (pile,) = piles
    least, most = _relevant(sampled, pile, 0, each)
    return (least, most) if pile.cases is not None else (least / pile.population, most / pile.population)


def alpha_of_look(sampled: Sampled, level: float) -> float:
    """Draw K: 6 alpha / (pi^2 K^2); of L looks that were declared beforehand each has an L-th of it."""
    return methods.alpha_of(attempt_level(level, sampled.draw)) / sampled.looks


def limits_needed(sampled: Sampled, metric: str) -> int:
    """How many limits hold at once: one for each pile, in the stream one more for how large it is, and one for the seeds."""
    piles = len(sampled.of(metric))
    shares = 2 * piles if metric == RECALL and sampled.about == "the_stream" and piles > 1 else piles
    return shares + (sampled.seeded is not None and metric not in {PRECISION, RECOGNITION})


def _relevant(sampled: Sampled, pile: SampledPile, whole: int, alpha: float) -> Pair:
    """Limits of the relevant items in a pile: how many; in the stream, as a share of all items, or (whole: 0) of the pile."""
    sees = _sensitivity(sampled, pile, alpha)
    open_ = pile.relevant + pile.uncoded
    if pile.cases is None:
        least = least_in_pile(pile.relevant, pile.population, pile.drawn, alpha)
        most = most_in_pile(open_, pile.population, pile.drawn, alpha, sensitivity=sees) if sees else pile.population
        return float(least), float(most)
    low = _share(pile.relevant, pile.drawn, pile.cases.least, alpha)[0]
    high = min(_share(open_, pile.drawn, pile.cases.most, alpha)[1] / sees, 1.0) if sees else 1.0
    if not whole or len(sampled.piles) == 1:
        return low, high
    fewest, largest = _share(pile.population, whole, pile.cases.held, alpha)
    return fewest * low, largest * high


def _sensitivity(sampled: Sampled, pile: SampledPile, alpha: float) -> float:
    """The least chance that a relevant item of the pile is recognised. Seeds are like what the classifier set aside and like nothing else:
    for what was found it is then 0, which makes an upper limit wide and no finding met; for what was dismissed it stays declared."""
    if sampled.seeded is None:
        return sampled.sensitivity
    if pile.name == SET_ASIDE:
        return _recognised(sampled.seeded, alpha)[0]
    return 0.0 if pile.name in FOUND else sampled.sensitivity


def _recognised(seeded: Seeded, alpha: float) -> Pair:
    return _share(seeded.recognised, seeded.drawn, seeded.cases, alpha)


def _share(part: int, total: int, way: Way, alpha: float) -> Pair:
    if not total:
        return 0.0, 1.0
    return limits_of_row(ShareRow(metric="", part=part, total=total, ways=(way,)), alpha)[2]
