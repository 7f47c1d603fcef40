"""`evalharness lock`, and what it refuses."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import signing
import yaml_text
from locking import BEGIN, Space

from evalharness.errors import Altered, BadInput
from evalharness.files import atomic
from evalharness.files.yaml import read_yaml
from evalharness.records.attempt import attempt_level
from evalharness.signoff.envelope import read_statement
from evalharness.signoff.predicates import LockPredicate
from evalharness.workflows import lock as workflow
from evalharness.workflows import status
from evalharness.workflows.status_desk import Issuer

LOCK = ("lock", "--policy", "small", "--model", "vendor")


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return Space(tmp_path)


def test_a_lock_says_in_words_what_is_fixed_which_attempt_it_is_and_why_it_is_stricter(space: Space) -> None:
    done = space.command(*LOCK, json_output=False)
    assert done.code == 0, done.err
    for words in (
        "LOCKED by ben as independent evaluator",
        "policy     small, version 1",
        "benchmark  small, 600 rows",
        "score of at least 0.5",
        "Attempt 1 of the campaign small/a-supplier (the first)",
        "96.96 % certainty instead of the policy's 95 %",
        "passes once by luck",
        "Next: evaluate once",
        "counts as failed",
    ):
        assert words in done.out, words


def test_the_file_is_a_statement_about_the_actual_files(space: Space) -> None:
    told = space.answer(*LOCK)
    (path,) = space.locks
    signed = read_statement(path.read_bytes(), path.name)
    lock: LockPredicate = signed.predicate
    assert told["digest"] == signed.digest
    assert told["lock"] == str(path)
    assert (lock.attempt, lock.previous, lock.claim, lock.supplier) == (1, None, "rehearsal", "a supplier")
    evidence = json.loads((space.practice / "evidence.json").read_text())
    for part in ("policy", "benchmark", "model"):
        assert getattr(lock, part).digest == evidence[part]["digest"]
    assert lock.model.card == evidence["model"]["card"]
    assert (lock.operating_point.threshold, lock.operating_point.stream) == ("0.5", "synthetic")


def test_a_lock_like_an_unused_one_is_refused_and_the_unused_one_named(space: Space) -> None:
    space.answer(*LOCK)
    code, said = space.problems(*LOCK)
    assert code == 2
    assert "no run has used it" in said
    assert space.locks[0].name in said
    assert len(space.locks) == 1


def test_no_attempt_is_spent_where_nothing_says_to_which_band_an_item_belongs(space: Space) -> None:
    path = space.root / "datasets_synthetic" / "small" / "benchmark.yaml"
    declared = read_yaml(path).data
    path.write_text(yaml_text.dump({**declared, "task": "risk", "levels": ["low", "high"]}))
    code, said = space.problems(*LOCK)
    assert code == 2
    assert "nothing says to which band each item truly belongs" in said
    assert "add a column with the true band" in said
    assert space.locks == []


def test_a_used_lock_leads_to_the_next_attempt_which_follows_it(space: Space) -> None:
    first = space.lock()
    space.run(first.path)
    second = space.lock(2)
    assert (second.predicate.attempt, second.predicate.previous, second.earlier) == (2, first.digest, 1)
    assert float(second.predicate.level) > float(first.predicate.level)


def test_another_lock_says_which_run_it_puts_out_of_force(space: Space) -> None:
    space.run(space.lock().path)
    done = space.command(*LOCK, json_output=False)
    assert done.code == 0, done.err
    assert "is attempt 1 of exactly this. From now on the gate asks for attempt 2" in done.err


def test_a_revoked_unused_lock_may_be_replaced_and_still_counts(space: Space) -> None:
    first = space.lock()
    issuer = Issuer(key=space.key("ada"), workspace=space.root, now=BEGIN + timedelta(days=1))
    status.revoke(issuer, str(first.path), why="a wrong threshold was agreed")
    assert space.lock(2).predicate.attempt == 2


def test_another_version_of_the_policy_or_another_model_is_one_more_attempt(space: Space) -> None:
    space.lock()
    space.files.write_policy({**space.files.document, "version": 2})
    assert space.lock(1).predicate.attempt == 2
    space.files.write_card(version="2")
    assert space.lock(2).predicate.attempt == 3


@pytest.mark.parametrize("supplier", ["A SUPPLIER", "a suppl1er", "A Supplier Ltd.", "a-supplier"])
def test_a_supplier_spelt_otherwise_does_not_reset_the_count(space: Space, supplier: str) -> None:
    first = space.lock()
    space.files.write_card(supplier=supplier)
    second = space.lock(1)
    assert (second.predicate.attempt, second.predicate.campaign) == (2, first.predicate.campaign)


def test_naming_a_campaign_does_not_reset_the_count(space: Space) -> None:
    space.lock()
    space.files.write_policy({**space.files.document, "version": 2})
    heard: list[str] = []
    again = space.lock(1, campaign="fresh-start", notice=heard.append)
    assert (again.predicate.attempt, again.predicate.campaign) == (2, "small/a-supplier")
    assert any("its attempts go on" in text for text in heard)


def test_a_named_campaign_counts_over_policies(space: Space) -> None:
    space.lock(campaign="autumn")
    other = {**space.files.document, "name": "other"}
    (space.root / "policies" / "other.yaml").write_text(yaml_text.dump(other))
    key = space.key("ben")
    second = workflow.lock("other", "vendor", key=key, campaign="autumn", workspace=space.root, now=BEGIN + timedelta(days=1))
    assert (second.predicate.attempt, second.predicate.campaign) == (2, "autumn")
    third = workflow.lock("other", "vendor", key=key, workspace=space.root, now=BEGIN + timedelta(days=2), **_changed(space))
    assert (third.predicate.attempt, third.predicate.campaign) == (3, "autumn")


def _changed(space: Space) -> dict[str, Any]:
    space.files.write_card(version="3")
    return {}


def test_a_policy_of_another_name_begins_a_campaign_of_its_own(space: Space) -> None:
    space.lock()
    (space.root / "policies" / "other.yaml").write_text(yaml_text.dump({**space.files.document, "name": "other"}))
    assert workflow.lock("other", "vendor", key=space.key("ben"), workspace=space.root, now=BEGIN).predicate.attempt == 1


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"supplier": ""}, "supplier"),
        ({"team": []}, "nobody of the team"),
        ({"supplier": "Аcme"}, "alphabets"),
        ({"team": ["ben"]}, "belongs to the team"),
        ({"team": ["Ben "]}, "belongs to the team"),
        ({"supplier": "Example Force"}, "works for the supplier"),
        ({"supplier": "Force"}, "works for the supplier"),
    ],
)
def test_cards_that_say_too_little_or_too_much_are_refused(space: Space, card: dict[str, Any], said: str) -> None:
    space.files.write_card(**card)
    code, words = space.problems(*LOCK)
    assert code == 2
    assert said in words
    assert space.locks == []


def test_developers_may_lock_where_the_policy_lets_them_sign(space: Space) -> None:
    space.files.write_card(team=["ben"])
    sign_off = {**space.files.document["sign_off"], "developers_may_not_sign": False}
    space.files.write_policy({**space.files.document, "sign_off": sign_off})
    assert space.lock().predicate.author.person == "ben"


def test_a_model_without_a_card_is_refused(space: Space) -> None:
    code, said = space.problems("lock", "--policy", "small", "--model", f"predictions:{space.files.predictions}")
    assert code == 2
    assert "no card" in said


def test_a_benchmark_without_a_manifest_is_refused_and_none_is_written(space: Space) -> None:
    manifest = space.files.benchmark / "manifest.json"
    manifest.unlink()
    code, said = space.problems(*LOCK)
    assert code == 2
    assert "no manifest" in said
    assert not manifest.exists()


def test_items_other_than_those_of_the_manifest_are_refused(space: Space) -> None:
    space.files.write_table(space.files.rows.drop(columns="score").iloc[:-1])
    code, said = space.problems(*LOCK)
    assert code == 2
    assert "not those that count" in said


def test_another_benchmark_than_the_policy_s_is_refused(space: Space) -> None:
    other = space.root / "datasets_synthetic" / "other"
    other.mkdir()
    for name in ("benchmark.yaml", "items.csv", "manifest.json"):
        (other / name).write_bytes((space.files.benchmark / name).read_bytes())
    code, said = space.problems(*LOCK, "--benchmark", other)
    assert code == 2
    assert "another benchmark than the policy's" in said


def test_what_could_never_run_spends_no_attempt(space: Space) -> None:
    space.files.predictions.write_text(space.files.predictions.read_text() + "\n")
    code, said = space.problems(*LOCK)
    assert code == 2
    assert "not the one that the card describes" in said
    assert space.locks == []


@pytest.mark.parametrize(
    ("person", "words", "said"),
    [
        ("cy", (), "no role that may sign this"),
        ("ben", ("--role", "data_protection"), "no such role"),
        ("root-a", (), "not in the register"),
    ],
)
def test_somebody_without_the_role_is_refused(space: Space, person: str, words: tuple[str, ...], said: str) -> None:
    code, found = space.problems(*LOCK, *words, person=person)
    assert code == 2
    assert said in found
    assert space.locks == []


def test_without_a_register_it_is_twelve(space: Space) -> None:
    (space.root / "sign-off" / "signers" / "0001.dsse.json").unlink()
    assert space.problems(*LOCK)[0] == 12


@pytest.mark.parametrize("damage", ["flip", "delete", "strange"])
def test_a_damaged_chain_of_locks_is_thirteen_and_nothing_is_counted_anew(space: Space, damage: str) -> None:
    first = space.lock()
    space.run(first.path)
    space.run(space.lock(2).path, 3)
    if damage == "flip":
        data = bytearray(first.path.read_bytes())
        data[100] ^= 1
        first.path.write_bytes(bytes(data))
    elif damage == "delete":
        first.path.unlink()
    else:
        (first.path.parent / "note.txt").write_text("x")
    assert space.problems(*LOCK)[0] == 13
    with pytest.raises(Altered):
        space.lock(4)


@pytest.fixture
def branches(space: Space) -> tuple[Path, Path]:
    """Attempt 1, and attempt 2 as it was locked on each of two branches that were joined: the older, the newer."""
    space.run(space.lock().path)
    space.files.write_card(version="2")
    ours = space.lock(2).path
    kept = ours.read_bytes()
    ours.unlink()
    space.files.write_card(version="3")
    theirs = space.lock(3).path.rename(ours.with_name("joined-0002.dsse.json"))
    ours.write_bytes(kept)
    return ours, theirs


def test_where_two_branches_locked_the_same_attempt_the_next_is_numbered_after_both(space: Space, branches: tuple[Path, Path]) -> None:
    heard: list[str] = []
    following = space.lock(4, notice=heard.append)
    newest = read_statement(branches[1].read_bytes(), "theirs").digest
    assert (following.predicate.attempt, following.earlier, following.predicate.previous) == (4, 3, newest)
    assert float(following.predicate.level) == attempt_level(0.95, 4)
    assert heard == [
        "campaign small/a-supplier: attempt 2 was locked more than once. Runs under those locks are never admitted, and each of the locks "
        "counts: this is attempt 4"
    ]
    assert space.run(following.path, 5).evidence["lock"]["attempt"] == 4
    assert space.lock(6).predicate.attempt == 5


def test_a_lock_that_two_branches_share_a_number_with_is_no_lock_to_run_under(space: Space, branches: tuple[Path, Path]) -> None:
    space.lock(4)  # the card is the one of the newer branch
    with pytest.raises(BadInput, match="attempt 2 was locked more than once"):
        space.run(branches[1], 5)


@pytest.mark.parametrize("gone", [0, 1])
def test_of_an_attempt_that_was_locked_twice_no_lock_can_be_taken_away_afterwards(
    space: Space, branches: tuple[Path, Path], gone: int
) -> None:
    space.run(space.lock(4).path, 5)
    branches[gone].unlink()
    assert space.problems(*LOCK)[0] == 13
    with pytest.raises(Altered, match="missing"):
        space.lock(6)


def test_an_altered_status_list_is_thirteen(space: Space) -> None:
    (space.root / "sign-off" / "status.json").write_text("{}")
    assert space.problems(*LOCK)[0] == 13


def test_a_clock_behind_the_last_lock_is_refused(space: Space) -> None:
    space.run(space.lock(1).path, 2)
    for day in (0, 1):
        with pytest.raises(BadInput, match="clock"):
            space.lock(day)


def test_two_locks_within_one_second_wait_for_the_next(space: Space) -> None:
    told = [space.answer(*LOCK)]
    space.files.write_card(version="2")
    told.append(space.answer(*LOCK))
    assert [one["attempt"] for one in told] == [1, 2]
    assert told[0]["author"]["created"] < told[1]["author"]["created"]


def test_of_two_who_take_the_same_attempt_the_slower_is_told(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process locks between our look at the folder and our write."""
    real = atomic.new_file

    def slower(path: Path, data: bytes) -> None:
        monkeypatch.setattr(workflow, "new_file", real)
        space.lock(role="independent_evaluator")
        real(path, data)

    monkeypatch.setattr(workflow, "new_file", slower)
    with pytest.raises(BadInput, match="somebody else has locked attempt 1"):
        space.lock()
    assert len(space.locks) == 1


def test_of_two_under_different_names_of_one_campaign_the_slower_is_told(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    real = atomic.new_file

    def slower(path: Path, data: bytes) -> None:
        monkeypatch.setattr(workflow, "new_file", real)
        space.lock(campaign="autumn")
        real(path, data)

    monkeypatch.setattr(workflow, "new_file", slower)
    with pytest.raises(BadInput, match="somebody else has locked attempt 1"):
        space.lock()
    assert [path.name.startswith("autumn") for path in space.locks] == [True]


@pytest.mark.parametrize("name", ["Not a name", "", "-x", "small/a supplier"])
def test_a_campaign_needs_a_name(space: Space, name: str) -> None:
    code, said = space.problems(*LOCK, "--campaign", name)
    assert code == 2
    assert "campaign" in said


def test_an_attempt_that_would_have_to_be_certain_is_refused(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    """As attempt 78 is at the highest confidence that a policy may ask."""
    monkeypatch.setattr(workflow, "attempt_level", lambda *_: attempt_level(0.999999, 78))
    code, said = space.problems(*LOCK)
    assert code == 2
    assert "no confidence is left" in said


def test_rehearsal_keys_lock_no_pilot(space: Space) -> None:
    space.files.write_policy({**space.files.document, "claim": "pilot"})
    space.files.write_benchmark(sampling="every tenth item of June")
    (space.files.benchmark / "manifest.json").unlink()
    space.command("benchmark", "generate", "small", person=None)
    code, said = space.problems(*LOCK)
    assert code == 2
    assert "REHEARSAL" in said


def test_the_wrong_passphrase_is_told(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(signing.PASSPHRASE_ENV, "something else")
    code, said = space.problems(*LOCK)
    assert code == 2
    assert "passphrase" in said
