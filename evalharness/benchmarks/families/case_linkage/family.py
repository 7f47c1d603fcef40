"""The family as the rest of the harness sees it: columns, blocks of records, facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from evalharness.benchmarks.columns import Columns
from evalharness.benchmarks.families.case_linkage import output, tables
from evalharness.benchmarks.families.case_linkage.copies import copies, kinds
from evalharness.benchmarks.families.case_linkage.dials import CaseLinkageDials
from evalharness.benchmarks.families.case_linkage.facts import facts
from evalharness.benchmarks.families.case_linkage.names import entity_names, record_ids
from evalharness.benchmarks.families.case_linkage.pairs import candidates
from evalharness.benchmarks.families.case_linkage.posterior import see
from evalharness.benchmarks.families.case_linkage.rows import records
from evalharness.benchmarks.families.case_linkage.tables import Tables, within_attributes
from evalharness.benchmarks.families.family import Block, Fault, OtherTable, Place, Truth
from evalharness.benchmarks.families.ingredients.joint import GRID
from evalharness.records import CopyKind


class CaseLinkage:
    """Records of which some belong to one entity; opaque attributes only."""

    name = "case-linkage"
    version = 1
    task = "linkage"
    dials = CaseLinkageDials
    positive = ""
    negative = ""
    levels: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()

    def columns(self, dials: CaseLinkageDials) -> Columns:
        """Roles; the groups are those of the dials. The entity is what is asked for, and the cluster too."""
        return Columns(
            id="record_id",
            entity="entity_id",
            features=("region", *dials.attributes),
            groups=tuple(dials.groups),
            cluster="entity_id",
            split="split",
        )

    def truth(self, dials: CaseLinkageDials) -> Truth:
        """Of a record, its entity before any mistake; what is known of pairs is in the table `pair_truth`."""
        return Truth(given=("region", *dials.attributes), grid=1 / GRID, chances=(), texts=("clean",))

    def tables(self, dials: CaseLinkageDials) -> tuple[OtherTable, ...]:
        """Candidate pairs, what is known of them, what people said of them, and the copies."""
        ends = ("left_id", "right_id")
        found = [
            OtherTable(name="pairs", secret=False, columns=ends, about=_ABOUT["pairs"]),
            OtherTable(
                name="pair_truth", secret=True, columns=(*ends, *output.known(within_attributes(dials))), about=_ABOUT["pair_truth"]
            ),
        ]
        if dials.raters.share:
            columns = (*ends, *output.people(dials), "adjudicated")
            found.append(OtherTable(name="annotators", secret=True, columns=columns, about=_ABOUT["annotators"]))
        if dials.copies.share:
            features = ("item_id", "kind", "region", *dials.attributes)
            found += [
                OtherTable(name="twins", secret=False, columns=features, about=_ABOUT["twins"]),
                OtherTable(name="twin_pairs", secret=False, columns=(*ends, "kind"), about=_ABOUT["twin_pairs"]),
                OtherTable(name="twin_truth", secret=True, columns=("item_id", "of"), about=_ABOUT["twin_truth"]),
                OtherTable(
                    name="twin_pair_truth",
                    secret=True,
                    columns=(*ends, "same", "posterior"),
                    about=_ABOUT["twin_pair_truth"],
                    gaps=("posterior",),
                ),
            ]
        return tuple(found)

    def copies(self, dials: CaseLinkageDials) -> tuple[CopyKind, ...]:
        """What is changed in each kind of copy."""
        return kinds(dials)

    def prepare(self, dials: CaseLinkageDials) -> Tables:
        """All lookup tables."""
        return tables.build(dials)

    def block(self, dials: CaseLinkageDials, prepared: Tables, place: Place) -> Block:
        """The next records of a split."""
        made, split = records(dials, prepared, place), prepared.splits[place.split]
        pairs = candidates(dials, made.values)
        ids = record_ids(place, np.arange(place.rows))
        others = {
            "pairs": output.ends(ids, pairs),
            "pair_truth": output.pair_truth(dials, split, made, ids, see(split, made.values, pairs)),
            **output.said(dials, prepared, place, made, pairs),
            **output.copied(dials, split, place, made, copies(dials, prepared, place, made.values, pairs)),
        }
        clean = entity_names(place, made.clean, dials.regions.size)
        return Block(items=output.items(dials, place, made, ids), truth={"clean": clean}, others=others)

    def unattained(self, dials: CaseLinkageDials) -> Iterator[Fault]:  # noqa: ARG002 - of the protocol
        """Nothing: what the dials say can be had."""
        return iter(())

    def facts(self, dials: CaseLinkageDials) -> dict[str, Any]:
        """What follows from the dials."""
        return facts(dials, tables.build(dials))


_ABOUT = {
    "pairs": "Candidate pairs: records of one region that agree on at least one blocking attribute.",
    "pair_truth": "Of each candidate pair: whether it is recorded as one entity, whether it is one, and the chances given its values.",
    "annotators": "What each of several people says of the candidate pairs of some regions of test and shifted, and what most of them say.",
    "twins": "Copies of the records of some regions of test with one thing changed: the proxy, noise, hidden or missing values.",
    "twin_pairs": "The candidate pairs of those records, by their copies.",
    "twin_truth": "Which record each copy was made of.",
    "twin_pair_truth": "Of each pair of copies: whether its records are one entity as recorded, and for `proxy` the chance of that.",
}
