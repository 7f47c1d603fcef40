"""Bars begin at 0 and keep their proportions."""

from __future__ import annotations

import pytest

from evalharness.report.bars import bar_chart


@pytest.mark.parametrize("phone", [False, True])
def test_bars_are_as_long_as_their_values(phone: bool) -> None:
    chart = bar_chart("x", ("title", "text"), [("a", 0.5, "50 %", True), ("b", 0.25, "25 %", False), ("c", 0.0, "0 %", True)], phone=phone)
    assert chart is not None
    lengths = [bar.right - chart.left for bar in chart.bars]
    assert lengths[1] == pytest.approx(lengths[0] / 2, abs=0.1)
    assert lengths[2] == 0
    assert max(bar.right for bar in chart.bars) < chart.width - 80
    assert [bar.y for bar in chart.bars] == sorted({bar.y for bar in chart.bars})
    assert chart.bars[-1].y + 12 < chart.height
    assert [bar.plain for bar in chart.bars] == [True, False, True]


def test_there_is_no_drawing_of_nothing() -> None:
    assert bar_chart("x", ("title", "text"), []) is None
    only_zero = bar_chart("x", ("title", "text"), [("a", 0.0, "0 %", True)])
    assert only_zero is not None
    assert only_zero.bars[0].right == only_zero.left
