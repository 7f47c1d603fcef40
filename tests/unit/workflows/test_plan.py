"""A plan of a whole policy on a small table, and the tally of a model without error that it starts from."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from small_workspace import SmallWorkspace, policy, table
from task_benchmark import TaskBenchmark

from evalharness.errors import BadInput
from evalharness.records import OperatingPoint, attempt_level
from evalharness.records.progress import silent
from evalharness.requirements import read_policy
from evalharness.workflows.plan import plan
from evalharness.workflows.plan_counting import count_without_error

AT = "2026-11-22T09:30:00Z"


@pytest.fixture
def space(tmp_path) -> SmallWorkspace:
    return SmallWorkspace(tmp_path, rows=table(2_000)).write()


def test_every_requirement_is_planned_and_the_table_is_what_is_at_hand(space):
    made = plan("small", workspace=space.root, at=AT)
    assert [r.id for r in made.requirements] == ["recall", "everyone", "no-answer"]
    assert made.items == 2_000
    assert made.prevalence_here == pytest.approx(float((space.rows["y_true"] == "1").mean()))
    assert len(made.requirements[1].cells) == 2 + 6
    relevant = space.rows[space.rows["y_true"] == "1"]
    cells = {cell.group: cell.has_units for cell in made.requirements[1].cells}
    assert cells[("sex", "F"),] == int((relevant["sex"] == "F").sum())
    assert made.items_needed == max(r.lead.items for r in made.requirements)
    assert made.hours is None
    assert "nobody stated" in made.hours_reason
    assert made.all_shown_planned >= 1 - 3 * 0.2
    assert 0 <= made.all_shown_at_least <= min(r.lead.power for r in made.requirements)


def test_what_the_caller_states_goes_before_what_the_policy_states(space):
    space.write_policy(policy(planning={"expected": {"recall": 0.95, "everyone": 0.9}, "minutes_per_label": 2, "labels_per_item": 3}))
    made = plan("small", workspace=space.root, at=AT, expected={"recall": 0.97}, minutes_per_label=1.0)
    recall, everyone, no_answer = made.requirements
    assert (recall.lead.value, everyone.lead.value) == (0.97, 0.9)
    assert (recall.stated, everyone.stated, no_answer.stated) == (True, True, False)
    assert recall.lead.hours == pytest.approx(recall.lead.items * 3 / 60)


def test_a_share_at_a_stated_prevalence_is_planned_with_both_classes(space, tmp_path):
    worth = {"id": "worth", "metric": "precision", "prevalence": 0.02, "at_least": 0.05, "for_each": ["sex"], "why": "w"}
    space.write_policy(policy(requirements=[*policy()["requirements"], worth], planning={"expected": {"recall": 0.95, "worth": 0.2}}))
    planned = plan("small", workspace=space.root, at=AT, out=tmp_path / "plan").requirements[-1]
    assert planned.lead.items == planned.lead.units
    assert 1 < planned.lead.items < 2_000
    assert planned.lead.power > 0.99
    assert [cell.group for cell in planned.cells] == [(("sex", "F"),), (("sex", "M"),)]
    assert "5 % of the relevant items" in planned.assumptions[0]
    text = (tmp_path / "plan" / "plan.md").read_text()
    assert planned.assumptions[0] in text
    assert f"| {planned.lead.items:,} items of both classes |" in text


def test_a_later_attempt_takes_more(space):
    sizes = [plan("small", workspace=space.root, at=AT, attempt=k).items_needed for k in (None, 1, 5)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2]
    assert plan("small", workspace=space.root, at=AT, attempt=5).level == attempt_level(0.95, 5)


def test_a_cell_that_is_exempted_today_is_not_planned_and_is_named(space):
    document = policy()
    document["requirements"][1]["not_judged"] = [{"group": {"sex": "F"}, "why": "w", "until": "2026-12-31"}]
    space.write_policy(document)
    made = plan("small", workspace=space.root, at=AT)
    assert made.exempted == (("everyone", (("sex", "F"),)),)
    assert (("sex", "F"),) not in [cell.group for cell in made.requirements[1].cells]
    assert plan("small", workspace=space.root, at="2027-01-01T00:00:00Z").exempted == ()


def test_all_mistakes_are_told_at_once_and_nothing_is_written(space, tmp_path):
    with pytest.raises(BadInput) as caught:
        plan("small", workspace=space.root, expected={"recal": 0.9, "everyone": 2.0}, minutes_per_label=0, attempt=0, out=tmp_path / "out")
    text = str(caught.value)
    for part in ("did you mean 'recall'", "can never have this value", "--minutes-per-label", "--attempt"):
        assert part in text
    assert not (tmp_path / "out").exists()


def test_the_folder_appears_whole_and_the_same_plan_gives_the_same_bytes(space, tmp_path):
    for name in ("one", "two"):
        plan("small", workspace=space.root, at=AT, out=tmp_path / name)
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["plan.html", "plan.json", "plan.md"]
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    told = json.loads((tmp_path / "one" / "plan.json").read_text())
    assert told["schema"] == "evalharness/plan/v1"
    assert told["requirements"][0]["alternatives"][1]["items"] > 0
    with pytest.raises(BadInput, match="not empty"):
        plan("small", workspace=space.root, at=AT, out=tmp_path / "one")


def test_no_leads_are_found_beyond_the_daily_budget(space):
    labels = np.array([1, 1, 1, 0, 0, 1, 0, 0], np.int8)
    queues = np.array([0, 0, 0, 0, 1, 1, 1, 1], np.int64)
    tally = count_without_error(
        _with(space, "ranking", OperatingPoint(rule="budget", threshold=None, budget_per_day=2)),
        TaskBenchmark("ranking", {"labels": labels, "queues": queues}),
        silent,
    )
    assert tally.counts[0].tolist() == [3, 1, 1, 3, 0, 0]


def test_true_links_are_counted_whether_or_not_they_are_candidates(space):
    entities = pa.array(["x", "x", "x", "y", "y", "z"])
    benchmark = TaskBenchmark("linkage", {"entities": entities}, pairs=[(0, 1), (0, 3), (3, 4), (4, 5)])
    tally = count_without_error(_with(space, "linkage", OperatingPoint(rule="label", threshold=None)), benchmark, silent)
    assert tally.counts[0].tolist() == [4, 0, 0, 2, 0, 0]
    assert tally.clustered


def _with(space, task, point):
    return replace(read_policy(space.policy_file), task=task, operating_point=point, intersections=1)
