"""Links: what is counted, and what the best choice among the candidates would find."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from task_benchmark import TaskBenchmark, inputs_for

from evalharness.records import OperatingPoint
from evalharness.records.progress import silent
from evalharness.workflows.counting import count

ROWS = 60
IDS = [f"i{n}" for n in range(ROWS)]
AT_HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)
LABEL = OperatingPoint(rule="label", threshold=None)


def world(seed: int) -> tuple[np.random.Generator, np.ndarray, np.ndarray, list[tuple[int, int]], np.ndarray]:
    """Entities, sexes (an entity's records share it), candidate pairs, and their chances."""
    draw = np.random.default_rng(seed)
    entities = draw.integers(0, 25, ROWS)
    sex = draw.integers(0, 2, 25)[entities]
    pairs = [pair for pair in combinations(range(ROWS), 2) if draw.random() < 0.3]
    same = np.array([entities[a] == entities[b] for a, b in pairs])
    chance = np.where(same, draw.beta(4, 1, len(pairs)), draw.beta(1, 6, len(pairs))).round(6)
    return draw, entities, sex, pairs, chance


def benchmark(entities: np.ndarray, sex: np.ndarray, pairs: list[tuple[int, int]], chance: np.ndarray | None) -> TaskBenchmark:
    columns = {"entities": np.array([f"e{e}" for e in entities]), "sex": sex}
    return TaskBenchmark("linkage", columns, pairs=pairs, pair_truth=chance, labels=("", ""))


def best_plainly(chance: np.ndarray, spend: float, outside: int) -> float:
    """Greedy, pair by pair; the last one in part."""
    found, left = 0.0, spend
    for p in sorted(chance.tolist(), reverse=True):
        part = 1.0 if p == 1 else min(1.0, left / (1 - p))
        found, left = found + part * p, left - part * (1 - p)
        if part < 1:
            break
    return found / (chance.sum() + outside)


@pytest.mark.parametrize("seed", range(5))
def test_scored_pairs_are_counted_and_held_against_the_best(tmp_path: Path, seed: int) -> None:
    draw, entities, sex, pairs, chance = world(seed)
    score = np.clip(chance + draw.normal(0, 0.2, len(pairs)), 0, 1)
    score[draw.random(len(pairs)) < 0.05] = np.nan
    predictions = {"left_id": [IDS[a] for a, _ in pairs], "right_id": [IDS[b] for _, b in pairs], "score": score}
    found = count(inputs_for(tmp_path, benchmark(entities, sex, pairs, chance), predictions, AT_HALF), silent)
    place = {pair: k for k, pair in enumerate(pairs)}
    true = [pair for pair in combinations(range(ROWS), 2) if entities[pair[0]] == entities[pair[1]]]
    assert found.attainable is not None
    for k, group in enumerate((np.ones(ROWS, bool), sex == 0, sex == 1)):
        own = [pair for pair in true if group[pair[0]]]
        hits = sum(pair in place and score[place[pair]] >= 0.5 for pair in own)
        inside = np.array([bool(group[a]) for a, _ in pairs])
        linked = inside & (score >= 0.5)
        share = found.attainable[k]
        assert (share.metric, share.n, share.value) == ("pairwise_recall", len(own), pytest.approx(hits / len(own)))
        best = best_plainly(chance[inside], float((1 - chance[linked]).sum()), sum(pair not in place for pair in own))
        assert share.best == pytest.approx(best, abs=2e-3), "bins of one part in 10,000 draw lots inside"
        assert found.tally.counts[k, 0] == hits
        assert found.tally.counts[k, [0, 2, 4]].sum() == len(own)
        assert found.tally.counts[k, 1] == sum(bool(linked[place[p]]) for p in pairs if entities[p[0]] != entities[p[1]])
    assert found.rows == found.tally.counts[0].sum()
    assert found.accounting.invalid == int(np.isnan(score).sum())
    assert found.tally.clustered
    assert found.scores is not None
    assert found.scores.scored == int((~np.isnan(score)).sum())


def test_the_true_chances_themselves_are_the_best(tmp_path: Path) -> None:
    _, entities, sex, pairs, _ = world(9)
    same = np.array([entities[a] == entities[b] for a, b in pairs])
    chance = np.where(same, 1.0, 0.0)
    predictions = {"left_id": [IDS[a] for a, _ in pairs], "right_id": [IDS[b] for _, b in pairs], "score": chance}
    found = count(inputs_for(tmp_path, benchmark(entities, sex, pairs, chance), predictions, AT_HALF), silent)
    assert found.attainable is not None
    assert all(share.value == pytest.approx(share.best) for share in found.attainable)
    assert found.attainable[0].value is not None
    assert found.attainable[0].value < 1, "links that no candidate holds are missed by the best choice too"


def test_entities_are_counted_by_pairs_and_the_account_is_of_pairs(tmp_path: Path) -> None:
    draw, entities, sex, pairs, chance = world(3)
    said = np.where(draw.random(ROWS) < 0.7, entities, draw.integers(0, 25, ROWS))
    predictions = {"item_id": IDS[2:], "entity": [f"x{e}" for e in said[2:]]}
    found = count(inputs_for(tmp_path, benchmark(entities, sex, pairs, chance), predictions, LABEL), silent)
    every = list(combinations(range(ROWS), 2))
    true = [entities[a] == entities[b] for a, b in every]
    linked = [a >= 2 and b >= 2 and said[a] == said[b] for a, b in every]
    judged = [k for k, pair in enumerate(every) if true[k] or linked[k] or pair in set(pairs)]
    assert found.tally.counts[0, 0] == sum(true[k] and linked[k] for k in judged)
    assert found.tally.counts[0, 1] == sum(linked[k] and not true[k] for k in judged)
    assert found.rows == len(judged) == found.tally.counts[0].sum()
    assert found.accounting.missing == sum(every[k][0] < 2 for k in judged)
    assert found.accounting.rows == ROWS - 2
    assert found.scores is None
    assert found.attainable is not None
    assert found.attainable[0].best is not None
    assert any("2 of 60 records have no usable entity" in text for text in found.remarks)
    assert any("predicted links are held by no candidate pair" in text for text in found.remarks)


def test_a_pair_of_a_record_with_itself_is_in_the_account_and_in_no_count(tmp_path: Path) -> None:
    entities, sex = np.array([0, 0, 1]), np.zeros(3, np.int64)
    predictions = {"left_id": ["i0", "i1", "i2"], "right_id": ["i1", "i1", "i0"], "score": [0.9, 0.9, 0.9]}
    found = count(inputs_for(tmp_path, benchmark(entities, sex, [(0, 1), (1, 2)], None), predictions, AT_HALF), silent)
    told = found.accounting
    assert found.tally.counts[0].tolist() == [1, 0, 0, 0, 0, 1]
    assert (told.answered, told.missing, told.duplicate, told.invalid, told.extra) == (1, 1, 0, 1, 1)
    assert found.rows == told.answered + told.missing + told.duplicate + told.invalid == 3
    assert found.attainable is None
    assert found.remarks == (
        "p.parquet: 1 rows are about pairs that are no candidates and 1 rows pair a record with itself; they decide nothing",
        "What is counted are pairs of records: 1 true links and 1 others. Of the 2 candidate pairs 1 hold no true link.",
        "Records that true or predicted links join in a chain count as one cluster: 1 of them, the largest of 2 records. "
        "Wrong links make clusters larger, and the limits wider.",
    )


def test_declared_clusters_join_links_that_nothing_else_joins(tmp_path: Path) -> None:
    columns = {"entities": np.array(["a", "a", "b", "b"]), "clusters": np.array(["r", "r", "r", "r"])}
    predictions = {"left_id": ["i0", "i2"], "right_id": ["i1", "i3"], "score": [0.9, 0.9]}
    apart = TaskBenchmark("linkage", {"entities": columns["entities"]}, pairs=[(0, 1), (2, 3)], labels=("", ""))
    together = TaskBenchmark("linkage", columns, pairs=[(0, 1), (2, 3)], labels=("", ""))
    clusters = [count(inputs_for(tmp_path, items, predictions, AT_HALF), silent).tally.clusters[0].tolist() for items in (apart, together)]
    assert [max(found) for found in clusters] == [2, 1]


@pytest.mark.parametrize("named", [False, True])
def test_whole_entities_are_described_whatever_the_order_of_the_records(tmp_path: Path, named: bool) -> None:
    draw, entities, sex, pairs, chance = world(3)
    said = np.where(draw.random(ROWS) < 0.2, draw.integers(0, 25, ROWS), entities)
    found = []
    for k, order in enumerate((np.arange(ROWS), draw.permutation(ROWS))):
        place = np.argsort(order)
        moved = [(int(place[a]), int(place[b])) for a, b in pairs]
        if named:
            predictions = {"item_id": IDS, "entity": [f"e{n}" for n in said[order]]}
        else:
            predictions = {"left_id": [IDS[a] for a, _ in moved], "right_id": [IDS[b] for _, b in moved], "score": chance}
        own = benchmark(entities[order], sex[order], moved, None)
        folder = tmp_path / str(k)
        folder.mkdir()
        inputs = inputs_for(folder, own, predictions, LABEL if named else AT_HALF)
        found.append({(e.metric, e.group): (e.value, e.lower, e.upper) for e in count(inputs, silent).describe(0.95).estimates})
    stored, moved_records = found
    assert stored.keys() == moved_records.keys()
    overall = ("bcubed_recall", ())
    assert all(x is not None for x in stored[overall])
    for (metric, group), values in stored.items():
        if group == ():  # a group's records are those of the entity's first one, which an order decides
            assert moved_records[metric, group] == pytest.approx(values), metric
