"""Locks are read, and the attempts of a campaign are counted, whatever was done to the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from signing import Office

from evalharness.digests import canonical_json
from evalharness.errors import Altered
from evalharness.records.attempt import attempt_level
from evalharness.records.decimals import decimal_text
from evalharness.signoff.envelope import statement
from evalharness.signoff.locks import (
    LockRecord,
    attempt_problems,
    attempts_problems,
    campaign_of,
    file_name,
    lock_payload,
    locked_twice,
    read_lock,
    read_locks,
)
from evalharness.signoff.predicates import POLICY_LOCK, BenchmarkRef, LockPredicate, ModelRef, PointRef, PolicyRef

D = {letter: "sha256:" + letter * 64 for letter in "abcdef"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def predicate(office: Office, attempt: int = 1, previous: str | None = None, *, person: str = "ben", **changes: Any) -> LockPredicate:
    values: dict[str, Any] = {
        "schema": "evalharness/policy-lock/v1", "campaign": "small/a-supplier", "attempt": attempt, "previous": previous,
        "confidence": "0.95", "level": decimal_text(attempt_level(0.95, attempt)), "claim": "rehearsal", "supplier": "a supplier",
        "policy": PolicyRef(name="small", version=1, digest=D["a"]),
        "benchmark": BenchmarkRef(name="small", digest=D["b"], rows=700, seed=None, split="test"),
        "model": ModelRef(name="vendor", digest=D["c"], card=D["d"]),
        "operating_point": PointRef(rule="score >= threshold", threshold="0.5", stream="synthetic"),
        "author": office.author(person, created=f"2026-06-{attempt:02d}T09:00:00Z"),
    }  # fmt: skip
    return LockPredicate(**{**values, **changes})


def write(office: Office, lock: LockPredicate, *, signer: str | None = None, name: str | None = None) -> LockRecord:
    data = office.sign(signer or lock.author.person, lock_payload(lock))
    path = office.folder / "locks" / (name or file_name(lock.campaign, lock.attempt))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return read_lock(data, path.name, office.register())


def chain(office: Office, length: int, **changes: Any) -> list[LockRecord]:
    found: list[LockRecord] = []
    for attempt in range(1, length + 1):
        found.append(write(office, predicate(office, attempt, found[-1].digest if found else None, **changes)))
    return found


def test_a_lock_that_was_written_is_read_and_believed(office: Office) -> None:
    (record,) = chain(office, 1)
    locks = read_locks(office.folder, office.register())
    assert locks.unreadable == ()
    assert locks.records == (record,)
    assert record.problems == record.altered == ()
    assert locks.by_digest(record.digest) == record
    assert locks.by_digest(D["e"]) is None


def test_no_folder_is_no_locks(office: Office) -> None:
    assert read_locks(office.folder, office.register()).records == ()


def test_without_a_register_nobody_is_believed(office: Office) -> None:
    chain(office, 1)
    (record,) = read_locks(office.folder, None).records
    assert "not checked" in record.problems[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person": "cy"}, "data_protection may not sign"),
        ({"author_created": "2020-01-01T00:00:00Z"}, "before the key of ben was in force"),
        ({"signer": "stranger"}, "not in the register"),
        ({"signer": "cy"}, "the key is cy's"),
        ({"claim": "pilot"}, "REHEARSAL"),
    ],
)
def test_an_author_who_may_not_lock_is_told_and_the_lock_still_counts(office: Office, changes: dict[str, Any], said: str) -> None:
    person = changes.get("person", "ben")
    author = office.author(person, created=changes.get("author_created", "2026-06-01T09:00:00Z"))
    write(office, predicate(office, author=author, claim=changes.get("claim", "rehearsal")), signer=changes.get("signer"))
    (record,) = read_locks(office.folder, office.register()).records
    assert any(said in problem for problem in record.problems), record.problems
    assert record.altered == ()


def test_a_wrong_signature_by_a_known_key_is_alteration(office: Office) -> None:
    (record,) = chain(office, 1)
    other = office.sign("ben", lock_payload(predicate(office, claim="local")))
    envelope = json.loads(record.signed.data)
    envelope["signatures"] = json.loads(other)["signatures"]
    again = read_lock(canonical_json(envelope), "x.dsse.json", office.register())
    assert "signature is not that of ben" in again.altered[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"level": "0.95"}, "its level is 0.95"),
        ({"confidence": "0.9"}, "its level is"),
        ({"confidence": "1.5"}, "its level is"),
        ({"previous": D["e"]}, "follows another lock"),
        ({"attempt": 2, "level": decimal_text(attempt_level(0.95, 2))}, "does not name the lock before it"),
    ],
)
def test_a_lock_that_contradicts_itself_is_alteration(office: Office, changes: dict[str, Any], said: str) -> None:
    record = write(office, predicate(office, **changes))
    assert any(said in text for text in record.altered), record.altered


def test_a_subject_that_is_not_what_is_locked_is_alteration(office: Office) -> None:
    data = office.sign("ben", statement(POLICY_LOCK, {"small": D["f"]}, predicate(office)))
    assert "subject" in read_lock(data, "x.dsse.json", office.register()).altered[0]


def test_a_statement_of_another_kind_is_no_lock(office: Office) -> None:
    with pytest.raises(Altered):
        read_lock((office.folder / "signers" / "0001.dsse.json").read_bytes(), "x.dsse.json", office.register())


def test_everything_strange_among_the_locks_is_told(office: Office) -> None:
    (record,) = chain(office, 1)
    folder = office.folder / "locks"
    (folder / "copy.dsse.json").write_bytes(record.signed.data)
    (folder / "README").write_text("hello")
    (folder / "link.dsse.json").symlink_to(folder / record.signed.name)
    (folder / "Big.dsse.json").write_bytes(record.signed.data[:-1])
    (folder / "below").mkdir()
    (folder / ".hidden.tmp-1").write_text("an unfinished write")
    locks = read_locks(office.folder, office.register())
    assert [r.digest for r in locks.records] == [record.digest]
    said = "\n".join(locks.unreadable)
    for name in ("README", "link.dsse.json", "Big.dsse.json", "below"):
        assert name in said
    assert "under another name" in said
    assert "hidden" not in said


def test_a_linked_folder_of_locks_is_refused(office: Office, tmp_path: Path) -> None:
    chain(office, 1)
    (office.folder / "locks").rename(tmp_path / "elsewhere")
    (office.folder / "locks").symlink_to(tmp_path / "elsewhere")
    assert read_locks(office.folder, office.register()).unreadable == ("locks/ is a link",)


def test_attempts_in_order_are_fine(office: Office) -> None:
    found = chain(office, 4)
    assert attempts_problems(found) == ()
    assert attempts_problems([]) == ()
    assert all(attempt_problems(lock, found) == () for lock in found)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_deleted_lock_shows_in_every_later_one(office: Office, gone: int) -> None:
    found = chain(office, 4)
    left = [lock for i, lock in enumerate(found) if i != gone]
    assert attempts_problems(left)
    for i, lock in enumerate(found):
        if i < gone:
            assert attempt_problems(lock, left) == ()
        elif i > gone:
            assert any("missing" in text or "not here" in text for text in attempt_problems(lock, left))


def test_an_attempt_locked_twice_shows(office: Office) -> None:
    found = chain(office, 2)
    again = write(office, predicate(office, 2, found[0].digest, claim="local"), name="again-0002.dsse.json")
    assert locked_twice(found) == ()
    assert locked_twice([*found, again]) == (2,)
    assert attempts_problems([*found, again]) == ()
    for lock in (found[1], again):
        assert any("more than once" in text for text in attempt_problems(lock, [*found, again]))
        assert any("too low" in text for text in attempt_problems(lock, [*found, again]))


def branched(office: Office) -> list[LockRecord]:
    """1, then 2 on two branches, the second a day later."""
    found = chain(office, 2)
    later = office.author("ben", created="2026-06-03T09:00:00Z")
    return [*found, write(office, predicate(office, 2, found[0].digest, claim="local", author=later), name="branch-0002.dsse.json")]


def test_after_an_attempt_locked_twice_the_next_is_numbered_after_both(office: Office) -> None:
    found = branched(office)
    following = write(office, predicate(office, 4, found[2].digest))
    again = write(office, predicate(office, 5, following.digest))
    together = [*found, following, again]
    assert attempts_problems(together) == ()
    assert [bool(attempt_problems(lock, together)) for lock in together] == [False, True, True, False, False]


def test_after_an_attempt_locked_twice_a_number_that_counts_them_as_one_is_too_low(office: Office) -> None:
    found = branched(office)
    author = office.author("ben", created="2026-06-05T09:00:00Z")
    low = write(office, predicate(office, 3, found[2].digest, author=author))
    assert any("too low: 3 other locks" in text for text in attempt_problems(low, [*found, low]))


def test_after_an_attempt_locked_twice_a_lock_follows_the_newest_of_all(office: Office) -> None:
    found = branched(office)
    older = write(office, predicate(office, 4, found[1].digest))
    assert any("does not follow the newest" in text for text in attempts_problems([*found, older]))
    assert any("is not here" in text for text in attempt_problems(older, [*found, older]))


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_after_an_attempt_locked_twice_a_deleted_lock_shows(office: Office, gone: int) -> None:
    found = branched(office)
    following = write(office, predicate(office, 4, found[2].digest))
    left = [lock for place, lock in enumerate(found) if place != gone]
    assert attempts_problems([*left, following])
    assert any("is missing" in text for text in attempt_problems(following, [*left, following]))


def test_without_an_attempt_locked_twice_no_number_is_left_out(office: Office) -> None:
    found = chain(office, 2)
    skipped = write(office, predicate(office, 4, found[1].digest))
    assert attempts_problems([*found, skipped]) == ("the lock of attempt 3 is missing",)
    assert len(attempt_problems(skipped, [*found, skipped])) == 2


def test_two_branches_that_both_went_on_are_in_order(office: Office) -> None:
    one = chain(office, 3)
    author = [office.author("ben", created=f"2026-06-{day:02d}T09:00:00Z") for day in (4, 5, 6)]
    two = write(office, predicate(office, 2, one[0].digest, author=author[0]), name="b-0002.dsse.json")
    three = write(office, predicate(office, 3, two.digest, author=author[1]), name="b-0003.dsse.json")
    six = write(office, predicate(office, 6, three.digest, author=author[2]))
    together = [*one, two, three, six]
    assert locked_twice(together) == (2, 3)
    assert attempts_problems(together) == ()
    assert [bool(attempt_problems(lock, together)) for lock in together] == [False, True, True, True, True, False]


def test_a_count_begun_anew_shows(office: Office) -> None:
    found = chain(office, 2)
    reset = write(office, predicate(office, 1, author=office.author("ben", created="2026-07-01T09:00:00Z")), name="reset.dsse.json")
    assert any("too low: 2 other locks" in text for text in attempt_problems(reset, [*found, reset]))
    assert locked_twice([*found, reset]) == (1,)


def test_a_lock_that_follows_another_than_the_one_here_shows(office: Office) -> None:
    first = write(office, predicate(office))
    second = write(office, predicate(office, 2, D["f"]))
    assert any("does not follow" in text for text in attempts_problems([first, second]))
    assert any("not here" in text for text in attempt_problems(second, [first, second]))


def test_a_lock_dated_before_the_one_it_follows_shows(office: Office) -> None:
    first = write(office, predicate(office))
    second = write(office, predicate(office, 2, first.digest, author=office.author("ben", created="2026-05-01T09:00:00Z")))
    assert any("not dated after" in text for text in attempts_problems([first, second]))


def test_look_alike_suppliers_are_one_campaign(office: Office) -> None:
    one = write(office, predicate(office))
    two = write(office, predicate(office, supplier="A  Suppl1er Ltd.", campaign="small/other"))
    locks = read_locks(office.folder, office.register())
    assert {r.digest for r in locks.campaign("small", "a-supplier")} == {one.digest, two.digest}
    assert any("2 names" in text for text in attempts_problems(locks.campaign("small", "a supplier")))


def test_a_campaign_by_name_joins_policies_through_any_number_of_steps(office: Office) -> None:
    def lock(policy: str, supplier: str, campaign: str) -> LockRecord:
        ref = PolicyRef(name=policy, version=1, digest=D["a"])
        return write(office, predicate(office, policy=ref, supplier=supplier, campaign=campaign), name=f"{policy}-{campaign}.dsse.json")

    a, b, c = lock("one", "s", "x"), lock("two", "s", "x"), lock("two", "s", "y")
    d, other = lock("three", "t", "y"), lock("one", "u", "z")
    locks = read_locks(office.folder, office.register())
    assert locks.unreadable == ()
    together = {a.digest, b.digest, c.digest, d.digest}
    for record in (a, b, c, d):
        assert {r.digest for r in locks.campaign_of(record)} == together
    assert locks.campaign_of(other) == (other,)
    assert locks.campaign("four", "s") == ()
    assert {r.digest for r in locks.campaign("four", "s", "y")} == together


def test_names_of_campaigns_are_readable_and_never_too_long() -> None:
    assert campaign_of("small", " A Supplier, Ltd. ") == "small/a-supplier-ltd"
    assert campaign_of("small", "評価") == "small/評価"
    assert campaign_of("small", "—") == "small/unnamed"
    long = campaign_of("p" * 64, "very " * 200)
    assert len(long) <= 200
    assert long != campaign_of("p" * 64, "very " * 201)


def test_a_campaign_and_an_attempt_have_one_file_name() -> None:
    assert file_name("small/a-supplier", 3).endswith("-0003.dsse.json")
    assert file_name("small/a-supplier", 3).startswith("small-a-supplier-")
    assert file_name("small/a", 1) != file_name("small-a", 1)
    assert file_name("評価/評価", 1) != file_name("価評/価評", 1)
    assert len(file_name("x/" + "y" * 198, 1)) < 160
