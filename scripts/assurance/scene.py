"""What is simulated, and what comes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

ALPHA = 0.05
"""What each bound of the cells may err; also the target of every wrongful finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One way in which data come about. Every requirement that is asked of these data is a cell."""

    family: str
    """Which module runs it."""
    name: str
    """In words, for progress."""
    parameters: Mapping[str, Any]
    """All that its numbers depend on, beside the code, the seed and the number of runs. JSON."""

    def digest(self) -> str:
        """Of family and parameters: the seed and the stored result hang on it."""
        return hashlib.sha256(json.dumps([self.family, dict(self.parameters)], sort_keys=True).encode()).hexdigest()

    def random(self, seed: int) -> np.random.Generator:
        """A stream of its own: what other scenes there are, and in which order they run, changes nothing."""
        return np.random.default_rng([seed, *(int(self.digest()[at : at + 8], 16) for at in range(0, 32, 8))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One requirement, with the truth exactly at its goal, judged in every run."""

    family: str
    task: str
    metric: str
    form: str
    """at_least, at_most, max_difference, min_ratio, for_each, not worse, campaign."""
    groups: str
    """Group layout."""
    dependence: str
    size: str
    prevalence: str
    goal: float | None
    source: str
    """`enumerated`, `drawn` (from a distribution) or `benchmark` (from what a shipped recipe generates)."""
    runs: int
    """0 where every outcome was enumerated: then the rates are exact."""
    met: float | None
    """Rate of wrongful *met*; null where nothing could be wrongly met (a true gap of 0 meets every goal)."""
    not_met: float | None
    """Rate of wrongful *not met*."""
    union: bool = False
    """Whether *not met* is said when any of several bounds fails: then its rate has no target."""
    stated: str = ""
    """A limit that is stated and has no target: why."""
    lower_covers: float | None = None
    """How often the drawn lower end, that of the first pair, is at or below the truth."""
    upper_covers: float | None = None
    width: float | None = None
    """Mean distance of the two ends."""
    power: float | None = None
    """How often it is met at a stated better truth."""
    oracle_power: float | None = None
    oracle: str = ""
    """The test whose power that is, and the better truth."""
    beside: Mapping[str, float] = field(default_factory=dict)
    """Wrongful *met* of other ways to decide, on the same runs."""
    by_size: Mapping[str, float] = field(default_factory=dict)
    """Of the second pair of bounds, where items are in clusters: `lower_covers`, `upper_covers` and `width`."""
    alone: Mapping[str, float] = field(default_factory=dict)
    """What the first pair would have done without the second: wrongful `met` and `not_met`, and `power`."""
    checked: int = 0
    """Findings that were also made one by one, by the functions `evaluate` calls, and agreed."""

    def document(self) -> dict[str, Any]:
        """JSON; rates to 6 digits, so that a last bit of a platform's arithmetic is not a difference."""
        return {key: _rounded(value) for key, value in asdict(self).items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    return {key: _rounded(part) for key, part in value.items()} if isinstance(value, dict) else value
