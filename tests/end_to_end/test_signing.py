"""Signing from end to end: what verify, sign, the decision page, the status list and the gate make of one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import signing
from signing_desk import NOW, Desk, key

from evalharness.errors import Altered, BadInput, EvalharnessError, MissingSignOff
from evalharness.evidence.store import SUMS_FILE, read_run
from evalharness.files.workspace import Workspace
from evalharness.signoff.predicates import KeyRevocation
from evalharness.workflows import gate as gate_module
from evalharness.workflows import status
from evalharness.workflows.decision_pages import redraw_all, write_decision_pages
from evalharness.workflows.decisions import sign_run
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.gate import gate
from evalharness.workflows.signing_answers import Answers
from evalharness.workflows.status_desk import Issuer
from evalharness.workflows.verify import verify_run

WAIT = Answers(why="Wait.")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk.open(tmp_path_factory.mktemp("desk") / "w")


@pytest.fixture(scope="module")
def agreed(made: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Everybody has approved."""
    desk = made.copy(tmp_path_factory.mktemp("agreed") / "w")
    desk.approve_all()
    return desk


@pytest.fixture
def desk(agreed: Desk, tmp_path: Path) -> Desk:
    return agreed.copy(tmp_path / "w")


@pytest.fixture
def unsigned(made: Desk, tmp_path: Path) -> Desk:
    return made.copy(tmp_path / "w")


def issuer(desk: Desk, minutes: int = 100) -> Issuer:
    return Issuer(key=key(desk.office, "ben"), workspace=desk.root, now=NOW + timedelta(minutes=minutes))


def answer(desk: Desk, monkeypatch: pytest.MonkeyPatch, minutes: int = 120) -> tuple[int, list[str]]:
    """What the gate says at that time."""
    monkeypatch.setattr(gate_module, "clock_now", lambda: NOW + timedelta(minutes=minutes))
    decision = gate("small", "vendor", workspace=desk.root)
    return decision.code, [reason.text for reason in decision.reasons]


def statement(desk: Desk, person: str) -> Path:
    return next(path for path in (desk.run / "statements").iterdir() if f"-{person}-" in path.name)


def problems(desk: Desk) -> tuple[str, ...]:
    return verify_run(desk.run, workspace=desk.root).problems


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_a_run_that_everybody_signed_is_whole_and_its_report_never_changed(made: Desk, desk: Desk) -> None:
    result = verify_run(desk.run, workspace=desk.root)
    assert result.problems == ()
    assert "every statement is signed by whom it names, by the register of signers" in result.checked
    assert read_run(desk.run).files == read_run(made.run).files


def test_the_gate_and_the_page_agree_that_it_is_approved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    status.refresh(issuer(desk))
    assert answer(desk, monkeypatch) == (0, [])
    assert "Approved for REHEARSAL by ada" in desk.page()


def test_one_person_s_later_objection_takes_the_approval_away_from_gate_and_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    status.refresh(issuer(desk))
    desk.sign("cy", "dissent", Answers(why="I was wrong."))
    assert answer(desk, monkeypatch)[0] == 12
    assert "Not approved" in desk.page()
    assert "I was wrong." in desk.page()


@pytest.mark.parametrize("what", ["run", "statement", "lock", "policy", "model"])
def test_a_revocation_is_on_the_page_at_once_and_the_page_still_verifies(desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    status.refresh(issuer(desk, 100))
    rests_on = {"run": desk.run, "statement": statement(desk, "ada"), "lock": locks(desk), "policy": desk.root / "policies" / "small.yaml"}
    target = rests_on.get(what, desk.root / "model_cards" / "predictions.csv")
    status.revoke(issuer(desk, 101), str(target), why="A mistake was found.")
    assert "REVOKED" in desk.page()
    assert "Not approved" in desk.page()
    assert problems(desk) == ()
    assert answer(desk, monkeypatch)[0] == 12


def test_nothing_is_approved_once_the_run_was_revoked(unsigned: Desk) -> None:
    status.revoke(issuer(unsigned, 3), str(unsigned.run), why="A mistake was found.")
    with pytest.raises(BadInput, match="the whole run was revoked"):
        unsigned.sign("ben", "approve", unsigned.answers(absences={"victims_advocate": "There is none."}))
    assert unsigned.sign("cy", "reject", Answers(why="It was revoked.")).against == ()


def test_a_suspension_that_is_lifted_leaves_the_page_as_it_was(desk: Desk) -> None:
    status.refresh(issuer(desk, 100))
    before = {kind: desk.page(kind) for kind in ("html", "md", "json")}
    status.suspend(issuer(desk, 101), str(desk.run), why="To be looked at.")
    assert "SUSPENDED" in desk.page()
    status.lift(issuer(desk, 102), str(desk.run), why="it was a mistake")
    assert {kind: desk.page(kind) for kind in ("html", "md", "json")} == before


def test_a_fresh_status_list_changes_no_page(desk: Desk) -> None:
    before = desk.page("html")
    status.refresh(issuer(desk, 100))
    status.refresh(issuer(desk, 200))
    assert desk.page("html") == before
    assert problems(desk) == ()


def test_a_revoked_key_takes_its_decisions_off_the_page_when_it_is_drawn_anew(desk: Desk) -> None:
    stolen = {"revoked": KeyRevocation(on="2026-11-23T00:00:00Z", why="Stolen.")}
    entries = tuple(e.model_copy(update=stolen) if e.person == "cy" else e for e in desk.office.entries())
    desk.office.write_version(desk.office.next(signers=entries))
    assert any("decision.html: not what" in text for text in problems(desk))
    redraw_all(Workspace(desk.root))
    assert problems(desk) == ()
    assert "Not approved: 1 of 3 seats is open" in desk.page()


def test_with_the_key_of_whoever_carries_the_risk_every_approval_goes(desk: Desk) -> None:
    stolen = {"revoked": KeyRevocation(on="2026-11-23T00:00:00Z", why="Stolen.")}
    entries = tuple(e.model_copy(update=stolen) if e.person == "ada" else e for e in desk.office.entries())
    desk.office.write_version(desk.office.next(signers=entries))
    redraw_all(Workspace(desk.root))
    assert "Not approved: 3 of 3 seats are open" in desk.page()


@pytest.mark.parametrize("kind", ["html", "md", "json"])
@pytest.mark.parametrize("how", ["edited", "gone"])
def test_a_page_that_is_not_what_the_statements_give_is_seen(desk: Desk, kind: str, how: str) -> None:
    path = desk.run / f"decision.{kind}"
    if how == "gone":
        path.unlink()
    else:
        path.write_text(path.read_text(encoding="utf-8").replace("rehearsal", "pilot").replace("REHEARSAL", "PILOT"), encoding="utf-8")
    assert [text.partition(":")[0] for text in problems(desk)] == [f"decision.{kind}"]
    with pytest.raises(Altered):
        desk.sign("cy", "defer", WAIT)


@pytest.mark.parametrize("person", ["ada", "ben", "cy", "eve"])
def test_a_changed_statement_is_seen(desk: Desk, person: str) -> None:
    flip(statement(desk, person))
    assert any(text.startswith("statements/") for text in problems(desk))
    with pytest.raises(Altered):
        desk.sign("cy", "defer", WAIT)


@pytest.mark.parametrize("person", ["eve", "ben", "cy"])
def test_a_statement_that_others_saw_cannot_be_taken_away(desk: Desk, person: str) -> None:
    statement(desk, person).unlink()
    assert any("are gone" in text for text in problems(desk))


def test_pages_without_any_statement_are_seen(desk: Desk) -> None:
    for path in (desk.run / "statements").iterdir():
        path.unlink()
    assert len(problems(desk)) == 3


def test_a_copy_without_a_register_says_that_no_signature_was_checked(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    result = verify_run(desk.run, workspace=elsewhere)
    assert result.problems == ()
    assert any("signatures were not checked" in text for text in result.checked)


def test_a_card_that_changed_later_alters_no_page(desk: Desk) -> None:
    card = desk.root / "model_cards" / "vendor.md"
    card.write_text(card.read_text(encoding="utf-8") + "\nA new paragraph.\n", encoding="utf-8")
    assert problems(desk) == ()


def locks(desk: Desk) -> Path:
    return next((desk.root / "sign-off" / "locks").iterdir())


def without_register(desk: Desk) -> None:
    for path in (desk.root / "sign-off" / "signers").iterdir():
        path.unlink()


def with_a_wrong_status_list(desk: Desk) -> None:
    status.refresh(issuer(desk, 3))
    flip(desk.root / "sign-off" / "status.json")


def with_another_card(desk: Desk) -> None:
    card = desk.root / "model_cards" / "vendor.md"
    card.write_text(card.read_text(encoding="utf-8") + "\nA new paragraph.\n", encoding="utf-8")


def with_a_revoked_lock(desk: Desk) -> None:
    status.revoke(issuer(desk, 3), str(locks(desk)), why="Too early.")


BROKEN: dict[str, tuple[Callable[[Desk], object], type[EvalharnessError]]] = {
    "no register": (without_register, MissingSignOff),
    "another root": (lambda d: (d.root / "sign-off" / "root.txt").write_text("sha256:" + "0" * 64 + "\n"), MissingSignOff),
    "an edited register": (lambda d: flip(d.root / "sign-off" / "signers.yaml"), Altered),
    "no lock": (lambda d: locks(d).unlink(), MissingSignOff),
    "an altered lock": (lambda d: flip(locks(d)), (MissingSignOff, Altered)),  # type: ignore[dict-item]
    "a revoked lock": (with_a_revoked_lock, MissingSignOff),
    "no test result": (lambda d: (d.run / "statements" / "test-result.dsse.json").unlink(), MissingSignOff),
    "an altered test result": (lambda d: flip(d.run / "statements" / "test-result.dsse.json"), Altered),
    "an altered report": (lambda d: flip(d.run / "report.html"), Altered),
    "altered evidence": (lambda d: flip(d.run / "evidence.json"), Altered),
    "altered sums": (lambda d: flip(d.run / SUMS_FILE), Altered),
    "a wrong status list": (with_a_wrong_status_list, Altered),
    "another card": (with_another_card, BadInput),
    "a stranger among the statements": (lambda d: (d.run / "statements" / "x.dsse.json").write_bytes(b"{}"), Altered),
}


@pytest.mark.parametrize("what", BROKEN)
def test_nothing_is_signed_where_anything_it_rests_on_is_missing_or_altered(unsigned: Desk, what: str) -> None:
    damage, error = BROKEN[what]
    damage(unsigned)
    before = sorted(path.name for path in unsigned.run.rglob("*"))
    with pytest.raises(error):
        unsigned.sign("cy", "defer", WAIT)
    assert sorted(path.name for path in unsigned.run.rglob("*")) == before


def test_a_practice_run_can_never_be_signed(unsigned: Desk) -> None:
    run = evaluate("small", "vendor", workspace=unsigned.root, at=NOW, out=unsigned.root / "reports" / "practice")
    practice = replace(unsigned, run=run.folder)
    with pytest.raises(MissingSignOff, match="practice run"):
        practice.sign("cy", "defer", WAIT)


def test_a_test_result_by_somebody_without_the_right_to_it_stops_every_signature(unsigned: Desk) -> None:
    nobody = signing.AUTHORITY.model_copy(update={"test_result": ("data_protection",)})
    unsigned.office.write_version(unsigned.office.next(authority=nobody))
    with pytest.raises(MissingSignOff, match="the test result: the role independent_evaluator may not sign this"):
        unsigned.sign("cy", "defer", WAIT)


def test_rehearsal_keys_sign_a_rehearsal_and_the_statement_says_under_which_register(unsigned: Desk) -> None:
    done = unsigned.sign("cy", "defer", WAIT)
    assert done.predicate.claim == "rehearsal"
    assert done.predicate.author.signers == unsigned.office.register().ref


def test_nobody_agreeing_signs_nothing(unsigned: Desk) -> None:
    with pytest.raises(BadInput, match="nobody agreed"):
        sign_run(
            unsigned.run, "defer", WAIT, key=key(unsigned.office, "cy"), workspace=unsigned.root, now=NOW + timedelta(minutes=9),
            agree=lambda _, decision: decision.decision != "defer",
        )  # fmt: skip
    assert len(list((unsigned.run / "statements").iterdir())) == 1


@pytest.mark.parametrize("swapped", ["evidence.json", "report.html", "statements/test-result.dsse.json"])
def test_a_run_swapped_between_showing_and_signing_is_not_signed(unsigned: Desk, swapped: str) -> None:
    def agree(*_: object) -> bool:
        flip(unsigned.run / swapped)
        return True

    now = NOW + timedelta(minutes=9)
    with pytest.raises(Altered):
        sign_run(unsigned.run, "defer", WAIT, key=key(unsigned.office, "cy"), workspace=unsigned.root, now=now, agree=agree)
    assert len(list((unsigned.run / "statements").iterdir())) == 1


def test_a_signer_names_the_status_list_that_was_there(unsigned: Desk) -> None:
    assert unsigned.sign("cy", "defer", WAIT).predicate.status is None
    status.refresh(issuer(unsigned, 50))
    unsigned.minutes = 60
    named = unsigned.sign("cy", "defer", WAIT).predicate.status
    assert named is not None
    assert named.version == 1


def test_an_approval_that_begins_later_counts_from_then(unsigned: Desk) -> None:
    later = unsigned.answers(valid_from="2026-11-25T00:00:00Z", absences={"victims_advocate": "There is none."})
    assert unsigned.sign("ben", "approve", later).against == ("it holds only from 2026-11-25T00:00:00Z",)
    assert "Not approved: 3 of 3 seats are open" in unsigned.page()


def test_a_run_without_statements_has_no_page(unsigned: Desk) -> None:
    (unsigned.run / "statements" / "test-result.dsse.json").unlink()
    assert write_decision_pages(unsigned.run, Workspace(unsigned.root)) == ()
    assert not (unsigned.run / "decision.html").exists()
