"""Which column of a table plays which role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalharness.files.manifest import Role

PAIRS = "pairs"
"""The table of candidate pairs of a linkage benchmark: `left_id`, `right_id`."""
PAIR_ENDS = ("left_id", "right_id")
PAIR_TRUTH = "pair_truth"
"""Secret table of a linkage recipe: one row a candidate pair in the same order, `posterior` the chance that both are of one entity."""

BAND = "band"
"""Column of a risk recipe's truth: the level to which the posterior belongs. Answers are judged by it, so the digest covers it."""

TEXTS: frozenset[Role] = frozenset({"id", "cluster", "queue", "entity"})
"""Roles whose values are texts of any number, one in every row."""
LEVELS: frozenset[Role] = frozenset({"label", "group", "split", "band"})
"""Roles with few different texts."""
NUMBERS: frozenset[Role] = frozenset({"arrived", "minutes", "inclusion"})
"""Roles whose values are numbers, one in every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Declared columns of a benchmark."""

    id: str
    label: str | None = None
    """Null for linkage, which has `entity`."""
    features: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Protected attributes."""
    cluster: str | None = None
    """Null: rows are independent."""
    split: str | None = None
    """Null: all rows are `test`."""
    queue: str | None = None
    """Ranking: the day's queue in which a lead waits."""
    arrived: str | None = None
    """Ranking: when the lead arrived, in minutes; ties are worked in this order."""
    minutes: str | None = None
    """Ranking: minutes that a review of the lead takes, where they are known."""
    entity: str | None = None
    """Linkage: to whom the record belongs."""
    band: str | None = None
    """Risk: the level to which the item truly belongs, where a table knows it."""
    inclusion: str | None = None
    """Chance with which the row was drawn into the sample, where rows were drawn with different ones."""

    def by_role(self) -> Iterator[tuple[Role, str]]:
        """(role, column) in the order of a manifest: id, label or entity, features, groups, and what else there is."""
        yield "id", self.id
        if self.label is not None:
            yield "label", self.label
        if self.entity is not None:
            yield "entity", self.entity
        yield from (("feature", name) for name in self.features)
        yield from (("group", name) for name in self.groups)
        others: tuple[tuple[Role, str | None], ...] = (
            ("cluster", self.cluster),
            ("split", self.split),
            ("queue", self.queue),
            ("arrived", self.arrived),
            ("minutes", self.minutes),
            ("band", self.band),
            ("inclusion", self.inclusion),
        )
        yield from ((role, name) for role, name in others if name is not None)

    def without_features(self) -> tuple[str, ...]:
        """Columns that counting reads."""
        return tuple(dict.fromkeys(name for role, name in self.by_role() if role != "feature"))

    @property
    def answer(self) -> str:
        """The column that a classifier is asked for."""
        return self.entity or self.label or ""
