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
from evalharness.benchmarks.families.lead_priority.days import HOUR, days, tables
from evalharness.benchmarks.families.lead_priority.dials import LeadPriorityDials
from evalharness.benchmarks.families.lead_priority.facts import facts
from evalharness.benchmarks.families.tabular.copies import copied, copies, kinds, other_tables
from evalharness.benchmarks.families.tabular.output import WEEK, received
from evalharness.benchmarks.families.tabular.posterior import known
from evalharness.benchmarks.families.tabular.rows import Items
from evalharness.benchmarks.families.tabular.tables import Tables
from evalharness.benchmarks.families.tabular.within import within
from evalharness.records import CopyKind

LABELS = ("not_at_risk", "at_risk")


class LeadPriority:
    """Leads to be put in order before officers review some of them each day; numbers and opaque levels only.

    The outcome is found by the review itself, so nobody grades leads beforehand: it has no raters, hence no `annotator_bias`; and no
    `obfuscation` of its own items (the copies of that kind take its place).
    """

    name = "lead-priority"
    version = 1
    task = "ranking"
    dials = LeadPriorityDials
    positive = LABELS[1]
    negative = LABELS[0]
    levels: tuple[str, ...] = ()
    anew: tuple[str, ...] = (HOUR,)

    def columns(self, dials: LeadPriorityDials) -> Columns:
        """Roles; the day's queue is the cluster too. A model receives the hour, not the minute, of arrival."""
        return Columns(
            id="item_id",
            label="label",
            features=_features(dials),
            groups=tuple(dials.groups),
            cluster="queue_id",
            split="split",
            queue="queue_id",
            arrived="arrived",
            minutes="minutes",
        )

    def truth(self, dials: LeadPriorityDials) -> Truth:
        """The chance of the recorded and of the clean label, in closed form."""
        inside = within(dials)
        return Truth(
            given=_features(dials),
            grid=1 / GRID,
            chances=("posterior", "posterior_clean", *(f"within_{name}" for name in inside)),
            texts=("clean",),
            within=inside,
        )

    def tables(self, dials: LeadPriorityDials) -> tuple[OtherTable, ...]:
        """The copies."""
        return other_tables(_features(dials)) if dials.copies.share else ()

    def copies(self, dials: LeadPriorityDials) -> tuple[CopyKind, ...]:
        """What is changed in each kind of copy."""
        return kinds(dials)

    def prepare(self, dials: LeadPriorityDials) -> Tables:
        """All lookup tables."""
        return tables(dials)

    def block(self, dials: LeadPriorityDials, prepared: Tables, place: Place) -> Block:
        """The next days of a split. Fewer rows than a whole block are its first leads, but those of its last day."""
        made = days(dials, prepared, place)
        own, split = made.items, prepared.splits[place.split]
        found = known(prepared, split, own.codes, own.weeks)
        of_items = {
            "posterior": pa.array(found.of_recorded()),
            "posterior_clean": pa.array(found.of_clean()),
            **{f"within_{name}": pa.array(found.within(name, own.groups[list(dials.groups).index(name)])) for name in within(dials)},
            "clean": coded(own.clean, LABELS),
        }
        columns = {
            "item_id": numbered("item-", np.arange(place.first, place.first + place.rows)),
            "queue_id": numbered("day-", made.firsts + place.first),
            "split": constant(place.name, place.rows),
            "label": coded(own.recorded, LABELS),
            **{name: coded(codes, list(dials.groups[name])) for name, codes in zip(dials.groups, own.groups, strict=True)},
            **received(prepared, split, own.codes, own.weeks),
            "arrived": pa.array(made.arrived),
            "minutes": pa.array(made.minutes),
        }
        return Block(items=columns, truth=of_items, others=_others(dials, prepared, place, own))

    def unattained(self, dials: LeadPriorityDials) -> Iterator[Fault]:  # noqa: ARG002 - of the protocol
        """Nothing: what the dials say can be had."""
        return iter(())

    def facts(self, dials: LeadPriorityDials) -> dict[str, Any]:
        """What follows from the dials."""
        return facts(dials)


def _features(dials: LeadPriorityDials) -> tuple[str, ...]:
    return (*dials.features(), HOUR, WEEK)


def _others(dials: LeadPriorityDials, prepared: Tables, place: Place, made: Items) -> dict[str, Table]:
    part = copies(dials, prepared, place, made)
    return {} if part is None else copied(dials, prepared, place, part)
