"""What honest people do is never blocked: weekly lists, new keys, new people, new attempts, other models."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest
import signing
from attacker import Scene, later, prepared, refused
from signed_workspace import MODEL, POLICY
from small_workspace import SmallWorkspace, table

from evalharness.digests import sha256_bytes
from evalharness.signoff.predicates import Condition, KeyRevocation
from evalharness.workflows import gate as gate_module
from evalharness.workflows import status
from evalharness.workflows.clock import time_text
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.gate import gate


def test_a_list_that_is_refreshed_each_week_keeps_an_approval_alive(scene: Scene) -> None:
    for week in range(1, 5):
        scene.refresh(("ben", "dee", "cy", "ada")[week - 1], days=7 * week)
        scene.clock = later(60, days=7 * week)
        assert scene.ask() == (0, ""), week


def test_a_list_is_refreshed_by_a_key_that_does_nothing_else(scene: Scene) -> None:
    scene.enrol(signing.entry("robot", "safeguarding"))
    scene.refresh("robot")
    assert scene.ask() == (0, "")


@pytest.mark.parametrize("person", ["ada", "ben", "cy", "eve"])
def test_a_key_that_is_rotated_leaves_what_it_signed(scene: Scene, person: str) -> None:
    scene.change_entry(person, valid_until=time_text(later(35)))
    scene.enrol(signing.entry(person, *signing.PEOPLE[person], key=f"{person}-2", valid_from=time_text(later(35))))
    assert scene.ask() == (0, "")
    scene.refresh("dee")
    assert scene.ask() == (0, "")


def test_the_root_is_rotated_and_the_fingerprint_stays(scene: Scene) -> None:
    pinned = scene.office.register().root
    scene.register("root-a", "root-b", "root-c", root=signing.root("root-a", "root-c"), issued=time_text(later(35)))
    scene.refresh()
    assert scene.ask(root=pinned) == (0, "")


def test_a_past_author_of_the_list_whose_key_is_revoked_leaves_a_readable_chain(scene: Scene) -> None:
    status.revoke(scene.issuer("dee", 31), str(scene.statement("eve")), why="Withdrawn.")
    scene.sign("eve", "advice", 32, advice="for", why="As before.")
    scene.change_entry("dee", revoked=KeyRevocation(on=time_text(later(35)), why="Left."))
    scene.refresh()
    assert scene.ask() == (0, "")


def test_a_newest_author_of_the_list_whose_key_is_revoked_is_followed_by_another(scene: Scene) -> None:
    scene.refresh("dee", 31)
    scene.change_entry("dee", revoked=KeyRevocation(on=time_text(later(35)), why="Left."))
    refused(scene.ask(), 12, "the status list, signed by dee", "was revoked")
    scene.refresh("ben")
    assert scene.ask() == (0, "")


def test_the_register_grows_after_decisions(scene: Scene) -> None:
    scene.enrol(signing.entry("kim", "safeguarding"))
    assert scene.ask() == (0, "")
    scene.refresh("kim")
    assert scene.ask() == (0, "")


def test_a_dissent_is_printed_and_stops_nothing(scene: Scene) -> None:
    scene.sign("gil", "dissent", 40, why="I would wait.")
    assert scene.ask() == (0, "")
    decision = gate(POLICY, MODEL, workspace=scene.root)
    assert [vote.why for run in decision.runs for vote in run.votes if vote.kind == "dissent"] == ["I would wait."]


def test_a_suspension_is_lifted_by_whoever_set_it(scene: Scene) -> None:
    status.suspend(scene.issuer("dee", 40), str(scene.run), why="Wait.")
    refused(scene.ask(), 12, "suspended by dee")
    status.lift(scene.issuer("dee", 42), str(scene.run), why="it was a mistake")
    assert scene.ask() == (0, "")


def test_an_action_is_done_and_the_list_says_so(waiting: Scene) -> None:
    action = Condition(id="action-1", type="action", value="Train the reviewers.", owner="dee", due="2026-06-01")
    approval = waiting.cast("cy", decision="approve-with-conditions", conditions=(action,))
    status.discharge(waiting.issuer("dee", 45), approval, "action-1", why="Done on Monday.")
    waiting.clock = later(days=2)
    assert waiting.ask() == (0, "")


def test_a_further_requirement_is_met_by_a_locked_run(waiting: Scene) -> None:
    text = waiting.policy.read_text(encoding="utf-8").replace('name: "small"', 'name: "extra"', 1)
    extra = waiting.policy.parent / "extra.yaml"
    extra.write_text(text, encoding="utf-8")
    value = f"extra/recall@{sha256_bytes(extra.read_bytes())}"
    more = Condition(id="further-requirement-1", type="further_requirement", value=value, due="2026-06-01")
    waiting.cast("cy", decision="approve-with-conditions", conditions=(more,))
    waiting.attempt(50, policy="extra")
    waiting.clock = later(days=1)
    assert waiting.ask() == (0, "")


def test_an_approver_who_changes_their_mind_twice_approves(scene: Scene) -> None:
    scene.sign("cy", "reject", 40, why="I was wrong.")
    refused(scene.ask(), 12, "cy, for data protection, rejected it")
    scene.sign("cy", "approve", 50)
    assert scene.ask() == (0, "")


def test_advice_against_is_answered_and_the_approval_stands(waiting: Scene) -> None:
    waiting.sign("eve", "advice", 40, advice="against", why="People wait too long.")
    answer: dict[str, Any] = {"departures": {"victims_advocate": "We doubled the reviewers."}}
    for minute, person in enumerate(("ben", "cy", "ada"), start=41):
        waiting.sign(person, "approve", minute, **answer)
    assert waiting.ask() == (0, "")


def test_a_second_attempt_with_a_better_model_passes_after_a_first_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poor = table(400, recall=0.3)
    scene = prepared(tmp_path / "w")
    monkeypatch.setattr(gate_module, "clock_now", lambda: scene.clock)
    shutil.rmtree(scene.run)
    scene.lock.unlink()
    shutil.rmtree(scene.sign_off / "status")
    (scene.sign_off / "status.json").unlink()
    files = SmallWorkspace(scene.root, table(400))
    files.write_predictions(poor[["item_id", "score"]])
    files.write_card(MODEL)
    first = scene.attempt(2)
    first.refresh(minutes=5)
    refused(scene.ask(), 10, "recall")
    files.write_predictions(table(400)[["item_id", "score"]])
    files.write_card(MODEL, version="2")
    second = scene.attempt(8)
    assert second.locked().attempt == 2
    second.approve(12)
    second.refresh(minutes=30)
    assert scene.ask() == (0, "")


def test_a_new_lock_authorises_anew_what_had_expired(scene: Scene) -> None:
    scene.refresh(days=40)
    scene.clock = later(60, days=40)
    refused(scene.ask(), 12, "it ended at")
    second = scene.attempt(0, days=41)
    second.approve(10, days=41)
    second.refresh(days=41)
    scene.clock = later(60, days=41)
    assert scene.ask() == (0, "")


def test_a_new_lock_authorises_anew_what_had_been_revoked(scene: Scene) -> None:
    scene.revoke(scene.run)
    refused(scene.ask(), 12, "revoked by ben")
    second = scene.attempt(45)
    second.approve(50)
    second.refresh(minutes=55)
    assert scene.ask() == (0, "")


def test_a_veto_of_the_last_attempt_stands_until_the_same_person_approves_the_next(scene: Scene) -> None:
    scene.sign("hal", "reject", 40, why="It is unsafe.")
    second = scene.attempt(45)
    second.approve(50)
    second.refresh(minutes=55)
    refused(scene.ask(), 12, "hal, for data protection, rejected it")
    second.sign("hal", "approve", 57)
    second.refresh(minutes=58)
    assert scene.ask() == (0, "")


def test_another_model_in_the_workspace_changes_nothing(scene: Scene) -> None:
    """One that fails, is locked, damaged, and revoked."""
    other = scene.card.parent / "other"
    files = SmallWorkspace(scene.root, table(400))
    poor = table(400, recall=0.3)[["item_id", "score"]]
    poor.to_csv(other.with_suffix(".csv"), index=False, lineterminator="\n")
    digest = hashlib.sha256(other.with_suffix(".csv").read_bytes()).hexdigest()
    files.write_card("other", artifact="other.csv", sha256=f"sha256:{digest}", supplier="Someone Else")
    second = scene.attempt(45, model="other")
    assert scene.ask() == (0, "")
    scene.refresh(minutes=50)
    scene.revoke(second.run, minutes=52)
    assert scene.ask() == (0, "")
    refused(of_the_other(scene), 10, "recall")
    (second.run / "evidence.json").write_bytes(b"")
    assert scene.ask() == (0, "")


def of_the_other(scene: Scene) -> tuple[int, str]:
    decision = gate(POLICY, "other", workspace=scene.root)
    return decision.code, "\n".join(reason.text for reason in decision.reasons)


def test_practice_runs_beside_an_approval_change_nothing(scene: Scene) -> None:
    evaluate(POLICY, MODEL, workspace=scene.root, at=later(45), now=later(45))
    assert scene.ask() == (0, "")


def test_pages_drawn_anew_and_unfinished_writes_change_nothing(scene: Scene) -> None:
    for folder in (scene.sign_off / "locks", scene.sign_off / "status", scene.sign_off / "signers"):
        (folder / ".0003.tmp").write_bytes(b"half")
    (scene.run / "decision.html").write_bytes(b"drawn by another version")
    assert scene.ask() == (0, "")
