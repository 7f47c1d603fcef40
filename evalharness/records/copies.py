"""Copies of items with one thing changed: counterfactual twins, where that is what tells of a group, and disturbed copies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyKind:
    """One kind of copy that a benchmark has of some of its items."""

    name: str
    """As policies name it: `marker`, `noise`."""
    of: tuple[str, ...] = ()
    """For twins: the protected attributes that the changed thing tells of, sorted; empty for a disturbance."""
    changed: str
    """What is changed, in words that stand behind `with`: `some tokens replaced at random`."""

    @property
    def twin(self) -> bool:
        """Whether only what tells of a group was changed."""
        return bool(self.of)
