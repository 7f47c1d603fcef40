"""What is counted completely is exactly the goal, or it is not met; nobody's word for it is never a pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from policy_document import POLICY_DIGEST, POLICY_DOCUMENT
from tallies_by_hand import everybody, question

from evalharness.errors import BadInput
from evalharness.metrics import measure, prospects
from evalharness.records import Claim, Estimate, Finding, Outcome
from evalharness.requirements import judge, policy_from_document

USABLE = {"id": "usable", "metric": "unusable_answer_rate", "equals": 0}
POLICY = policy_from_document({**POLICY_DOCUMENT, "requirements": [USABLE]}, POLICY_DIGEST)
ASKED = question("unusable_answer_rate", "equals", 0.0)


def account(duplicate: int = 0, invalid: int = 0, missing: int = 0, answered: int = 100) -> dict[str, int]:
    parts = {"answered": answered, "missing": missing, "duplicate": duplicate, "invalid": invalid}
    return {"items": sum(parts.values()), **parts}


def judged(told: dict[str, int], level: float = 0.95) -> Finding:
    tally = replace(everybody([50, 0, 0, 50, 0, 0]), account=told)
    estimates = measure(tally, POLICY, level, [ASKED])
    (finding,) = judge([ASKED], estimates, prospects(tally, [ASKED], POLICY, level), policy=POLICY, claim=Claim.REHEARSAL, level=level)
    return finding


def test_not_one_unusable_answer_is_met_at_any_level():
    for level in (0.95, 0.9999):
        found = judged(account(missing=7), level)
        assert (found.outcome, found.value, found.lower, found.upper) == (Outcome.MET, 0.0, 0.0, 0.0)
        assert found.method == "complete count: every item of the run, no sample"


@pytest.mark.parametrize("told", [account(duplicate=1), account(invalid=1), account(duplicate=3, invalid=2)])
def test_a_single_one_is_not_met_and_beyond_doubt(told: dict[str, int]):
    found = judged(told)
    assert found.outcome is Outcome.NOT_MET
    assert found.corrected is True
    assert found.value == pytest.approx((told["duplicate"] + told["invalid"]) / told["items"], rel=1e-9)
    assert "no other sample changes that" in found.reason
    assert found.needed is None


def test_without_items_or_without_an_account_it_is_never_a_pass():
    assert judged(account(answered=0)).outcome is Outcome.NOT_EVALUABLE
    assert judged({}).outcome is Outcome.NOT_EVALUABLE


@pytest.mark.parametrize("bounds", [(0.0, 0.47), (None, None), (0.0, None)])
def test_four_perfect_rows_of_a_sample_are_not_exactly_anything(bounds: tuple[float | None, float | None]):
    estimate = Estimate(
        metric="unusable_answer_rate", value=0.0, lower=bounds[0], upper=bounds[1], level=0.95, method="m", n=4, clusters=4, n_eff=4.0
    )
    (found,) = judge(
        [ASKED], [estimate], prospects(everybody([2, 0, 0, 2, 0, 0]), [ASKED], POLICY, 0.95), policy=POLICY, claim=Claim.REHEARSAL
    )
    assert found.outcome is Outcome.NOT_DEMONSTRATED


def test_it_is_measured_only_where_it_is_asked():
    tally = replace(everybody([50, 0, 0, 50, 0, 0]), account=account())
    assert not [e for e in measure(tally, POLICY, 0.95) if e.metric == "unusable_answer_rate"]
    assert (
        len([e for e in measure(tally, POLICY, 0.95, [ASKED, replace(ASKED, requirement="b")]) if e.metric == "unusable_answer_rate"]) == 1
    )


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        ({"metric": "recall", "equals": 1}, "equals does not go with recall: it is measured on a sample, which can show no exact value"),
        ({"metric": "no_answer_rate", "equals": 0}, "equals does not go with no_answer_rate"),
        ({"metric": "unusable_answer_rate", "at_most": 0.1}, "counted completely, so it has no bound: at_most does not go with it"),
        ({"metric": "unusable_answer_rate", "equals": 0.1}, "may be required to be 0 only"),
        ({"metric": "unusable_answer_rate", "equals": 0, "for_each": ["sex"]}, "counted for the whole run alone"),
        ({"metric": "unusable_answer_rate", "equals": 0, "between": "sex"}, "between does not go with equals"),
        ({"metric": "unusable_answer_rate", "equals": 0, "prevalence": 0.1}, "prevalence does not go with unusable_answer_rate"),
    ],
)
def test_anything_else_is_refused_with_the_reason(requirement: dict[str, Any], words: str):
    with pytest.raises(BadInput) as caught:
        policy_from_document({**POLICY_DOCUMENT, "requirements": [{"id": "r", **requirement}]}, POLICY_DIGEST)
    assert any(words in problem.what for problem in caught.value.problems), [p.what for p in caught.value.problems]
