"""Which claim evidence can carry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evalharness.records import BenchmarkInfo, Claim
from evalharness.requirements import read_policy
from evalharness.workflows.claims import attainable_claim

POLICY = read_policy(Path(__file__).resolve().parents[3] / "policies" / "message-triage.yaml")
TABLE = BenchmarkInfo(
    name="t", version=1, task="binary", digest="sha256:" + "0" * 64, rows=1, synthetic=False, seed=None, id_column="id", label_column="y",
    features=(), attributes=(), clustered=False, positive="1", negative="0", sampling="every tenth item of a week",
)  # fmt: skip


@pytest.mark.parametrize("claim", [Claim.LOCAL, Claim.SHADOW, Claim.PILOT])
def test_a_sampled_table_carries_the_policys_claim(claim: Claim) -> None:
    assert attainable_claim(replace(POLICY, claim=claim), TABLE) == (claim, "")


@pytest.mark.parametrize("changes", [{"synthetic": True}, {"sampling": ""}, {"sampling": "  "}])
def test_synthetic_items_and_unsampled_tables_are_a_rehearsal_and_say_so(changes: dict) -> None:
    claim, why = attainable_claim(replace(POLICY, claim=Claim.PILOT), replace(TABLE, **changes))
    assert claim is Claim.REHEARSAL
    assert "pilot" in why


def test_a_rehearsal_is_never_raised() -> None:
    assert attainable_claim(POLICY, TABLE) == (Claim.REHEARSAL, "")
