"""Share rows in evidence: read as they were written, and refused where nothing could have been counted so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evalharness.evidence.judged import EstimatePart
from evalharness.evidence.shares import SharePart, share_as_json, share_inconsistencies
from evalharness.records.share import ShareRow, Way

ROW = ShareRow(
    metric="caught", group=(("sex", "F"),), part=3, total=5, rests_on=("declared: minutes", "synthetic reviewers"),
    ways=(Way(name="case", clusters=3, total2=11, part2=5, rest2=2), Way(name="reviewer", clusters=2, total2=13, part2=5, rest2=4)),
)  # fmt: skip
KNOWN = frozenset({"caught"})


def read(row: ShareRow) -> SharePart:
    json: dict[str, Any] = share_as_json(row)
    return SharePart.model_validate({**json, "ways": {name: tuple(way) for name, way in json["ways"].items()}, "rests_on": row.rests_on})


def estimate(**more: Any) -> EstimatePart:
    told = {
        "metric": "caught", "group": {"sex": "F"}, "value": 0.6, "lower": 0.1, "upper": 0.9, "level": 0.95, "sides": "each", "method": "m",
        "n": 5, "clusters": 2, "n_eff": 1.9, "reason": "", "rests_on": ROW.rests_on,
    }  # fmt: skip
    return EstimatePart.model_validate(told | more)


def problems(*rows: ShareRow, estimates: tuple[EstimatePart, ...] | None = None) -> list[str]:
    return list(share_inconsistencies(tuple(map(read, rows)), (estimate(),) if estimates is None else estimates, KNOWN))


def test_what_was_written_is_read_and_holds():
    assert read(ROW).record == ROW
    assert problems(ROW) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"part": 6}, "more count than there are"),
        ({"rests_on": ("synthetic reviewers", "declared: minutes")}, "another order"),
        ({"rests_on": ("hope",)}, "not known"),
        ({"metric": "hoped"}, "no metric that is counted so"),
        ({"ways": (replace(ROW.ways[0], total2=26),)}, "no clusters have such sums (case)"),
        ({"ways": (replace(ROW.ways[0], total2=4),)}, "no clusters have such sums (case)"),
        ({"ways": (replace(ROW.ways[0], part2=10),)}, "no clusters have such sums (case)"),
        ({"ways": (replace(ROW.ways[0], rest2=1),)}, "no clusters have such sums (case)"),
        ({"ways": (replace(ROW.ways[0], clusters=2),)}, "no clusters have such sums (case)"),
        ({"ways": (replace(ROW.ways[0], clusters=6),)}, "no clusters have such sums (case)"),
    ],
)
def test_what_no_rows_can_give_is_told(change: dict[str, Any], why: str):
    assert any(why in problem for problem in problems(replace(ROW, **change)))


@pytest.mark.parametrize(
    ("estimates", "why"),
    [
        ((), "there is no estimate of it"),
        ((estimate(value=0.7),), "the estimate says 0.7 of 5"),
        ((estimate(n=6),), "the estimate says 0.6 of 6"),
        ((estimate(rests_on=()),), "rests on something else"),
        ((estimate(), estimate(group={"sex": "M"})), "nothing was counted"),
    ],
)
def test_estimates_and_rows_belong_together(estimates: tuple[EstimatePart, ...], why: str):
    assert any(why in problem for problem in problems(ROW, estimates=estimates))


def test_no_row_stands_there_twice():
    assert any("twice" in problem for problem in problems(ROW, ROW))
