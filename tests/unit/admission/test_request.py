"""The request itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from gate_worlds import WORLD, case_of, day

from evalharness.admission.request import request_reasons


def told(**changes: Any) -> list[tuple[int, str]]:
    case = case_of(WORLD)
    return [(r.code, r.text) for r in request_reasons(replace(case, asked=replace(case.asked, **changes)))]


def test_a_request_in_order_gives_no_reason() -> None:
    assert told() == []


def test_an_artefact_that_is_not_the_cards_is_altered() -> None:
    ((code, text),) = told(card_states="sha256:other")
    assert code == 13
    assert "not the one its card names" in text


def test_another_benchmark_than_the_policys_is_for_something_else() -> None:
    ((code, text),) = told(benchmark="large")
    assert code == 13
    assert "'small', not 'large'" in text


def test_every_problem_of_the_manifest_is_listed() -> None:
    assert told(benchmark_problems=("one", "two")) == [(13, "one"), (13, "two")]


def test_the_past_cannot_be_approved() -> None:
    ((code, text),) = told(at=day(5))
    assert code == 12
    assert "earlier than the clock" in text


def test_the_future_can_be_asked_about() -> None:
    assert told(at=day(7)) == []


def test_a_model_without_a_card_cannot_be_approved() -> None:
    ((code, text),) = told(has_card=False, supplier="", team=frozenset())
    assert code == 12
    assert "no card" in text


def test_a_card_without_a_supplier_blocks() -> None:
    ((code, text),) = told(supplier="")
    assert code == 12
    assert "names no supplier" in text


@pytest.mark.parametrize(("forbidden", "count"), [(True, 1), (False, 0)])
def test_a_card_without_a_team_blocks_where_developers_may_not_sign(forbidden: bool, count: int) -> None:
    rules = replace(case_of(WORLD).asked.sign_off, developers_may_not_sign=forbidden)
    assert len(told(team=frozenset(), sign_off=rules)) == count


def test_a_policy_that_warns_of_itself_approves_nothing() -> None:
    ((code, text),) = told(bad_policy="A coin would meet it.")
    assert code == 12
    assert "A coin would meet it." in text
