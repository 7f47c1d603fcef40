"""What became of items into whose answer, or input, a fault was injected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Where = Literal["answer", "input", "live"]
FATES = ("to_a_person", "to_review", "set_aside", "lost")
"""In the order of every count. To review: as an item that the classifier selects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCount:
    """One kind of fault."""

    kind: str
    where: Where
    """In the answer, in the input, or somewhere in a system in use."""
    to_a_person: int = 0
    to_review: int = 0
    set_aside: int = 0
    lost: int = 0
    """Items of which nobody knows what became."""

    @property
    def injected(self) -> int:
        """All of them."""
        return self.to_a_person + self.to_review + self.set_aside + self.lost

    @property
    def unrouted(self) -> int:
        """Those that reached nobody."""
        return self.set_aside + self.lost
