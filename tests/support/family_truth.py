"""Generated benchmarks held against their own truth: what is stated as attainable, what answers reach, and how far chance can move that.

Given the features, labels are draws with the true chances; items of one cluster may be drawn together. So for any choice made by the
features alone, and any weights that depend on nothing else, sum of weight x (label - chance) has mean 0, and its variance is the sum of
the squares of its parts by cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from family_recipes import declared, shipped_folder
from item_benchmark import card_of, write_predictions
from tallies_by_hand import policy

from evalharness.benchmarks import open_benchmark
from evalharness.records import Caution, OperatingPoint
from evalharness.records.progress import silent
from evalharness.tally import Attainable, AttainableCounter
from evalharness.workflows.better_than_possible import better_than_possible
from evalharness.workflows.counted import Counted
from evalharness.workflows.counting import count
from evalharness.workflows.inputs import Inputs

SPLIT = "test"
POINTS = {
    "message-triage": OperatingPoint(rule="score >= threshold", threshold=0.2),
    "severity-grading": OperatingPoint(rule="label", threshold=None),
    "lead-priority": OperatingPoint(rule="budget", threshold=None, budget_per_day=10),
    "risk-level": OperatingPoint(rule="top_band", threshold=None, top_band="high"),
    "case-linkage": OperatingPoint(rule="score >= threshold", threshold=0.5),
}
"""How answers become choices: where plenty is found and plenty is missed, so that a wrong truth would show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """How much more (positive) or less answers reach than is stated to be attainable."""

    value: float
    best: float
    variance: float
    """Of their difference, as far as the draw of the labels goes."""

    @property
    def errors(self) -> float:
        """The difference in standard errors."""
        return (self.value - self.best) / float(np.sqrt(self.variance))


class World:
    """The test split of one recipe and seed; one entry an item, or a candidate pair. Chances and labels are those of the observed label."""

    def __init__(self, name: str, folder: Path, *, rows: int, seed: int, recipe: Path | None = None) -> None:
        """recipe: a folder with another recipe of the family; by default the shipped one."""
        self.name, self.folder = name, folder
        self.benchmark = open_benchmark(shipped_folder(name) if recipe is None else recipe, rows=rows, seed=seed, data_dir=folder / "data")
        self.task = self.benchmark.info.task
        self.levels = self.benchmark.levels(SPLIT)

    @cached_property
    def ids(self) -> Any:
        return pa.concat_arrays([batch.ids for batch in self.benchmark.batches(SPLIT, columns=frozenset({"ids"})) if batch.ids is not None])

    @cached_property
    def ends(self) -> Any:
        """[2, pairs] rows of the records of each candidate pair."""
        parts = [np.stack(part) for part in self.benchmark.pairs(SPLIT)]
        return np.concatenate(parts, axis=1)

    @cached_property
    def entities(self) -> Any:
        names = [batch.entities.to_pylist() for batch in self.benchmark.batches(SPLIT, columns=frozenset({"entities"})) if batch.entities]
        return np.unique(np.concatenate(names), return_inverse=True)[1]

    @cached_property
    def outside(self) -> int:
        """True links that no candidate pair holds."""
        sizes = np.bincount(self.entities)
        return int((sizes * (sizes - 1) // 2).sum() - self.labels.sum())

    @cached_property
    def chances(self) -> Any:
        """[items]; ordinal [items, levels]."""
        if self.task == "linkage":
            return np.concatenate(list(self.benchmark.pair_posterior(SPLIT)))
        if self.task == "ordinal":
            return self._by_level("posterior")
        return np.concatenate(list(self.benchmark.posterior(SPLIT)))

    @cached_property
    def clean_chances(self) -> Any:
        """The same of the label before any noise."""
        if self.task == "linkage":
            return np.concatenate([rows["posterior_clean"].to_numpy() for rows in self.benchmark.table("pair_truth", SPLIT)])
        return self._by_level("posterior_clean") if self.task == "ordinal" else self._truth("posterior_clean")

    def within(self, attribute: str) -> Any:
        """Chances given also the own level, where there are any."""
        if self.task == "linkage":
            stored = [rows.get(f"within_{attribute}") for rows in self.benchmark.table("pair_truth", SPLIT)]
            return self.chances if stored[0] is None else np.concatenate([part.to_numpy() for part in stored])
        if attribute not in self.benchmark.within:
            return self.chances
        return self._by_level(f"within_{attribute}") if self.task == "ordinal" else self._truth(f"within_{attribute}")

    @cached_property
    def labels(self) -> Any:
        """0 or 1; ordinal: place of the level."""
        if self.task == "linkage":
            return (self.entities[self.ends[0]] == self.entities[self.ends[1]]).astype(np.int64)
        return self._column("labels").astype(np.int64)

    @cached_property
    def clean(self) -> Any:
        """The same before any noise."""
        if self.task == "linkage":
            stored = [rows["same_clean"] for rows in self.benchmark.table("pair_truth", SPLIT)]
            return pa.concat_arrays(stored).to_numpy(zero_copy_only=False).astype(np.int64)
        names = pa.concat_arrays(list(self.benchmark.truth(SPLIT, "clean"))).to_pylist()
        info = self.benchmark.info
        order = info.levels if self.task == "ordinal" else (info.negative, info.positive)
        return np.array([order.index(name) for name in names])

    @cached_property
    def clusters(self) -> Any:
        """Numbers; of a candidate pair, that of its region: regions are drawn independently, and pairs of one are not."""
        if self.task == "linkage":
            regions = self._text("region")
            return np.unique(regions, return_inverse=True)[1][self.ends[0]]
        batches = self.benchmark.batches(SPLIT, columns=frozenset({"clusters"}))
        names = pa.concat_arrays([batch.clusters for batch in batches if batch.clusters is not None])
        return np.asarray(names.dictionary_encode().indices).astype(np.int64)

    @cached_property
    def groups(self) -> dict[str, Any]:
        """Attribute -> codes; of a candidate pair, those of its left record."""
        parts: dict[str, list[Any]] = {attribute: [] for attribute in self.levels}
        for batch in self.benchmark.batches(SPLIT, columns=frozenset({"groups"})):
            for attribute, codes in (batch.groups or {}).items():
                parts[attribute].append(codes)
        found = {attribute: np.concatenate(codes) for attribute, codes in parts.items()}
        return {attribute: codes[self.ends[0]] for attribute, codes in found.items()} if self.task == "linkage" else found

    @cached_property
    def queues(self) -> Any:
        return self._column("queues")

    @cached_property
    def bands(self) -> Any:
        return self._column("bands")

    def features(self, split: str = SPLIT) -> pd.DataFrame:
        """What a model receives."""
        batches = self.benchmark.batches(split, columns=frozenset({"features"}))
        return pd.concat([batch.features.to_pandas() for batch in batches if batch.features is not None], ignore_index=True)

    def train_labels(self) -> Any:
        return np.concatenate([batch.labels for batch in self.benchmark.batches("train", columns=frozenset({"labels"}))])

    def train_pairs(self) -> tuple[Any, Any]:
        """([2, pairs] rows of the split, whether they are of one entity)."""
        names = [batch.entities.to_pylist() for batch in self.benchmark.batches("train", columns=frozenset({"entities"})) if batch.entities]
        of = np.unique(np.concatenate(names), return_inverse=True)[1]
        ends = np.concatenate([np.stack(part) for part in self.benchmark.pairs("train")], axis=1)
        return ends, of[ends[0]] == of[ends[1]]

    def _column(self, name: Any) -> Any:
        return np.concatenate([getattr(batch, name) for batch in self.benchmark.batches(SPLIT, columns=frozenset({name}))])

    def _text(self, name: str) -> list[str]:
        return [text for table in self.benchmark.stored(SPLIT) for text in table[name].to_pylist()]

    def _truth(self, column: str) -> Any:
        return np.concatenate(list(self.benchmark.truth(SPLIT, column)))

    def _by_level(self, name: str) -> Any:
        stored = np.stack([self._truth(f"{name}_{level}") for level in self.benchmark.info.levels], axis=1)
        return stored / stored.sum(axis=1, keepdims=True)


def worlds(name: str, folder: Path, *, rows: int, seeds: range, recipe: Path | None = None) -> list[World]:
    """One for each seed."""
    return [World(name, folder / f"{name}-{seed}", rows=rows, seed=seed, recipe=recipe) for seed in seeds]


def judged(world: World, answers: Any) -> tuple[Gain, tuple[Caution, ...]]:
    """Answers ([items] scores, ordinal [items, levels], risk: scores of the outcome) as `evaluate` counts them, against what it states.

    For risk the outcome is judged, as a classifier of two classes with the recipe's upper cut point; the cautions are about the bands.
    """
    if world.task == "risk":
        of_bands = counted_answers(world, predictions(world, answers))
        assert of_bands.foreseen_of is not None
        return _gain_of_outcomes(world, answers), tuple(better_than_possible(of_bands.foreseen_of, of_bands.foreseen))
    counted = counted_answers(world, predictions(world, answers))
    assert counted.attainable is not None
    row = counted.attainable[0]
    cautions = tuple(better_than_possible(counted.tally, counted.foreseen))
    if isinstance(row, Attainable):
        assert row.recall is not None
        assert row.best_recall is not None
        assert row.false_positive_rate is not None
        weights = _weights_of_recall(world.chances, choices(world, answers), row.false_positive_rate)
        return Gain(value=row.recall, best=row.best_recall, variance=variance(world, weights, world.chances)), cautions
    assert row.value is not None
    assert row.best is not None
    return Gain(
        value=row.value, best=row.best, variance=variance(world, _weights_of_share(world, answers, row.best), world.chances)
    ), cautions


def counted_answers(world: World, columns: dict[str, Any]) -> Counted:
    """Counted as `evaluate` does."""
    path = write_predictions(world.folder / "answers.parquet", columns)
    asked = replace(policy(), task=world.task, operating_point=POINTS[world.name], intersections=1, split=SPLIT)
    inputs = Inputs(
        policy=asked, card=card_of(path), model_digest="sha256:" + "2" * 64, benchmark=world.benchmark, manifest=None, states=(),
        questions=(), every_question=(), exemptions=(),
    )  # fmt: skip
    return count(inputs, silent)


def predictions(world: World, answers: Any) -> dict[str, Any]:
    """The columns of a file of predictions; for risk a report is of the level whose cut point the answer reaches."""
    if world.task == "risk":
        levels = np.array(world.benchmark.info.levels, dtype=object)
        band = (answers >= cut(world, "medium")).astype(int) + (answers >= cut(world))
        return {"item_id": world.ids, "score": answers, "label": levels[band].tolist()}
    if world.task == "linkage":
        left, right = (world.ids.take(pa.array(rows)) for rows in world.ends)
        return {"left_id": left, "right_id": right, "score": answers}
    if world.task == "ordinal":
        return {"item_id": world.ids, **{level: answers[:, place] for place, level in enumerate(world.benchmark.info.levels)}}
    return {"item_id": world.ids, "score": answers}


def cut(world: World, band: str = "high") -> float:
    """The recipe's lower cut point of a band of risk."""
    dials: Any = declared(world.name).dials
    return float(getattr(dials.bands, band))


def _gain_of_outcomes(world: World, answers: Any) -> Gain:
    selected = choices(world, answers)
    counter = AttainableCounter({})
    counter.add(world.chances, world.labels.astype(np.int8), selected.astype(np.int8), {})
    (row,) = counter.result()
    assert row.recall is not None
    assert row.best_recall is not None
    assert row.false_positive_rate is not None
    weights = _weights_of_recall(world.chances, selected, row.false_positive_rate)
    return Gain(value=row.recall, best=row.best_recall, variance=variance(world, weights, world.chances))


def lots(chances: Any, rate: float) -> Any:
    """[items] how likely the best rule at this expected false-positive rate selects each: the greatest chances, lots for the last ones."""
    order = np.argsort(-chances, kind="stable")
    spent = np.cumsum(1 - chances[order])
    before = spent - (1 - chances[order])
    part = np.clip((rate * spent[-1] - before) / np.maximum(1 - chances[order], 1e-12), 0, 1)
    found = np.empty(len(chances))
    found[order] = part
    return found


def _weights_of_recall(chances: Any, selected: Any, rate: float) -> Any:
    """Recall less the best recall at the measured false-positive rate, to first order: its derivative by each label."""
    positives, negatives = chances.sum(), (1 - chances).sum()
    at = chances[lots(chances, max(rate, 1 / negatives)) > 0].min()
    slope = at / max(1 - at, 1e-6) * negatives / positives
    recall, alarms = (selected * chances).sum() / positives, (selected * (1 - chances)).sum() / negatives
    return (selected - recall) / positives + slope * (selected - alarms) / negatives


def choices(world: World, answers: Any) -> Any:
    """[items] 1 selected, 0 not; ordinal [items, levels] 1 for the level given."""
    if world.task == "ordinal":
        return np.eye(answers.shape[1])[likeliest(answers)]
    if world.task == "ranking":
        return first_of_each_queue(answers, world.queues, POINTS[world.name].budget_per_day or 0).astype(float)
    return (answers >= (cut(world) if world.task == "risk" else POINTS[world.name].threshold)).astype(float)


def surplus(world: World, answers: Any) -> tuple[float, float]:
    """(how many more choices are right than their chances say, the variance of that)."""
    chosen = choices(world, answers)
    return float((chosen * residuals(world, world.chances)).sum()), variance(world, chosen, world.chances)


def _weights_of_share(world: World, answers: Any, best: float) -> Any:
    chosen = choices(world, answers)
    if world.task == "linkage":
        return (chosen - best) / (world.labels.sum() + world.outside)
    if world.task == "ordinal":
        return chosen / len(answers)
    return (chosen - (chosen * world.chances).sum() / world.chances.sum()) / world.chances.sum()


def likeliest(answers: Any) -> Any:
    """Level of the highest score; of equals the graver."""
    return answers.shape[1] - 1 - answers[:, ::-1].argmax(axis=1)


def first_of_each_queue(scores: Any, queues: Any, budget: int) -> Any:
    """Whether each lead is among its queue's highest scores."""
    order = np.lexsort((-scores, queues))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank - np.searchsorted(queues, queues, side="left") < budget


def residuals(world: World, chances: Any) -> Any:
    """Labels less these chances; ordinal [items, levels]."""
    drawn = np.eye(chances.shape[1])[world.labels] if world.task == "ordinal" else world.labels
    return drawn - chances


def variance(world: World, weights: Any, chances: Any) -> float:
    """Of the sum of weights x (label - chance), clusters drawn independently; never less than if labels were.

    The squares of what the clusters add up to know nothing of rare labels that happen not to be drawn; the chances do.
    """
    parts = weights * residuals(world, chances)
    of_items = weights**2 * chances * (1 - chances)
    if parts.ndim == 2:
        parts = parts.sum(axis=1)
        of_items = (weights**2 * chances).sum(axis=1) - (weights * chances).sum(axis=1) ** 2
    return max(float((np.bincount(world.clusters, parts) ** 2).sum()), float(of_items.sum()))


def together(gains: Iterator[Gain]) -> tuple[float, float]:
    """(mean difference over all seeds in standard errors, sum of the squares of the seeds' own)."""
    every = list(gains)
    differences = np.array([gain.value - gain.best for gain in every])
    variances = np.array([gain.variance for gain in every])
    return float(differences.sum() / np.sqrt(variances.sum())), float((differences**2 / variances).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One value that `describe` states of a group."""

    group: str
    place: int
    """Number of the point, from 0."""
    value: float
    expected: float
    """The same, found from the chances one by one."""
    weights: Any
    """Measured less expected = sum of weights x (label - chance)."""
    chances: Any


def stated(world: World, found: dict[str, Any]) -> Iterator[Stated]:
    """`found`: of `best_attainable`. In a group the chances are those given also the own level."""
    everybody = np.ones(len(world.labels), dtype=bool)
    yield from _stated(world, found["everyone"], "everyone", everybody, world.chances)
    for attribute, names in world.levels.items():
        own = world.within(attribute)
        for place, level in enumerate(names):
            group = f"{attribute}={level}"
            yield from _stated(world, found[group], group, world.groups[attribute] == place, own)


def _stated(world: World, found: Any, group: str, inside: Any, own: Any) -> Iterator[Stated]:
    chances = own[inside]
    if world.task == "ordinal":
        best = np.eye(own.shape[1])[likeliest(own)] * inside[:, None] / inside.sum()
        expected = float(chances.max(axis=1).mean())
        yield Stated(group=group, place=0, value=found["exact_agreement"], expected=expected, weights=best, chances=own)
        return
    links = _links_of(world, group) if world.task == "linkage" else 0.0
    for place, point in enumerate(found):
        weights = np.zeros(len(own))
        if world.task == "linkage":
            chosen = _down_to(chances, point["precision"])
            expected = float((chosen * chances).sum() / links)
            weights[inside] = chosen / links
        else:
            chosen = lots(chances, point["false_positive_rate"])
            expected = float((chosen * chances).sum() / chances.sum())
            weights[inside] = (chosen - expected) / chances.sum()
        yield Stated(group=group, place=place, value=point["recall"], expected=expected, weights=weights, chances=own)


def _down_to(chances: Any, precision: float) -> Any:
    """Whether each pair is linked where as many of the likeliest are as can be at this expected precision."""
    order = np.argsort(-chances, kind="stable")
    enough = np.flatnonzero(np.cumsum(chances[order]) >= precision * np.arange(1, len(order) + 1))
    found = np.zeros(len(chances))
    found[order[: enough[-1] + 1 if len(enough) else 0]] = 1
    return found


def _links_of(world: World, group: str) -> float:
    """Half a link for each record of the group that is in one."""
    of_record = (np.bincount(world.entities)[world.entities] - 1) / 2
    if group == "everyone":
        return float(of_record.sum())
    attribute, level = group.split("=", 1)
    codes = np.concatenate([(batch.groups or {})[attribute] for batch in world.benchmark.batches(SPLIT, columns=frozenset({"groups"}))])
    return float(of_record[codes == world.levels[attribute].index(level)].sum())
