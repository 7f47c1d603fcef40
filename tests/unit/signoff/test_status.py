"""The status list: what holds, and everything that speaks against relying on it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from signing import Office, entry

from evalharness.digests import canonical_json, sha256_bytes
from evalharness.signoff.envelope import statement
from evalharness.signoff.predicates import STATUS_LIST, Anchor, Discharge, KeyRevocation, Mark, StatusPredicate
from evalharness.signoff.status import StatusRead, read_status
from evalharness.signoff.status_chain import status_payload, version_path

D = {letter: "sha256:" + letter * 64 for letter in "abcdef"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def day(number: int) -> str:
    return f"2026-06-{number:02d}T09:00:00Z"


def mark(letter: str, by: str = "ada", on: int = 1) -> Mark:
    return Mark(target=D[letter], why="a reason", by=by, on=day(on))


def predicate(office: Office, number: int, before: str | None, *, by: str = "ada", **changes: Any) -> StatusPredicate:
    values: dict[str, Any] = {
        "schema": "evalharness/status-list/v1", "version": number, "issued": day(number), "next_update": day(number + 7),
        "previous": before, "author": office.author(by, created=day(number)), "revoked": (), "suspended": (), "discharged": (),
        "anchors": (),
    }  # fmt: skip
    return StatusPredicate(**{**values, **changes})


class Chain:
    """Writes versions as they are given, right or wrong."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.last: str | None = None
        self.count = 0

    def add(self, *, signer: str | None = None, payload: bytes | None = None, publish: bool = True, **changes: Any) -> bytes:
        self.count += 1
        made = predicate(self.office, self.count, self.last, **changes)
        data = self.office.sign(signer or made.author.person, payload or status_payload(made))
        path = version_path(self.office.folder, self.count)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        if publish:
            (self.office.folder / "status.json").write_bytes(data)
        self.last = sha256_bytes(data)
        return data

    def read(self, claim: str = "rehearsal") -> StatusRead:
        return read_status(self.office.folder, self.office.register(), claim)


@pytest.fixture
def chain(office: Office) -> Chain:
    return Chain(office)


def test_no_list_at_all_is_twelve(chain: Chain) -> None:
    read = chain.read()
    assert read.absent
    assert [code for code, _ in read.problems] == [12]
    assert "absent" in read.missing[0]


def test_a_chain_in_order_has_no_problems_and_says_what_holds(chain: Chain) -> None:
    done = Discharge(decision=D["d"], condition="action-1", why="done", by="cy", on=day(3))
    seen = Anchor(digest=D["e"], kind="lock", model="vendor")
    chain.add(revoked=(mark("a"),))
    chain.add(revoked=(mark("a"),), suspended=(mark("b", on=2),), anchors=(seen,))
    chain.add(by="cy", revoked=(mark("a"),), suspended=(mark("b", on=2),), discharged=(done,), anchors=(seen,))
    chain.add(revoked=(mark("a"),), discharged=(done,), anchors=(seen,))
    read = chain.read()
    assert read.problems == ()
    assert (read.highest, sorted(read.versions)) == (4, [1, 2, 3, 4])
    assert read.revoked(D["a"]) == mark("a")
    assert read.suspended(D["b"]) is None
    assert read.discharged(D["d"], "action-1") == done
    assert read.discharged(D["d"], "action-2") is None
    assert read.revoked(D["f"]) is None


def test_a_list_says_why_it_lifts_and_every_later_one_repeats_it(chain: Chain) -> None:
    chain.add(suspended=(mark("a"), mark("b")))
    chain.add(suspended=(mark("b"),), lifted=(mark("a", on=2),))
    chain.add(by="cy", suspended=(mark("b"),), lifted=(mark("a", on=2),))
    chain.add(lifted=(mark("a", on=2), mark("b", on=4)))
    read = chain.read()
    assert read.problems == ()
    assert read.suspensions == ()


def test_a_list_may_lift_without_a_word_and_then_has_no_such_part(chain: Chain) -> None:
    chain.add(suspended=(mark("a"),))
    data = chain.add()
    assert chain.read().problems == ()
    payload = json.loads(base64.b64decode(json.loads(data)["payload"]))
    assert "lifted" not in payload["predicate"]
    assert payload["predicate"]["discharged"] == []


Change = Callable[[Chain], object]


ALTERED: dict[str, tuple[Change, str]] = {
    "a revocation is dropped": (lambda c: (c.add(revoked=(mark("a"),)), c.add()), "for ever"),
    "the reason of a revocation is changed": (
        lambda c: (c.add(revoked=(mark("a"),)), c.add(revoked=(mark("a").model_copy(update={"why": "other"}),))), "for ever",
    ),
    "a discharge is dropped": (
        lambda c: (c.add(discharged=(Discharge(decision=D["d"], condition="x", why="w", by="ada", on=day(1)),)), c.add()), "discharge",
    ),
    "somebody else lifts a suspension": (lambda c: (c.add(suspended=(mark("a"),)), c.add(by="cy")), "only whoever suspends may lift"),
    "the word on a lifting is dropped": (
        lambda c: (c.add(suspended=(mark("a"),)), c.add(lifted=(mark("a", on=2),)), c.add()), "no longer says why",
    ),
    "the word on a lifting is changed": (
        lambda c: (
            c.add(suspended=(mark("a"),)), c.add(lifted=(mark("a", on=2),)),
            c.add(lifted=(mark("a", on=2).model_copy(update={"why": "other"}),)),
        ),
        "no longer says why",
    ),
    "a word on lifting what is still suspended": (
        lambda c: (c.add(suspended=(mark("a"),)), c.add(suspended=(mark("a"),), lifted=(mark("a", on=2),))), "what it does not lift",
    ),
    "a word on lifting what never was suspended": (lambda c: (c.add(), c.add(lifted=(mark("a", on=2),))), "what it does not lift"),
    "a word on lifting in the first list": (lambda c: c.add(lifted=(mark("a"),)), "what it does not lift"),
    "a word on lifting in the name of another": (
        lambda c: (c.add(suspended=(mark("a"),)), c.add(lifted=(mark("a", by="cy", on=2),))), "in the name of somebody else",
    ),
    "a mark in the name of another": (lambda c: c.add(revoked=(mark("a", by="cy"),)), "in the name of somebody else"),
    "a mark of another time": (lambda c: (c.add(), c.add(suspended=(mark("a", on=1),))), "of another time"),
    "the same thing marked twice": (lambda c: c.add(suspended=(mark("a"), mark("a").model_copy(update={"why": "x"}))), "twice"),
    "another version number": (lambda c: c.add(version=2), "it says that it is version 2"),
    "previous is another file": (lambda c: (c.add(), c.add(previous=D["f"])), "does not follow version 1"),
    "previous of version 1": (lambda c: c.add(previous=D["f"]), "version 1 follows nothing"),
    "no previous": (lambda c: (c.add(), c.add(previous=None)), "does not name the version before it"),
    "issued earlier than the one before": (
        lambda c: (c.add(), c.add(issued=day(1)[:-10] + "T08:00:00Z", author=c.office.author("ada", created=day(1)[:-10] + "T08:00:00Z"))),
        "dated",
    ),
    "signed at another time than issued": (lambda c: c.add(issued=day(2)), "as issued"),
    "good until before it begins": (lambda c: c.add(next_update=day(1)), "good until"),
    "another subject": (
        lambda c: c.add(payload=statement(STATUS_LIST, {"x": D["a"]}, predicate(c.office, 1, None))), "not the register that it names",
    ),
    "anchors out of order": (
        lambda c: c.add(anchors=tuple(Anchor(digest=D[x], kind="lock", model="m") for x in "ba")), "not in order",
    ),
    "an older version by a stranger": (lambda c: (c.add(signer="stranger"), c.add()), "not rightly signed by a key of the register"),
    "a newest version by a stranger that is not published": (
        lambda c: (c.add(), c.add(signer="stranger", publish=False)), "not rightly signed by a key of the register",
    ),
    "status.json is something else": (
        lambda c: (c.add(), (c.office.folder / "status.json").write_bytes(c.office.sign("ada", status_payload(
            predicate(c.office, 1, None, suspended=(mark("a"),)))))), "is not the version 1",
    ),
    "status.json is no statement": (lambda c: (c.add(), (c.office.folder / "status.json").write_bytes(b"{}")), "status.json"),
    "status.json is a link": (
        lambda c: (c.add(), (c.office.folder / "status.json").unlink(),
                   (c.office.folder / "status.json").symlink_to(version_path(c.office.folder, 1))), "a link",
    ),
    "status.json of a version that is not there": (
        lambda c: (c.add(), c.add(), version_path(c.office.folder, 2).unlink()), "no such version",
    ),
    "a version is gone": (lambda c: (c.add(), c.add(), c.add(), version_path(c.office.folder, 2).unlink()), "0002.dsse.json is missing"),
    "a strange name": (lambda c: (c.add(), (c.office.folder / "status" / "notes.txt").write_text("x")), "not the name of a version"),
    "a number written otherwise": (
        lambda c: (c.add(), (c.office.folder / "status" / "00001.dsse.json").write_bytes(b"x")), "not the name of a version",
    ),
    "a folder among the versions": (lambda c: (c.add(), version_path(c.office.folder, 2).mkdir()), "not a plain file"),
    "version nought": (lambda c: (c.add(), version_path(c.office.folder, 0).write_bytes(b"x")), "not the name of a version"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(ALTERED))
def test_what_no_list_of_the_harness_is_counts_as_altered(chain: Chain, case: str) -> None:
    build, said = ALTERED[case]
    build(chain)
    read = chain.read()
    assert any(said in text for text in read.altered), read.altered
    assert read.problems[0][0] == 13


def test_an_older_register_than_before_is_altered(chain: Chain, office: Office) -> None:
    first = office.register()
    office.write_version(office.next(issued=day(1)))
    chain.add(author=office.author("ada", created=day(1)))
    old = office.author("ada", created=day(2)).model_copy(update={"signers": first.ref})
    chain.add(author=old)
    assert any("older register" in text for text in chain.read().altered)


def test_a_lost_anchor_is_twelve(chain: Chain) -> None:
    chain.add(anchors=(Anchor(digest=D["a"], kind="lock", model="m"),))
    chain.add()
    read = chain.read()
    assert [code for code, _ in read.problems] == [12]
    assert "no longer names 1 of the locks" in read.missing[0]


def test_a_rolled_back_list_is_twelve(chain: Chain, office: Office) -> None:
    first = chain.add()
    chain.add(revoked=(mark("a", on=2),))
    (office.folder / "status.json").write_bytes(first)
    read = chain.read()
    assert [code for code, _ in read.problems] == [12]
    assert "rolled back" in read.missing[0]
    assert read.predicate is not None
    assert (read.predicate.version, read.highest) == (1, 2)


def test_a_withheld_list_is_twelve(chain: Chain, office: Office) -> None:
    chain.add()
    (office.folder / "status.json").unlink()
    read = chain.read()
    assert not read.absent
    assert [code for code, _ in read.problems] == [12]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"by": "eve"}, "victims_advocate may not sign"),
        ({"signer": "cy"}, "the key is cy's"),
        ({"signer": "stranger"}, "not in the register"),
    ],
)
def test_a_head_by_somebody_who_may_not_is_twelve(chain: Chain, changes: dict[str, Any], said: str) -> None:
    chain.add(**changes)
    read = chain.read()
    assert {code for code, _ in read.problems} == {12}
    assert any(said in text for text in read.author_problems), read.author_problems


def test_rehearsal_keys_count_for_no_more_than_a_rehearsal(chain: Chain) -> None:
    chain.add()
    assert chain.read().problems == ()
    assert any("REHEARSAL" in text for text in chain.read("pilot").author_problems)


def test_a_revoked_key_of_an_older_version_does_not_spoil_the_chain(chain: Chain, office: Office) -> None:
    chain.add()
    entries = tuple(
        e.model_copy(update={"revoked": KeyRevocation(on=day(2), why="lost")}) if e.person == "ada" else e for e in office.entries()
    )
    office.write_version(office.next(issued=day(2), signers=entries))
    assert any("revoked" in text for text in chain.read().author_problems)
    chain.add(by="cy")
    assert chain.read().problems == ()


def discharge(by: str, on: int) -> Discharge:
    return Discharge(decision=D["d"], condition="action-1", why="done", by=by, on=day(on))


def revoke_key(office: Office, person: str, on: int) -> None:
    revoked = KeyRevocation(on=day(on), why="stolen")
    entries = tuple(e.model_copy(update={"revoked": revoked}) if e.person == person else e for e in office.register().entries)
    office.write_version(office.next(issued=day(on), signers=entries))


def test_a_discharge_by_somebody_who_may_not_issue_lists_never_counts_whoever_carries_it_on(chain: Chain) -> None:
    planted, right = discharge("eve", 2), discharge("cy", 4)
    chain.add()
    chain.add(by="eve", discharged=(planted,))
    chain.add(discharged=(planted,))
    read = chain.read()
    assert read.problems == ()
    assert read.discharged(D["d"], "action-1") is None
    assert "victims_advocate may not sign" in read.done[0].problems[0]
    chain.add(by="cy", discharged=(planted, right))
    assert chain.read().discharged(D["d"], "action-1") == right


def test_a_discharge_in_a_list_under_an_authority_of_its_time_counts_when_the_authority_goes_to_others(
    chain: Chain, office: Office
) -> None:
    chain.add(by="cy", discharged=(discharge("cy", 1),))
    office.write_version(office.next(issued=day(2), authority=office.authority.model_copy(update={"status": ("victims_advocate",)})))
    chain.add(by="eve", discharged=(discharge("cy", 1),))
    read = chain.read()
    assert read.problems == ()
    assert read.discharged(D["d"], "action-1") == discharge("cy", 1)


def test_a_discharge_by_somebody_who_got_the_authority_later_does_not_count(chain: Chain, office: Office) -> None:
    chain.add(by="eve", discharged=(discharge("eve", 1),))
    office.write_version(office.next(issued=day(2), authority=office.authority.model_copy(update={"status": ("victims_advocate",)})))
    chain.add(by="eve", discharged=(discharge("eve", 1),))
    read = chain.read()
    assert read.problems == ()
    assert read.discharged(D["d"], "action-1") is None


def test_a_discharge_outside_the_time_of_its_author_s_key_does_not_count(chain: Chain, office: Office) -> None:
    later = entry("kim", "safeguarding", valid_from=day(20))
    office.write_version(office.next(issued="2026-01-01T00:00:00Z", signers=(*office.entries(), later)))
    chain.add(author=office.author("kim", "safeguarding", day(1)), discharged=(discharge("kim", 1),))
    chain.add(discharged=(discharge("kim", 1),))
    assert chain.read().discharged(D["d"], "action-1") is None


def test_what_a_key_freed_is_not_free_any_more_when_the_key_is_revoked(chain: Chain, office: Office) -> None:
    wait = mark("a", by="cy", on=1)
    chain.add(by="cy", suspended=(wait,))
    chain.add(by="cy", discharged=(discharge("cy", 2),))
    chain.add(discharged=(discharge("cy", 2),))
    assert (chain.read().suspended(D["a"]), chain.read().discharged(D["d"], "action-1")) == (None, discharge("cy", 2))
    revoke_key(office, "cy", 4)
    read = chain.read()
    assert (read.suspended(D["a"]), read.discharged(D["d"], "action-1")) == (wait, None)
    assert read.suspensions == (wait,)


def test_a_suspension_lifted_by_somebody_who_may_not_stands(chain: Chain) -> None:
    wait = mark("a", by="eve", on=1)
    chain.add(by="eve", suspended=(wait,))
    chain.add(by="eve")
    chain.add()
    read = chain.read()
    assert read.problems == ()
    assert read.suspended(D["a"]) == wait


def test_a_suspension_that_stands_again_ends_when_the_same_person_suspends_and_lifts_anew(chain: Chain, office: Office) -> None:
    new = entry("cy", "data_protection", key="cy-2", valid_from=day(3))
    office.write_version(office.next(issued="2026-01-01T00:00:00Z", signers=(*office.entries(), new)))
    first, second = mark("a", by="cy", on=1), mark("a", by="cy", on=4)
    chain.add(by="cy", suspended=(first,))
    chain.add(by="cy")
    entries = office.register().entries
    gone = KeyRevocation(on=day(3), why="stolen")
    old = tuple(e.model_copy(update={"revoked": gone}) if e.person == "cy" and e.valid_from != day(3) else e for e in entries)
    office.write_version(office.next(issued=day(3), signers=old))
    chain.add()
    assert chain.read().suspended(D["a"]) == first
    chain.add(signer="cy-2", author=office.author("cy", created=day(4)), suspended=(second,))
    assert chain.read().suspended(D["a"]) is not None
    chain.add(signer="cy-2", author=office.author("cy", created=day(5)))
    assert chain.read().suspended(D["a"]) is None


@pytest.mark.parametrize(("first", "then", "stands"), [("cy", "cy-2", True), ("cy-2", "cy-2", False), ("cy-2", "cy", False)])
def test_a_rehearsal_key_lifts_only_what_a_rehearsal_key_suspended(tmp_path: Path, first: str, then: str, stands: bool) -> None:
    office = Office(tmp_path, rehearsal=False)
    rehearsed = entry("cy", "data_protection", key="cy-2", rehearsal=True)
    office.write_version(office.next(issued="2026-01-01T00:00:00Z", signers=(*office.register().entries, rehearsed)))
    chain = Chain(office)
    chain.add(by="cy", signer=first, suspended=(mark("a", by="cy"),))
    chain.add(by="cy", signer=then)
    chain.add()
    assert (chain.read().suspended(D["a"]) is not None) is stands


def test_what_takes_something_back_counts_from_anybody_s_version(chain: Chain) -> None:
    chain.add(by="eve", revoked=(mark("a", by="eve"),), suspended=(mark("b", by="eve"),))
    chain.add(revoked=(mark("a", by="eve"),), suspended=(mark("b", by="eve"),))
    read = chain.read()
    assert read.problems == ()
    assert (read.revoked(D["a"]), read.suspended(D["b"])) == (mark("a", by="eve"), mark("b", by="eve"))


def test_a_list_that_was_rolled_back_says_only_what_it_said_then(chain: Chain, office: Office) -> None:
    first = chain.add()
    chain.add(by="cy", discharged=(discharge("cy", 2),))
    (office.folder / "status.json").write_bytes(first)
    assert chain.read().done == ()


def test_a_list_in_order_is_named_by_its_version_and_its_digest(chain: Chain, office: Office) -> None:
    data = chain.add()
    assert chain.read().seen_as == f"1@{sha256_bytes(data)}"
    chain.add(by="eve")
    assert chain.read().seen_as == ""
    assert read_status(office.folder, None).seen_as == ""


def test_without_a_register_nothing_is_free(chain: Chain, office: Office) -> None:
    chain.add(by="cy", suspended=(mark("a", by="cy"),), discharged=(discharge("cy", 1),))
    chain.add(by="cy", discharged=(discharge("cy", 1),))
    read = read_status(office.folder, None)
    assert read.discharged(D["d"], "action-1") is None
    assert read.suspended(D["a"]) is not None


def test_a_wrong_signature_of_the_head_is_altered(chain: Chain, office: Office) -> None:
    data = json.loads(chain.add())
    other = json.loads(office.sign("ada", status_payload(predicate(office, 1, None, suspended=(mark("a"),)))))
    forged = canonical_json({**data, "signatures": other["signatures"]})
    for path in (office.folder / "status.json", version_path(office.folder, 1)):
        path.write_bytes(forged)
    assert any("signature is not that of ada" in text for text in chain.read().altered)


def test_every_changed_byte_of_an_older_version_is_seen(chain: Chain, office: Office) -> None:
    chain.add(revoked=(mark("a"),))
    chain.add(revoked=(mark("a"),))
    path = version_path(office.folder, 1)
    data = path.read_bytes()
    for position in range(0, len(data), 7):
        path.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
        assert chain.read().altered, position


def test_without_a_register_nobody_is_believed(chain: Chain, office: Office) -> None:
    chain.add()
    read = read_status(office.folder, None)
    assert "not checked" in read.author_problems[0]


def test_a_linked_folder_of_versions_is_altered(chain: Chain, office: Office, tmp_path: Path) -> None:
    chain.add()
    (office.folder / "status").rename(tmp_path / "elsewhere")
    (office.folder / "status").symlink_to(tmp_path / "elsewhere")
    assert "status/ is a link" in chain.read().altered


def test_people_of_the_register_can_hold_several_keys(chain: Chain, office: Office) -> None:
    second = entry("ada", "senior_responsible_owner", key="ada-2", valid_from=day(1))
    office.write_version(office.next(issued=day(1), signers=(*office.entries(), second)))
    chain.add(signer="ada-2", author=office.author("ada", created=day(1)))
    assert chain.read().problems == ()
