"""What a lock fixes, and everything in which a run can differ from it: above all, all of the operating point."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from evalharness.signoff.predicates import BenchmarkRef, ModelRef, PointRef, PolicyRef
from evalharness.signoff.refs import Refs, Unlike, unlike

D = "sha256:" + "a" * 64
BUDGET = PointRef(rule="budget", threshold=None, stream="synthetic", budget_per_day=50)
BAND = PointRef(rule="top_band", threshold=None, stream="synthetic", top_band="high")


def refs(point: PointRef) -> Refs:
    return Refs(
        policy=PolicyRef(name="small", version=1, digest=D),
        benchmark=BenchmarkRef(name="small", digest=D, rows=7, seed=None, split="test"),
        model=ModelRef(name="vendor", digest=D, card=D),
        operating_point=point,
    )


def test_a_lock_for_a_budget_of_fifty_never_covers_sixty() -> None:
    sixty = BUDGET.model_copy(update={"budget_per_day": 60})
    assert unlike(refs(BUDGET), refs(sixty)) == (Unlike(what="daily budget", locked="50", actual="60"),)
    assert unlike(refs(BUDGET), refs(BUDGET)) == ()


def test_a_lock_for_one_top_band_never_covers_another() -> None:
    medium = BAND.model_copy(update={"top_band": "medium"})
    assert unlike(refs(BAND), refs(medium)) == (Unlike(what="top band", locked="high", actual="medium"),)


@pytest.mark.parametrize(
    ("point", "written"),
    [
        (PointRef(rule="label", threshold=None, stream="s"), {"rule": "label", "threshold": None, "stream": "s"}),
        (BUDGET, {"rule": "budget", "threshold": None, "stream": "synthetic", "budget_per_day": 50}),
        (BAND, {"rule": "top_band", "threshold": None, "stream": "synthetic", "top_band": "high"}),
    ],
)
def test_a_statement_names_a_budget_or_a_band_only_where_there_is_one(point: PointRef, written: dict[str, Any]) -> None:
    assert point.model_dump(mode="json") == written
    assert PointRef.model_validate_json(json.dumps(written)) == point


@pytest.mark.parametrize(
    "fields", [{"budget_per_day": 0}, {"budget_per_day": 1.5}, {"top_band": ""}, {"top_band": "a\u202eb"}, {"rule": "luck"}]
)
def test_an_operating_point_that_is_none_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PointRef.model_validate_json(json.dumps({"rule": "budget", "threshold": None, "stream": "s", **fields}))
