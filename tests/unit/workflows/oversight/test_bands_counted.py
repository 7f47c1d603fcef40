"""Readings of leads: what the counts of outcomes give is what the leads one by one give."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from task_benchmark import TaskBenchmark, inputs_for

from evalharness.catalogue.oversight.work import READINGS
from evalharness.oversight.fates import fates
from evalharness.oversight.workload import reading_row
from evalharness.records import OperatingPoint
from evalharness.records.human_in_the_loop import HumanInTheLoop
from evalharness.records.oversight_bands import Band, Bands, SpotCheck
from evalharness.records.oversight_work import Work
from evalharness.records.progress import silent
from evalharness.workflows.counting import count
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.oversight.bands_counted import bands_of_counts
from evalharness.workflows.oversight.items import decided_items

ROWS = 300
RESTS = {
    "read within days": Band(name="later", rest=True, readers=0, opened_within_days=30),
    "read by one": Band(name="later", rest=True, readers=1),
    "checked": Band(name="later", rest=True, readers=0, opened_within_days=None, spot_check=SpotCheck(share=0.02, readers=1, blind=True)),
}


def given(folder: Path, rest: Band, *, clustered: bool, work: bool = True) -> Inputs:
    draw = np.random.default_rng(4)
    columns = {
        "labels": draw.integers(0, 2, ROWS).astype(np.int8),
        "queues": np.sort(draw.integers(0, 9, ROWS)),
        "arrived": draw.random(ROWS),
        **({"clusters": np.array([f"c{n}" for n in draw.integers(0, 40, ROWS)])} if clustered else {}),
    }
    score = np.where(draw.random(ROWS) < 0.1, np.nan, draw.random(ROWS))
    point = OperatingPoint(rule="budget", threshold=None, budget_per_day=7)
    found = inputs_for(folder, TaskBenchmark("ranking", columns), {"item_id": [f"i{n}" for n in range(ROWS)], "score": score}, point)
    bands = Bands(bands=(Band(name="today", selected=True, readers=2, third_reader=True), rest))
    people = HumanInTheLoop(
        minutes_per_review=15.0, items_per_week=700, sensitivity_low=0.7, sensitivity_high=1.0, source="declared", bands=bands,
        work=Work(officers=4, minutes_per_shift=300.0, shifts_per_week=5.0) if work else None,
    )  # fmt: skip
    return replace(found, policy=replace(found.policy, human_in_the_loop=people))


@pytest.mark.parametrize("rest", RESTS)
@pytest.mark.parametrize("clustered", [True, False])
def test_readings_follow_from_the_counts_of_leads(tmp_path: Path, rest: str, clustered: bool) -> None:
    inputs = given(tmp_path, RESTS[rest], clustered=clustered)
    people = inputs.policy.human_in_the_loop
    assert people is not None
    assert people.bands is not None
    items = decided_items(inputs, silent)
    wanted = reading_row(people.bands, fates(people.bands, items.decisions), items.clusters)
    provided = bands_of_counts(inputs.policy, count(inputs, silent).tally)
    assert [row for row in provided.shares if row.metric == READINGS] == [wanted]
    assert "on days as large as those that were judged" in provided.limits[-1]
    assert 0 < wanted.part < wanted.total


def test_no_work_no_readings(tmp_path: Path) -> None:
    inputs = given(tmp_path, RESTS["read by one"], clustered=True, work=False)
    assert all(row.metric != READINGS for row in bands_of_counts(inputs.policy, count(inputs, silent).tally).shares)
