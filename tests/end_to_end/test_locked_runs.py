"""Runs under a lock: judged at the level of their attempt, their result signed, and refused before the model runs where it is in vain."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import signing
from command import evalharness
from locking import BEGIN, Space

from evalharness.digests import sha256_bytes, sha256_file
from evalharness.errors import Altered, BadInput, Fault, MissingSignOff
from evalharness.evidence.store import read_run
from evalharness.records.attempt import attempt_level
from evalharness.signoff.results import RESULT_FILE, read_result, result_problems
from evalharness.workflows import evaluate as workflow
from evalharness.workflows import status
from evalharness.workflows.signing import KeyGiven
from evalharness.workflows.status_desk import Issuer
from evalharness.workflows.verify import verify_run

LOCK = ("lock", "--policy", "small", "--model", "vendor")
EVALUATE = ("evaluate", "--policy", "small", "--model", "vendor")


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return Space(tmp_path)


@pytest.fixture
def never_runs(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model must not be run."""

    def run(*args: object) -> None:
        raise Fault("the model ran")

    monkeypatch.setattr(workflow, "count", run)


def runs(space: Space) -> list[Path]:
    return [path for path in space.files.reports.iterdir() if path != space.practice]


def test_the_commands_lead_to_a_signed_result_and_say_which_lock_was_used(space: Space) -> None:
    lock = space.answer(*LOCK)
    done = space.command(*EVALUATE, "--lock", lock["lock"], json_output=False)
    assert done.code == 0, done.err
    assert lock["digest"] in done.out
    assert "attempt 1 of small/a-supplier" in done.out
    assert "96.960364 % certainty" in done.out
    (folder,) = runs(space)
    assert verify_run(folder, workspace=space.root).problems == ()


def test_the_evidence_is_judged_at_the_level_of_the_attempt(space: Space) -> None:
    for number in (1, 2):
        locked = space.lock(2 * number)
        run = space.run(locked.path, 2 * number + 1)
        level = attempt_level(0.95, number)
        assert run.evidence["lock"] == {"attempt": number, "campaign": "small/a-supplier", "digest": locked.digest, "level": level}
        assert {finding.level for finding in run.findings} == {level}
        assert {estimate["level"] for estimate in run.evidence["estimates"]} == {level}
        assert run.attempt is not None


def test_a_practice_run_has_neither_lock_nor_statement(space: Space) -> None:
    evidence = json.loads((space.practice / "evidence.json").read_text())
    assert "lock" not in evidence
    assert not (space.practice / "statements").exists()
    done = evalharness(*EVALUATE, "--workspace", space.root)
    assert "Practice run" in done.out


def test_the_result_names_everything_it_rests_on(space: Space) -> None:
    locked = space.lock()
    folder = space.run(locked.path, person="ben").folder
    run = read_run(folder)
    assert run.problems == ()
    assert list(run.statements) == [RESULT_FILE]
    signed = read_result(run.statements[RESULT_FILE])
    told = signed.predicate
    assert result_problems(signed, run.evidence, sha256_bytes(run.files["SHA256SUMS"])) == ()
    assert told.evalharness.sums == sha256_file(folder / "SHA256SUMS")
    assert told.evalharness.lock == locked.digest
    assert told.evalharness.author.person == "ben"
    assert told.evalharness.author.created >= run.evidence.created
    assert {r.digest.sha256 for r in told.configuration} == {
        digest.removeprefix("sha256:") for digest in (run.evidence.policy.digest, run.evidence.benchmark.digest, locked.digest)
    }
    assert (told.result, told.passedTests) == ("PASSED", ("recall", "no-answer"))


def test_a_result_that_fails_is_signed_all_the_same(space: Space) -> None:
    document = {**space.files.document, "requirements": [{"id": "recall", "metric": "recall", "at_least": 0.999, "why": "w"}]}
    space.files.write_policy(document)
    run = space.run(space.lock().path)
    told = read_result((run.folder / "statements" / RESULT_FILE).read_bytes()).predicate
    assert (told.result, told.failedTests) == ("FAILED", ("recall",))


@pytest.mark.usefixtures("never_runs")
class TestRefusedBeforeTheModelRuns:
    def refused(self, space: Space, lock: Path, said: str, *, error: type[Exception] = BadInput, **options: Any) -> None:
        with pytest.raises(error, match=said):
            space.run(lock, **options)
        assert runs(space) == []

    def test_the_fixture_notices_a_model_that_runs(self, space: Space) -> None:
        with pytest.raises(Fault, match="the model ran"):
            space.run(space.lock().path)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("policy", "another text of the policy"),
            ("version", "another version of the policy"),
            ("threshold", "another threshold"),
            ("stream", "another stream"),
            ("card", "another text of the model card"),
            ("artefact", "another artefact of the model"),
            ("benchmark", "another content of the benchmark"),
            ("supplier", "another supplier"),
        ],
    )
    def test_a_lock_for_other_files(self, space: Space, change: str, said: str) -> None:
        lock = space.lock().path
        document = space.files.document
        match change:
            case "policy":
                space.files.write_policy({**document, "title": "Another title"})
            case "version":
                space.files.write_policy({**document, "version": 2})
            case "threshold":
                space.files.write_policy({**document, "operating_point": {"threshold": 0.6}})
            case "stream":
                space.files.write_policy({**document, "stream": "elsewhere"})
            case "card":
                space.files.write_card(version="2")
            case "artefact":
                space.files.predictions.write_text(space.files.predictions.read_text() + "\n")
                space.files.write_card()
            case "benchmark":
                space.files.write_table(space.files.rows.drop(columns="score").iloc[:-1])
            case _:
                space.files.write_card(supplier="somebody else")
        self.refused(space, lock, said)

    def test_every_difference_is_told_at_once(self, space: Space) -> None:
        lock = space.lock().path
        space.files.write_policy({**space.files.document, "version": 2, "operating_point": {"threshold": 0.6}})
        with pytest.raises(BadInput) as caught:
            space.run(lock)
        assert {p.what for p in caught.value.problems} == {
            "the lock is for another version of the policy",
            "the lock is for another text of the policy",
            "the lock is for another threshold",
        }
        point = next(p for p in caught.value.problems if "threshold" in p.what)
        assert (point.got, point.expected) == ("0.6", "0.5")
        assert "one more attempt" in point.hint

    def test_a_lock_younger_than_the_run(self, space: Space) -> None:
        lock = space.lock(5).path
        self.refused(space, lock, "older than its lock", day=6, at=BEGIN + timedelta(days=4))

    def test_a_run_dated_in_the_future(self, space: Space) -> None:
        self.refused(space, space.lock().path, "dated in the future", day=1, at=BEGIN + timedelta(days=2))

    def test_a_lock_by_somebody_without_the_role(self, space: Space) -> None:
        lock = space.lock().path
        office = space.office
        authority = signing.AUTHORITY.model_copy(update={"lock": ("senior_responsible_owner",)})
        office.write_version(office.next(authority=authority))
        self.refused(space, lock, "independent_evaluator may not sign this")

    def test_a_lock_with_one_changed_byte(self, space: Space) -> None:
        lock = space.lock().path
        data = bytearray(lock.read_bytes())
        data[-20] ^= 1
        lock.write_bytes(bytes(data))
        self.refused(space, lock, lock.name, error=Altered)

    def test_a_lock_that_is_absent_or_no_plain_file(self, space: Space, tmp_path: Path) -> None:
        lock = space.lock().path
        self.refused(space, tmp_path / "none.json", "cannot be read")
        (tmp_path / "link.json").symlink_to(lock)
        self.refused(space, tmp_path / "link.json", "link")
        self.refused(space, tmp_path, "folder")

    def test_a_lock_that_is_not_where_the_gate_looks(self, space: Space, tmp_path: Path) -> None:
        lock = space.lock().path
        moved = tmp_path / lock.name
        shutil.move(lock, moved)
        self.refused(space, moved, "not among those of the workspace")

    def test_a_copy_of_the_lock_elsewhere_is_the_same_lock(self, space: Space, tmp_path: Path) -> None:
        lock = space.lock().path
        copy = shutil.copy(lock, tmp_path / "copy.json")
        with pytest.raises(Fault, match="the model ran"):
            space.run(Path(copy))

    def test_a_lock_whose_predecessor_is_gone(self, space: Space) -> None:
        first = space.lock()
        space.files.write_card(version="2")
        second = space.lock(1)
        first.path.unlink()
        self.refused(space, second.path, "a lock of the campaign is missing", day=2)

    def test_a_revoked_and_a_suspended_lock(self, space: Space) -> None:
        lock = space.lock().path
        issuer = Issuer(key=space.key("ada"), workspace=space.root, now=BEGIN)
        status.suspend(issuer, str(lock), why="being looked at")
        self.refused(space, lock, "being looked at")
        status.revoke(issuer, str(lock), why="wrong threshold")
        self.refused(space, lock, "wrong threshold")

    def test_an_altered_status_list(self, space: Space) -> None:
        lock = space.lock().path
        (space.root / "sign-off" / "status.json").write_text("{}")
        self.refused(space, lock, "status.json", error=Altered)

    def test_no_register(self, space: Space) -> None:
        lock = space.lock().path
        (space.root / "sign-off" / "root.txt").unlink()
        self.refused(space, lock, "root.txt", error=MissingSignOff)

    @pytest.mark.parametrize(
        ("person", "role", "said"),
        [("cy", None, "no role that may sign"), ("ben", "safeguarding", "no such role"), ("root-a", None, "is not in")],
    )
    def test_a_key_that_may_not_sign_test_results(self, space: Space, person: str, role: str | None, said: str) -> None:
        self.refused(space, space.lock().path, said, person=person, role=role)

    def test_the_passphrase_is_asked_before_anything_long(self, space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []

        def wrong(name: str) -> bytes:
            asked.append(name)
            return b"not the passphrase"

        def long(*args: object) -> None:
            raise Fault("the benchmark was read")

        lock = space.lock().path
        monkeypatch.setattr(workflow, "read_inputs", long)
        self.refused(space, lock, "passphrase is wrong", key=space.key("ben", wrong))
        assert asked == [str(space.office.key("ben"))]

    def test_a_signer_of_the_team_or_the_supplier(self, space: Space) -> None:
        space.files.write_card(team=["ada"])
        self.refused(space, space.lock().path, "belongs to the team", key=self._of_ada(space))

    def _of_ada(self, space: Space) -> KeyGiven:
        authority = signing.AUTHORITY.model_copy(update={"test_result": ("independent_evaluator", "senior_responsible_owner")})
        space.office.write_version(space.office.next(authority=authority))
        return space.key("ada")


def test_a_lock_is_used_once(space: Space) -> None:
    lock = space.lock().path
    first = space.run(lock)
    with pytest.raises(BadInput, match="has been used") as caught:
        space.run(lock, 2)
    assert first.folder.name in str(caught.value)
    (first.folder / "evidence.json").write_bytes((first.folder / "evidence.json").read_bytes()[:-30])  # damaged, it is still a use
    with pytest.raises(BadInput, match="has been used"):
        space.run(lock, 2)
    (first.folder / "evidence.json").unlink()
    with pytest.raises(BadInput, match="has been used"):
        space.run(lock, 2)


def test_a_lock_used_while_the_model_ran_is_noticed(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, real = space.lock().path, workflow.count

    def slow(*args: Any) -> Any:
        monkeypatch.setattr(workflow, "count", real)
        space.run(lock)
        return real(*args)

    monkeypatch.setattr(workflow, "count", slow)
    with pytest.raises(BadInput, match="has been used"):
        space.run(lock, 2)
    assert len(runs(space)) == 1


def test_a_run_that_crashes_leaves_nothing_and_its_lock_unused(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, real = space.lock().path, workflow.write_run

    def crash(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workflow, "write_run", crash)
    with pytest.raises(KeyboardInterrupt):
        space.run(lock)
    assert runs(space) == []
    monkeypatch.setattr(workflow, "write_run", real)
    space.run(lock, 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lock", "x.json"), "needs a key"),
        (("--key", "x.pem"), "--lock FILE as well"),
        (("--role", "independent_evaluator"), "--lock FILE as well"),
        (("--passphrase-env", "X"), "--lock FILE as well"),
    ],
)
def test_options_that_belong_together_are_asked_together(space: Space, words: tuple[str, ...], said: str) -> None:
    code, found = space.problems(*EVALUATE, *words, person=None)
    assert code == 2
    assert said in found


def test_a_lock_of_yesterday_refuses_a_run_of_the_day_before_on_the_command_line(space: Space) -> None:
    lock = space.answer(*LOCK)
    code, said = space.problems(*EVALUATE, "--lock", lock["lock"], "--at", "2020-01-01T00:00:00Z")
    assert code == 2
    assert "older than its lock" in said
    assert lock["author"]["created"] in said


def test_the_signature_carries_the_clock_whatever_the_run_is_dated(space: Space) -> None:
    locked = space.lock()
    run = space.run(locked.path, day=5, at=BEGIN + timedelta(days=1))
    told = read_result((run.folder / "statements" / RESULT_FILE).read_bytes()).predicate
    assert run.evidence["created"] == "2026-06-02T09:00:00Z"
    assert told.evalharness.author.created == "2026-06-06T09:00:00Z"
    assert datetime(2026, 6, 6, 9, tzinfo=UTC) == BEGIN + timedelta(days=5)
