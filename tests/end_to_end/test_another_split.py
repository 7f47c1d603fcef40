"""`evaluate --split`: any split for practice, never one that an approval could rest on."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import evalharness
from sealed_workspace import POLICY, locked, run_under, sealed_workspace
from signed_workspace import key

from evalharness.errors import BadInput
from evalharness.evidence.store import read_run
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.sealing import open_seal
from evalharness.workflows.under_lock import LockGiven
from evalharness.workflows.verify import verify_run

AT = "2026-06-01T09:00:00Z"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("split") / "w"
    sealed_workspace(found)
    return found


def test_the_shifted_split_is_judged_marked_and_verified(root: Path) -> None:
    answer = evalharness("evaluate", "--policy", POLICY, "--model", "one", "--split", "shifted", "--out", root / "r", "--workspace", root)
    assert answer.code == 0, answer.err
    evidence = read_run(root / "r").evidence
    assert (evidence.benchmark.split, evidence.benchmark.rows_judged) == ("shifted", 300)
    assert [notice.kind for notice in evidence.notices][:1] == ["practice_run"]
    found = verify_run(root / "r", workspace=root, replay=True)
    assert (found.code, found.problems) == (0, ())


def test_the_policy_s_own_split_is_nothing_special(root: Path) -> None:
    one, other = (evaluate(POLICY, "one", split=split, workspace=root, out=root / f"r-{split}", at=AT) for split in (None, "test"))
    assert one.digest == other.digest


def test_a_split_that_is_not_there_is_an_error(root: Path) -> None:
    answer = evalharness("evaluate", "--policy", POLICY, "--model", "one", "--split", "other", "--workspace", root)
    assert (answer.code, "no row in this split" in answer.err) == (2, True), answer.err


def test_a_lock_is_for_the_policy_s_split(tmp_path: Path) -> None:
    root = tmp_path / "w"
    office = sealed_workspace(root)
    lock = locked(root, office, "one")
    open_seal("small-triage", workspace=root)
    with pytest.raises(BadInput, match="judged on the policy's split"):
        evaluate(POLICY, "one", split="shifted", workspace=root, lock=LockGiven(file=lock.path, key=key(office, "ben")))
    assert run_under(root, office, "one", lock.path).evidence["benchmark"]["split"] == "test"
