"""`evalharness status …`: issuing, revoking, suspending, lifting, discharging, showing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from locking import BEGIN, Space

from evalharness.digests import sha256_file
from evalharness.errors import BadInput, MissingSignOff
from evalharness.evidence.store import read_run
from evalharness.files import atomic
from evalharness.files.workspace import Workspace
from evalharness.signoff.decisions import decision_payload, file_name
from evalharness.signoff.envelope import read_statement
from evalharness.signoff.predicates import Condition, Control, DecisionPredicate, KeyRevocation
from evalharness.signoff.references import references
from evalharness.signoff.register import read_register
from evalharness.signoff.status import StatusRead, read_status
from evalharness.signoff.status_chain import status_payload, version_path
from evalharness.workflows import status, status_desk
from evalharness.workflows.clock import time_text
from evalharness.workflows.decision_pages import write_decision_pages
from evalharness.workflows.status_desk import Issuer


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return Space(tmp_path)


@pytest.fixture
def run(space: Space) -> Path:
    """A run under a lock, with its test result."""
    return space.run(space.lock().path).folder


def read(space: Space) -> StatusRead:
    folder = space.root / "sign-off"
    return read_status(folder, read_register(folder))


def issuer(space: Space, person: str = "ada", day: float = 3, **options: Any) -> Issuer:
    return Issuer(key=space.key(person), workspace=space.root, now=BEGIN + timedelta(days=day), **options)


def decide(space: Space, run: Path, person: str = "cy", **changes: Any) -> Path:
    """A decision in the run, as somebody signed it."""
    refs = references(read_run(run))
    values: dict[str, Any] = {
        "schema": "evalharness/decision/v1", "decision": "approve-with-conditions",
        "author": space.office.author(person, created="2026-06-02T10:00:00Z"), **refs.fields(), "sentence": "I approve.", "why": "",
        "conflicts": "", "seen": (), "valid_from": "2026-06-02T10:00:00Z", "valid_until": "2026-06-12T10:00:00Z",
        "control": Control(missed_per_1000="1", not_tested="much", risk_carried_by="ada"),
        "conditions": (
            Condition(id="action-1", type="action", value="train the officers", owner="ada", due="2026-06-10"),
            Condition(id="until-1", type="until", due="2026-06-10"),
        ),
    }  # fmt: skip
    predicate = DecisionPredicate(**{**values, **changes})
    path = run / "statements" / file_name(predicate)
    path.write_bytes(space.office.sign(person, decision_payload(refs, predicate)))
    return path


AGAINST = {"valid_from": None, "valid_until": None, "control": None, "conditions": ()}


def test_the_first_list_is_version_one_and_good_for_a_week(space: Space) -> None:
    done = space.command("status", "refresh", person="ada", json_output=False)
    assert done.code == 0, done.err
    assert "REFRESHED" in done.out
    assert "status list version 1, by ada" in done.out
    found = read(space)
    assert found.problems == ()
    assert found.predicate is not None
    assert found.predicate.previous is None
    assert (space.root / "sign-off" / "status.json").read_bytes() == version_path(space.root / "sign-off", 1).read_bytes()
    told = space.answer("status", "show", person=None)
    assert (told["status"]["version"], told["problems"], told["out_of_date"]) == (1, [], False)


def test_days_are_the_caller_s_within_reason(space: Space) -> None:
    issued = status.refresh(issuer(space), days=2)
    assert (issued.predicate.issued, issued.predicate.next_update) == ("2026-06-04T09:00:00Z", "2026-06-06T09:00:00Z")
    for days in (0, -1, 367):
        code, said = space.problems("status", "refresh", "--days", days, person="ada")
        assert code == 2
        assert "1 to 366" in said


def test_a_refresh_carries_everything_on(space: Space, run: Path) -> None:
    status.revoke(issuer(space), str(run), why="wrong data")
    lock = str(space.locks[0])
    status.suspend(issuer(space, "cy"), lock, why="being looked at")
    before = read(space).predicate
    after = status.refresh(issuer(space, "dee", 4)).predicate
    assert before is not None
    assert (after.revoked, after.suspended, after.anchors) == (before.revoked, before.suspended, before.anchors)
    assert read(space).problems == ()


@pytest.mark.parametrize("way", ["folder", "name", "digest", "sums", "report", "test result", "lock", "policy", "model", "card"])
def test_a_target_is_named_by_path_by_name_or_by_digest(space: Space, run: Path, way: str) -> None:
    files = {
        "folder": run,
        "sums": run / "SHA256SUMS",
        "report": run / "report.html",
        "test result": run / "statements" / "test-result.dsse.json",
        "lock": space.locks[0],
        "policy": space.files.policy_file,
        "model": space.files.predictions,
        "card": space.root / "model_cards" / "vendor.md",
    }
    wanted = sha256_file(run / "evidence.json" if way in ("folder", "name", "digest") else files[way])
    target = {"name": run.name, "digest": wanted}.get(way, str(files.get(way, "")))
    issued = status.revoke(issuer(space), target, why="a reason")
    assert [mark.target for mark in issued.predicate.revoked] == [wanted]
    assert issued.target is not None
    assert read(space).revoked(wanted) is not None


def test_a_revocation_is_printed_and_shown_with_its_reason(space: Space, run: Path) -> None:
    done = space.command("status", "revoke", run, "--why", "the labels were wrong", person="cy", json_output=False)
    assert done.code == 0, done.err
    assert "for ever" in done.out
    shown = space.command("status", "show", person=None, json_output=False)
    assert shown.code == 0
    assert f"Revoked: evidence {run.name}: the labels were wrong (cy, " in shown.out
    assert "Suspended: nothing." in shown.out


def test_what_nobody_knows_is_refused_with_what_is_known(space: Space, run: Path) -> None:
    for target in ("sha256:" + "0" * 64, str(space.root / "policies" / "small.yaml") + "x", "no-such-run"):
        code, said = space.problems("status", "revoke", target, "--why", "w", person="ada")
        assert code == 2
        assert "nothing" in said
    code, said = space.problems("status", "revoke", "sha256:" + "0" * 64, "--why", "w", person="ada")
    assert run.name in said
    assert space.locks[0].name in said


@pytest.mark.parametrize("why", ["", "  ", "-", "\u202e hidden", "x" * 4001])
def test_a_reason_in_words_is_needed(space: Space, run: Path, why: str) -> None:
    with pytest.raises(BadInput, match="reason in words"):
        status.revoke(issuer(space), str(run), why=why)


def test_a_revocation_is_for_ever(space: Space, run: Path) -> None:
    status.revoke(issuer(space), str(run), why="w")
    for act, said in ((status.revoke, "revoked already"), (status.suspend, "revoked or suspended already")):
        with pytest.raises(BadInput, match=said):
            act(issuer(space, day=4), str(run), why="again")
    with pytest.raises(BadInput, match="a revocation is for ever"):
        status.lift(issuer(space, day=4), str(run), why="it was a mistake")


def test_whoever_suspends_lifts_and_nobody_else(space: Space, run: Path) -> None:
    status.suspend(issuer(space, "ada"), str(run), why="a complaint")
    with pytest.raises(BadInput, match="revoked or suspended already"):
        status.suspend(issuer(space, "cy", 4), str(run), why="again")
    with pytest.raises(BadInput, match="only whoever suspended may lift"):
        status.lift(issuer(space, "cy", 4), str(run), why="it was a mistake")
    assert read(space).highest == 1
    status.lift(issuer(space, "ada", 4), str(run), why="it was a mistake")
    assert read(space).suspended(sha256_file(run / "evidence.json")) is None
    assert read(space).problems == ()
    with pytest.raises(BadInput, match="not suspended"):
        status.lift(issuer(space, "ada", 5), str(run), why="it was a mistake")


def test_why_something_was_lifted_is_shown_and_carried_on(space: Space, run: Path) -> None:
    status.suspend(issuer(space, "ada"), str(run), why="a complaint")
    told = space.answer("status", "lift", run, "--why", "the complaint was about another run", person="ada")
    (lifted,) = told["lifted"]
    assert (lifted["why"], lifted["by"], lifted["on"]) == ("the complaint was about another run", "ada", told["issued"])
    assert told["suspended"] == []
    space.answer("status", "refresh", person="cy")
    shown = space.command("status", "show", person=None, json_output=False)
    assert shown.code == 0
    assert f"Lifted: evidence {run.name}: the complaint was about another run (ada, {told['issued']})" in shown.out
    assert "Suspended: nothing." in shown.out


def test_lifting_needs_a_reason_in_words(space: Space, run: Path) -> None:
    status.suspend(issuer(space, "ada"), str(run), why="a complaint")
    with pytest.raises(BadInput, match="reason in words"):
        status.lift(issuer(space, "ada", 4), str(run), why=" ")
    assert space.command("status", "lift", run, person="ada").code == 2
    assert read(space).highest == 1


def test_what_is_suspended_twice_is_lifted_twice_with_both_reasons(space: Space, run: Path) -> None:
    for day, why in ((3, "first"), (5, "second")):
        status.suspend(issuer(space, "ada", day), str(run), why=why)
        status.lift(issuer(space, "ada", day + 1), str(run), why=f"the {why} was wrong")
    found = read(space)
    assert found.problems == ()
    assert found.predicate is not None
    assert [mark.why for mark in found.predicate.lifted] == ["the first was wrong", "the second was wrong"]


def test_what_is_suspended_can_be_revoked_by_another_and_lifted_no_more(space: Space, run: Path) -> None:
    status.suspend(issuer(space, "ada"), str(run), why="a complaint")
    status.revoke(issuer(space, "cy", 4), str(run), why="it was right")
    assert read(space).problems == ()
    status.lift(issuer(space, "ada", 5), str(run), why="it was a mistake")
    assert read(space).revoked(sha256_file(run / "evidence.json")) is not None


def test_what_is_suspended_can_be_lifted_after_its_file_is_gone(space: Space, run: Path) -> None:
    digest = sha256_file(run / "evidence.json")
    status.suspend(issuer(space), str(run), why="w")
    (run / "evidence.json").unlink()
    status.lift(issuer(space, day=4), digest, why="it was a mistake")
    assert read(space).suspended(digest) is None


def test_a_condition_for_people_is_discharged_once(space: Space, run: Path) -> None:
    decision = decide(space, run)
    issued = status.discharge(issuer(space, "dee"), decision, "action-1", why="all were trained")
    (done,) = issued.predicate.discharged
    assert (done.decision, done.condition, done.by) == (sha256_file(decision), "action-1", "dee")
    assert read(space).problems == ()
    with pytest.raises(BadInput, match="discharged already"):
        status.discharge(issuer(space, "dee", 4), decision, "action-1", why="again")


@pytest.mark.parametrize(
    ("condition", "said"), [("action-2", "no such condition"), ("until-1", "machines check"), ("", "no such condition")]
)
def test_other_conditions_are_refused(space: Space, run: Path, condition: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        status.discharge(issuer(space), decide(space, run), condition, why="w")


def test_only_a_decision_has_conditions(space: Space, run: Path) -> None:
    with pytest.raises(BadInput, match="no decision"):
        status.discharge(issuer(space), run / "statements" / "test-result.dsse.json", "action-1", why="w")


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": "reject", "why": "no", **AGAINST},
        {"decision": "defer", "why": "no", **AGAINST},
        {"decision": "dissent", "why": "no", **AGAINST},
        {"conflicts": "I hold shares"},
    ],
)
def test_a_decision_against_approval_cannot_be_taken_away(space: Space, run: Path, changes: dict[str, Any]) -> None:
    decision = decide(space, run, **changes)
    for act in (status.revoke, status.suspend):
        with pytest.raises(BadInput, match="only cy can, by deciding anew"):
            act(issuer(space), str(decision), why="inconvenient")
    assert read(space).absent


def test_an_approval_can_be_taken_away_and_its_page_is_drawn_anew(space: Space, run: Path) -> None:
    decision = decide(space, run)
    write_decision_pages(run, Workspace(space.root))
    before = (run / "decision.json").read_bytes()
    issued = status.revoke(issuer(space), str(decision), why="the reviewer was misled")
    assert {path.name for path in issued.redrawn} == {"decision.html", "decision.json", "decision.md"}
    after = (run / "decision.json").read_bytes()
    assert before != after
    assert b"the reviewer was misled" in after


def test_every_list_records_what_is_there_and_never_forgets_it(space: Space, run: Path) -> None:
    first = status.refresh(issuer(space)).predicate
    result = sha256_file(run / "statements" / "test-result.dsse.json")
    lock = sha256_file(space.locks[0])
    assert {(a.digest, a.kind, a.model) for a in first.anchors} == {(result, "test-result", "vendor"), (lock, "lock", "vendor")}
    decision = decide(space, run)
    second = status.refresh(issuer(space, day=4)).predicate
    assert sha256_file(decision) in {a.digest for a in second.anchors if a.kind == "decision"}
    decision.unlink()
    space.locks[0].unlink()
    third = status.refresh(issuer(space, day=5)).predicate
    assert third.anchors == second.anchors
    assert read(space).problems == ()


def test_what_a_stranger_laid_there_is_not_recorded(space: Space, run: Path) -> None:
    decide(space, run, person="cy").write_bytes(space.office.sign("stranger", _payload(space, run)))
    assert {a.kind for a in status.refresh(issuer(space)).predicate.anchors} == {"lock", "test-result"}


def _payload(space: Space, run: Path) -> bytes:
    path = decide(space, run, person="cy")
    return read_statement(path.read_bytes(), path.name).payload


@pytest.mark.parametrize(("person", "said"), [("eve", "no role that may sign this"), ("root-a", "not in the register")])
def test_somebody_without_the_role_is_refused(space: Space, person: str, said: str) -> None:
    code, found = space.problems("status", "refresh", person=person)
    assert code == 2
    assert said in found
    assert not (space.root / "sign-off" / "status").exists()


def test_without_a_register_it_is_twelve(space: Space) -> None:
    (space.root / "sign-off" / "signers" / "0001.dsse.json").unlink()
    assert space.problems("status", "refresh", person="ada")[0] == 12
    assert space.command("status", "show", person=None).code == 12


def test_without_a_list_show_is_twelve_and_says_how_to_get_one(space: Space) -> None:
    done = space.command("status", "show", person=None, json_output=False)
    assert done.code == 12
    assert "evalharness status refresh" in done.out


def test_an_altered_list_is_thirteen_and_nothing_is_built_upon_it(space: Space) -> None:
    status.refresh(issuer(space))
    path = version_path(space.root / "sign-off", 1)
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(bytes(data))
    assert space.problems("status", "refresh", person="ada")[0] == 13
    assert space.command("status", "show", person=None, json_output=False).code == 13


def test_a_list_by_a_stranger_is_not_built_upon(space: Space) -> None:
    made = status.refresh(issuer(space)).path
    data = space.office.sign("stranger", read_statement(made.read_bytes(), "x").payload)
    for path in (made, space.root / "sign-off" / "status.json"):
        path.write_bytes(data)
    code, said = space.problems("status", "refresh", person="ada")
    assert code == 13
    assert "not rightly signed" in said


def test_a_list_by_a_key_revoked_since_is_carried_on_with_a_warning(space: Space, run: Path) -> None:
    status.suspend(issuer(space, "ada"), str(run), why="w")
    entries = tuple(
        e.model_copy(update={"revoked": KeyRevocation(on="2026-06-04T10:00:00Z", why="stolen")}) if e.person == "ada" else e
        for e in space.office.entries()
    )
    space.office.write_version(space.office.next(issued="2026-06-04T10:00:00Z", signers=entries))
    heard: list[str] = []
    status.refresh(issuer(space, "cy", 4, notice=heard.append))
    assert any("stolen" in text for text in heard)
    assert any("1 entries of its own" in text for text in heard)
    assert read(space).problems == ()


def plant(space: Space, person: str = "eve", day: float = 3.5) -> Path:
    """A version by somebody without the authority, as a program of their own writes it."""
    folder = space.root / "sign-off"
    last = read(space).latest
    assert last is not None
    issued = time_text(BEGIN + timedelta(days=day))
    values = {
        "version": last.predicate.version + 1, "issued": issued, "next_update": time_text(BEGIN + timedelta(days=day + 7)),
        "previous": last.digest, "author": space.office.author(person, created=issued),
    }  # fmt: skip
    data = space.office.sign(person, status_payload(last.predicate.model_copy(update=values)))
    path = version_path(folder, last.predicate.version + 1)
    for file in (path, folder / "status.json"):
        file.write_bytes(data)
    return path


def test_a_list_by_somebody_who_may_not_issue_one_is_followed_by_nothing_but_a_revocation(space: Space, run: Path) -> None:
    status.suspend(issuer(space, "cy", 3), str(space.locks[0]), why="w")
    decision, planted = decide(space, run), plant(space)
    for act in (
        lambda: status.refresh(issuer(space, "ben", 4)),
        lambda: status.suspend(issuer(space, "ben", 4), str(run), why="w"),
        lambda: status.lift(issuer(space, "cy", 4), str(space.locks[0]), why="it was a mistake"),
        lambda: status.discharge(issuer(space, "ben", 4), decision, "action-1", why="w"),
    ):
        with pytest.raises(MissingSignOff, match="by eve, who may not issue one: the role victims_advocate may not sign this"):
            act()
    code, said = space.problems("status", "refresh", person="ada")
    assert code == 12
    assert "take sign-off/status/0002.dsse.json away and put the version before it back as sign-off/status.json" in said
    assert planted == status.revoke(issuer(space, "ben", 4), str(run), why="w").path.with_name(planted.name)
    assert read(space).problems == ()
    status.refresh(issuer(space, "ben", 5))


def test_a_first_list_by_somebody_who_may_not_is_taken_away_with_status_json(space: Space) -> None:
    status.refresh(issuer(space)).path.unlink()
    made = read_statement((space.root / "sign-off" / "status.json").read_bytes(), "x").predicate
    by_eve = made.model_copy(update={"author": space.office.author("eve", created=made.issued)})
    data = space.office.sign("eve", status_payload(by_eve))
    for path in (version_path(space.root / "sign-off", 1), space.root / "sign-off" / "status.json"):
        path.write_bytes(data)
    with pytest.raises(MissingSignOff, match=r"take sign-off/status/0001\.dsse\.json away and sign-off/status\.json with it"):
        status.refresh(issuer(space, day=4))


def test_what_to_keep_elsewhere_is_printed_whenever_a_list_is_issued_or_shown(space: Space) -> None:
    said = space.command("status", "refresh", person="ada", json_output=False).out
    kept = f"1@{sha256_file(version_path(space.root / 'sign-off', 1))}"
    line = f"Keep this outside the workspace and give it to the gate: --status-version {kept}"
    assert line in said.splitlines()
    assert line in space.command("status", "show", person=None, json_output=False).out.splitlines()
    assert space.answer("status", "show", person=None)["status_version"] == kept
    assert space.answer("status", "refresh", person="ada")["status_version"].startswith("2@sha256:")


def test_a_list_that_cannot_be_relied_upon_is_nothing_to_keep(space: Space) -> None:
    status.refresh(issuer(space))
    plant(space)
    shown = space.command("status", "show", person=None, json_output=False)
    assert shown.code == 12
    assert "--status-version" not in shown.out


def test_what_does_not_count_is_shown_as_such(space: Space, run: Path) -> None:
    status.suspend(issuer(space, "cy", 3), str(space.locks[0]), why="being looked at")
    status.lift(issuer(space, "cy", 4), str(space.locks[0]), why="it was a mistake")
    status.discharge(issuer(space, "cy", 5), decide(space, run), "action-1", why="all were trained")
    revoked = KeyRevocation(on="2026-06-07T10:00:00Z", why="stolen")
    entries = tuple(e.model_copy(update={"revoked": revoked}) if e.person == "cy" else e for e in space.office.entries())
    space.office.write_version(space.office.next(issued="2026-06-07T10:00:00Z", signers=entries))
    status.refresh(issuer(space, "ben", 7))
    said = space.command("status", "show", person=None, json_output=False).out
    assert "Still suspended, lifted by a key that could not lift it: lock" in said
    assert "Lifted:" not in said
    assert "Does not count as fulfilled: condition action-1" in said
    assert "stolen" in said
    told = space.answer("status", "show", person=None)
    assert [mark["why"] for mark in told["still_suspended"]] == ["being looked at"]
    assert [done["condition"] for done in told["discharged_in_vain"]] == ["action-1"]
    with pytest.raises(BadInput, match="could not lift it"):
        status.lift(issuer(space, "ben", 8), str(space.locks[0]), why="it was a mistake")


def test_damaged_locks_do_not_keep_anybody_from_revoking(space: Space, run: Path) -> None:
    (space.locks[0].parent / "junk").write_text("x")
    heard: list[str] = []
    status.revoke(issuer(space, notice=heard.append), str(run), why="w")
    assert any("junk" in text for text in heard)


def test_an_interrupted_change_is_put_right_by_the_next(space: Space, run: Path) -> None:
    status.refresh(issuer(space))
    published = (space.root / "sign-off" / "status.json").read_bytes()
    status.revoke(issuer(space, day=4), str(run), why="w")
    (space.root / "sign-off" / "status.json").write_bytes(published)  # as if it had stopped before the last write
    assert [code for code, _ in read(space).problems] == [12]
    status.refresh(issuer(space, day=5))
    assert read(space).problems == ()
    assert read(space).revoked(sha256_file(run / "evidence.json")) is not None


def test_of_two_who_issue_the_same_version_the_slower_is_told(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    real = atomic.new_file

    def slower(path: Path, data: bytes) -> None:
        monkeypatch.setattr(status_desk, "new_file", real)
        status.refresh(issuer(space, "cy"))
        real(path, data)

    monkeypatch.setattr(status_desk, "new_file", slower)
    with pytest.raises(BadInput, match="somebody else has issued version 1"):
        status.refresh(issuer(space, "ada"))
    found = read(space)
    assert found.problems == ()
    assert found.predicate is not None
    assert found.predicate.author.person == "cy"


def test_whoever_publishes_last_publishes_the_highest(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process issues the next version between our version and our status.json."""
    real = atomic.write_bytes

    def slower(path: Path, data: bytes) -> None:
        monkeypatch.setattr(status_desk, "write_bytes", real)
        status.refresh(issuer(space, "cy", 4))
        real(path, data)

    monkeypatch.setattr(status_desk, "write_bytes", slower)
    status.refresh(issuer(space, "ada", 3))
    found = read(space)
    assert found.problems == ()
    assert found.predicate is not None
    assert found.predicate.version == 2


def test_a_clock_behind_the_last_list_is_refused(space: Space) -> None:
    status.refresh(issuer(space, day=5))
    with pytest.raises(BadInput, match="clock"):
        status.refresh(issuer(space, day=4))


def test_an_old_list_is_shown_as_out_of_date(space: Space) -> None:
    status.refresh(issuer(space))
    done = space.command("status", "show", person=None, json_output=False)
    assert "OUT OF DATE" in done.out
    assert json.loads(space.command("status", "show", person=None).out)["out_of_date"]
