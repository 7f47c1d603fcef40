"""The harms that a `case-linkage` recipe may have, as they stand under `generate.harms`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evalharness.benchmarks.families.ingredients.dials import Attribute, GroupHarm, Harm, Inner, no_group_harm, no_harm
from evalharness.files.shape import Shape

UP_TO = {
    "separability": 0.5,
    "label_noise": 0.5,
    "under_representation": 0.99,
    "drift": 0.5,
    "prevalence_shift": 0.95,
    "duplicates": 0.9,
    "obfuscation": 0.5,
}
"""The greatest size that makes sense, where it is not 1."""


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


def _none_missing() -> MissingHarm:
    return MissingHarm.model_construct(size=0.0, range=(0.0, 0.0), of={}, attributes=[])


def _no_proxy() -> ProxyHarm:
    return ProxyHarm.model_construct(size=0.0, range=(0.0, 0.0), of={}, attribute="")


def _none_edited() -> Obfuscation:
    return Obfuscation(size=0.0, range=(0.0, 0.0), edited=0.5)


class Harms(Shape):
    """Injected harms, each with its size (0: off) and the sizes that are plausible."""

    base_rate: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's entities that have one record more than they would."""
    separability: GroupHarm = Field(default_factory=no_group_harm)
    """Added to the chance that a value of the group's records is replaced."""
    label_noise: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's records whose recorded entity is wrong: half are filed under the entity of a record of the region drawn at
    random, half are cut loose and recorded as an entity of their own."""
    under_representation: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's entities that `train` lacks."""
    missing: MissingHarm = Field(default_factory=_none_missing)
    """Added to the chance that one of these attributes is missing in the group's records."""
    proxy: ProxyHarm = Field(default_factory=_no_proxy)
    """Share of the group's entities whose value of the attribute is moved into the half of the values that marks the group."""
    annotator_bias: GroupHarm = Field(default_factory=no_group_harm)
    """Share of the group's true links that a rater overlooks who would have seen them elsewhere."""
    drift: Harm = Field(default_factory=no_harm)
    """In `shifted`: added to the chance that a value is replaced."""
    prevalence_shift: Harm = Field(default_factory=no_harm)
    """In `shifted`: share of the entities of several records that have one only."""
    duplicates: Harm = Field(default_factory=no_harm)
    """Share of the records after an entity's first that repeat the first one exactly."""
    obfuscation: Obfuscation = Field(default_factory=_none_edited)
    """Share of the entities whose values are edited on purpose, in all splits."""

    def by_group(self) -> dict[str, GroupHarm]:
        """The harms that are about a group."""
        return {name: value for name, value in self if isinstance(value, GroupHarm)}


def most(harm: Harm) -> float:
    """The greatest size that a sealed test set may have, or that this one has."""
    return max(harm.size, harm.range[1], 0.0)
