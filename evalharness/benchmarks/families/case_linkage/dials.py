"""The dials of the family `case-linkage`, as they stand in benchmark.yaml under `generate:`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from evalharness.benchmarks.families.case_linkage.frequencies import weights_of
from evalharness.benchmarks.families.common.dials import (
    Attribute,
    GroupHarm,
    Groups,
    Harm,
    Inner,
    Rows,
    Seed,
    Shares,
    Splits,
    group_faults,
    rows_by_split,
    split_faults,
)
from evalharness.benchmarks.families.common.shares import ONE_16, exactly
from evalharness.files.document import KeyPath
from evalharness.files.shape import Shape

RESERVED = frozenset({"record_id", "entity_id", "region", "split", "clean", "kind", "of", "left_id", "right_id", "item_id"})
MOST_CELLS = 20_000
"""Combinations of levels of all groups."""


class Entities(Shape):
    """What records are records of."""

    records: Annotated[Shares, Field(max_length=12)]
    """Share of the entities that have 1, 2, 3 ... records."""


class Regions(Shape):
    """Every entity lives in one region; records of different regions are never compared."""

    size: Literal[8, 16, 32, 64, 128, 256]
    """Records of a region. The last entity of a region is cut to fit."""


class Errors(Shape):
    """What may happen to a value when it is copied into a record; else it is the entity's own."""

    missing: Inner
    replaced: Inner
    """Drawn anew, which may by chance give the same value again."""
    neighbour: Inner
    """Taken for the one value that it is confused with: of v000 and v001, v002 and v003 … each for the other."""


class Candidates(Shape):
    """Which pairs of records of a region are compared."""

    agree_on: Annotated[list[Attribute], Field(min_length=1, max_length=4)]
    """Blocking attributes: a candidate pair agrees on at least one of them, and a missing value agrees with nothing."""
    most_per_record: Annotated[float, Field(gt=0.0, le=64.0, allow_inf_nan=False)]
    """More pairs than this, for each record, are not to be expected, harms apart. (size - 1) / 2 can never be exceeded."""


class Raters(Shape):
    """People who looked at candidate pairs one by one, without the model."""

    number: Annotated[int, Field(ge=2, le=5)]
    share: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
    """Share of the regions of `test` and `shifted` whose candidate pairs they looked at."""
    sensitivity: Inner
    """Share of the true links that one rater calls the same."""
    hard_sensitivity: Inner
    """The same for hard pairs: those that agree on fewer than half of the attributes."""
    false_alarms: Inner
    """Share of the other candidate pairs that one rater calls the same."""


class Copies(Shape):
    """Counterfactual twins and perturbed copies of test records: whole regions of them, with their candidate pairs."""

    share: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
    """Share of the regions of `test` whose records have one copy of each kind."""
    noise: Inner
    """Share of the values of a noisy copy that are drawn anew."""
    missing: Inner
    """Share of the values that an incomplete copy lacks."""
    obfuscation: Inner
    """Share of the blocking values that an obfuscated copy has changed into another."""


class MissingHarm(GroupHarm):
    """Values that a group's records lack."""

    attributes: Annotated[list[Attribute], Field(min_length=1, max_length=12)]


class ProxyHarm(GroupHarm):
    """A value that tells of the group."""

    attribute: Attribute


class Obfuscation(Harm):
    """Entities whose values are edited on purpose."""

    edited: Inner
    """Share of the values of such an entity's records that are drawn anew, on top of the usual errors."""


class Harms(Shape):
    """Injected harms, each with its size (0: off) and the sizes that are plausible."""

    base_rate: GroupHarm
    """Share of the group's entities that have one record more than they would."""
    separability: GroupHarm
    """Added to the chance that a value of the group's records is replaced."""
    label_noise: GroupHarm
    """Share of the group's records whose recorded entity is wrong: half are filed under the entity of a record of the region drawn at
    random, half are cut loose and recorded as an entity of their own."""
    under_representation: GroupHarm
    """Share of the group's entities that `train` lacks."""
    missing: MissingHarm
    """Added to the chance that one of these attributes is missing in the group's records."""
    proxy: ProxyHarm
    """Share of the group's entities whose value of the attribute is moved into the half of the values that marks the group."""
    annotator_bias: GroupHarm
    """Share of the group's true links that a rater overlooks who would have seen them elsewhere."""
    drift: Harm
    """In `shifted`: added to the chance that a value is replaced."""
    prevalence_shift: Harm
    """In `shifted`: share of the entities of several records that have one only."""
    duplicates: Harm
    """Share of the records after an entity's first that repeat the first one exactly."""
    obfuscation: Obfuscation
    """Share of the entities whose values are edited on purpose, in all splits."""

    def by_group(self) -> dict[str, GroupHarm]:
        """The harms that are about a group."""
        return {name: value for name, value in self if isinstance(value, GroupHarm)}


_UP_TO = {"separability": 0.5, "label_noise": 0.5, "under_representation": 0.99, "drift": 0.5, "duplicates": 0.9, "obfuscation": 0.5}


class CaseLinkageDials(Shape):
    """Everything that decides the bytes of a `case-linkage` benchmark."""

    family: Literal["case-linkage"]
    rows: Rows
    """Records in all splits together."""
    seed: Seed
    splits: Splits
    entities: Entities
    regions: Regions
    groups: Groups
    """Attribute -> level -> share of the entities."""
    attributes: Annotated[dict[Attribute, Annotated[int, Field(ge=4, le=200)]], Field(min_length=2, max_length=12)]
    """Attribute -> how many values it has: v000 the most frequent, v001 …"""
    flatness: Annotated[int, Field(ge=1, le=10_000)]
    """The value of rank i (from 0) has a frequency in proportion to 1 / (i + flatness)."""
    errors: Errors
    candidates: Candidates
    raters: Raters
    copies: Copies
    harms: Harms

    def faults(self) -> Iterator[tuple[KeyPath, str]]:
        """What no single dial shows: (place under `generate`, what is wrong)."""
        yield from split_faults(self.rows, self.splits)
        yield from self._name_faults()
        yield from self._value_faults()
        yield from self._harm_faults()
        if (expected := self.pairs_per_record) > self.candidates.most_per_record:
            yield ("candidates", "most_per_record"), f"{expected:.3g} candidate pairs are to be expected for each record"

    def _name_faults(self) -> Iterator[tuple[KeyPath, str]]:
        for part in ("groups", "attributes"):
            for name in getattr(self, part):
                if name in RESERVED:
                    yield (part, name), f"the family has a column '{name}' already"
        for name in self.groups.keys() & self.attributes.keys():
            yield ("attributes", name), f"'{name}' is a group as well"
        cells = 1
        for levels in self.groups.values():
            cells *= len(levels)
        if cells > MOST_CELLS:
            yield ("groups",), f"there are {cells} combinations of levels, more than {MOST_CELLS}"
        named: list[tuple[KeyPath, str]] = [(("candidates", "agree_on", i), name) for i, name in enumerate(self.candidates.agree_on)]
        named += [(("harms", "missing", "attributes", i), name) for i, name in enumerate(self.harms.missing.attributes)]
        named += [(("harms", "proxy", "attribute"), self.harms.proxy.attribute)]
        for at, name in named:
            if name not in self.attributes:
                yield at, f"'{name}' is not one of the attributes ({', '.join(self.attributes)})"
        if self.harms.proxy.attribute in self.candidates.agree_on:
            yield ("harms", "proxy", "attribute"), "a blocking attribute cannot be the proxy: twins would be other candidate pairs"

    def _value_faults(self) -> Iterator[tuple[KeyPath, str]]:
        for name, values in self.attributes.items():
            if values % 4:
                yield (
                    ("attributes", name),
                    f"{values} values are not a multiple of 4 (a value, its neighbour, and the same two of the other half)",
                )
        if len(set(self.candidates.agree_on)) < len(self.candidates.agree_on):
            yield ("candidates", "agree_on"), "an attribute is named twice"
        harms = self.harms
        worst = sum(
            exactly(v)
            for v in (*self.errors.model_dump().values(), *(max(h.size, 0.0) for h in (harms.separability, harms.missing, harms.drift)))
        )
        if not harms.obfuscation.off:
            worst += exactly(harms.obfuscation.edited)
        if worst >= 1:
            yield (
                ("errors",),
                f"with all harms, {float(worst):.3g} of the values of some records would be wrong or missing: none is left right",
            )

    def _harm_faults(self) -> Iterator[tuple[KeyPath, str]]:
        for name, harm in self.harms:
            if wrong := harm.outside(0.0, _UP_TO.get(name, 1.0)):
                yield ("harms", name), wrong
            if isinstance(harm, GroupHarm):
                yield from group_faults(("harms", name), harm.of, self.groups)

    @property
    def pairs_per_record(self) -> float:
        """Candidate pairs to be expected for each record, harms and errors apart: its own entity's, and chance agreement."""
        shares = [exactly(share) for share in self.entities.records]
        mean = sum((i + 1) * share for i, share in enumerate(shares))
        own = sum(Fraction(i * (i + 1), 2) * share for i, share in enumerate(shares)) / mean
        chance = Fraction(0)
        for name in self.candidates.agree_on:
            if name in self.attributes:
                weights = weights_of(self.attributes[name], self.flatness)
                chance += Fraction(sum(weight * weight for weight in weights), ONE_16 * ONE_16)
        return float(own + chance * Fraction(self.regions.size - 1, 2))

    def split_rows(self) -> dict[str, int]:
        """Records of each split: shares of `rows`, rounded down; `test` takes what is left."""
        return rows_by_split(self.rows, self.splits)
