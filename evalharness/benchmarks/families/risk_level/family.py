"""The family as the rest of the harness sees it: columns, blocks of rows, facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.families.family import Block, Fault, OtherTable, Place, Table, Truth
from evalharness.benchmarks.families.ingredients.columns import coded, constant, numbered
from evalharness.benchmarks.families.ingredients.joint import GRID
from evalharness.benchmarks.families.risk_level.dials import RiskLevelDials
from evalharness.benchmarks.families.risk_level.facts import LEVELS, facts, unattained
from evalharness.benchmarks.families.risk_level.raters import bands_of, ratings
from evalharness.benchmarks.families.risk_level.reports import reports, tables
from evalharness.benchmarks.families.tabular.copies import copied, copies, kinds, other_tables
from evalharness.benchmarks.families.tabular.output import WEEK, received
from evalharness.benchmarks.families.tabular.posterior import known
from evalharness.benchmarks.families.tabular.rows import Items
from evalharness.benchmarks.families.tabular.tables import Tables
from evalharness.benchmarks.families.tabular.within import within
from evalharness.records import CopyKind

LABELS = ("no", "yes")
ANNOTATORS = "annotators"


class RiskLevel:
    """Reports about persons, of numbers and opaque levels; the outcome is whether something followed within the window."""

    name = "risk-level"
    version = 1
    task = "risk"
    dials = RiskLevelDials
    positive = LABELS[1]
    negative = LABELS[0]
    levels: tuple[str, ...] = LEVELS
    anew: tuple[str, ...] = ()

    def columns(self, dials: RiskLevelDials) -> Columns:
        """Roles; the groups are those of the dials and no feature."""
        return Columns(
            id="item_id", label="label", features=_features(dials), groups=tuple(dials.groups), cluster="household_id", split="split"
        )

    def truth(self, dials: RiskLevelDials) -> Truth:
        """The chance of the recorded and of the clean outcome, in closed form, and the true level."""
        inside = within(dials)
        return Truth(
            given=_features(dials),
            grid=1 / GRID,
            chances=("posterior", "posterior_clean", *(f"within_{name}" for name in inside)),
            texts=("clean", "band"),
            within=inside,
        )

    def tables(self, dials: RiskLevelDials) -> tuple[OtherTable, ...]:
        """What raters said, and the copies."""
        about = "The level in which each of several people placed every report, and the middle one of these."
        rated = OtherTable(name=ANNOTATORS, secret=True, columns=("item_id", *_raters(dials)), about=about)
        return (rated, *other_tables(_features(dials), ("band",))) if dials.copies.share else (rated,)

    def copies(self, dials: RiskLevelDials) -> tuple[CopyKind, ...]:
        """What is changed in each kind of copy."""
        return kinds(dials)

    def prepare(self, dials: RiskLevelDials) -> Tables:
        """All lookup tables."""
        return tables(dials)

    def block(self, dials: RiskLevelDials, prepared: Tables, place: Place) -> Block:
        """The next reports of a split."""
        split, own = prepared.splits[place.split], reports(dials, prepared, place)
        made = own.items
        found = known(prepared, split, made.codes, made.weeks)
        clean = found.of_clean()
        of_items = {
            "posterior": pa.array(found.of_recorded()),
            "posterior_clean": pa.array(clean),
            **{f"within_{name}": pa.array(found.within(name, made.groups[list(dials.groups).index(name)])) for name in within(dials)},
            "clean": coded(made.clean, LABELS),
            "band": coded(bands_of(dials.bands, clean), LEVELS),
        }
        ids = numbered("item-", np.arange(place.first, place.first + place.rows))
        columns = {
            "item_id": ids,
            "household_id": numbered("home-", place.first + own.firsts),
            "split": constant(place.name, place.rows),
            "label": coded(made.recorded, LABELS),
            **{name: coded(codes, list(dials.groups[name])) for name, codes in zip(dials.groups, made.groups, strict=True)},
            **received(prepared, split, made.codes, made.weeks),
        }
        return Block(items=columns, truth=of_items, others=_others(dials, prepared, place, made, ids=ids, clean=clean))

    def unattained(self, dials: RiskLevelDials) -> Iterator[Fault]:
        """A level in which no report is to be expected."""
        return unattained(dials)

    def facts(self, dials: RiskLevelDials) -> dict[str, Any]:
        """What follows from the dials."""
        return facts(dials)


def _features(dials: RiskLevelDials) -> tuple[str, ...]:
    return (*dials.features(), WEEK)


def _raters(dials: RiskLevelDials) -> tuple[str, ...]:
    return (*(f"rater_{1 + number}" for number in range(dials.raters.number)), "adjudicated")


def _others(dials: RiskLevelDials, prepared: Tables, place: Place, made: Items, *, ids: Any, clean: Any) -> dict[str, Table]:
    said = ratings(dials, place, made, clean)
    found: dict[str, Table] = {
        ANNOTATORS: {"item_id": ids, **{name: coded(row, LEVELS) for name, row in zip(_raters(dials), said, strict=True)}}
    }
    part = copies(dials, prepared, place, made)
    if part is not None:
        found |= copied(dials, prepared, place, part, band=coded(bands_of(dials.bands, clean[part.of]), LEVELS))
    return found
