"""Dials of case-linkage for tests: the shipped recipe with few rows, every harm on, every harm off; and the records behind a block."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import family_blocks
import numpy as np
from ruamel.yaml import YAML

from evalharness.benchmarks.families.case_linkage import CaseLinkage
from evalharness.benchmarks.families.case_linkage.dials import CaseLinkageDials
from evalharness.benchmarks.families.case_linkage.pairs import Pairs, candidates
from evalharness.benchmarks.families.case_linkage.posterior import chances, see, within
from evalharness.benchmarks.families.case_linkage.rows import Records, records
from evalharness.benchmarks.families.case_linkage.tables import SplitTables, Tables
from evalharness.benchmarks.families.family import BLOCK_ROWS, Place
from evalharness.benchmarks.families.ingredients.joint import GRID

FAMILY = CaseLinkage()
ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "datasets_synthetic" / "case-linkage" / "benchmark.yaml"
SHIPPED: dict[str, Any] = YAML(typ="safe").load(RECIPE.read_text(encoding="utf-8"))["generate"]
OFF = {f"harms.{name}.size": 0 for name in SHIPPED["harms"]}
ON = {
    "harms.base_rate.size": 0.4,
    "harms.separability.size": 0.08,
    "harms.label_noise.size": 0.1,
    "harms.under_representation.size": 0.6,
    "harms.missing.size": 0.4,
    "harms.proxy.size": 0.6,
    "harms.annotator_bias.size": 0.2,
    "harms.drift.size": 0.04,
    "harms.prevalence_shift.size": 0.3,
    "harms.duplicates.size": 0.15,
    "harms.obfuscation.size": 0.08,
}


def recipe(**changes: Any) -> dict[str, Any]:
    """The shipped recipe with 2,000 rows and other values; `{"harms.drift.size": 0.1}` changes what stands deeper."""
    found = copy.deepcopy(SHIPPED)
    for at, value in {"rows": 2_000, **changes}.items():
        *path, last = at.split(".")
        place = found
        for step in path:
            place = place[step]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return found


def dials(**changes: Any) -> CaseLinkageDials:
    """The same, checked as a file is."""
    return CaseLinkageDials.model_validate_json(json.dumps(recipe(**changes)), strict=True)


def faults(**changes: Any) -> dict[str, str]:
    """Place -> what is wrong."""
    return {".".join(map(str, fault.at)): f"{fault.what}: {fault.got}, not {fault.expected}" for fault in dials(**changes).faults()}


def place(dials: CaseLinkageDials, name: str = "test", rows: int = BLOCK_ROWS, number: int = 0) -> Place:
    """A block of a split."""
    split = list(dials.split_rows()).index(name)
    return Place(split=split, name=name, number=number, first=64_000 + number * BLOCK_ROWS, rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A block with what is known of it, as arrays."""

    dials: CaseLinkageDials
    tables: Tables
    split: SplitTables
    made: Records
    pairs: Pairs
    recorded: Any
    """[pairs] chance of being recorded as one entity."""
    clean: Any
    """[pairs] chance of being one entity."""
    within: dict[str, Any]

    def same(self, *, clean: bool = False) -> Any:
        """[pairs] whether they are recorded as one entity, or are one."""
        names = self.entities(clean=clean)
        return names[self.pairs.left] == names[self.pairs.right]

    def entities(self, *, clean: bool = False) -> Any:
        """[records] a number for each entity of the block."""
        own = self.made.clean if clean else self.made.recorded
        return own + np.arange(len(own)) // self.dials.regions.size * 2 * self.dials.regions.size

    def links(self, of: Any = None, *, clean: bool = False) -> int:
        """Pairs of records of one entity, those in no candidate pair too; `of` [records] counts only some records."""
        names = self.entities(clean=clean)
        counts = np.bincount(names if of is None else names[of])
        return int((counts * (counts - 1) // 2).sum())

    def level(self, attribute: str, name: str) -> Any:
        """[records] whether they are of this level."""
        place = list(self.dials.groups).index(attribute)
        return self.made.groups[place] == list(self.dials.groups[attribute]).index(name)


def linked(asked: CaseLinkageDials, name: str = "test", *, rows: int = BLOCK_ROWS, number: int = 0) -> Linked:
    """One block."""
    prepared: Tables = family_blocks.prepared(FAMILY, asked)
    where = place(asked, name, rows, number)
    split = prepared.splits[where.split]
    made = records(asked, prepared, where)
    pairs = candidates(asked, made.values)
    seen = see(split, made.values, pairs)
    found = chances(split, seen)
    groups = dict(zip(asked.groups, made.groups, strict=True))
    return Linked(
        dials=asked,
        tables=prepared,
        split=split,
        made=made,
        pairs=pairs,
        recorded=found.recorded / GRID,
        clean=found.clean / GRID,
        within={attribute: within(split, attribute, groups[attribute], seen) / GRID for attribute in split.within},
    )


def z_by_region(linked: Linked, found: Any, expected: Any) -> float:
    """Standard errors between what was found and what was expected of the pairs; regions are independent, pairs of one are not."""
    region = linked.pairs.left // linked.dials.regions.size
    differences = np.bincount(region, weights=found - expected)
    return float(differences.sum() / np.sqrt((differences**2).sum()))
