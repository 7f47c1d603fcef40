"""At the planned size the bound that decides clears the goal in about 80 % of simulated tests, clusters and groups included."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tallies_by_hand import clustered, independent, policy

from evalharness.metrics.arrays import differences, limits, rates
from evalharness.metrics.planned import plan_requirement
from evalharness.metrics.planned_base import Bases
from evalharness.metrics.planned_terms import Terms
from evalharness.metrics.planned_values import Values
from evalharness.records import PlannedRequirement, Question, Requirement, attempt_level
from evalharness.tally import ConfusionTally

RUNS = 4_000
SPARE = 3 * math.sqrt(0.8 * 0.2 / RUNS)
RECALL = ([[1, 0, 0, 0, 0, 0]], [[1, 0, 1, 0, 1, 0]])


def _planned(tally: ConfusionTally, comparison: str, bound: float, stated: float, level: float, **more) -> PlannedRequirement:
    groups = more.pop("groups", ((),))
    asked = Requirement(id="asked", metric="recall", comparison=comparison, bound=bound, between=more.get("between", ()))
    of = replace(policy(), requirements=(asked, Requirement(id="level", metric="recall", comparison="at_least", bound=0.9)))
    questions = [Question(requirement="asked", metric="recall", comparison=comparison, bound=bound, group=g, **more) for g in groups]
    bases = Bases(tally, of, None, None)
    terms = Terms(bases=bases, values=Values(bases, of, {"asked": stated}), policy=of, level=level, minutes=None, labels=1)
    return plan_requirement(terms, asked, questions)[0]


def _counts(rng: np.random.Generator, n: int, rate: float, size: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """(RUNS, 6) outcomes of relevant items in clusters of `size` that go right or wrong as a whole, and their second moments."""
    found = rng.binomial(n // size, rate, RUNS)
    counts = np.zeros((RUNS, 6), dtype=np.int64)
    counts[:, 0], counts[:, 2] = found * size, (n // size - found) * size
    return counts, counts[:, :, None] * np.eye(6, dtype=np.int64) * size


@pytest.mark.parametrize(("goal", "truth"), [(0.9, 0.95), (0.95, 0.98), (0.5, 0.6)])
@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize("attempt", [None, 3])
def test_a_proportion_is_shown_in_about_eight_of_ten(goal: float, truth: float, size: int, attempt: int | None):
    level = 0.95 if attempt is None else attempt_level(0.95, attempt)
    tally = clustered([[size, 0, 0, 0, 0, 0], [0, 0, 0, size, 0, 0]] * 50)
    units = _planned(tally, "at_least", goal, truth, level).lead.units
    assert units is not None
    counts, second = _counts(np.random.default_rng(7), units, truth, size)
    lower, _ = limits(rates(counts, second, *RECALL), 1 - level)
    share = float((lower[:, 0] >= goal).mean())
    assert 0.8 - SPARE <= share <= 0.8 + SPARE + 0.02


def test_groups_are_shown_together_in_eight_of_ten_or_a_little_more():
    names = ("a", "b", "c", "d")
    tally = independent({(name,): (100, 0, 0, 100, 0, 0) for name in names})
    planned = _planned(tally, "at_least", 0.9, 0.95, 0.95, groups=tuple((("group", name),) for name in names))
    rng, shown = np.random.default_rng(8), np.ones(RUNS, dtype=bool)
    for cell in planned.cells:
        assert cell.units is not None
        counts, second = _counts(rng, cell.units, 0.95)
        shown &= limits(rates(counts, second, *RECALL), 0.05)[0][:, 0] >= 0.9
    assert 0.8 - SPARE <= float(shown.mean()) <= 0.8 + SPARE + 0.02


def test_a_gap_is_shown_in_about_eight_of_ten():
    names = ("a", "b", "c")
    tally = independent({(name,): (weight, 0, 0, 100, 0, 0) for name, weight in zip(names, (300, 200, 100), strict=True)})
    planned = _planned(tally, "max_difference", 0.08, 0.02, 0.95, between=("group",))
    rng = np.random.default_rng(9)
    truth = {"a": 0.95, "b": 0.95, "c": 0.93}
    parts = [_counts(rng, cell.units or 0, truth[cell.group[0][1]]) for cell in planned.cells]
    counts, second = (np.stack(column, axis=1) for column in zip(*parts, strict=True))
    of = rates(counts, second, *RECALL)
    by_metric = type(of)(**{name: np.moveaxis(getattr(of, name), -1, 1)[:, 0] for name in ("value", "total", "n_eff", "successes")})
    upper = differences(by_metric, 0.05).upper
    assert 0.8 - SPARE - 0.01 <= float((upper <= 0.08).mean()) <= 0.8 + SPARE + 0.03
