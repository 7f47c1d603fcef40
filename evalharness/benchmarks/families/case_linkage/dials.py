"""The dials of the family `case-linkage`, as they stand in benchmark.yaml under `generate:`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from evalharness.benchmarks.families.case_linkage.frequencies import weights_of
from evalharness.benchmarks.families.case_linkage.harms import UP_TO, Harms, most
from evalharness.benchmarks.families.family import Fault
from evalharness.benchmarks.families.ingredients.dials import (
    Attribute,
    Groups,
    Inner,
    Rows,
    Seed,
    Shares,
    Splits,
    rows_by_split,
)
from evalharness.benchmarks.families.ingredients.faults import combination_faults, harm_faults, name_faults, split_faults, told
from evalharness.benchmarks.families.ingredients.shares import ONE_16, exactly
from evalharness.files.document import KeyPath
from evalharness.files.shape import NotKnown, Shape

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

    def faults(self) -> Iterator[Fault]:
        """What no single dial shows."""
        yield from told(
            split_faults(self),
            *(name_faults(self, RESERVED, part) for part in ("groups", "attributes")),
            self._group_faults(),
            combination_faults(self, MOST_CELLS),
            self._blocking_faults(),
            self._lacking_faults(),
            self._own_error_faults(),
            self._proxy_faults(),
            self._count_faults(),
            self._value_faults(),
            harm_faults(self, {}, UP_TO),
            self._record_faults(),
            self._pair_faults(),
        )

    def _group_faults(self) -> Iterator[Fault]:
        for name in self.attributes:
            if name in self.groups:
                yield Fault(("attributes", name), f"'{name}' is a group as well", name, "a name that stands once")

    def _blocking_faults(self) -> Iterator[Fault]:
        names = self.candidates.agree_on
        for i in range(len(names)):
            yield from told(self._attribute_faults(("candidates", "agree_on", i)))
        if len(set(names)) < len(names):
            yield Fault(("candidates", "agree_on"), "an attribute is named twice", ", ".join(names), "each of them once")

    def _lacking_faults(self) -> Iterator[Fault]:
        for i in range(len(self.harms.missing.attributes)):
            yield from told(self._attribute_faults(("harms", "missing", "attributes", i)))

    def _own_error_faults(self) -> Iterator[Fault]:
        for name in self.errors_of:
            if name not in self.attributes:
                yield self._no_attribute(("errors_of", name), name)

    def _proxy_faults(self) -> Iterator[Fault]:
        name = self.harms.proxy.attribute
        yield from told(self._attribute_faults(("harms", "proxy", "attribute")))
        if name in self.candidates.agree_on:
            what = "a blocking attribute cannot be the proxy: twins would be other candidate pairs"
            yield Fault(("harms", "proxy", "attribute"), what, name, "an attribute that 'agree_on' does not name")

    def _attribute_faults(self, at: KeyPath) -> Iterator[Fault]:
        name: Any = self
        for step in at:
            name = name[step] if isinstance(step, int) else getattr(name, step)
        if name and name not in self.attributes:
            yield self._no_attribute(at, name)

    def _no_attribute(self, at: KeyPath, name: str) -> Fault:
        return Fault(at, f"'{name}' is not one of the attributes", name, f"one of {', '.join(self.attributes)}")

    def _count_faults(self) -> Iterator[Fault]:
        for name in self.attributes:
            yield from told(self._count_of(name))

    def _count_of(self, name: str) -> Iterator[Fault]:
        if self.attributes[name] % 4:
            expected = "a multiple of 4 (a value, its neighbour, and the same two of the other half)"
            yield Fault(("attributes", name), "it cannot have so many values", str(self.attributes[name]), expected)

    def _value_faults(self) -> Iterator[Fault]:
        """One for all attributes with the same errors and harms."""
        found: dict[tuple[str, str], list[str]] = {}
        for name in self.attributes:
            with suppress(NotKnown):
                parts = self._changes(name)
                if (worst := sum(parts.values(), Fraction(0))) >= 1:
                    got = f"{float(worst):.3g}: {', '.join(f'{part} {float(size):.3g}' for part, size in parts.items() if size)}"
                    found.setdefault(("errors_of" if name in self.errors_of else "errors", got), []).append(name)
        for (part, got), names in found.items():
            what = f"errors and harms leave no right value to some records, in {', '.join(names)}"
            yield Fault((part, *(names[:1] if part == "errors_of" else ())), what, got, "less than 1 in all")

    def _changes(self, name: str) -> dict[str, Fraction]:
        """What may happen to a value of an attribute at worst, by the place of the dial."""
        harms, errors = self.harms, self.errors_in(name)
        place = f"errors_of.{name}" if name in self.errors_of else "errors"
        found = {f"{place}.{kind}": exactly(getattr(errors, kind)) for kind in Errors.model_fields}
        edited = {"harms.obfuscation.edited": exactly(harms.obfuscation.edited)} if most(harms.obfuscation) else {}
        lacking = ("missing",) if name in harms.missing.attributes else ()
        return {**found, **edited, **{f"harms.{part}": exactly(most(getattr(harms, part))) for part in ("separability", "drift", *lacking)}}

    def errors_in(self, attribute: str) -> Errors:
        """What may happen to a value of this attribute, harms apart."""
        if attribute in self.errors_of:
            return self.errors_of[attribute]
        return self.errors

    def _record_faults(self) -> Iterator[Fault]:
        if len(self.entities.records) == 1:
            what = "every entity would have one record: there is nothing to link"
            yield Fault(("entities", "records"), what, "one share", "shares of the entities with 1, 2 … records")

    def _pair_faults(self) -> Iterator[Fault]:
        if (expected := self.pairs_per_record) > self.candidates.most_per_record:
            what = f"{expected:.3g} candidate pairs are to be expected for each record"
            got = f"{self.candidates.most_per_record:g}"
            yield Fault(("candidates", "most_per_record"), what, got, f"{expected:.3g} or more, or fewer that agree")

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
