"""Which column of a table plays which role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalharness.files.manifest import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Declared columns of a benchmark."""

    id: str
    label: str
    features: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Protected attributes."""
    cluster: str | None = None
    """Null: rows are independent."""
    split: str | None = None
    """Null: all rows are `test`."""

    def by_role(self) -> Iterator[tuple[Role, str]]:
        """(role, column) in the order of a manifest: id, label, features, groups, cluster, split."""
        yield "id", self.id
        yield "label", self.label
        yield from (("feature", name) for name in self.features)
        yield from (("group", name) for name in self.groups)
        if self.cluster is not None:
            yield "cluster", self.cluster
        if self.split is not None:
            yield "split", self.split

    def without_features(self) -> tuple[str, ...]:
        """Columns that counting reads."""
        return tuple(dict.fromkeys(name for role, name in self.by_role() if role != "feature"))
