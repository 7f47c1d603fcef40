"""Tipping points: of requirements whose true tipping point is known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.records import Outcome
from evalharness.records.stress import StressDial, StressFinding, StressRun, StressSetting
from evalharness.workflows.stress_tipping import HALVINGS, MOST_MORE, STEPS, is_inert, tipping, tips, turn_dial

MET, LOST, FAILED = Outcome.MET, Outcome.NOT_DEMONSTRATED, Outcome.NOT_MET


def run(size: float, outcomes: dict[str, Outcome], counts: str = "") -> StressRun:
    found = tuple(
        StressFinding(requirement=name, outcome=outcome, group=(), value=0.5, decides=0.5, margin=0.0, n=1, findings=1, met=1)
        for name, outcome in outcomes.items()
    )
    setting = StressSetting(name=f"d={size:g}", sizes=(("d", size),), seed=1)
    return StressRun(setting=setting, items=1, counts=counts or str(size), outcome=MET, findings=found)


class World:
    """Each requirement is met between two sizes; counts the runs."""

    def __init__(self, **between: tuple[float, float]) -> None:
        self.between, self.turned = between, list[float]()

    def at(self, size: float) -> StressRun:
        return run(size, {name: MET if low <= size <= high else FAILED for name, (low, high) in self.between.items()})

    def turn(self, dial: str, size: float) -> StressRun:
        assert dial == "d"
        self.turned.append(size)
        return self.at(size)


def dial(low: float, high: float, own: float) -> StressDial:
    return StressDial(name="d", of=(), low=low, high=high, own=own)


@given(st.floats(-0.99, -0.01), st.floats(0.01, 1.99))
@settings(max_examples=60, deadline=None)
def test_the_interval_told_holds_the_true_point_and_is_one_thirty_second_of_the_way(low, high):
    world, over = World(r=(low, high)), dial(-1.0, 2.0, 0.0)
    along = turn_dial(over, world.at(0.0), world.turn)
    falling, rising = tips(over, "r", world.at(0.0), along)
    assert falling.first_not < low <= falling.last_met
    assert rising.last_met <= high < rising.first_not
    assert falling.last_met - falling.first_not == pytest.approx(1 / STEPS / 2**HALVINGS, abs=1e-5)
    assert rising.first_not - rising.last_met == pytest.approx(2 / STEPS / 2**HALVINGS, abs=1e-5)
    assert len(world.turned) == len(set(world.turned)) <= 2 * (STEPS + HALVINGS)


def test_requirements_share_runs_and_their_number_is_bounded():
    world, over = World(**{f"r{i}": (-1.0, i / 10 + 0.03) for i in range(10)}), dial(0.0, 1.0, 0.0)
    along = turn_dial(over, world.at(0.0), world.turn)
    assert len(along) == STEPS + MOST_MORE
    for i in range(10):
        (tip,) = tips(over, f"r{i}", world.at(0.0), along)
        assert tip.last_met <= i / 10 + 0.03 < tip.first_not


def test_no_tipping_point_is_said_and_why():
    over = dial(0.0, 1.0, 0.0)
    world = World(holds=(-1.0, 2.0), lost=(0.5, 0.6), tips=(0.0, 0.4))
    along = turn_dial(over, world.at(0.0), world.turn)
    found = {each.requirement: each for each in tipping((over,), world.at(0.0), {"d": along})}
    assert found["holds"].tips == found["lost"].tips == ()
    assert "no tipping point in the range" in found["holds"].reason
    assert "not met at the recipe's own setting" in found["lost"].reason
    assert found["tips"].tips
    assert found["tips"].reason == ""


def test_a_dial_that_changes_nothing_that_is_counted_is_tried_at_its_ends_only():
    seen = []

    def turn(_: str, size: float) -> StressRun:
        seen.append(size)
        return run(size, {"r": MET}, counts="same")

    own = run(0.5, {"r": MET}, counts="same")
    along = turn_dial(dial(0.0, 1.0, 0.5), own, turn)
    assert seen == [0.0, 1.0]
    assert is_inert(own, along)
    (found,) = tipping((dial(0.0, 1.0, 0.5),), own, {"d": along})
    assert "changes nothing" in found.reason


def test_a_recipe_that_is_off_outside_its_range_tips_at_the_ends_of_that_at_the_latest():
    world, over = World(r=(-1.0, 0.1)), dial(0.2, 0.6, 0.0)
    along = turn_dial(over, world.at(0.0), world.turn)
    (tip,) = tips(over, "r", world.at(0.0), along)
    assert (tip.last_met, tip.first_not) == (0.0, 0.2)
    assert min(world.turned) >= 0.2


def test_the_first_failure_counts_even_where_it_is_met_again_further_on():
    over = dial(0.0, 1.0, 0.0)
    outcome = {0.25: MET, 0.5: LOST, 0.75: MET, 1.0: FAILED}
    (tip,) = tips(over, "r", run(0.0, {"r": MET}), [run(size, {"r": found}) for size, found in outcome.items()])
    assert (tip.last_met, tip.first_not, tip.outcome) == (0.25, 0.5, LOST)
