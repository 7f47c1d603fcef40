"""Called by bench_oversight.py: classifier and people together, all figures of 50 groups and 10,000 draws of everybody."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from evalharness.metrics.oversight_team import team_estimates
from evalharness.metrics.oversight_team_described import team_part
from evalharness.metrics.oversight_team_rates import ROWS
from evalharness.requirements import policy_from_document
from evalharness.tally import ConfusionTally, Slices
from evalharness.tally.shares import count_shares

GOAL, READINGS, READERS = 2.0, 100_000, 60
COUNTS = (18_000, 90_000, 1_500, 880_000, 500, 10_000)
LEVELS = {"sex": ("F", "M"), "ethnicity": ("asian", "black", "mixed", "other", "white"), "age": ("0", "1", "2", "3")}
POLICY = {
    "schema": "evalharness/policy/v1", "name": "bench", "version": 1, "title": "t", "claim": "rehearsal", "population": "p",
    "intended_use": "i", "prohibited_uses": ["p"], "stream": "synthetic", "task": "binary", "benchmark": "bench", "confidence": 0.95,
    "operating_point": {"threshold": 0.5}, "requirements": [{"id": "r", "metric": "recall", "at_least": 0.5, "why": "w"}],
    "sign_off": {"roles": {"senior_responsible_owner": 1}, "developers_may_not_sign": True, "valid_for_days": 1},
}  # fmt: skip


def missed() -> list[str]:
    """The goal that is missed, in words; prints what was measured."""
    slices = Slices(attributes=tuple(LEVELS), levels=LEVELS, depth=2)
    who = np.arange(READINGS, dtype=np.int32) % READERS
    part, total = np.arange(READINGS) < READINGS // 10, np.ones(READINGS, dtype=np.bool_)
    rows = count_shares({metric: (part, total) for metric, _ in ROWS.values()}, {"reviewer": who})
    tally = replace(ConfusionTally.of_independent(slices, np.array([COUNTS] * len(slices.groups))), shares=rows)
    policy = policy_from_document(POLICY, "sha256:" + "0" * 64)
    begun = time.process_time()
    told = len(list(team_estimates(tally, policy, 0.95)))
    drawn = team_part(tally, policy, 0.95)
    taken = time.process_time() - begun
    draws = 0 if drawn is None else drawn["draws"]["draws"]
    print(f"classifier and people, {told} figures of {len(slices.groups)} groups and {draws:,} draws: {taken:.2f} s CPU (goal {GOAL})")
    return [f"classifier and people: {taken:.2f} s, goal {GOAL}"] if taken > GOAL or not draws else []


if __name__ == "__main__":
    raise SystemExit("\n".join(missed()))
