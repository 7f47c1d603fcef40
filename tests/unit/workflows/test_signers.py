"""The register is made, changed and cosigned; what is interrupted or comes too late leaves it whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import signing

from evalharness.errors import Altered, BadInput, MissingSignOff, Problem
from evalharness.signoff.register import Register
from evalharness.signoff.register_files import version_path
from evalharness.workflows.register_signing import Change, Held
from evalharness.workflows.signers import (
    add_signer,
    cosign_register,
    init_register,
    revoke_signer,
    rotate_signer,
    set_authority,
    set_root,
    show_register,
)

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
PEOPLE = ("root-a", "root-b", "root-c", "ada", "ben")


def yes(change: Change) -> None:
    """Agrees to whatever waits."""


class Desk:
    """Keys in a folder, a workspace beside it, and a clock that moves by a minute for each change."""

    def __init__(self, root: Path) -> None:
        self.office = signing.Office(root / "desk", write=False)
        self.workspace = root / "workspace"
        (self.workspace / "policies").mkdir(parents=True)
        for person in PEOPLE:
            self.office.write_key(person)
        self.now = NOW
        self.told: list[str] = []
        self.asked: list[str] = []

    def held(self, *people: str) -> Held:
        def ask(name: str) -> bytes:
            self.asked.append(name)
            return signing.PASSPHRASE.encode()

        return Held(keys=[str(self.office.key(p)) for p in people], ask=ask, notice=self.told.append)

    def at(self) -> dict[str, Any]:
        self.now += timedelta(minutes=1)
        return {"workspace": self.workspace, "now": self.now}

    def publics(self, *people: str) -> list[Path]:
        return [self.office.public_path(p) for p in people]

    def begin(self, *people: str) -> Any:
        return init_register(self.publics("root-a", "root-b"), 2, self.held(*(people or ("root-a", "root-b"))), **self.at())

    def add(self, person: str, *people: str, **given: Any) -> Any:
        values: dict[str, Any] = {"roles": ["safeguarding"], "organisation": "Example Force", "last_day": "2027-12-31", **given}
        return add_signer(self.office.public_path(person), held=self.held(*(people or ("root-a", "root-b"))), **values, **self.at())

    def register(self) -> Register:
        register = show_register(workspace=self.workspace).register
        assert register is not None
        return register

    @property
    def folder(self) -> Path:
        return self.workspace / "sign-off"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_register_begins_is_pinned_and_grows(desk: Desk) -> None:
    first = desk.begin()
    assert (first.version, first.missing, first.signed_by) == (1, (), ("root-a", "root-b"))
    assert (desk.folder / "root.txt").read_text() == first.root + "\n"
    second = desk.add("ada")
    shown = show_register(workspace=desk.workspace)
    assert (second.version, second.root) == (2, first.root)
    (ada,) = desk.register().entries
    assert (ada.person, ada.valid_from, ada.valid_until) == ("ada", "2026-06-01T09:02:00Z", "2027-12-31T23:59:59Z")
    assert shown.waiting == ()


def test_with_too_few_keys_a_version_waits_and_says_for_whom(desk: Desk) -> None:
    waiting = desk.begin("root-a")
    assert waiting.missing == ("1 more of: root-b",)
    assert waiting.path.name == "0001.proposed.dsse.json"
    assert not (desk.folder / "root.txt").exists()
    shown = show_register(workspace=desk.workspace)
    assert (shown.register, [change.payload for change in shown.waiting]) == (None, [waiting.payload])
    with pytest.raises(BadInput, match="waits"):
        desk.begin()
    done = cosign_register(desk.held("root-b"), yes, workspace=desk.workspace)
    assert done.missing == ()
    assert not waiting.path.exists()
    assert desk.register().version == 1


def test_a_waiting_version_changes_nothing_until_enough_have_signed(desk: Desk) -> None:
    desk.begin()
    desk.add("ada", "root-a")
    shown = show_register(workspace=desk.workspace)
    assert desk.register().entries == ()
    assert shown.waiting[0].signed_by == ("root-a",)
    assert "ada" in shown.waiting[0].changes[0]
    with pytest.raises(BadInput, match="another change waits"):
        desk.add("ben")
    again = cosign_register(desk.held("root-a"), yes, workspace=desk.workspace)
    assert again.missing == ("1 more of: root-b",)
    cosign_register(desk.held("root-b"), yes, workspace=desk.workspace)
    assert [entry.person for entry in desk.register().entries] == ["ada"]


def test_who_cosigns_sees_all_that_waits_before_a_passphrase_is_asked_and_may_refuse(desk: Desk) -> None:
    desk.begin()
    waiting = desk.add("ada", "root-a")
    assert desk.told == [*desk.told[:-1], *waiting.changes]
    data = waiting.path.read_bytes()
    desk.asked.clear()
    seen: list[Change] = []

    def no(change: Change) -> None:
        seen.append(change)
        raise BadInput([Problem(what="no")])

    with pytest.raises(BadInput):
        cosign_register(desk.held("root-b"), no, workspace=desk.workspace)
    assert seen == [waiting]
    assert desk.asked == []
    assert waiting.path.read_bytes() == data
    cosign_register(desk.held("root-b"), lambda _: seen.append(waiting), workspace=desk.workspace)
    assert len(seen) == 2
    assert len(desk.asked) == 1


def test_what_was_agreed_to_is_what_is_signed_even_if_the_file_changes_meanwhile(desk: Desk) -> None:
    desk.begin()
    waiting = desk.add("ada", "root-a")
    data = waiting.path.read_bytes()
    waiting.path.unlink()
    desk.add("ben", "root-a")
    other = waiting.path.read_bytes()
    waiting.path.write_bytes(data)

    def swap(change: Change) -> None:
        waiting.path.write_bytes(other)

    cosign_register(desk.held("root-b"), swap, workspace=desk.workspace)
    assert [entry.person for entry in desk.register().entries] == ["ada"]


def test_everybody_signs_the_same_digest_and_every_other_version_has_another(desk: Desk) -> None:
    desk.begin()
    one = desk.add("ada", "root-a")
    seen: list[Change] = []
    again = cosign_register(desk.held("root-a"), seen.append, workspace=desk.workspace)
    done = cosign_register(desk.held("root-b"), seen.append, workspace=desk.workspace)
    assert {change.payload for change in (one, again, done, *seen)} == {one.payload}
    assert desk.add("ben", "root-a").payload != one.payload


def test_a_root_key_under_an_old_name_is_told_and_its_signature_is_not_that_person_s(desk: Desk) -> None:
    init_register(desk.publics("root-a", "root-b", "root-c"), 2, desk.held("root-a", "root-b"), **desk.at())
    old = desk.office.public("root-c").key[:16]
    desk.office.write_key("root-c", "made-by-root-b")
    new = desk.office.public("made-by-root-b").key[:16]
    moved = set_root(desk.publics("root-a", "root-b", "made-by-root-b"), 2, desk.held("root-b", "made-by-root-b"), **desk.at())
    (line,) = moved.changes
    assert line.startswith(f"root-c gets ANOTHER root key: {new}… (REHEARSAL) instead of {old}… (REHEARSAL)")
    assert moved.signed_by == ("root-b", f"root-c (new root key {new}…)")
    assert moved.missing == ("1 more of: root-a, root-c",)


def test_nothing_waits_or_a_stranger_signs_is_told(desk: Desk) -> None:
    desk.begin()
    with pytest.raises(BadInput, match="no version of the register waits"):
        cosign_register(desk.held("root-a"), yes, workspace=desk.workspace)
    with pytest.raises(BadInput, match="not a root key"):
        desk.add("ben", "ada")
    with pytest.raises(BadInput, match="no key was given"):
        add_signer(
            desk.office.public_path("ada"), roles=["a"], organisation="Example Force", last_day="2027-01-01", held=desk.held(), **desk.at()
        )
    assert sorted(path.name for path in (desk.folder / "signers").iterdir()) == ["0001.dsse.json"]


def test_a_waiting_version_that_was_changed_is_altered_and_an_outdated_one_refused(desk: Desk) -> None:
    desk.begin()
    waiting = desk.add("ada", "root-a").path
    data = waiting.read_bytes()
    waiting.write_bytes(data[:-10] + b"A" + data[-9:])
    with pytest.raises(Altered):
        cosign_register(desk.held("root-b"), yes, workspace=desk.workspace)
    waiting.unlink()
    desk.add("ben")
    waiting.write_bytes(data)
    with pytest.raises(BadInput, match="does not fit"):
        cosign_register(desk.held("root-b"), yes, workspace=desk.workspace)


def test_several_waiting_versions_must_be_reduced_to_one(desk: Desk) -> None:
    desk.begin()
    waiting = desk.add("ada", "root-a").path
    (waiting.parent / "0003.proposed.dsse.json").write_bytes(waiting.read_bytes())
    with pytest.raises(BadInput, match="several versions wait"):
        cosign_register(desk.held("root-b"), yes, workspace=desk.workspace)


def test_a_second_register_is_not_begun_over_the_first(desk: Desk) -> None:
    desk.begin()
    with pytest.raises(BadInput, match="there is a register here"):
        desk.begin()


def test_a_change_without_a_register_is_missing_sign_off(desk: Desk) -> None:
    with pytest.raises(MissingSignOff, match="signers init"):
        desk.add("ada")


def test_a_change_interrupted_before_the_readable_file_was_written_is_finished_by_the_next(desk: Desk) -> None:
    desk.begin()
    before = (desk.folder / "signers.yaml").read_bytes()
    desk.add("ada")
    (desk.folder / "signers.yaml").write_bytes(before)
    with pytest.raises(Altered):
        show_register(workspace=desk.workspace)
    desk.add("ben")
    assert desk.register().version == 3


def test_an_edited_readable_file_is_never_repaired_silently(desk: Desk) -> None:
    desk.begin()
    desk.add("ada")
    path = desk.folder / "signers.yaml"
    path.write_bytes(path.read_bytes().replace(b"safeguarding", b"data_protection", 1))
    with pytest.raises(Altered, match="edited"):
        desk.add("ben")


def test_rotation_revocation_authority_and_root_go_through(desk: Desk) -> None:
    desk.begin()
    desk.add("ada")
    desk.office.write_key("ada", "ada-2")
    rotate_signer(desk.office.public_path("ada-2"), held=desk.held("root-a", "root-b"), **desk.at())
    revoke_signer("ada", why="left the force", held=desk.held("root-a", "root-b"), **desk.at())
    set_authority(lock=["safeguarding"], held=desk.held("root-b", "root-a"), **desk.at())
    moved = set_root(desk.publics("root-b", "root-c"), 2, desk.held("root-a", "root-b"), **desk.at())
    new = desk.office.public("root-c").key[:16]
    assert moved.missing == (f"1 more of: root-c (new root key {new}…)",)
    cosign_register(desk.held("root-c"), yes, workspace=desk.workspace)
    register = desk.register()
    assert register.version == 6
    assert all(entry.revoked is not None for entry in register.person("ada"))
    assert register.authority.lock == ("safeguarding",)
    assert [key.person for key in register.root_keys] == ["root-b", "root-c"]
    with pytest.raises(BadInput, match="not a root key"):
        desk.add("ben", "root-a", "root-b")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"first_day": "2026-05-31"}, "in the past"),
        ({"first_day": "tomorrow"}, "not a day"),
        ({"last_day": "2026-W30-1"}, "not a day"),
        ({"last_day": "2026-02-30"}, "not a day"),
        ({"last_day": "2026-05-30"}, "an end after"),
        ({"roles": ["No Role"]}, "role"),
        ({"organisation": " "}, "organisation"),
    ],
)
def test_days_roles_and_organisations_that_cannot_be_are_refused_before_anybody_is_asked(
    desk: Desk, given: dict[str, Any], word: str
) -> None:
    desk.begin()
    desk.asked.clear()
    with pytest.raises(BadInput, match=word):
        desk.add("ada", **given)
    assert desk.asked == []
    assert not version_path(desk.folder, 2).exists()


def test_a_key_may_begin_today_or_later(desk: Desk) -> None:
    desk.begin()
    desk.add("ada", first_day="2026-06-01")
    desk.add("ben", first_day="2026-07-01")
    ada, ben = desk.register().entries
    assert (ada.valid_from, ben.valid_from) == ("2026-06-01T09:02:00Z", "2026-07-01T00:00:00Z")


def test_a_version_that_somebody_else_wrote_meanwhile_is_not_overwritten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.begin()
    target = version_path(desk.folder, 2)

    def hurried(name: str) -> bytes:
        target.write_text("somebody else's")
        return signing.PASSPHRASE.encode()

    with pytest.raises(BadInput, match="somebody else"):
        add_signer(
            desk.office.public_path("ada"), roles=["safeguarding"], organisation="Example Force", last_day="2027-12-31",
            held=Held(keys=desk.held("root-a", "root-b").keys, ask=hurried), **desk.at(),
        )  # fmt: skip
    assert target.read_text() == "somebody else's"


def test_a_role_that_no_policy_names_is_told(desk: Desk) -> None:
    desk.begin()
    desk.add("ada", roles=["safegarding"])
    assert any("no policy here names the role safegarding" in line and "safeguarding" in line for line in desk.told), desk.told
    desk.told.clear()
    desk.add("ben", roles=["safeguarding"])
    assert not any("no policy" in line for line in desk.told)
