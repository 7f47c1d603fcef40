"""The faces of a plan: what is not known is said, nothing foreign becomes markup, every curve has its points."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from evalharness.records import Alternative, Plan, PlannedCell, PlannedRequirement
from evalharness.report.planned import plan_as_json, plan_faces
from evalharness.report.planned_view import plan_view

LEAD = Alternative(
    name="half-way from the goal to a model without error", value=0.975, units=457, items=9096, hours=75.8, power=0.9, reason=""
)  # fmt: skip
RECALL = PlannedRequirement(
    id="recall",
    metric="recall",
    comparison="at_least",
    bound=0.95,
    unit="",
    between=(),
    denominator="relevant items",
    stated=False,
    leading=0,
    alternatives=(LEAD,),
    cells=(PlannedCell(group=(), units=457, items=9096, has_units=800, has_n_eff=700.0, design_effect=1.1, power=0.9),),
    curve=((500, 0.0), (9096, 0.81), (20_000, 0.99)),
    assumptions=(),
)
NONE = replace(
    RECALL,
    id="everyone",
    alternatives=(replace(LEAD, units=None, items=None, hours=None, power=None, reason="no relevant items in this group"),),
    cells=(
        PlannedCell(
            group=(("race", "<b>|x"),),
            units=None,
            items=None,
            has_units=0,
            has_n_eff=0.0,
            design_effect=None,
            power=None,
            reason="no relevant items",
        ),
    ),
    curve=(),
)
PLAN = Plan(
    policy="small",
    title="A <script> of *messages*",
    version=1,
    digest="sha256:" + "0" * 64,
    benchmark="small",
    benchmark_digest="sha256:" + "1" * 64,
    split="test",
    task="binary",
    items=16_000,
    clustered=True,
    synthetic=False,
    confidence=0.95,
    level=0.95,
    attempt=None,
    wanted=0.8,
    prevalence=0.05,
    prevalence_here=0.05,
    minutes_per_label=0.5,
    labels_per_item=1,
    requirements=(RECALL,),
    assumptions=("Every item gets an answer.",),
    exempted=(),
    items_needed=9096,
    items_reason="",
    hours=75.8,
    hours_reason="",
    all_shown_planned=0.8,
    all_shown_at_least=0.9,
)


def test_page_one_says_how_many_how_long_and_what_is_at_hand():
    view = plan_view(PLAN)
    assert "About 9,100 items" in view.first.replace("\u00a0", " ")
    assert "80 %" in view.first.replace("\u00a0", " ")
    text = " ".join(view.answer).replace("\u00a0", " ")
    assert "76 hours" in text
    assert "enough for 1 of 1 requirements" in text
    assert "at least 90.0 %" in text


def test_nobody_reads_a_value_that_was_not_stated_as_one_that_was():
    assert "Nobody stated how good" in plan_view(PLAN).beliefs[0]
    stated = replace(RECALL, stated=True, alternatives=(replace(LEAD, name="stated"),))
    assert "(stated)" in plan_view(replace(PLAN, requirements=(stated,))).table.rows[0][1]
    assert not any("Nobody stated" in text for text in plan_view(replace(PLAN, requirements=(stated,))).beliefs)


def test_a_requirement_without_a_number_is_named_with_its_reason_on_page_one():
    view = plan_view(replace(PLAN, requirements=(RECALL, NONE), items_needed=None, hours=None, all_shown_at_least=None))
    assert "1 of the 2 requirements" in view.first
    assert any("everyone" in text and "no relevant items in this group" in text for text in view.answer)
    assert "everyone" in view.not_drawn
    assert view.table.rows[1][2:4] == ("—", "—")


def test_without_minutes_no_hours_are_told():
    view = plan_view(replace(PLAN, minutes_per_label=None, requirements=(replace(RECALL, alternatives=(replace(LEAD, hours=None),)),)))
    assert any("cannot be told: nobody stated" in text for text in view.answer)
    assert "Hours" not in view.table.columns


@pytest.mark.parametrize(("attempt", "words"), [(None, "practice run"), (2, "attempt 2 of a campaign")])
def test_the_level_of_the_bounds_is_told(attempt: int | None, words: str):
    assert any(words in text for text in plan_view(replace(PLAN, attempt=attempt)).beliefs)


def test_the_curves_share_one_axis_and_lie_inside_it():
    further = replace(RECALL, id="further", curve=((10, 0.0), (5_000_000, 1.0)))
    curves = plan_view(replace(PLAN, requirements=(RECALL, further))).curves
    assert {tuple((t.x, t.text) for t in c.ticks) for c in curves} == {tuple((t.x, t.text) for t in curves[0].ticks)}
    for curve in curves:
        for point in curve.points.split():
            x, y = map(float, point.split(","))
            assert curve.left <= x <= curve.right
            assert curve.top <= y <= curve.bottom
        assert curve.left <= curve.here_x <= curve.right


def test_foreign_text_stays_text_in_every_face():
    faces = plan_faces(replace(PLAN, requirements=(RECALL, NONE)))
    page, text = faces["plan.html"].decode(), faces["plan.md"].decode()
    assert "<script" not in page
    assert "<b>|x" not in page
    assert "<b>" not in text
    assert "*messages*" not in text.replace("\\*", "")
    HTMLParser().feed(page)
    digest = re.search(r"style-src 'sha256-([^']+)'", page)
    assert digest is not None
    assert "http://" not in page
    assert "https://" not in page


def test_every_number_is_in_the_json_and_null_has_a_reason():
    told = plan_as_json(replace(PLAN, requirements=(RECALL, NONE), items_needed=None, items_reason="why"))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    first, second = told["requirements"]
    assert first["alternatives"][0]["items"] == 9096
    assert first["curve"][1] == {"items": 9096, "power": 0.81}
    assert second["cells"][0]["group"] == {"race": "<b>|x"}
    assert second["alternatives"][0]["reason"]
    assert told["items_needed"] is None
    assert told["items_reason"]
