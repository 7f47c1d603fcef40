"""compare.json keeps to its published schema, with and without attempts, costs and areas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from compared_by_hand import COSTS, attempts, comparison
from jsonschema import Draft202012Validator, ValidationError

from evalharness.digests import read_canonical
from evalharness.records import Caution
from evalharness.records.comparison import Comparison, OrderPair
from evalharness.report.compared import compared_faces
from evalharness.report.compared.schema import comparison_json_schema

ORDER = OrderPair(challenger="new", items=90, left_out=10, incumbent_area=0.9, challenger_area=0.8, difference=-0.1, lower=None, upper=None,
                  level=0.95, p=None, method="m", reason="r")  # fmt: skip


def told(shown: Comparison) -> Any:
    return read_canonical(compared_faces(shown)["compare.json"])


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = comparison_json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_every_part_that_there_can_be_is_in_the_schema(validator: Draft202012Validator):
    plain = comparison()
    models = tuple(replace(model, cautions=(Caution(kind="constant_scores", text="t"),)) for model in plain.models)
    for shown in (plain, replace(plain, costs=COSTS, orders=(ORDER,), models=models, attempt=2, attempts=attempts(2))):
        validator.validate(told(shown))


def test_a_name_that_is_absent_or_unknown_is_no_comparison(validator: Draft202012Validator):
    document = told(comparison())
    for changed in ({**document, "more": 1}, {k: v for k, v in document.items() if k != "attempts_spent"}, {**document, "evidence": True}):
        with pytest.raises(ValidationError):
            validator.validate(changed)
    document["paired"][0].pop("upper")
    with pytest.raises(ValidationError):
        validator.validate(document)
