"""Differences of shares that the same reviewers make: how often their limits are wrong, and how often they find what is there.

Readers of two kinds, who are wrong more or less often shown and blind; each reads as often shown as blind, items on which the classifier is
wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from evalharness.catalogue import EVERY_METRIC
from evalharness.metrics.oversight_differences import difference_of_rows
from evalharness.metrics.share_limits import limits_of_row
from evalharness.records.share import ShareRow, Way

RUNS = 300
BIAS = EVERY_METRIC["automation_bias"]
SHOWN, BLIND = "wrong_when_model_wrong", "blind_wrong_when_model_wrong"


Kinds = tuple[tuple[float, float, float], ...]
"""(share of readers, chance of being wrong shown, and blind)."""


@dataclass(frozen=True, kw_only=True)
class Team:
    readers: int
    readings: int
    """Of each reader, shown; as many blind."""
    kinds: Kinds

    @property
    def bias(self) -> float:
        return sum(share * (shown - blind) for share, shown, blind in self.kinds)


def rows_of(team: Team, rng: np.random.Generator) -> dict[str, ShareRow]:
    kind = rng.choice(len(team.kinds), team.readers, p=[share for share, _, _ in team.kinds])
    chances = np.array([(shown, blind) for _, shown, blind in team.kinds])[kind]
    return {name: row(name, rng.binomial(team.readings, chances[:, at]), team.readings) for at, name in enumerate((SHOWN, BLIND))}


def row(name: str, wrong: np.ndarray, each: int) -> ShareRow:
    total = each * len(wrong)
    case = Way(name="case", clusters=total, total2=total, part2=int(wrong.sum()), rest2=total - int(wrong.sum()))
    reviewer = Way(
        name="reviewer",
        clusters=len(wrong),
        total2=int(each**2 * len(wrong)),
        part2=int((wrong**2).sum()),
        rest2=int(((each - wrong) ** 2).sum()),
    )
    return ShareRow(metric=name, part=int(wrong.sum()), total=total, ways=(case, reviewer))


def limits(team: Team, runs: int, seed: int) -> np.ndarray:
    """[runs, 2]"""
    rng = np.random.default_rng(seed)
    return np.array([difference_of_rows(rows_of(team, rng), BIAS, 0.95, by_chance=True).bounds for _ in range(runs)])


OPPOSITE: Kinds = ((0.6, 1.0, 0.0), (0.4, 0.0, 1.0))
"""Some are misled by every wrong answer, and others are wrong only without one."""
TEAMS = (
    Team(readers=8, readings=100, kinds=((0.5, 0.65, 0.05), (0.5, 0.05, 0.05))),
    Team(readers=20, readings=50, kinds=((0.2, 0.95, 0.05), (0.8, 0.05, 0.05))),
    Team(readers=60, readings=30, kinds=((0.1, 1.0, 0.0), (0.9, 0.0, 0.0))),
    Team(readers=60, readings=100, kinds=((0.05, 1.0, 1.0), (0.95, 0.05, 0.05))),
    Team(readers=20, readings=50, kinds=OPPOSITE),
    Team(readers=60, readings=50, kinds=OPPOSITE),
    Team(readers=40, readings=50, kinds=((0.5, 1.0, 0.0), (0.5, 0.0, 1.0))),
)


@pytest.mark.parametrize("team", TEAMS, ids=str)
def test_neither_limit_is_beyond_the_truth_in_more_than_one_of_twenty(team: Team):
    found = limits(team, RUNS, seed=11)
    most = 0.05 * RUNS + 2.6 * (0.05 * 0.95 * RUNS) ** 0.5
    assert (found[:, 1] < team.bias).sum() <= most  # a requirement at the truth would be wrongly met
    assert (found[:, 0] > team.bias).sum() <= most


def test_what_leaning_does_is_found_with_sixty_readers():
    found = limits(Team(readers=60, readings=40, kinds=((1.0, 0.35, 0.05),)), 200, seed=12)
    assert (found[:, 0] > 0).mean() >= 0.8


def test_mover_would_be_wrong_more_often_where_readers_are_of_two_kinds():
    """Why the limits of both shares are added: MOVER takes shares for independent that the same people make."""
    team, rng, wrong = Team(readers=40, readings=50, kinds=OPPOSITE), np.random.default_rng(11), 0
    for _ in range(RUNS):
        shares = rows_of(team, rng)
        wrong += _mover(shares) < team.bias
    assert wrong > 0.05 * RUNS


def _mover(shares: dict[str, ShareRow]) -> float:
    (_, (_, high), _), (_, (low, _), _) = (limits_of_row(shares[name], 0.05) for name in (SHOWN, BLIND))
    p, q = (shares[name].part / shares[name].total for name in (SHOWN, BLIND))
    return p - q + ((high - p) ** 2 + (q - low) ** 2) ** 0.5
