"""A requirement over the plausible range: no run at one setting answers it, whatever stands in the evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_workspace import SmallWorkspace, policy, table

from evalharness.errors import BadInput
from evalharness.evidence.store import read_run
from evalharness.records import Claim, Condition, Estimate, Outcome, Prospect, Question
from evalharness.records.condition import condition_of
from evalharness.requirements import judge, policy_from_document, read_policy
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.gate import gate
from evalharness.workflows.plan import plan
from evalharness.workflows.verify import verify_run

AT = "2026-11-22T09:30:00Z"
OVER = Condition(over_range=True)


def asked() -> dict:
    document = policy()
    document["requirements"][0]["over_range"] = True
    return document


@given(st.floats(0.9, 1.0), st.integers(0, 3), st.booleans())
def test_no_estimate_meets_it_and_none_fails_it(lower, number, with_condition):
    question = Question(requirement="r", metric="recall", comparison="at_least", bound=0.9, on=OVER)
    estimate = Estimate(
        metric="recall", group=(), value=1.0, lower=lower, upper=1.0, level=0.99, method="exact", n=10**6, clusters=10**6, n_eff=1e6,
        condition=OVER.text if with_condition else "",
    )  # fmt: skip
    read = policy_from_document(policy(), "sha256:" + "0" * 64)
    prospects = {question: Prospect(attainable=True, needed=None)}
    (found,) = judge([question], [estimate] * number, prospects, policy=read, claim=Claim.REHEARSAL)
    assert found.outcome is Outcome.NOT_EVALUABLE
    assert (found.value, found.lower, found.upper) == (None, None, None)
    assert "evaluate --stress" in found.reason
    assert found.condition == "over the plausible range"


def test_its_text_reads_back():
    assert condition_of(OVER.text) == OVER


def test_a_run_says_so_verifies_and_is_never_approved(tmp_path):
    space = SmallWorkspace(tmp_path, rows=table(2_000)).write()
    space.write_card()
    space.write_policy(asked())
    run = evaluate("small", "vendor", workspace=space.root, at=AT)
    outcomes = {f.requirement: f.outcome for f in run.findings}
    assert outcomes["recall"] is Outcome.NOT_EVALUABLE
    assert outcomes["no-answer"] is Outcome.MET
    assert run.verdict.outcome is Outcome.NOT_EVALUABLE
    assert verify_run(run.folder, workspace=space.root).problems == ()
    assert read_run(run.folder)
    assert "over the plausible range" in (run.folder / "report.md").read_text()
    decision = gate("small", "vendor", workspace=space.root, at=AT)
    assert decision.code == 11
    assert any("plausible range" in str(reason) for reason in decision.reasons)


def test_a_plan_of_it_can_be_made(tmp_path):
    space = SmallWorkspace(tmp_path, rows=table(2_000)).write()
    space.write_policy(asked())
    assert [r.id for r in plan("small", workspace=space.root, at=AT).requirements] == ["recall", "everyone", "no-answer"]


def test_it_is_read_and_refused_beside_another_condition(tmp_path):
    space = SmallWorkspace(tmp_path, rows=table(500)).write()
    space.write_policy(asked())
    assert [r.on.over_range for r in read_policy(space.policy_file).requirements] == [True, False, False]
    document = asked()
    document["requirements"][0] |= {"under": "noise", "prevalence": 0.1}
    space.write_policy(document)
    with pytest.raises(BadInput) as caught:
        read_policy(space.policy_file)
    text = str(caught.value)
    assert "over_range does not go with under" in text
    assert "over_range does not go with prevalence" in text
