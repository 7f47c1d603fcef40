"""What the clusters of a weighted sample are like, stratum by stratum: what their items are worth, and how unequal they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import TaskMetrics
from evalharness.metrics.arrays import sum_of_squares
from evalharness.metrics.counted import clusters_of, everything, one_more_of_all
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.stratified import Strata
from evalharness.stats.uneven import Uneven, one_more_of
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spans:
    """Weights [Q, O] of what counts, what does not, and both: the least and the most of each that answers to refused items can make."""

    least_part: Ints
    most_part: Ints
    least_rest: Ints
    most_rest: Ints
    least: Ints
    most: Ints
    as_it_is: Ints
    """Of both, with the answers as they are."""


def strata_of(tally: ConfusionTally) -> Strata:
    """The strata of a tally that has some; each has an item at least."""
    totals = np.array([part.counts[0].sum() for _, part in tally.strata], dtype=np.float64)
    squares = np.array([part.second[0].sum() if part.clustered else part.counts[0].sum() for _, part in tally.strata], dtype=np.float64)
    population = totals / np.array([inclusion for inclusion, _ in tally.strata])
    return Strata(totals=totals, n_eff=kish_n_eff(totals, squares), shares=population / population.sum())


def clusters_of_all(tally: ConfusionTally) -> Ints:
    """[H] clusters with any item of each stratum."""
    whole = [everything(tally.of)]
    return np.array([clusters_of(part, whole)[0, 0] for _, part in tally.strata])


def spans_of(of: TaskMetrics, numerators: Ints, denominators: Ints, *, refused: bool) -> Spans:
    """Numerators and denominators are [Q, O]. Without `refused` everything stays as it is."""
    three = numerators, denominators - numerators, denominators
    ends = [(_extreme(of, weights, np.min), _extreme(of, weights, np.max)) if refused else (weights, weights) for weights in three]
    (least_part, most_part), (least_rest, most_rest), (least, most) = ends
    return Spans(
        least_part=least_part, most_part=most_part, least_rest=least_rest, most_rest=most_rest, least=least, most=most,
        as_it_is=denominators,
    )  # fmt: skip


def worth_of(tally: ConfusionTally, at: Sequence[int], denominators: Ints) -> Floats:
    """[S, Q, H] what an item of a denominator [Q, O] is worth beside any item of its stratum; 1 at the most, and where none is counted.

    Kish's effective number of the denominator over that of the stratum, an item each: less where the items that count come in larger
    clusters than others do.
    """
    return _worth(tally, [counted(part, at, denominators) for _, part in tally.strata])


def clusters_at_worst(tally: ConfusionTally, at: Sequence[int], spans: Spans) -> tuple[Floats, Uneven]:
    """`worth_of` and what clusters are like (S, Q, H), in effective units of their stratum, whichever refused items are answered, and how.

    One more cluster is one with items of the denominator, and not smaller than `one_more_of_all` in the stratum; where the stratum has
    none, it is of the mean size there. (`worth` goes by all items of the stratum where those come in larger clusters: a few clusters of
    the denominator may not show how large others are.) With refused items: what counts, and what does not, has the greatest sum of squares
    that answers can give; the denominator has its greatest beside its fewest items, and every item that can enter it is taken to bring a
    cluster of its own. Independent items are not asked about.
    """
    strata = strata_of(tally)
    denominators = [tuple(row) for row in spans.as_it_is.tolist()]
    found = [_least_and_most(part, at, spans) for _, part in tally.strata]
    hits, misses, one_more = (np.empty((len(at), len(denominators), len(found))) for _ in range(3))
    for h, (_, part) in enumerate(tally.strata):
        total, squares = found[h]
        unit = strata.totals[h] / strata.n_eff[h]
        hits[..., h], misses[..., h] = (sum_of_squares(part.second[at], most) / unit**2 for most in (spans.most_part, spans.most_rest))
        clusters = clusters_of(part, denominators)[at] + part.counts[at] @ (spans.most - spans.as_it_is).T
        n_eff = kish_n_eff(total, squares)
        mean = np.where(n_eff > 0, total / np.where(n_eff > 0, n_eff, 1.0) / unit, 1.0)
        least = one_more_of_all(part, denominators, at)
        one_more[..., h] = np.maximum(mean * one_more_of(clusters, n_eff), 0.0 if least is None else least / unit)
    return _worth(tally, found), Uneven(hits=hits, misses=misses, one_more=one_more)


def counts_by_stratum(tally: ConfusionTally, at: Sequence[int], weights: Ints) -> Floats:
    """[S, Q, H] counts of each stratum."""
    return np.stack([part.counts[at] @ weights.T for _, part in tally.strata], axis=-1).astype(np.float64)


def counted(part: ConfusionTally, at: Sequence[int], denominators: Ints) -> tuple[Floats, Floats]:
    """[S, Q] items of each denominator, and the sum over clusters of the square of their number."""
    items = (part.counts[at] @ denominators.T).astype(np.float64)
    return items, sum_of_squares(part.second[at], denominators) if part.clustered else items


def _least_and_most(part: ConfusionTally, at: Sequence[int], spans: Spans) -> tuple[Floats, Floats]:
    """[S, Q] the fewest items of each denominator, and the greatest sum of squares; items are never fewer than its root."""
    (fewest, _), (_, squares) = counted(part, at, spans.least), counted(part, at, spans.most)
    return np.maximum(fewest, np.sqrt(squares)), squares


def _worth(tally: ConfusionTally, found: Sequence[tuple[Floats, Floats]]) -> Floats:
    strata = strata_of(tally)
    worth = np.ones((*found[0][0].shape, len(found)))
    for h, (_, part) in enumerate(tally.strata):
        if part.clustered:
            items, squares = found[h]
            own = np.where(items > 0, kish_n_eff(items, squares) / np.where(items > 0, items, 1.0), np.inf)
            worth[..., h] = np.minimum(own * (strata.totals[h] / strata.n_eff[h]), 1.0)
    return worth


def _extreme(of: TaskMetrics, weights: Ints, least_or_most: Callable[..., Ints]) -> Ints:
    """[Q, O] weights with each refused item answered, or left, as it makes their sum least, or greatest."""
    found = weights.copy()
    for source, targets in zip(of.refused, of.answers, strict=True):
        found[:, source] = least_or_most(weights[:, [source, *targets]], axis=1)
    return found
