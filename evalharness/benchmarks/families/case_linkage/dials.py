"""The dials of the family `case-linkage`, as they stand in benchmark.yaml under `generate:`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from evalharness.benchmarks.families.case_linkage.frequencies import weights_of
from evalharness.benchmarks.families.case_linkage.harms import UP_TO, Harms, most
from evalharness.benchmarks.families.common.dials import (
    Attribute,
    GroupHarm,
    Groups,
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
    """Of every attribute that `errors_of` does not name."""
    errors_of: Annotated[dict[Attribute, Errors], Field(max_length=12)] = Field(default_factory=dict)
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
        if len(self.entities.records) == 1:
            yield ("entities", "records"), "every entity would have one record: there is nothing to link"
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
        named += [(("errors_of", name), name) for name in self.errors_of]
        named += [(("harms", "proxy", "attribute"), name) for name in [self.harms.proxy.attribute] if name]
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
        edited = exactly(harms.obfuscation.edited) if most(harms.obfuscation) else Fraction(0)
        for name in self.attributes:
            worst = sum((exactly(v) for v in self.errors_in(name).model_dump().values()), edited)
            lacking = [harms.missing] if name in harms.missing.attributes else []
            worst += sum(exactly(most(harm)) for harm in (harms.separability, harms.drift, *lacking))
            if worst >= 1:
                yield (
                    ("attributes", name),
                    f"errors and harms add up to {float(worst):.3g}: some records would have no right value",
                )

    def errors_in(self, attribute: str) -> Errors:
        """What may happen to a value of this attribute, harms apart."""
        return self.errors_of.get(attribute, self.errors)

    def _harm_faults(self) -> Iterator[tuple[KeyPath, str]]:
        for name, harm in self.harms:
            if wrong := harm.outside(0.0, UP_TO.get(name, 1.0)):
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
