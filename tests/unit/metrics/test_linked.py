"""Measures of linked records against plain Python and scikit-learn."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_score, recall_score

from evalharness.catalogue import described_metrics
from evalharness.metrics import linked as module
from evalharness.metrics.linked import describe_linking
from evalharness.records import Estimate
from evalharness.tally.linked import LinkedCounter

RECORDS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=1, max_size=8)
LEVELS = {"sex": ("F", "M")}
Made = dict[tuple[str, str | None], Estimate]


def counted(records: list[tuple[int, int]], pairs: dict[tuple[int, int], bool], named: list[int] | None = None) -> Made:
    """`pairs`: the candidates, and whether each is linked."""
    entities = np.unique([entity for entity, _ in records], return_inverse=True)[1].astype(np.int64)
    counter = LinkedCounter(
        entities, None if named is None else np.array(named, np.int64), {"sex": np.array([sex for _, sex in records], np.int32)}
    )
    for some in (list(pairs)[::2], list(pairs)[1::2]):
        lower, higher = (np.array([pair[k] for pair in some], np.int64) for k in (0, 1))
        decisions = np.array([pairs[pair] for pair in some], np.int8)
        counter.add(lower, higher, (entities[lower] == entities[higher]).astype(np.int8), decisions)
    estimates = describe_linking(counter.result(), LEVELS, 0.95).estimates
    return {(e.metric, dict(e.group).get("sex")): e for e in estimates}


def chains(count: int, links: list[tuple[int, int]]) -> list[int]:
    number = list(range(count))
    for _ in range(count):
        for a, b in links:
            number[a] = number[b] = min(number[a], number[b])
    return number


def bcubed(true: list[int], made: list[int], rows: list[int]) -> tuple[float, float]:
    def share(own: list[int], other: list[int]) -> float:
        parts = []
        for k in rows:
            mates = [j for j in range(len(own)) if own[j] == own[k]]
            parts.append(sum(other[j] == other[k] for j in mates) / len(mates))
        return float(np.mean(parts))

    return share(made, true), share(true, made)


@settings(deadline=None, max_examples=80)
@given(RECORDS, st.data())
def test_pairs_and_entities_are_those_of_plain_python(records: list[tuple[int, int]], data: st.DataObject) -> None:
    count, true = len(records), [entity for entity, _ in records]
    every = list(combinations(range(count), 2))
    kept = {pair: data.draw(st.sampled_from([None, False, True])) for pair in every}
    pairs = {pair: bool(linked) for pair, linked in kept.items() if linked is not None}
    named = data.draw(st.none() | st.lists(st.integers(-1, 2), min_size=count, max_size=count))
    if named is not None:
        pairs = {(a, b): named[a] == named[b] >= 0 for a, b in pairs}
    found = counted(records, pairs, named)
    linked = [pair for pair, link in pairs.items() if link]
    made = chains(count, linked) if named is None else [n if n >= 0 else 100 + k for k, n in enumerate(named)]
    first = {entity: next(k for k in range(count) if true[k] == entity) for entity in true}
    for sex, name in ((None, None), (0, "F"), (1, "M")):
        rows = [k for k in range(count) if sex is None or records[first[true[k]]][1] == sex]
        if not rows:
            assert found["bcubed_recall", name].value is None
            continue
        precision, recall = bcubed(true, made, rows)
        assert found["bcubed_precision", name].value == pytest.approx(precision)
        assert found["bcubed_recall", name].value == pytest.approx(recall)
        assert found["bcubed_f1", name].value == pytest.approx(2 * precision * recall / (precision + recall))
        assert found["bcubed_recall", name].n == len({true[k] for k in rows})
    parts = chains(count, [(a, b) for a, b in pairs if true[a] == true[b]])
    inside = bcubed(parts, chains(count, linked), list(range(count)))
    assert found["bcubed_precision_inside_candidates", None].value == pytest.approx(inside[0])
    assert found["bcubed_recall_inside_candidates", None].value == pytest.approx(inside[1])
    pieces = {(t, m) for t, m in zip(true, made, strict=True)}
    splits, merges = len(pieces) - len(set(made)), len(pieces) - len(set(true))
    assert [found[name, None].value for name in ("splits", "merges", "merge_distance")] == [splits, merges, splits + merges]
    labels, said = [true[a] == true[b] for a, b in pairs], list(pairs.values())
    for name, of in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        value = found[f"pairwise_{name}_inside_candidates", None].value
        score = of(labels, said, zero_division=np.nan) if labels else np.nan
        assert value == (None if np.isnan(score) else pytest.approx(score))
    links = [named[a] == named[b] >= 0 if named is not None else pairs.get((a, b), False) for a, b in every]
    truth = [true[a] == true[b] for a, b in every]
    score = f1_score(truth, links, zero_division=np.nan) if every else np.nan
    assert found["pairwise_f1", None].value == (None if np.isnan(score) else pytest.approx(score))


@pytest.mark.parametrize(
    ("true", "named", "expected"),
    [
        (
            [0, 0, 0, 0, 1, 1, 1, 2, 2, 3], [0, 0, 1, 1, 1, 2, 2, 2, 2, 3],
            {"pairwise_f1": 0.4, "bcubed_precision": 2 / 3, "bcubed_recall": 2 / 3, "splits": 2, "merges": 2, "merge_distance": 4},
        ),
        (
            [0, 0, 0, 0, 0, 1, 1, 1, 2, 2], [0, 0, 0, 0, 1, 2, 2, 2, 2, 2],
            {"pairwise_f1": 20 / 30, "bcubed_precision": 0.76, "bcubed_recall": 0.84, "splits": 1, "merges": 1, "merge_distance": 2},
        ),
    ],
)  # fmt: skip
def test_published_figures_of_two_clusterings(true: list[int], named: list[int], expected: dict[str, float]) -> None:
    """scikit-learn's pair confusion, the package bcubed 1.5, and steps counted by hand."""
    pairs = {(a, b): named[a] == named[b] for a, b in combinations(range(len(true)), 2)}
    found = counted([(entity, 0) for entity in true], pairs, named)
    assert {name: found[name, None].value for name in expected} == pytest.approx(expected)
    inside = {name: found[name + "_inside_candidates", None].value for name in ("pairwise_f1", "bcubed_precision", "bcubed_recall")}
    assert inside == pytest.approx({name: expected[name] for name in inside})


def made(entities: int, seed: int = 1) -> tuple[list[tuple[int, int]], dict[tuple[int, int], bool]]:
    draw = np.random.default_rng(seed)
    records = [(entity, entity % 2) for entity in range(entities) for _ in range(3)]
    pairs = {}
    for entity in range(entities):
        base = 3 * entity
        for a, b in ((0, 1), (0, 2), (1, 2)):
            pairs[base + a, base + b] = bool(draw.random() < 0.7)
        other = int(draw.integers(0, 3 * entities))
        if records[other][0] != entity:
            pairs[min(base, other), max(base, other)] = bool(draw.random() < 0.3)
    return records, pairs


def test_intervals_are_drawn_over_entities_and_need_twenty() -> None:
    assert all(e.lower is None and "fewer than 20" in e.reason for e in counted(*made(19)).values() if e.value is not None)
    found = counted(*made(60))
    assert {metric for metric, sex in found if sex is None} == set(described_metrics("linkage"))
    for estimate in found.values():
        assert not estimate.decides
        assert estimate.value is not None
        assert estimate.lower is not None
        assert estimate.upper is not None
        assert estimate.lower < estimate.value < estimate.upper
        assert "seed=" in estimate.method
        assert "undefined=" in estimate.method


def test_perfect_links_draw_no_interval() -> None:
    records = [(entity, 0) for entity in range(40) for _ in range(2)]
    found = counted(records, {(2 * k, 2 * k + 1): True for k in range(40)})
    assert found["bcubed_f1", None].value == 1.0
    assert found["merges", None].value == 0.0
    assert all(e.lower is None and e.upper is None and e.reason for e in found.values())
    four = counted(records[:4], {(0, 1): True, (2, 3): True})
    assert all(e.lower is None and e.upper is None for e in four.values())


def test_the_spread_of_replicates_is_that_of_new_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    """The width of the interval of recall inside the candidates against that of a mean over independent entities."""
    monkeypatch.setattr(module, "REPLICATES", 2000)
    records = [(entity, 0) for entity in range(100) for _ in range(2)]
    found = counted(records, {(2 * k, 2 * k + 1): k % 4 > 0 for k in range(100)})["pairwise_recall_inside_candidates", None]
    assert found.value == 0.75
    assert found.lower is not None
    logit = np.log(found.lower / (1 - found.lower))
    width = (np.log(3) - logit) * 0.75 * 0.25
    assert width == pytest.approx(1.645 * np.sqrt(0.75 * 0.25 / 100), rel=0.06)


def test_groups_are_worked_out_alike_however_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    together = counted(*made(40))
    monkeypatch.setattr(module, "_FEWEST_SETS", 1)
    monkeypatch.setattr(module, "_HELD", 1)
    assert counted(*made(40)) == together


def test_permuting_records_changes_no_value() -> None:
    records, pairs = made(30)
    order = np.random.default_rng(4).permutation(len(records))
    place = np.argsort(order)
    moved = {tuple(sorted((int(place[a]), int(place[b])))): link for (a, b), link in pairs.items()}
    other = counted([records[k] for k in order], moved)  # type: ignore[arg-type]
    for name, estimate in counted(records, pairs).items():
        assert (other[name].value, other[name].lower, other[name].upper) == pytest.approx(
            (estimate.value, estimate.lower, estimate.upper)
        )  # fmt: skip
