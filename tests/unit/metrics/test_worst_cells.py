"""The worst cell of the deepest intersections: picked by its bound, with Holm over everything that was looked at."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from tallies_by_hand import independent, question

from evalharness.metrics.arrays import limits
from evalharness.metrics.everyone_else import against_everyone_else
from evalharness.metrics.worst_cells import worst_cells
from evalharness.stats.gaps import mover_difference
from evalharness.tally import ConfusionTally

SEXES, KINDS = ("F", "M"), ("x", "y", "z")
DEEP = [("sex",), ("kind",), ("sex", "kind")]
RECALL = [question("recall", "at_least", 0.9, group=(("sex", "F"),)), question("accuracy", "at_least", 0.9)]


def tally_of(found: dict[tuple[str, str], tuple[int, int]]) -> ConfusionTally:
    cells = {(sex, kind): (*found.get((sex, kind), (90, 10)), 5, 50) for sex, kind in product(SEXES, KINDS)}
    return independent({c: (tp, fp, fn, tn, 0, 0) for c, (tp, fn, fp, tn) in cells.items()}, attributes=("sex", "kind"), depth=2)


def test_the_cell_that_is_surest_to_be_worse_is_named_with_its_bound():
    tally = tally_of({("F", "y"): (60, 40)})
    (cell,), looked_at = worst_cells(tally, DEEP, RECALL, 0.95)
    assert looked_at == 6
    assert cell.group == (("kind", "y"), ("sex", "F"))
    assert (cell.value, cell.rest, cell.n, cell.standing_out) == (0.6, 0.9, 100, 1)
    of = against_everyone_else(tally, ("sex", "kind"), [tally.of.metrics["recall"]], spanned=False)
    one, rest = limits(of.group, 0.05 / 6), limits(of.rest, 0.05 / 6)
    at = 1
    lower, _ = mover_difference(0.9, rest[0][0, at], rest[1][0, at], 0.6, one[0][0, at], one[1][0, at])
    assert cell.difference == pytest.approx(float(lower), rel=1e-9)


def test_a_higher_false_alarm_rate_is_the_worse_one_and_complements_are_looked_at_once():
    cells = {(s, k): (9, 40 if (s, k) == ("M", "z") else 5, 1, 60, 0, 0) for s, k in product(SEXES, KINDS)}
    tally = independent(cells, attributes=("sex", "kind"), depth=2)
    names = ("specificity", "at_least", 0.8), ("false_positive_rate", "max_difference", 0.2)
    asked = [question(*name, between=("sex",)) for name in names]
    found, looked_at = worst_cells(tally, DEEP, asked, 0.95)
    assert looked_at == 6
    assert [c.metric for c in found] == ["specificity"]
    assert found[0].group == (("kind", "z"), ("sex", "M"))
    assert found[0].standing_out == 1


def test_holm_goes_on_with_what_is_left():
    """A fourth cell is not beyond the first step and is beyond the second, once three are out."""
    low = {("F", kind): (10, 190) for kind in KINDS}
    for misses in range(290, 350):
        tally = tally_of({**low, ("M", "x"): (400 - misses, misses)})
        (cell,), _ = worst_cells(tally, DEEP, RECALL, 0.95)
        of = against_everyone_else(tally, ("sex", "kind"), [tally.of.metrics["recall"]], spanned=False)
        steps = []
        for left in (6, 3):
            one, rest = limits(of.group, 0.05 / left), limits(of.rest, 0.05 / left)
            rest_of = of.rest.value[0, 3], rest[0][0, 3], rest[1][0, 3]
            steps.append(bool(mover_difference(*rest_of, of.group.value[0, 3], one[0][0, 3], one[1][0, 3])[0] > 0))
        assert cell.standing_out == (4 if steps[1] else 3)
        if steps == [False, True]:
            return
    pytest.fail("no cell between the two steps was made")


def test_nothing_is_looked_at_without_intersections_and_empty_cells_are_passed_over():
    assert worst_cells(tally_of({}), [], RECALL, 0.95) == ((), 0)
    (cell,), looked_at = worst_cells(tally_of({("F", "x"): (0, 0), ("M", "x"): (89, 11)}), DEEP, [], 0.95)
    assert (cell.metric, looked_at) == ("recall", 5)
    assert cell.difference == 0
    assert cell.standing_out == 0
    assert worst_cells(tally_of({}), DEEP, RECALL, 0.95) == ((), 6)  # nobody is worse off than anybody
    nobody = independent(dict.fromkeys(product(SEXES, KINDS), (0, 3, 0, 5, 0, 0)), attributes=("sex", "kind"), depth=2)
    assert worst_cells(nobody, DEEP, RECALL, 0.95) == ((), 0)


@pytest.mark.parametrize(("size", "rate"), [(15, 0.9), (60, 0.95)])
def test_equal_cells_rarely_stand_out(size: int, rate: float):
    rng = np.random.default_rng([401, size])
    cells = list(product(range(4), range(5)))
    runs, alarms = 300, 0
    for _ in range(runs):
        table = {(f"a{a}", f"b{b}"): (f := int(rng.binomial(size, rate)), 0, size - f, 5, 0, 0) for a, b in cells}
        tally = independent(table, attributes=("one", "two"), depth=2)
        (cell,), looked_at = worst_cells(tally, [("one", "two")], RECALL, 0.95)
        assert looked_at == 20
        alarms += cell.standing_out > 0
    assert alarms <= 0.05 * runs
