"""What a policy says of the people who labelled the items, and of what they say against the labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Goals = Literal["within_reach", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelQuality:
    """That the people who labelled are counted beside the classifier, and what follows from it."""

    goals: Goals
    """within_reach: a goal above what these people reach themselves is not demonstrated, whatever was measured; any: it is only shown."""

    @property
    def caps(self) -> bool:
        """Whether goals above people's reach are not demonstrated."""
        return self.goals == "within_reach"
