"""Attacks on the quorum: too few or the wrong people, votes that should not count, objections and conditions that should not vanish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import signing
from attacker import BARE, VOTERS, Scene, later, prepared, refused

from evalharness.digests import sha256_file
from evalharness.errors import BadInput
from evalharness.requirements import read_policy
from evalharness.signoff.predicates import Advice, Condition, KeyRevocation, RoleWords
from evalharness.workflows import gate as gate_module
from evalharness.workflows.clock import time_text

VOLUME = Condition(id="maximum-volume-1", type="maximum_volume", per_week=10)
MISSING = "missing: 1 x data protection"


def built(root: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Scene:
    """A workspace of its own, locked and run; nobody has decided."""
    scene = prepared(root, **options)
    monkeypatch.setattr(gate_module, "clock_now", lambda: scene.clock)
    return scene


def advised(scene: Scene) -> Scene:
    scene.sign("eve", "advice", 10, advice="for", why="Those who were asked want it.")
    return scene


def test_a_quorum_of_nobody_is_no_policy(scene: Scene) -> None:
    scene.edit_policy('{"senior_responsible_owner": 1, "independent_evaluator": 1, "data_protection": 1}', "{}")
    refused(scene.ask(), 2, "roles")


def test_a_quorum_of_no_seats_is_no_policy(scene: Scene) -> None:
    scene.edit_policy('"data_protection": 1', '"data_protection": 0')
    refused(scene.ask(), 2, "data_protection")


@pytest.mark.parametrize("person", VOTERS)
def test_a_missing_approval_is_named(scene: Scene, person: str) -> None:
    scene.statement(person).unlink()
    refused(scene.ask(), (12, 13), f"missing: 1 x {signing.PEOPLE[person][0].replace('_', ' ')}")


def test_a_conflicted_approval_does_not_count(waiting: Scene) -> None:
    waiting.cast("cy", conflicts="My brother sells it.")
    refused(waiting.ask(), 12, "cy declared a conflict of interest", MISSING)


def test_a_conflict_that_is_declared_later_takes_the_approval_back(scene: Scene) -> None:
    scene.cast("ada", "senior_responsible_owner", like="ada", conflicts="I own shares.")
    refused(scene.ask(), 12, "ada", "conflict", "missing: 1 x senior responsible owner")


def test_a_conflict_that_is_declared_in_another_role_takes_the_approval_back(scene: Scene) -> None:
    """She says so in a dissent of another role; her approval as owner of the risk lies there as before."""
    scene.enrol(signing.entry("ada", "safeguarding", key="ada-2"))
    scene.cast("ada", "safeguarding", by="ada-2", like="ada", conflicts="I own shares.")
    refused(scene.ask(), 12, "ada", "missing: 1 x senior responsible owner")


def test_a_conflict_cannot_be_undone_by_revoking_its_declaration(scene: Scene) -> None:
    declared = scene.cast("ada", "senior_responsible_owner", like="ada", conflicts="I own shares.")
    with pytest.raises(BadInput, match="nobody can take away"):
        scene.revoke(declared)


def test_one_person_fills_one_seat(waiting: Scene) -> None:
    waiting.enrol(signing.entry("ben", "data_protection", key="ben-2"))
    waiting.cast("ben", by="ben-2")
    refused(waiting.ask(), 12, "one person fills one role", "by 2 people, the policy wants 3")


def test_the_same_approval_under_two_names_is_not_two(waiting: Scene) -> None:
    first = waiting.statement("ben")
    (first.parent / first.name.replace("ben", "cy")).write_bytes(first.read_bytes())
    refused(waiting.ask(), 13, "the same decision lies there more than once")


def test_the_team_does_not_sign(waiting: Scene) -> None:
    waiting.enrol(signing.entry("dev-1", "data_protection"))
    waiting.cast("dev-1")
    refused(waiting.ask(), 12, "dev-1 belongs to the team that made the model", MISSING)


@pytest.mark.parametrize("person", ["dev1", "d-ev-1", "dev-l"])
def test_a_name_like_one_of_the_team_s_does_not_sign(waiting: Scene, person: str) -> None:
    waiting.enrol(signing.entry(person, "data_protection"))
    waiting.cast(person)
    refused(waiting.ask(), 12, f"{person} belongs to the team that made the model", MISSING)


@pytest.mark.parametrize(
    "organisation",
    [
        *("a supplier", "A Supplier", "A-Supplier", "A. Supplier", "A SUPPLIER!", "A Supp1ier", "A Supplier Ltd", "A Supplier Group"),
        *("\uff21 \uff33\uff55\uff50\uff50\uff4c\uff49\uff45\uff52", "\u0410 Supplier"),  # wide letters; a Cyrillic A
    ],
)
def test_the_supplier_does_not_vote_by_whatever_name(waiting: Scene, organisation: str) -> None:
    waiting.enrol(signing.entry("sam", "data_protection", organisation=organisation))
    waiting.cast("sam")
    refused(waiting.ask(), 12, "sam belongs to the supplier of the model, which has no vote", MISSING)


def test_the_supplier_gives_no_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = built(tmp_path / "w", monkeypatch, people={"sue": ("victims_advocate",)}, organisations={"sue": "A Supplier Ltd"})
    scene.approve()
    scene.unsee(scene.statement("eve"))
    scene.cast("sue", "victims_advocate", decision="advice", advice=Advice(stance="for", text="Lovely."), why="", minutes=9, **BARE)
    refused(scene.ask(), 12, "there is no advice of victims advocate that counts, and no word on why it was not waited for")


@pytest.mark.parametrize("what", ["lock", "test result"])
def test_the_supplier_neither_locks_nor_signs_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """sam was of another organisation, as the register said, until the card was found to name his employer in other words."""
    who = {"locker": "sam"} if what == "lock" else {"tester": "sam"}
    options: dict[str, Any] = {"people": {"sam": ("independent_evaluator",)}, "organisations": {"sam": "A Supplier Ltd"}, **who}
    with monkeypatch.context() as blind:
        for module in ("evalharness.workflows.lock", "evalharness.workflows.under_lock", "evalharness.workflows.signing_case"):
            blind.setattr(f"{module}.check_independent", lambda *_: None, raising=False)
        scene = built(tmp_path / "w", monkeypatch, **options)
        advised(scene)
        for person in VOTERS:
            scene.sign(person, "approve", 11)
        scene.refresh(minutes=30)
    refused(scene.ask(), 12, "sam", "supplier")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"valid_until": "2026-08-01T00:00:00Z"}, "longer than the policy's 30 days"),
        ({"valid_from": "2026-06-02T00:00:00Z"}, "it holds only from 2026-06-02T00:00:00Z"),
        ({"valid_until": "2026-06-01T09:50:00Z"}, "it ended at 2026-06-01T09:50:00Z"),
        ({"valid_until": None}, "from when"),
        ({"control": None}, "the control questions"),
        ({"claim": "pilot"}, "another claim"),
        ({"accepts_not_judged": ("recall",)}, "it does not accept by name exactly those groups that nobody judged"),
        ({"conditions": (VOLUME,)}, "conditions are listed where somebody approves with conditions, and only there"),
        ({"decision": "approve-with-conditions"}, "conditions are listed where somebody approves with conditions, and only there"),
    ],
)
def test_an_approval_that_is_not_in_order_does_not_count(waiting: Scene, change: dict[str, Any], words: str) -> None:
    waiting.cast("cy", **change)
    answer = waiting.ask()
    if "claim" in change:
        refused(answer, (12, 13), "it approves for 'pilot', the evidence carries 'rehearsal'")
    else:
        refused(answer, 12, words, MISSING)


@pytest.mark.parametrize("answer", ["0", "999", "0.1"])
def test_a_wrong_answer_to_the_control_question_does_not_count(waiting: Scene, answer: str) -> None:
    control = waiting.decision("ben").control
    assert control is not None
    waiting.cast("cy", control=control.model_copy(update={"missed_per_1000": answer}))
    refused(waiting.ask(), 12, "how many are missed of 1,000 is not what the report says", MISSING)


@pytest.mark.parametrize("who", ["nobody", "dev-1", "sam", "kim"])
def test_the_risk_is_carried_by_somebody_who_can(waiting: Scene, who: str) -> None:
    """Not by a stranger, nor by the team, the supplier, or somebody whose key was revoked."""
    gone = KeyRevocation(on=time_text(later(35)), why="Left.")
    waiting.enrol(
        signing.entry("dev-1", "safeguarding"),
        signing.entry("sam", "safeguarding", organisation="A Supplier"),
        signing.entry("kim", "safeguarding", revoked=gone),
    )
    control = waiting.decision("ben").control
    assert control is not None
    waiting.cast("cy", control=control.model_copy(update={"risk_carried_by": who}))
    refused(waiting.ask(), 12, "risk", MISSING)


def test_the_owner_of_the_risk_accepts_it_in_words(waiting: Scene) -> None:
    waiting.cast("cy")
    waiting.forge("ada", residual_risk="", author={"created": time_text(later(41))})
    refused(waiting.ask(), (12, 13), "the owner of the risk does not accept the residual risk in words")


def test_an_approval_before_the_result_does_not_count(waiting: Scene) -> None:
    waiting.cast("cy", minutes=0)
    refused(waiting.ask(), 12, "signed at 2026-06-01T09:00:00Z, before the test result of 2026-06-01T09:01:00Z", MISSING)


def test_an_approval_from_tomorrow_does_not_count(waiting: Scene) -> None:
    waiting.cast("cy", minutes=24 * 60)
    refused(waiting.ask(), 12, "later than the moment of the decision", MISSING)


@pytest.mark.parametrize("kind", ["reject", "defer", "dissent"])
@pytest.mark.parametrize("person", VOTERS)
def test_whoever_objects_later_takes_the_own_approval_back(scene: Scene, person: str, kind: str) -> None:
    scene.cast(person, signing.PEOPLE[person][0], decision=kind, why="I was wrong.", **BARE)
    refused(scene.ask(), 12, "missing: 1 x")


def test_an_objection_of_the_same_second_wins(waiting: Scene) -> None:
    waiting.cast("cy")
    waiting.enrol(signing.entry("cy", "safeguarding", key="cy-2"))
    waiting.cast("cy", "safeguarding", by="cy-2", decision="dissent", why="I was wrong.", **BARE)
    refused(waiting.ask(), 12, "cy took it back later, or at the same time")


def test_an_approval_does_not_come_back_when_a_later_one_is_revoked(scene: Scene) -> None:
    again = scene.cast("ada", "senior_responsible_owner", like="ada")
    assert scene.ask() == (0, "")
    scene.revoke(again, minutes=41)
    refused(scene.ask(), 12, "missing: 1 x senior responsible owner", "a later decision of the same person in the same role stands instead")


def test_an_approval_does_not_come_back_when_a_later_one_is_by_an_ended_key(scene: Scene) -> None:
    scene.change_entry("ada", valid_until=time_text(later(36)))
    scene.cast("ada", "senior_responsible_owner", like="ada")
    refused(scene.ask(), 12, "missing: 1 x senior responsible owner")


@pytest.mark.parametrize("kind", ["reject", "defer"])
def test_a_role_that_can_stop_an_approval_stops_it(scene: Scene, kind: str) -> None:
    scene.cast("hal", decision=kind, why="It is unsafe.", **BARE)
    refused(scene.ask(), 12, "hal, for data protection", "this role can stop it: It is unsafe.")


@pytest.mark.parametrize("how", ["ended", "revoked", "not yet"])
def test_a_rejection_outlives_the_key_it_was_signed_with(scene: Scene, how: str) -> None:
    """Who cannot get a rejection revoked may try to get its key revoked: it was right when it was given, and stands."""
    scene.cast("hal", decision="reject", why="It is unsafe.", minutes=32, **BARE)
    refused(scene.ask(), 12, "hal, for data protection, rejected it")
    changes: dict[str, dict[str, Any]] = {
        "ended": {"valid_until": time_text(later(31))},
        "revoked": {"revoked": KeyRevocation(on=time_text(later(35)), why="Left.")},
    }
    if how == "not yet":
        scene.enrol(signing.entry("hal", "data_protection", key="hal-2", valid_from=time_text(later(days=9))))
        scene.statement("hal").unlink()
        scene.cast("hal", by="hal-2", decision="reject", why="It is unsafe.", **BARE)
    else:
        scene.change_entry("hal", **changes[how])
    refused(scene.ask(), 12, "hal, for data protection, rejected it")


def test_a_rejection_outlives_a_conflict_that_it_declares(scene: Scene) -> None:
    scene.cast("hal", decision="reject", why="It is unsafe.", conflicts="I know the supplier.", **BARE)
    refused(scene.ask(), 12, "hal, for data protection, rejected it")


def test_somebody_else_s_key_makes_no_rejection(scene: Scene) -> None:
    scene.cast("hal", by="gil", decision="reject", why="It is unsafe.", **BARE)
    assert scene.ask() == (0, "")


def test_only_the_same_person_takes_a_rejection_back(scene: Scene) -> None:
    scene.cast("hal", decision="reject", why="It is unsafe.", **BARE)
    scene.cast("hal", by="mallory", like="ben", minutes=45)
    refused(scene.ask(), 12, "hal, for data protection, rejected it")


def test_advice_against_that_comes_late_must_be_answered(scene: Scene) -> None:
    scene.cast("eve", "victims_advocate", like="eve", advice=Advice(stance="against", text="People wait too long."))
    refused(scene.ask(), 12, "victims advocate advised against it")


def test_advice_against_cannot_be_revoked_away(scene: Scene) -> None:
    late = scene.cast("eve", "victims_advocate", like="eve", advice=Advice(stance="against", text="People wait too long."))
    scene.revoke(late, minutes=42)
    refused(scene.ask(), 12, "victims advocate advised against it")


def test_absent_advice_must_be_explained(waiting: Scene) -> None:
    waiting.cast("cy")
    waiting.unsee(waiting.statement("eve"))
    refused(waiting.ask(), 12, "there is no advice of victims advocate that counts, and no word on why it was not waited for")


def test_advice_by_somebody_without_that_role_is_none(waiting: Scene) -> None:
    waiting.cast("cy")
    waiting.unsee(waiting.statement("eve"))
    waiting.cast("gil", "victims_advocate", like="ben", decision="advice", advice=Advice(stance="for", text="Fine."), why="", **BARE)
    refused(waiting.ask(), 12, "there is no advice of victims advocate that counts")


def test_a_departure_from_advice_is_the_signer_s_own(waiting: Scene) -> None:
    """One approver's word on why advice was not followed does not stand for the others."""
    waiting.cast("eve", "victims_advocate", like="eve", advice=Advice(stance="against", text="No."), minutes=38)
    waiting.cast("cy", departures=(RoleWords(role="victims_advocate", why="We looked at it."),))
    refused(waiting.ask(), 12, "the approval by ben", "victims advocate advised against it")


def test_a_condition_needs_a_deployment_file_that_holds_it(waiting: Scene, tmp_path: Path) -> None:
    waiting.cast("cy", decision="approve-with-conditions", conditions=(VOLUME,))
    refused(waiting.ask(), 12, "a condition of cy does not hold", "nobody can tell whether it holds without a deployment file")
    use = tmp_path / "deployment.yaml"
    use.write_text("volume_per_week: 11\n")
    refused(waiting.ask(deployment=use), 12, "a condition of cy does not hold", "the deployment file says volume_per_week: 11")
    use.write_text("claim: rehearsal\n")
    refused(waiting.ask(deployment=use), 12, "the deployment file does not say volume_per_week")
    use.write_text("volume_per_week: 10\n")
    assert waiting.ask(deployment=use) == (0, "")


def test_a_condition_does_not_vanish_when_its_author_signs_again_without_it(waiting: Scene) -> None:
    """ada approved having seen that condition; whoever had made it signs again and leaves it out."""
    waiting.cast("cy", decision="approve-with-conditions", conditions=(VOLUME,), minutes=38)
    waiting.cast("ada", "senior_responsible_owner", like="ada", minutes=40)
    waiting.cast("cy", minutes=42)
    refused(waiting.ask(), 12, "condition", "maximum-volume-1")


def test_a_condition_that_is_overdue_blocks(waiting: Scene) -> None:
    action = Condition(id="action-1", type="action", value="Train the reviewers.", owner="dee", due="2026-06-01")
    waiting.cast("cy", decision="approve-with-conditions", conditions=(action,))
    assert waiting.ask() == (0, "")
    waiting.clock = later(days=1)
    refused(waiting.ask(), 12, "it was due on 2026-06-01, and the status list does not say that it was done")


def test_a_requirement_that_is_overdue_is_not_met_by_a_practice_run(waiting: Scene) -> None:
    """A run that nobody locked could be tried until it passes."""
    text = waiting.policy.read_text(encoding="utf-8").replace('name: "small"', 'name: "extra"', 1)
    extra = waiting.policy.parent / "extra.yaml"
    extra.write_text(text, encoding="utf-8")
    value = f"extra/recall@{read_policy(extra).digest}"
    more = Condition(id="further-requirement-1", type="further_requirement", value=value, due="2026-06-01")
    waiting.cast("cy", decision="approve-with-conditions", conditions=(more,))
    waiting.clock = later(days=1)
    refused(waiting.ask(), 12, "it was due on 2026-06-01, and no run of this model meets extra/recall")
    from evalharness.workflows.evaluate import evaluate

    evaluate("extra", "vendor", workspace=waiting.root, at=later(50), now=later(50))
    refused(waiting.ask(), 12, "it was due on 2026-06-01")


def test_a_requirement_is_met_by_a_locked_run_under_exactly_the_policy_that_was_named(waiting: Scene) -> None:
    text = waiting.policy.read_text(encoding="utf-8").replace('name: "small"', 'name: "extra"', 1)
    extra = waiting.policy.parent / "extra.yaml"
    extra.write_text(text, encoding="utf-8")
    value = f"extra/recall@{read_policy(extra).digest}"
    more = Condition(id="further-requirement-1", type="further_requirement", value=value, due="2026-06-01")
    waiting.cast("cy", decision="approve-with-conditions", conditions=(more,))
    waiting.attempt(50, policy="extra")
    waiting.clock = later(days=1)
    assert waiting.ask() == (0, "")
    extra.write_text(text.replace("0.7", "0.6"), encoding="utf-8")
    refused(waiting.ask(), 12, "no run of this model meets extra/recall")


def test_two_conditions_of_one_name_are_none(waiting: Scene) -> None:
    lax = VOLUME.model_copy(update={"per_week": 10**9})
    waiting.cast("cy", decision="approve-with-conditions", conditions=(VOLUME, lax))
    refused(waiting.ask(), 12, "two conditions have the same id", MISSING)


def test_a_policy_for_which_one_person_does_everything_approves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = {"roles": {"independent_evaluator": 1}, "minimum_people": 1, "veto": [], "advice": [], "risk_owner": "independent_evaluator"}
    scene = built(tmp_path / "w", monkeypatch, sign_off=alone)
    scene.sign("ben", "approve", 11, risk_carried_by="ben")
    scene.refresh(minutes=30)
    refused(scene.ask(), 12, "nobody approves it but those who locked the run or signed its result")


def test_a_policy_that_calls_itself_bad_approves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = built(tmp_path / "w", monkeypatch, example_of_bad_policy="It asks for nothing that matters.")
    scene.approve()
    scene.refresh(minutes=30)
    refused(scene.ask(), 12, "the policy is an example of a bad policy, by its own words: It asks for nothing that matters.")


def test_a_permissive_policy_has_no_approval_of_its_own(scene: Scene) -> None:
    text = scene.policy.read_text(encoding="utf-8").replace('name: "small"', 'name: "lax"', 1).replace('"at_least": 0.7', '"at_least": 0.1')
    (scene.policy.parent / "lax.yaml").write_text(text, encoding="utf-8")
    from evalharness.workflows.gate import gate

    decision = gate("lax", "vendor", workspace=scene.root)
    assert decision.code == 13
    assert any("another policy ('small')" in reason.text for reason in decision.reasons)


def test_a_policy_edited_after_the_lock_is_another_policy(scene: Scene) -> None:
    scene.edit_policy('"at_least": 0.7', '"at_least": 0.1')
    refused(scene.ask(), 13, "another text of the policy")


def test_a_policy_edited_in_its_rules_of_sign_off_is_another_policy(scene: Scene) -> None:
    scene.edit_policy('"valid_for_days": 30', '"valid_for_days": 300')
    refused(scene.ask(), 13, "another text of the policy")


def test_a_decision_that_others_have_seen_cannot_be_deleted(waiting: Scene) -> None:
    rejected = waiting.cast("hal", decision="reject", why="It is unsafe.", minutes=38, **BARE)
    waiting.cast("cy")
    refused(waiting.ask(), 12, "hal, for data protection, rejected it")
    digest = sha256_file(rejected)
    rejected.unlink()
    refused(waiting.ask(), 13, "1 of the statements that its signer saw are gone", digest)


def test_a_file_that_is_no_statement_hides_among_them_in_vain(scene: Scene) -> None:
    (scene.statements / "decision-hidden.txt").write_text("approve")
    refused(scene.ask(), 13, "not the name of a statement")
