"""Pairs that two models decided, against listing every pair of records."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from item_benchmark import ItemBenchmark

from evalharness.errors import Fault
from evalharness.predictions import ANSWERED, account
from evalharness.predictions.links import Links
from evalharness.predictions.links_together import LinksTogether
from evalharness.predictions.pair_answers import LinkAnswers

Row = tuple[int, int, int, int, int]
"""(label, first, second, record of the groups, cluster)."""


def answers_of(values: np.ndarray, *, scored: bool) -> LinkAnswers:
    codes = np.where(np.isnan(values) if scored else values < 0, 1, ANSWERED).astype(np.uint8)
    told = account(codes, rows=len(codes))
    if scored:
        return LinkAnswers(scores=values, entities=None, status=codes, accounting=told)
    return LinkAnswers(scores=None, entities=values, status=codes, accounting=told)


def together(first: LinkAnswers, second: LinkAnswers, entities: np.ndarray, pairs: list[tuple[int, int]]) -> list[Row]:
    benchmark = ItemBenchmark([str(n) for n in range(len(entities))], task="linkage", pairs=pairs)
    links = [Links(benchmark, "test", a, threshold=None if a.scores is None else 0.5, entities=entities) for a in (first, second)]
    found: list[Row] = []
    for some in LinksTogether((links[0], links[1]), (first, second), entities=entities).rows():
        found += [tuple(map(int, row)) for row in zip(*some, strict=True)]
    return sorted(found)


def said(answers: LinkAnswers, pair: tuple[int, int], place: dict[tuple[int, int], int]) -> int:
    one, other = pair
    if answers.entities is not None:
        silent = answers.status[one] or answers.status[other]
        return -1 if silent else int(answers.entities[one] == answers.entities[other])
    if pair not in place:
        return 0
    score = answers.scores[place[pair]]  # type: ignore[index]
    return -1 if np.isnan(score) else int(score >= 0.5)


def listed(first: LinkAnswers, second: LinkAnswers, entities: np.ndarray, pairs: list[tuple[int, int]]) -> list[Row]:
    """By looking at all pairs of records; clusters by following links until nothing changes."""
    n, place = len(entities), {pair: k for k, pair in enumerate(pairs)}
    heads = {int(e): int(np.flatnonzero(entities == e)[0]) for e in entities}
    cluster, kept = list(range(n)), []
    for pair in combinations(range(n), 2):
        label = int(entities[pair[0]] == entities[pair[1]])
        one, two = said(first, pair, place), said(second, pair, place)
        if label or pair in place or (two == 1 and one != 1):
            kept.append((label, one, two, heads[int(entities[pair[0]])] if label else pair[0]))
        for model, told in ((first, one), (second, two)):
            named = model.entities is not None and model.entities[pair[0]] >= 0 and model.entities[pair[0]] == model.entities[pair[1]]
            if label or told == 1 or named:
                low, high = sorted((cluster[pair[0]], cluster[pair[1]]))
                cluster = [low if c == high else c for c in cluster]
    return sorted((*row, cluster[row[3]]) for row in kept)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), records=st.integers(2, 14), scored=st.booleans(), share=st.sampled_from([0.0, 0.3, 1.0]))
def test_every_pair_once_as_a_list_of_all_pairs_has_it(seed: int, records: int, scored: bool, share: float) -> None:
    draw = np.random.default_rng(seed)
    entities = np.unique(draw.integers(0, max(records // 2, 1), records), return_inverse=True)[1].astype(np.int64)
    pairs = [pair for pair in combinations(range(records), 2) if draw.random() < share]
    if scored:
        values = [np.where(draw.random(len(pairs)) < 0.15, np.nan, draw.random(len(pairs))) for _ in range(2)]
    else:
        values = [draw.integers(-1, max(records // 2, 1), records).astype(np.int64) for _ in range(2)]
    first, second = (answers_of(own, scored=scored) for own in values)
    assert Counter(together(first, second, entities, pairs)) == Counter(listed(first, second, entities, pairs))


def test_false_links_beyond_the_candidates_count_against_the_second_model_alone() -> None:
    entities, nothing = np.arange(3), np.array([0, 1, 2])
    everything = np.zeros(3, dtype=np.int64)
    refused, joined = answers_of(nothing, scored=False), answers_of(everything, scored=False)
    assert [row[:3] for row in together(refused, joined, entities, [])] == [(0, 0, 1)] * 3
    assert together(joined, refused, entities, []) == []
    assert together(joined, joined, entities, []) == []


def test_models_that_answer_in_different_forms_are_no_pair() -> None:
    entities = np.array([0, 0])
    benchmark = ItemBenchmark(["a", "b"], task="linkage", pairs=[(0, 1)])
    scored, named = answers_of(np.array([0.9]), scored=True), answers_of(np.array([0, 0]), scored=False)
    links = (
        Links(benchmark, "test", scored, threshold=0.5, entities=entities),
        Links(benchmark, "test", named, threshold=None, entities=entities),
    )
    with pytest.raises(Fault, match="cannot be compared"):
        LinksTogether(links, (scored, named), entities=entities)
