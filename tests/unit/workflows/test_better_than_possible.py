"""Answers that are right more often than the features allow are called so, and no others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from evalharness.catalogue import task_metrics
from evalharness.errors import Fault
from evalharness.records import Caution
from evalharness.tally import AttainableCounter, BestGradingCounter, ConfusionTally, Counter, Foreseen, Slices
from evalharness.workflows.better_than_possible import better_than_possible

LEVELS = ("none", "C", "B", "A")
SLICES = Slices(attributes=(), levels={}, depth=1)


def told(task: str, chances: Any, labels: Any, decisions: Any, clusters: Any = None) -> tuple[Caution, ...]:
    """`chances` [rows], or [rows, levels] for ordinal."""
    counter = Counter(SLICES, clustered=clusters is not None, of=task_metrics(task, LEVELS if task == "ordinal" else ()))
    names = None if clusters is None else pa.array([f"c{number:06d}" for number in clusters])
    of = np.asarray(labels, dtype=np.int8), np.asarray(decisions, dtype=np.int8)
    counter.add(*of, {}, names)
    best: Any = BestGradingCounter({}, len(LEVELS)) if task == "ordinal" else AttainableCounter({})
    best.add(np.asarray(chances, dtype=float), *of, {})
    return tuple(better_than_possible(counter.result(), best.foreseen()))


def drawn(seed: int, rows: int = 4_000) -> tuple[Any, Any, Any]:
    """Chances, labels drawn by them, and whether a classifier that sees a little of what they tell selects the row."""
    rng = np.random.default_rng(seed)
    chances = rng.beta(0.4, 2, rows)
    return chances, rng.random(rows) < chances, chances + rng.normal(0, 0.3, rows) > 0.4


@pytest.mark.parametrize("task", ["binary", "ranking", "risk"])
def test_choices_by_the_features_alone_are_never_called_better_than_possible(task: str) -> None:
    for seed in range(50):
        chances, labels, selected = drawn(seed)
        assert told(task, chances, labels, selected) == ()
        assert told(task, chances, labels, chances > 0.5) == ()


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("binary", "{n:,} items are flagged and {right:,} of them are relevant"),
        ("ranking", "{n:,} leads are looked at and {right:,} of them are relevant"),
        ("risk", "{n:,} reports are placed in the top band and for {right:,} of them the outcome followed"),
    ],
)
def test_choices_that_know_the_labels_are_even_where_they_find_less_than_the_best(task: str, words: str) -> None:
    chances, labels, _ = drawn(1)
    rng = np.random.default_rng(2)
    leaked = (rng.random(len(labels)) < 0.5) & (labels | (rng.random(len(labels)) < 0.5))
    (caution,) = told(task, chances, labels, leaked)
    assert caution.kind == "better_than_possible"
    assert caution.text.startswith(f"Better than possible: {words.format(n=leaked.sum(), right=(leaked & labels).sum())}, where")
    assert f"where {chances[leaked].sum():,.0f} are to be expected" in caution.text
    counter = AttainableCounter({})
    counter.add(chances, labels.astype(np.int8), leaked.astype(np.int8), {})
    (everybody,) = counter.result()
    assert everybody.recall is not None
    assert everybody.best_recall is not None
    assert everybody.recall < everybody.best_recall - 0.1


def test_choices_of_so_many_items_that_most_are_wrong_anyway_are_seen_by_what_they_do_not_miss() -> None:
    """As under a daily budget: one in four of the worked leads is relevant at best."""
    chances, labels, _ = drawn(6)
    generous = chances > np.quantile(chances, 0.5)
    assert told("ranking", chances, labels, generous) == ()
    leaked = generous | labels
    (caution,) = told("ranking", chances, labels, leaked)
    assert f"{labels.sum()} of them are relevant" in caution.text
    assert f"where {chances[leaked].sum():,.0f} are to be expected" in caution.text


def test_fewer_relevant_items_than_expected_are_never_better_than_possible() -> None:
    """Nothing is missed because hardly anything was there to be found."""
    chances = np.full(4_000, 0.5)
    labels = np.arange(4_000) < 400
    assert told("binary", chances, labels, np.arange(4_000) < 800) == ()


def test_grades_that_agree_with_the_labels_more_often_than_they_can_are() -> None:
    rng = np.random.default_rng(3)
    chances = rng.dirichlet([0.6] * 4, 4_000)
    labels = (rng.random((4_000, 1)) > np.cumsum(chances, axis=1)).sum(axis=1).clip(0, 3)
    likeliest = chances.argmax(axis=1)
    assert told("ordinal", chances, labels, likeliest) == ()
    assert told("ordinal", chances, labels, np.full(4_000, -1)) == ()
    leaked = np.where(rng.random(4_000) < 0.2, labels, likeliest)
    (caution,) = told("ordinal", chances, labels, leaked)
    assert caution.text.startswith(f"Better than possible: {(leaked == labels).sum():,} of 4,000 items are given the level of their label")


def test_rows_of_one_cluster_count_as_one() -> None:
    """Sixteen clusters that are right all together are no more than a piece of luck."""
    chances, labels = np.full(2_000, 0.5), np.ones(2_000)
    assert told("binary", chances, labels, labels) != ()
    assert told("binary", chances, labels, labels, np.arange(2_000) // 125) == ()
    assert told("binary", chances, labels, labels, np.arange(2_000) // 20) != ()


def test_nothing_is_said_where_nothing_is_known_or_chosen() -> None:
    chances, labels, selected = drawn(4)
    assert told("binary", chances, labels, np.zeros(len(labels))) == ()
    counter = Counter(SLICES, clustered=False, of=task_metrics("binary"))
    counter.add(labels.astype(np.int8), selected.astype(np.int8), {}, None)
    tally: ConfusionTally = counter.result()
    assert tuple(better_than_possible(tally, None)) == ()
    with pytest.raises(Fault, match="not those that were counted"):
        tuple(better_than_possible(tally, Foreseen(choices=1, expected=0.0, of=1.0)))


def test_for_links_the_chances_of_pairs_are_no_limit() -> None:
    chances, labels, _ = drawn(5)
    assert told("linkage", chances, labels, labels) == ()
