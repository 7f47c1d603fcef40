"""Had the refused items been answered, in whatever way, no worst-case bound would have promised too much."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tallies_by_hand import LEVEL, clustered, clusters_of_groups, everybody, farthest, independent, named, policy, widest

from evalharness.catalogue import OUTCOMES, task_metrics
from evalharness.metrics import measure
from evalharness.metrics.gaps import gap_metrics
from evalharness.metrics.quantities import quantities
from evalharness.records import Estimate
from evalharness.tally import ConfusionTally

COUNTS = st.tuples(*[st.integers(0, 60)] * 4, *[st.integers(0, 9)] * 2).filter(lambda c: sum(c[4:]) > 0)
BINARY = task_metrics("binary")
FEW = settings(max_examples=25, deadline=None, derandomize=True)
DUST = 1e-9


def answered(counts: tuple[int, ...]) -> list[tuple[int, ...]]:
    """As they are, and the four ways of answering all that was refused of a class."""
    tp, fp, fn, tn, relevant, irrelevant = counts
    found = [counts]
    for hit, alarm in product((True, False), repeat=2):
        p, n = (relevant if hit else 0), (irrelevant if alarm else 0)
        found.append((tp + p, fp + n, fn + relevant - p, tn + irrelevant - n, 0, 0))
    return found


@FEW
@given(COUNTS)
def test_a_share_s_worst_case_holds_whatever_the_answers(counts: tuple[int, ...]):
    asked = measure(everybody(counts), policy(), LEVEL)
    for way in answered(counts):
        real = measure(everybody(way), policy(), LEVEL)
        for quantity in quantities(BINARY, policy()):
            before, after = named(asked, quantity.name), named(real, quantity.name)
            (lower, upper), (least, most) = farthest(before), widest(after)
            if lower is not None and least is not None:
                assert lower <= least + DUST
            if upper is not None and after.value is not None:
                assert most is not None
                assert upper >= most - DUST * upper


@FEW
@given(COUNTS, COUNTS)
def test_a_gap_s_worst_case_holds_whatever_the_answers_in_each_group(first: tuple[int, ...], second: tuple[int, ...]):
    asked = measure(independent({("a",): first, ("b",): second}), policy(), LEVEL)
    for one, other in product(answered(first), answered(second)):
        real = measure(independent({("a",): one, ("b",): other}), policy(), LEVEL)
        for metric in gap_metrics(BINARY):
            before, after = (named(e, f"{metric.name}_difference") for e in (asked, real))
            upper, most = farthest(before)[1], widest(after)[1]
            if upper is not None:
                assert most is not None
                assert upper >= most - DUST
            before, after = (named(e, f"{metric.name}_ratio") for e in (asked, real))
            lower, least = farthest(before)[0], widest(after)[0]
            if lower is not None:
                assert least is not None
                assert lower <= least + DUST


Cluster = tuple[int, ...]
CLUSTERS = st.lists(st.tuples(*[st.integers(0, 6)] * 6), min_size=3, max_size=9).filter(
    lambda parts: sum(map(sum, (p[4:] for p in parts))) > 0
)
SOME_GROUPS = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=9, max_size=9)
BECOMES = {4: (0, 2, 4), 5: (1, 3, 5)}
"""What a refused relevant item, and a refused irrelevant one, may become: found, missed or still refused; alarm, silent or refused."""


def some_answered(parts: list[Cluster], seed: int) -> list[Cluster]:
    """Each refused item answered in its own way, or not at all; every cluster leans its own way."""
    rng = np.random.default_rng(seed)
    found = np.array(parts)
    for row in found:
        for source, targets in BECOMES.items():
            refused, row[source] = int(row[source]), 0
            row[list(targets)] += rng.multinomial(refused, rng.dirichlet([0.3] * 3))
    return [tuple(int(x) for x in row) for row in found]


def holds_for_shares(before: list[Estimate], after: list[Estimate]) -> None:
    for quantity in quantities(BINARY, policy()):
        asked, real = named(before, quantity.name), named(after, quantity.name)
        (lower, upper), (least, most) = farthest(asked), widest(real)
        if lower is not None and least is not None:
            assert lower <= least + DUST
        if upper is not None and real.value is not None:
            assert most is not None
            assert upper >= most - DUST * upper


@FEW
@given(CLUSTERS, st.integers(0, 10**6))
def test_a_share_s_worst_case_holds_in_clusters_whichever_items_are_answered_and_however(parts: list[Cluster], seed: int):
    asked = list(measure(clustered(parts), policy(), LEVEL))
    for way in (*(some_answered(parts, seed + i) for i in range(4)), *uniform(parts)):
        holds_for_shares(asked, list(measure(clustered(way), policy(), LEVEL)))


def uniform(parts: list[Cluster]) -> list[list[Cluster]]:
    return [[answered(part)[i] for part in parts] for i in range(5)]


@FEW
@given(CLUSTERS, SOME_GROUPS, st.integers(0, 10**6))
def test_a_gap_s_worst_case_holds_in_clusters_whichever_items_are_answered_and_however(parts: list[Cluster], where: list[str], seed: int):
    first, second = in_groups(parts, where)
    asked = measure(two_groups(first, second), policy(), LEVEL)
    ways = [(some_answered(first, seed + i), some_answered(second, seed + 100 + i)) for i in range(3)]
    for one, other in (*ways, *zip(uniform(first), reversed(uniform(second)), strict=True)):
        real = measure(two_groups(one, other), policy(), LEVEL)
        for metric in gap_metrics(BINARY):
            before, after = (named(e, f"{metric.name}_difference") for e in (asked, real))
            upper, most = farthest(before)[1], widest(after)[1]
            if upper is not None:
                assert most is not None
                assert upper >= most - DUST
            before, after = (named(e, f"{metric.name}_ratio") for e in (asked, real))
            lower, least = farthest(before)[0], widest(after)[0]
            if lower is not None:
                assert least is not None
                assert lower <= least + DUST


def in_groups(parts: list[Cluster], where: list[str]) -> tuple[list[Cluster], list[Cluster]]:
    """What each cluster has in group a and in group b: all of it, nothing, or about half of each outcome."""
    shares = [{"a": part, "b": (0,) * 6, "ab": tuple(x // 2 for x in part)}[at] for part, at in zip(parts, where, strict=False)]
    return shares, [tuple(x - y for x, y in zip(part, share, strict=True)) for part, share in zip(parts, shares, strict=True)]


def two_groups(first: list[Cluster], second: list[Cluster]) -> ConfusionTally:
    clusters = [{"a": one, "b": other} for one, other in zip(first, second, strict=True)]
    return clusters_of_groups([*clusters, {"a": (1, 1, 1, 1, 0, 0)}, {"b": (1, 1, 1, 1, 0, 0)}])


def outcome(**numbers: int) -> Cluster:
    return tuple(numbers.get(name, 0) for name in OUTCOMES)


def test_refusing_a_whole_cluster_and_some_misses_does_not_hide_that_few_items_would_be_effective():
    """Answered, 60 finds stand in one cluster: precision has 52.9 effective items and a lower bound of .8778. No uniform way shows it."""
    rest = [outcome(tp=1)] * 380 + [outcome(fp=1)] * 20 + [outcome(tn=1)] * 40_000
    answers = named(measure(clustered([*rest, outcome(tp=60), *[outcome(fn=1)] * 40]), policy(), LEVEL), "precision")
    assert round(answers.n_eff, 1) == 52.9
    assert answers.lower == pytest.approx(0.8778, abs=5e-5)
    silent = [*rest, outcome(no_answer_positive=60), *[outcome(no_answer_positive=1)] * 40]
    refuses = named(measure(clustered(silent), policy(), LEVEL), "precision")
    assert refuses.lower > 0.89
    assert refuses.worst_case is not None
    assert refuses.worst_case[0] <= widest(answers)[0]  # type: ignore[operator]
