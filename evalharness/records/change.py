"""One difference between two policies, or between two runs, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["weaker", "stricter", ""]
"""Whether less is asked than before, or more; empty: it cannot be said, or the question does not arise."""
PlanKind = Literal["model", "threshold", "budget", "benchmark", "requirement", "text", ""]
"""What a line of a change plan must name for it to cover the change; empty: no line can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was, and what is instead."""

    part: str
    """Where it stands: a key of the policy (`sign_off.veto`, `requirements.recall`), `model`, `benchmark`."""
    text: str
    """The change, as a person reads it."""
    direction: Direction = ""
    kind: PlanKind = ""
    name: str = ""
    """For a requirement: its id."""
    value: float | None = None
    """The new number, where a plan may agree a range."""
