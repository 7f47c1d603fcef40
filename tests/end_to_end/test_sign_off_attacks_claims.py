"""Attacks on the claim: a rehearsal for more than a rehearsal, a rehearsal key where others belong, a use that was not approved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import signing
from attacker import Scene, later, prepared, refused, resign

from evalharness.signoff.predicates import SignerEntry
from evalharness.workflows import gate as gate_module
from evalharness.workflows.clock import time_text

SAMPLING = "Every message of one week, drawn by lot."


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Real keys, a table whose sampling is stated, a policy for local use: approved for more than a rehearsal."""
    options: dict[str, Any] = {"rehearsal": False, "sampling": SAMPLING, "claim": "local"}
    scene = prepared(tmp_path_factory.mktemp("real") / "w", **options)
    scene.approve(voters=("ben", "ada"))
    return scene


@pytest.fixture
def local(real: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Only cy's approval is missing, and with it the gate answers 0 for local use."""
    copy = real.copy(tmp_path / "w")
    monkeypatch.delenv(gate_module.ROOT_VARIABLE, raising=False)
    monkeypatch.setattr(gate_module, "clock_now", lambda: copy.clock)
    honest = copy.cast("cy")
    assert copy.ask() == (0, "")
    honest.unlink()
    return copy


def enrolled(scene: Scene, *entries: SignerEntry, **changes: Any) -> None:
    """Real or not, as the entries say."""
    scene.register(issued=time_text(later(35)), signers=(*scene.office.register().entries, *entries), **changes)


@pytest.mark.parametrize("claim", ["local", "shadow", "pilot"])
def test_a_rehearsal_is_not_approved_for_more(scene: Scene, claim: str) -> None:
    refused(
        scene.ask(claim=claim), 11, "the evidence only carries the claim 'rehearsal'", f"nothing under it is ever approved for '{claim}'"
    )


@pytest.mark.parametrize("claim", ["shadow", "pilot"])
def test_local_use_is_not_approved_for_more(local: Scene, claim: str) -> None:
    local.cast("cy")
    refused(local.ask(claim=claim), 11, "the evidence only carries the claim 'local'")


def test_a_claim_that_nobody_knows_is_an_error(scene: Scene) -> None:
    refused(scene.ask(claim="use"), 2, "no such claim")


def test_a_rehearsal_key_signs_no_approval_of_more(local: Scene) -> None:
    enrolled(local, signing.entry("kim", "data_protection"))
    local.cast("kim")
    refused(local.ask(), 12, "a rehearsal key is refused for 'local'", "missing: 1 x data protection")


def test_a_rehearsal_key_gives_no_advice_on_more(local: Scene) -> None:
    enrolled(local, signing.entry("eva", "victims_advocate"))
    local.cast("cy")
    local.unsee(local.statement("eve"))
    local.put(local.decision("ben").model_copy(update={}), "ben")
    refused(local.ask(), 12, "there is no advice of victims advocate that counts")


def test_a_rehearsal_key_issues_no_status_list_for_more(local: Scene) -> None:
    local.cast("cy")
    enrolled(local, signing.entry("kim", "safeguarding"))
    local.status("kim", minutes=45)
    refused(local.ask(), 12, "the status list, signed by kim", "a rehearsal key is refused for 'local'")


@pytest.mark.parametrize("who", ["locker", "tester"])
def test_a_rehearsal_key_neither_locks_nor_signs_a_result_for_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real: Scene, who: str
) -> None:
    """Lock or result lie in a workspace with real keys; a later root signs a register in which the key that made them is a rehearsal's."""
    scene = real.copy(tmp_path / "w")
    monkeypatch.setattr(gate_module, "clock_now", lambda: scene.clock)
    enrolled(scene, signing.entry("kim", "independent_evaluator"))
    path = scene.lock if who == "locker" else scene.result
    ref = scene.office.register().ref.model_dump(mode="json")

    def by_kim(told: dict[str, Any]) -> None:
        part = told["predicate"].get("evalharness", told["predicate"])
        part["author"].update(person="kim", signers=ref, created=time_text(later(36)))

    resign(path, by_kim, "kim")
    told = "the lock that it names is not in sign-off/locks" if who == "locker" else "a rehearsal key is refused for 'local'"
    refused(scene.ask(), (10, 12, 13), told)


def test_a_root_with_one_rehearsal_key_makes_everything_a_rehearsal(local: Scene) -> None:
    local.cast("cy")
    roots = signing.root("root-a", "root-b", rehearsal=False)
    practice = signing.root("root-p").keys[0]
    local.register(
        "root-a", "root-b", "root-p", root=roots.model_copy(update={"keys": (*roots.keys, practice)}), issued=time_text(later(41))
    )
    local.refresh(minutes=45)
    refused(local.ask(), 12, "the register of signers holds rehearsal keys: nothing under it is ever approved for 'local'")


def test_a_root_that_was_a_rehearsal_s_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration's root hands over to a real one; what it enrolled would be trusted for good."""
    scene = prepared(tmp_path / "w", sampling=SAMPLING)
    monkeypatch.setattr(gate_module, "clock_now", lambda: scene.clock)
    scene.approve()
    scene.refresh(minutes=30)
    assert scene.ask() == (0, "")
    scene.register(
        *signing.ROOT_PEOPLE, "real-a", "real-b", root=signing.root("real-a", "real-b", rehearsal=False), issued=time_text(later(35))
    )
    scene.refresh(minutes=45)
    refused(scene.ask(claim="local"), 11, "the register of signers holds rehearsal keys")


def test_the_mark_of_a_rehearsal_key_cannot_be_taken_off(scene: Scene) -> None:
    scene.change_entry("cy", rehearsal=False)
    refused(scene.ask(), 13, "needs a new key")


def test_the_mark_of_a_rehearsal_root_key_cannot_be_taken_off(scene: Scene) -> None:
    scene.register(issued=time_text(later(35)), root=signing.root(*signing.ROOT_PEOPLE, rehearsal=False))
    refused(scene.ask(), 13, "changed its holder or its kind")


def test_a_rehearsal_key_is_not_enrolled_again_without_its_mark(scene: Scene) -> None:
    again = signing.entry("cy", "data_protection", rehearsal=False)
    scene.register(issued=time_text(later(35)), signers=(*scene.office.register().entries, again))
    refused(scene.ask(), 13, "stands twice among the signers' keys")


def test_a_table_without_sampling_carries_a_rehearsal_whatever_its_policy_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = prepared(tmp_path / "w", rehearsal=False, claim="local")
    monkeypatch.setattr(gate_module, "clock_now", lambda: scene.clock)
    scene.approve()
    scene.refresh(minutes=30)
    assert scene.ask(claim="rehearsal") == (0, "")
    refused(scene.ask(), 11, "the evidence only carries the claim 'rehearsal'; 'local' was asked for")


def test_a_use_that_claims_more_is_not_approved(scene: Scene, tmp_path: Path) -> None:
    use = tmp_path / "deployment.yaml"
    use.write_text("claim: pilot\n")
    refused(scene.ask(deployment=use), 11, "pilot")


@pytest.mark.parametrize(("text", "words"), [("stream: live\n", "takes items from 'live'"), ("threshold: 0.4\n", "uses the threshold 0.4")])
def test_a_use_of_another_stream_or_threshold_is_not_approved(scene: Scene, tmp_path: Path, text: str, words: str) -> None:
    use = tmp_path / "deployment.yaml"
    use.write_text(text)
    refused(scene.ask(deployment=use), 12, words)


@pytest.mark.parametrize(
    "text", ["weather: fine\n", "schema: evalharness/deployment/v2\n", "claim: rehearsal\nclaim: rehearsal\n", "[]\n", ""]
)
def test_a_deployment_file_that_is_not_understood_is_an_error(scene: Scene, tmp_path: Path, text: str) -> None:
    use = tmp_path / "deployment.yaml"
    use.write_text(text)
    refused(scene.ask(deployment=use), 2, "deployment.yaml")


def test_real_keys_approve_a_rehearsal_too(local: Scene) -> None:
    local.cast("cy")
    assert local.ask(claim="rehearsal") == (0, "")
