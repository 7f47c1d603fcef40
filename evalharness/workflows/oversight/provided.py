"""What one source of oversight gives to the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evalharness.oversight.queues.arrivals import Pool
from evalharness.records import Caution, Curve
from evalharness.records.oversight_sample import Sampled
from evalharness.records.share import ShareRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """Nothing, unless it says something."""

    shares: tuple[ShareRow, ...] = ()
    """Counts that estimates are made of; `verify` makes them again from the evidence."""
    sampled: Sampled | None = None
    """A coded sample; likewise."""
    parts: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """By name in the part `oversight` of the evidence."""
    notices: tuple[Caution, ...] = ()
    """For page one."""
    limits: tuple[str, ...] = ()
    """What was not, or could not be, measured."""
    curves: tuple[Curve, ...] = ()
    """Tables that describe."""
    pool: Pool | None = None
    """Items of the judged split, where the policy says who reads them in what time: a queue is simulated from them."""


NOTHING = Provided()
