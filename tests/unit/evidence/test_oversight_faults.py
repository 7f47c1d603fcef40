"""Injected faults in evidence: held to the share that is judged, and to themselves."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from evalharness.catalogue.oversight.faults import UNROUTED
from evalharness.evidence.oversight.faults import FaultsPart, fault_inconsistencies, faults_as_json
from evalharness.records.oversight_faults import FaultCount
from evalharness.records.share import AS_HERE, DECLARED, RESTS_ON

COUNTS = (
    FaultCount(kind="timeout", where="answer", to_a_person=32),
    FaultCount(kind="all_missing", where="input", to_review=30, set_aside=2),
)
DIGEST = "sha256:" + "a" * 64


def read(counts: tuple[FaultCount, ...] = COUNTS, **more: Any) -> FaultsPart:
    json = faults_as_json(counts, **more)
    return FaultsPart.model_validate({**json, "by_kind": tuple(json["by_kind"])})


def test_what_was_written_is_read():
    assert tuple(part.record for part in read().by_kind) == COUNTS
    assert read(not_tried={"absurd_value": "no column"}).not_tried == {"absurd_value": "no column"}


def test_a_share_that_follows_holds():
    assert list(fault_inconsistencies(read(), {UNROUTED: (2, 64, (AS_HERE,))})) == []
    live = (FaultCount(kind="restart", where="live", lost=1, to_a_person=3),)
    assert list(fault_inconsistencies(read(live, log=DIGEST), {UNROUTED: (1, 4, ())})) == []
    assert list(fault_inconsistencies(None, {})) == []


@pytest.mark.parametrize(
    "share", [(0, 64, (AS_HERE,)), (2, 32, (AS_HERE,)), (2, 64, ()), None], ids=["fewer", "of fewer", "rests on nothing", "no share"]
)
def test_a_share_that_does_not_follow_is_told(share: Any):
    shares = {} if share is None else {UNROUTED: share}
    assert len(list(fault_inconsistencies(read(), shares))) == 1


def test_a_share_of_faults_that_nobody_tells_of_is_told():
    assert "no word" in next(fault_inconsistencies(None, {UNROUTED: (0, 64, ())}))


@pytest.mark.parametrize(
    ("counts", "more"),
    [
        ((COUNTS[0], COUNTS[0]), {}),
        (COUNTS, {"log": DIGEST}),
        ((FaultCount(kind="restart", where="live", lost=1),), {}),
        ((FaultCount(kind="timeout", where="answer"),), {}),
        ((), {}),
        (COUNTS, {"not_tried": {"timeout": "it was"}}),
        ((FaultCount(kind="Not a word", where="answer", lost=1),), {}),
    ],
    ids=["twice", "a log of the harness", "live without a log", "of no item", "nothing", "tried and not tried", "no kind"],
)
def test_what_cannot_be_is_refused(counts: tuple[FaultCount, ...], more: Any):
    with pytest.raises(ValidationError):
        read(counts, **more)


def test_what_the_harness_injects_itself_rests_on_something_that_decides_rehearsals_only():
    assert AS_HERE in RESTS_ON
    assert AS_HERE.startswith(DECLARED)
