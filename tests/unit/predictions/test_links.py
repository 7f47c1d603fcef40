"""Judged pairs, against cases by hand and against listing every pair of records."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from item_benchmark import ItemBenchmark

from evalharness.errors import BadInput, Fault
from evalharness.predictions import ANSWERED, account
from evalharness.predictions import components as components_module
from evalharness.predictions import links as links_module
from evalharness.predictions.links import Links
from evalharness.predictions.pair_answers import LinkAnswers

NAN = float("nan")
Row = tuple[int, int, int, int]
"""(label, decision, record of the groups, cluster)."""


def scored(scores: list[float], status: list[int] | None = None) -> LinkAnswers:
    codes = np.array([3 if np.isnan(score) else ANSWERED for score in scores] if status is None else status, np.uint8)
    return LinkAnswers(scores=np.array(scores), entities=None, status=codes, accounting=account(codes, rows=len(codes)))


def named(entities: list[int], status: list[int] | None = None) -> LinkAnswers:
    codes = np.array([ANSWERED if entity >= 0 else 1 for entity in entities] if status is None else status, np.uint8)
    return LinkAnswers(scores=None, entities=np.array(entities, np.int64), status=codes, accounting=account(codes, rows=len(codes)))


def links_of(answers: LinkAnswers, entities: list[int], pairs: list[tuple[int, int]], clusters: list[int] | None = None) -> Links:
    benchmark = ItemBenchmark([str(n) for n in range(len(entities))], task="linkage", pairs=pairs)
    threshold = None if answers.scores is None else 0.5
    of = np.array(entities, np.int64)
    return Links(benchmark, "test", answers, threshold=threshold, entities=of, clusters=None if clusters is None else np.array(clusters))


def rows_of(links: Links) -> list[Row]:
    found: list[Row] = []
    for some in links.rows():
        columns = (some.labels, some.decisions, some.records, some.clusters)
        found += [tuple(map(int, row)) for row in zip(*columns, strict=True)]
    return sorted(found)


def test_scored_pairs_are_links_from_the_threshold_on() -> None:
    # entities {0, 1, 2} and {3, 4}; the candidate (1, 2) is missing, (2, 3) is a false link, (0, 4) a pair left alone
    links = links_of(scored([0.5, 0.2, 0.9, 0.1, NAN]), [0, 0, 0, 1, 1], [(1, 0), (2, 0), (2, 3), (0, 4), (3, 4)])
    assert rows_of(links) == sorted(
        [
            (1, 1, 0, 0),  # (0, 1) found
            (1, 0, 0, 0),  # (0, 2) below the threshold
            (1, 0, 0, 0),  # (1, 2) no candidate
            (1, -1, 3, 0),  # (3, 4) without a score; its cluster is that of 2, which is linked to 3
            (0, 1, 2, 0),  # (2, 3) a false link, in the group of 2
            (0, 0, 0, 0),  # (0, 4) left alone
        ]
    )
    counts = links.counts
    assert (counts.candidates, counts.candidates_false, counts.true_links, counts.true_links_outside) == (5, 2, 4, 1)
    assert (counts.predicted, counts.predicted_outside, counts.clusters, counts.largest_cluster) == (2, 0, 1, 5)
    assert (counts.by_status.tolist(), counts.judged) == ([5, 0, 0, 1], 6)
    assert [part.tolist() for part in links.outside()] == [[0, 3], [1, 0]]


def test_entities_link_all_of_their_records() -> None:
    # true {0, 1, 2} and {3, 4}; said {0, 1}, {2, 3}, and nothing of 4
    links = links_of(named([7, 7, 5, 5, -1]), [0, 0, 0, 1, 1], [(0, 1), (2, 3), (1, 4), (0, 3)])
    assert rows_of(links) == sorted(
        [
            (1, 1, 0, 0),  # (0, 1)
            (1, 0, 0, 0),  # (0, 2) no candidate, and told apart
            (1, 0, 0, 0),  # (1, 2)
            (1, -1, 3, 0),  # (3, 4)
            (0, 1, 2, 0),  # (2, 3)
            (0, -1, 1, 0),  # (1, 4) a candidate with a record that has no entity
            (0, 0, 0, 0),  # (0, 3)
        ]
    )
    counts = links.counts
    assert (counts.predicted, counts.predicted_outside, counts.true_links_outside) == (2, 0, 3)
    assert counts.by_status.tolist() == [5, 2, 0, 0]


def test_a_false_link_that_no_candidate_holds_counts_too() -> None:
    links = links_of(named([0, 0, 0]), [0, 1, 2], [(1, 2)])
    assert rows_of(links) == [(0, 1, 0, 0), (0, 1, 0, 0), (0, 1, 1, 0)]
    assert (links.counts.predicted, links.counts.predicted_outside) == (3, 2)


def test_pairs_of_separate_components_are_separate_clusters() -> None:
    links = links_of(scored([0.9, 0.1]), [0, 0, 1, 1, 2], [(0, 1), (1, 3)])
    assert rows_of(links) == [(0, 0, 1, 0), (1, 0, 2, 2), (1, 1, 0, 0)]
    assert (links.counts.clusters, links.counts.largest_cluster) == (2, 2)


def test_declared_clusters_join_components() -> None:
    links = links_of(scored([0.9]), [0, 0, 1, 1], [(0, 1)], clusters=[5, 6, 6, 7])
    assert {row[3] for row in rows_of(links)} == {0}


def test_a_threshold_goes_with_scores_and_with_nothing_else() -> None:
    benchmark = ItemBenchmark(["a", "b"], task="linkage", pairs=[(0, 1)])
    for answers, threshold in ((scored([0.5]), None), (named([0, 0]), 0.5)):
        with pytest.raises(Fault, match="threshold"):
            Links(benchmark, "test", answers, threshold=threshold, entities=np.zeros(2, np.int64))


def test_more_pairs_than_can_be_judged_are_refused_before_any_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    said = named([0] * 30_000)
    with pytest.raises(BadInput, match=r"449,9\d\d,\d\d\d pairs") as caught:
        links_of(said, list(range(30_000)), [(0, 1)])
    assert "largest predicted" in str(caught.value)
    monkeypatch.setattr(links_module, "MOST_PAIRS", 3)
    assert len(rows_of(links_of(named([0] * 3), [0, 1, 2], [(0, 1)]))) == 3


def listed(answers: LinkAnswers, entities: list[int], pairs: list[tuple[int, int]]) -> list[Row]:
    """Every judged pair, by looking at all pairs of records; clusters by a union-find."""
    n = len(entities)
    place = {(min(p), max(p)): k for k, p in enumerate(pairs)}
    root = list(range(n))

    def find(k: int) -> int:
        while root[k] != k:
            k = root[k]
        return k

    judged: list[tuple[int, int, int, int]] = []
    for one, other in combinations(range(n), 2):
        label = int(entities[one] == entities[other])
        decision = 0
        if answers.entities is not None:
            unanswered = answers.status[one] or answers.status[other]
            decision = -1 if unanswered else int(answers.entities[one] == answers.entities[other])
        elif (one, other) in place:
            k = place[one, other]
            decision = -1 if answers.status[k] else int(answers.scores[k] >= 0.5)
        if label or decision == 1:
            high, low = max(find(one), find(other)), min(find(one), find(other))
            root[high] = low
        if label or decision == 1 or (one, other) in place:
            record = entities.index(entities[one]) if label else one
            judged.append((label, decision, record, one))
    return sorted((label, decision, record, find(record)) for label, decision, record, _ in judged)


def world(seed: int) -> tuple[np.random.Generator, list[int], list[tuple[int, int]]]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 26))
    entities = rng.integers(0, max(1, n // int(rng.integers(1, 5))), n)
    entities = np.unique(entities, return_inverse=True)[1].tolist()
    every = list(combinations(range(n), 2))
    chosen = rng.permutation(len(every))[: int(rng.integers(1, len(every) + 1))]
    pairs = [every[k] if rng.random() < 0.5 else every[k][::-1] for k in chosen.tolist()]
    return rng, entities, pairs


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components_module, "_WAITING", 5)
    monkeypatch.setattr(links_module, "_ROWS", 4)


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("seed", range(80))
def test_scored_pairs_are_those_of_listing_every_pair(seed: int) -> None:
    rng, entities, pairs = world(seed)
    scores = rng.integers(0, 11, len(pairs)) / 10
    scores[rng.random(len(pairs)) < 0.2] = NAN
    check(scored(scores.tolist()), entities, pairs)


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("seed", range(80))
def test_named_entities_are_those_of_listing_every_pair(seed: int) -> None:
    rng, entities, pairs = world(seed + 1000)
    said = np.where(rng.random(len(entities)) < 0.6, np.array(entities), rng.integers(0, 6, len(entities)))
    status = rng.choice([0, 0, 0, 0, 1, 2, 3], len(entities))
    said[status > 0] = -1
    check(named(said.tolist(), status.tolist()), entities, pairs)


def check(answers: LinkAnswers, entities: list[int], pairs: list[tuple[int, int]]) -> None:
    links = links_of(answers, entities, pairs)
    expected = listed(answers, entities, pairs)
    assert rows_of(links) == expected
    counts = links.counts
    held = {(min(p), max(p)) for p in pairs}
    true = {p for p in combinations(range(len(entities)), 2) if entities[p[0]] == entities[p[1]]}
    by_decision: Counter[int] = Counter(row[1] for row in expected)
    assert counts.judged == len(expected)
    assert counts.by_status[0] == by_decision[0] + by_decision[1]
    assert (counts.true_links, counts.true_links_outside) == (len(true), len(true - held))
    assert (counts.candidates, counts.candidates_false) == (len(pairs), len(held - true))
    assert counts.predicted == by_decision[1]
    assert by_status_plainly(answers, pairs, true | held) == counts.by_status.tolist()[1:]


def by_status_plainly(answers: LinkAnswers, pairs: list[tuple[int, int]], judged: Any) -> list[int]:
    """Judged pairs that are missing, duplicate, invalid; a predicted link has an answer and is in none of these."""
    if answers.entities is None:
        return [int((answers.status == code).sum()) for code in (1, 2, 3)]
    graver = Counter(max(int(answers.status[one]), int(answers.status[other])) for one, other in judged)
    return [graver[code] for code in (1, 2, 3)]
