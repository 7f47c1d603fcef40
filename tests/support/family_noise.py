"""How far apart the groups of a family are, in standard errors: each level of each attribute against everybody else, in every measure.

The shipped recipes, with nothing in them that treats groups differently but the harms that are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc
from family_blocks import prepared
from family_recipes import shipped_folder
from linkage_recipe import Linked, linked
from scipy.stats import binom, norm

from evalharness.benchmarks.families import FAMILIES
from evalharness.benchmarks.families.family import BLOCK_ROWS, Block, Place
from evalharness.files.yaml import parse_yaml
from evalharness.predictions.queues import work

SPLIT = "test"
LEVEL = 0.05
"""A comparison of groups that are alike is beyond `BEYOND` standard errors this often: its number over independent seeds is binomial."""
BEYOND = float(norm.isf(LEVEL / 2))
CUT = 0.3
"""From this true chance on an item is found."""
ALIKE: dict[str, dict[str, Any]] = {
    "message-triage": {"shared": 0.999, "own_usage": 0.001},
    "severity-grading": {"own": {"C": 0, "B": 0, "A": 0}},
}
"""Of `signal`: signs that levels of one attribute have of their own are no harm, but make groups differ."""
TELLING = {  # family -> (a column of which `missing` takes values, the column of the proxy, where it leads)
    "message-triage": ("channel", "channel", "app"),
    "risk-level": ("n02", "c4", "e"),
    "lead-priority": ("n02", "c3", "e"),
}

Comparison = tuple[str, str, str]
"""Measure, attribute, level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A block of items or records, one entry each."""

    groups: Mapping[str, tuple[tuple[str, ...], Any]]
    """Attribute -> its levels, and the place of each row's."""
    clusters: Any
    """Numbers; clusters are drawn independently."""
    measures: Mapping[str, tuple[Any, Any]]
    """How much there is of something in each row, and of how much."""


def distances(watched: Watched) -> dict[Comparison, float]:
    """Standard errors between each level and all others. The second of two levels says what the first says.

    The variance is that of sums by cluster, and never less than if the rows were independent: the squares of what clusters add up to know
    nothing of rare events that happen not to be there.
    """
    found = {}
    for measure, (events, of) in watched.measures.items():
        rate = events.sum() / of.sum()
        excess = events - rate * of
        for attribute, (levels, codes) in watched.groups.items():
            sizes = np.bincount(codes, of, len(levels))
            for place, level in enumerate(levels[:1] if len(levels) == 2 else levels):
                inside, outside = sizes[place], sizes.sum() - sizes[place]
                parts = np.bincount(watched.clusters, excess * np.where(codes == place, 1 / max(inside, 1), -1 / outside))
                variance = max(float((parts**2).sum()), float(rate * (1 - rate)) * (1 / max(inside, 1) + 1 / outside))
                found[measure, attribute, level] = float(parts.sum() / np.sqrt(variance)) if variance else 0.0
    return found


def apart(every: list[dict[Comparison, float]], false_alarm: float) -> set[Comparison]:
    """Comparisons that groups which are alike would not show: the whole set is empty but for a share of `false_alarm` of all runs, at most.

    Two questions of each comparison over the seeds, which are independent: whether more of them are beyond `BEYOND` than a binomial number
    at `LEVEL` would be, and whether together they lean to one side more than a normal number would. Each has an equal part of the false
    alarms, so nothing is assumed of how comparisons go together.
    """
    part = false_alarm / (2 * len(every[0]))
    most = int(binom.isf(part, len(every), LEVEL))
    farthest = float(norm.isf(part / 2))
    found = set()
    for comparison in every[0]:
        own = np.array([seed[comparison] for seed in every])
        if (np.abs(own) > BEYOND).sum() > most or abs(own.sum()) / np.sqrt(len(own)) > farthest:
            found.add(comparison)
    return found


def watched(name: str, seeds: range, harms: Mapping[str, Mapping[str, str]]) -> Iterator[Watched]:
    """One for each seed. harms: name -> the group it is of, at the greatest size that is plausible; all others are off."""
    recipe, family = _recipe(name, harms), FAMILIES[name]
    for seed in seeds:
        dials: Any = family.dials.model_validate_json(json.dumps({**recipe, "seed": seed}), strict=True)
        if name == "case-linkage":
            yield _of_records(linked(dials))
            continue
        place = Place(split=list(dials.split_rows()).index(SPLIT), name=SPLIT, number=0, first=0, rows=BLOCK_ROWS)
        yield _of_items(name, dials, family.block(dials, prepared(family, dials), place))


def _recipe(name: str, harms: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    file = shipped_folder(name) / "benchmark.yaml"
    recipe: dict[str, Any] = parse_yaml(file.read_bytes(), file.name).data["generate"]
    for harm, dial in recipe["harms"].items():
        dial["size"] = dial["range"][1] if harm in harms else 0
        dial.update({"of": harms[harm]} if harm in harms else {})
    recipe["copies"]["share"] = 0
    recipe.get("signal", {}).update(ALIKE.get(name, {}))
    return recipe


def _of_items(name: str, dials: Any, block: Block) -> Watched:
    items, task = block.items, FAMILIES[name].task
    groups = {
        attribute: (tuple(items[attribute].dictionary.to_pylist()), np.asarray(items[attribute].indices)) for attribute in dials.groups
    }
    cluster = items[FAMILIES[name].columns(dials).cluster or ""]
    clusters = np.asarray(cluster.dictionary_encode().indices).astype(np.int64)
    label, clean = (np.asarray(column.indices) for column in (items["label"], block.truth["clean"]))
    everything = np.ones(len(label))
    measures = {"labels wrong": ((label != clean).astype(float), everything)}
    if task == "ordinal":
        chances = np.stack([np.asarray(block.truth[f"posterior_{level}"]) for level in FAMILIES[name].levels], axis=1)
        given = chances.argmax(axis=1)
        measures["base rate"] = (label > 0).astype(float), everything
        for measure, events in (("exact agreement", given == label), ("under-grading", given < label), ("over-grading", given > label)):
            measures[measure] = events.astype(float), everything
        measures["proxy"] = (np.asarray(items["x63"]) > 0).astype(float), everything
    else:
        chances = np.asarray(block.truth["posterior"]) * FAMILIES[name].truth(dials).grid
        found = work(chances, clusters, None, dials.queues.budget_per_day).decisions == 1 if task == "ranking" else chances >= CUT
        missing, proxy, toward = TELLING[name]
        measures["base rate"] = label.astype(float), everything
        measures["recall"] = (found & (label == 1)).astype(float), label.astype(float)
        measures["false-positive rate"] = (found & (label == 0)).astype(float), 1.0 - label
        measures["missing"] = np.asarray(items[missing].is_null()).astype(float), everything
        measures["proxy"] = np.asarray(pc.equal(items[proxy].cast("string"), toward).fill_null(False)).astype(float), everything
    return Watched(groups=groups, clusters=clusters, measures=measures)


def _of_records(part: Linked) -> Watched:
    """Of a pair, half is each record's."""
    ends, rows = np.concatenate([part.pairs.left, part.pairs.right]), len(part.made.clean)

    def halves(which: Any) -> Any:
        return np.bincount(ends, np.tile(which, 2) / 2, rows)

    same, found, everything = part.same(), part.recorded >= 0.5, np.ones(rows)
    names = part.entities()
    links = (np.bincount(names)[names] - 1) / 2
    attribute = list(part.dials.attributes).index("a3")
    return Watched(
        groups={
            name: (tuple(part.dials.groups[name]), codes.astype(np.int64))
            for name, codes in zip(part.dials.groups, part.made.groups, strict=True)
        },
        clusters=np.arange(rows) // part.dials.regions.size,
        measures={
            "labels wrong": ((part.made.recorded != part.made.clean).astype(float), everything),
            "base rate": ((links > 0).astype(float), everything),
            "recall": (halves(same & found), links),
            "false-positive rate": (halves(~same & found), halves(~same)),
            "missing": ((part.made.values[attribute] == part.dials.attributes["a3"]).astype(float), everything),
            "proxy": (((part.made.values[-1] & 2) > 0).astype(float), everything),
        },
    )
