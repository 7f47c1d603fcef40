"""The family as the rest of the harness sees it: columns, blocks of rows, facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.families.family import Block, Fault, OtherTable, Place, Table, Truth
from evalharness.benchmarks.families.ingredients.columns import coded, constant, numbered
from evalharness.benchmarks.families.ingredients.copied import under_fresh_ids
from evalharness.benchmarks.families.ingredients.joint import GRID
from evalharness.benchmarks.families.severity_grading import copies, tables
from evalharness.benchmarks.families.severity_grading.coordinates import NUMBERS, numbers
from evalharness.benchmarks.families.severity_grading.dials import LEVELS, SeverityGradingDials
from evalharness.benchmarks.families.severity_grading.facts import facts
from evalharness.benchmarks.families.severity_grading.posterior import Chances, posterior
from evalharness.benchmarks.families.severity_grading.rows import Items, items
from evalharness.benchmarks.families.severity_grading.tables import Tables
from evalharness.records import CopyKind

_HARDNESS = ("easy", "hard")


class SeverityGrading:
    """Files to be given a grade that a person then checks; 64 numbers that stand for nothing.

    The posterior is closed form and exact: see `coordinates` and `posterior`. Harms that it does not have: `missing` (a number is a
    mixture of all coordinates: without it there would be no closed form; the copies of kind `lost` take its place) and `obfuscation`
    (a vector of noise has nothing to hide behind; the copies of kind `noise` come nearest).
    """

    name = "severity-grading"
    version = 1
    task = "ordinal"
    dials = SeverityGradingDials
    positive = ""
    negative = ""
    levels: tuple[str, ...] = LEVELS
    anew: tuple[str, ...] = ()

    def columns(self, dials: SeverityGradingDials) -> Columns:
        """Roles; the groups are those of the dials."""
        return Columns(id="item_id", label="label", features=NUMBERS, groups=tuple(dials.groups), cluster="case_id", split="split")

    def truth(self, dials: SeverityGradingDials) -> Truth:
        """The posterior of the label and of the clean grade, in closed form."""
        within = tables.within(dials)
        return Truth(
            given=NUMBERS,
            grid=1 / GRID,
            chances=tuple(
                f"{name}_{level}" for name in ("posterior", "posterior_clean", *(f"within_{a}" for a in within)) for level in LEVELS
            ),
            texts=("clean", "difficulty", *(() if dials.harms.duplicates.off else ("copy_of",))),
            within=within,
        )

    def tables(self, dials: SeverityGradingDials) -> tuple[OtherTable, ...]:
        """What raters said, and the copies."""
        found = (
            OtherTable(name="annotators", secret=True, columns=("item_id", *_people(dials), "adjudicated"), about=_ABOUT["annotators"]),
        )
        if not dials.copies.share:
            return found
        chances = tuple(f"{name}_{level}" for name in ("posterior", "posterior_clean") for level in LEVELS)
        return (
            *found,
            OtherTable(name="twins", secret=False, columns=("item_id", "kind", *NUMBERS), about=_ABOUT["twins"]),
            OtherTable(name="twin_truth", secret=True, columns=("item_id", "of", "clean", *chances), about=_ABOUT["twin_truth"]),
        )

    def copies(self, dials: SeverityGradingDials) -> tuple[CopyKind, ...]:
        """What is changed in each kind of copy."""
        return copies.kinds(dials)

    def prepare(self, dials: SeverityGradingDials) -> Tables:
        """All lookup tables."""
        return tables.build(dials)

    def block(self, dials: SeverityGradingDials, prepared: Tables, place: Place) -> Block:
        """The next items of a split."""
        made, split = items(dials, prepared, place), prepared.splits[place.split]
        named = dict(zip(dials.groups, made.groups, strict=True))
        own = [(attribute, named[attribute]) for attribute in tables.within(dials)]
        known = posterior(split, split.parts, made.coordinates, own)
        chances = {
            **_by_level("posterior", known.label),
            **_by_level("posterior_clean", known.clean),
            **{k: v for (name, _), found in zip(own, known.within, strict=True) for k, v in _by_level(f"within_{name}", found).items()},
        }
        ids = numbered("item-", np.arange(place.first, place.first + place.rows))
        texts = {"clean": coded(made.clean, LEVELS), "difficulty": coded(made.hard.astype(np.uint8), _HARDNESS)}
        if not dials.harms.duplicates.off:
            texts["copy_of"] = _copied(ids, made.source)
        others = _others(dials, prepared, place, made, ids)
        return Block(items=_items(dials, made, ids, place), truth={**chances, **texts}, others=others)

    def unattained(self, dials: SeverityGradingDials) -> Iterator[Fault]:  # noqa: ARG002 - of the protocol
        """Nothing: what the dials say can be had."""
        return iter(())

    def facts(self, dials: SeverityGradingDials) -> dict[str, Any]:
        """What follows from the dials."""
        return facts(dials, tables.build(dials))


_ABOUT = {
    "annotators": "What each of several people says of every item, and the label: the most frequent grade, the gravest of equals.",
    "twins": "Copies of some items of test with one thing changed: the group's mark in the last number, noise, part of the signal lost.",
    "twin_truth": "Which item each copy was made of, its clean grade, and its true chances given only the copy and its kind.",
}


def _people(dials: SeverityGradingDials) -> tuple[str, ...]:
    return tuple(f"rater_{1 + number}" for number in range(len(dials.raters.people)))


def _by_level(name: str, found: Chances) -> dict[str, Chances]:
    return {f"{name}_{level}": row for level, row in zip(LEVELS, found, strict=True)}


def _items(dials: SeverityGradingDials, made: Items, ids: Any, place: Place) -> Table:
    groups = {name: coded(codes, list(levels)) for (name, levels), codes in zip(dials.groups.items(), made.groups, strict=True)}
    return {
        "item_id": ids,
        "case_id": numbered("case-", made.heads + place.first),
        "split": constant(place.name, place.rows),
        "label": coded(made.label, LEVELS),
        **groups,
        **_shown(made.coordinates),
    }


def _shown(coordinates: npt.NDArray[np.int16]) -> Table:
    return {name: pa.array(row) for name, row in zip(NUMBERS, numbers(coordinates), strict=True)}


def _copied(ids: Any, source: npt.NDArray[np.int64]) -> Any:
    return pc.if_else(pa.array(source == np.arange(len(source))), pa.scalar(""), ids.take(pa.array(source)))


def _others(dials: SeverityGradingDials, prepared: Tables, place: Place, made: Items, ids: Any) -> dict[str, Table]:
    names = (*_people(dials), "adjudicated")
    said = zip(names, (*made.grades, made.label), strict=True)
    found: dict[str, Table] = {"annotators": {"item_id": ids, **{name: coded(row, LEVELS) for name, row in said}}}
    parts = copies.copies(dials, prepared, place, made)
    if parts:
        rows = (_joined([_twins(part) for part in parts]), _joined([_twin_truth(place, part, made) for part in parts]))
        made_anew = under_fresh_ids(dials.seed, place, [part.kind for part in parts], parts[0].of, rows)
        found |= zip(("twins", "twin_truth"), made_anew, strict=True)
    return found


def _twins(part: copies.Copies) -> Table:
    return {"kind": constant(part.kind, len(part.of)), **_shown(part.coordinates)}


def _twin_truth(place: Place, part: copies.Copies, made: Items) -> Table:
    chances = {**_by_level("posterior", part.known.label), **_by_level("posterior_clean", part.known.clean)}
    return {
        "of": numbered("item-", part.of + place.first),
        "clean": coded(made.clean[part.of], LEVELS),
        **{name: pa.array(steps / GRID) for name, steps in chances.items()},
    }


def _joined(parts: list[Table]) -> Table:
    return {name: pa.concat_arrays([_plain(part[name]) for part in parts]) for name in parts[0]}


def _plain(array: Any) -> Any:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
