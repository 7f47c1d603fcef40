"""One attempt of a campaign, and the confidence that it must be judged at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

MOST_ATTEMPTS = 1000


def attempt_level(confidence: float, attempt: int) -> float:
    """Confidence of each bound at attempt k: 1 - 6 alpha / (pi^2 k^2), so that all attempts of a campaign together keep to alpha.

    alpha = 1 - `confidence`; `attempt` counts from 1 (level .9696 at confidence .95). Rounded up to 10 decimals: never less strict.
    Source: statement of a fixed error budget over unlimited attempts, sum of 1/k^2 = pi^2/6.
    """
    if not 1 <= attempt <= MOST_ATTEMPTS:
        raise ValueError(f"an attempt is a whole number from 1 to {MOST_ATTEMPTS}")
    exact = Decimal(1) - Decimal(6) * (Decimal(1) - Decimal(repr(confidence))) / (Decimal(repr(math.pi)) ** 2 * attempt**2)
    return float(exact.quantize(Decimal("1e-10"), rounding=ROUND_CEILING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What a policy lock fixes about a run, as the evidence repeats it."""

    lock: str
    """sha256 of the lock's file."""
    campaign: str
    number: int
    """From 1; every lock of the campaign counts, whatever became of its run."""
    level: float
    """`attempt_level` of the policy's confidence."""
