"""`evalharness signers …`: from keys to a register, and what is told when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import signing
from command import Answer, evalharness

VAR = signing.PASSPHRASE_ENV


class Desk:
    """A workspace, a folder of keys, and the command line."""

    def __init__(self, root: Path) -> None:
        self.keys = signing.Office(root / "desk", write=False)
        self.workspace = root / "workspace"
        (self.workspace / "policies").mkdir(parents=True)
        for person in ("root-a", "root-b", "root-c", "ada", "ben"):
            self.keys.write_key(person)
        self.keys.write_key("ada", "ada-2")

    def run(self, command: str, *arguments: object, by: tuple[str, ...] = ("root-a", "root-b")) -> Answer:
        keys = [part for person in by for part in ("--key", self.keys.key(person))]
        return evalharness("signers", command, *arguments, *keys, "--passphrase-env", VAR, "--workspace", self.workspace)

    def begin(self, *more: object, by: tuple[str, ...] = ("root-a", "root-b")) -> Answer:
        return self.run("init", "--root", self.pub("root-a"), "--root", self.pub("root-b"), "--quorum", 2, *more, by=by)

    def add(self, person: str = "ada", *more: object, by: tuple[str, ...] = ("root-a", "root-b")) -> Answer:
        given = ("--roles", "safeguarding,data_protection", "--organisation", "Example Force", "--until", "2099-12-31")
        return self.run("add", self.pub(person), *given, *more, by=by)

    def show(self, *more: object) -> Answer:
        return evalharness("signers", "show", "--workspace", self.workspace, *more)

    def pub(self, person: str) -> Path:
        return self.keys.public_path(person)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv(VAR, signing.PASSPHRASE)
    return Desk(tmp_path)


def test_from_nothing_to_a_register_that_is_shown_as_a_table(desk: Desk) -> None:
    begun = desk.begin()
    assert begun.code == 0, begun.err
    assert desk.add().code == 0
    shown = desk.show()
    assert shown.code == 0
    root = (desk.workspace / "sign-off" / "root.txt").read_text().strip()
    assert root in begun.out
    for words in (root, "2 of: root-a", "ada", "safeguarding", "data_protection", "Example Force", "2099-12-31", "in force", "REHEARSAL"):
        assert words in shown.out
    document = json.loads(desk.show("--json").out)
    assert (document["root"], document["quorum"], document["rehearsal"]) == (root, 2, True)
    assert document["signers"][0]["state"] == "in force"
    assert document["signers"][0]["key"][:16] in shown.out


def test_a_change_waits_for_the_second_root_key(desk: Desk) -> None:
    desk.begin()
    waiting = desk.add(by=("root-a",))
    assert waiting.code == 0
    assert "waits" in waiting.out
    assert "root-b" in waiting.out
    assert "ada (Example Force) may sign as" in waiting.err
    shown = desk.show()
    assert "Version 2 waits" in shown.out
    done = desk.run("cosign", "--json", by=("root-b",))
    assert json.loads(done.out) | {"path": "", "changes": []} == {
        "version": 2, "in_force": True, "path": "", "changes": [], "signed_by": ["root-a", "root-b"], "missing": [],
        "root": json.loads(desk.show("--json").out)["root"],
    }  # fmt: skip


def test_rotate_revoke_authority_and_root(desk: Desk) -> None:
    desk.begin()
    desk.add()
    # the old key began in this very second: it is revoked, then its roles go over to the new one
    assert desk.run("revoke", "ada", "--why", "lost laptop").code == 0
    assert desk.run("rotate", desk.pub("ada-2"), "--until", "2098-12-31").code == 0
    assert desk.run("authority", "--lock", "data_protection", "--status", "safeguarding, data_protection").code == 0
    moved = desk.run("root", "--root", desk.pub("root-c"), "--quorum", 1, by=("root-a", "root-b", "root-c"))
    assert moved.code == 0, moved.err
    document = json.loads(desk.show("--json").out)
    assert document["version"] == 6
    assert [(e["person"], e["state"]) for e in document["signers"]] == [("ada", "revoked"), ("ada", "in force")]
    assert document["authority"]["status"] == ["safeguarding", "data_protection"]
    assert [key["person"] for key in document["root_keys"]] == ["root-c"]
    assert "revoked, REHEARSAL (lost laptop)" in desk.show().out


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (lambda d: d.begin(), ("there is a register here",)),
        (lambda d: d.add("ben", by=("ada",)), ("not a root key", "root-a or root-b")),
        (lambda d: d.add("ben", by=()), ("--key",)),
        (lambda d: d.add("ada"), ("in the register already",)),
        (lambda d: d.add("ben", "--from", "2000-01-01"), ("in the past",)),
        (lambda d: d.run("revoke", "nobody", "--why", "w"), ("no such key or person",)),
        (lambda d: d.run("revoke", "ada", "--why", ""), ("reason",)),
        (lambda d: d.run("rotate", d.pub("ben")), ("not in the register",)),
        (lambda d: d.run("authority"), ("nothing was given",)),
        (lambda d: d.run("authority", "--lock", "Nobody At All"), ("not the name of a role",)),
        (lambda d: d.run("root", "--root", d.pub("root-c"), "--quorum", 2), ("quorum",)),
        (lambda d: d.run("cosign"), ("no version of the register waits",)),
        (lambda d: d.run("rotate", d.keys.key("ada")), ("not a public key file",)),
    ],
)
def test_what_cannot_be_is_exit_2_with_words(desk: Desk, command, words: tuple[str, ...]) -> None:
    desk.begin()
    desk.add()
    before = {path: path.read_bytes() for path in desk.workspace.rglob("*") if path.is_file()}
    answer = command(desk)
    assert answer.code == 2, answer
    assert "Traceback" not in answer.err
    for word in words:
        assert word in answer.err
    assert {path: path.read_bytes() for path in desk.workspace.rglob("*") if path.is_file()} == before


def test_a_wrong_passphrase_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.begin()
    monkeypatch.setenv(VAR, "not the passphrase")
    answer = desk.add()
    assert answer.code == 2
    assert "passphrase is wrong" in answer.err
    assert "root-a.key.pem" in answer.err
    assert not (desk.workspace / "sign-off" / "signers" / "0002.dsse.json").exists()


def test_no_register_is_12_and_an_edited_one_13(desk: Desk) -> None:
    missing = desk.show("--json")
    assert missing.code == 12
    assert json.loads(missing.out)["exit_code"] == 12
    desk.begin()
    path = desk.workspace / "sign-off" / "signers.yaml"
    path.write_bytes(path.read_bytes() + b"#\n")
    assert desk.show().code == 13
    assert desk.add().code == 13


def test_hostile_words_are_shown_safely(desk: Desk) -> None:
    desk.begin()
    answer = desk.run("add", desk.pub("ada"), "--roles", "a", "--organisation", "x\x1b[31m", "--until", "2099-01-01")
    assert answer.code == 2
    assert "\x1b[31m" not in answer.err
    assert desk.run("add", desk.pub("ada"), "--roles", "a", "--organisation", "[red]x[/red] <b>", "--until", "2099-01-01").code == 0
    assert "[red]x[/red] <b>" in desk.show().out
