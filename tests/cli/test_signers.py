"""`evalharness signers …`: from keys to a register, and what is told when something is wrong."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
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
    for words in (root, "2 of: root-a ", "ada", "safeguarding", "data_protection", "Example Force", "2099-12-31", "in force", "REHEARSAL"):
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
    assert 'ada ("Example Force") may sign as' in waiting.err
    shown = desk.show()
    (change,) = json.loads(desk.show("--json").out)["waiting"]
    for words in (
        "Version 2 of the register",
        *change["changes"],
        "signed by: root-a\n",
        "missing:   1 more of: root-b\n",
        change["payload"],
    ):
        assert words in shown.out
    assert change["payload"] in waiting.out
    done = desk.run("cosign", "--json", "--agree", change["payload"], by=("root-b",))
    assert json.loads(done.out) | {"path": ""} == change | {
        "in_force": True, "path": "", "signed_by": ["root-a", "root-b"], "missing": [],
    }  # fmt: skip


def test_a_first_version_that_waits_is_shown_with_its_digest_and_counts_as_none(desk: Desk) -> None:
    assert desk.begin(by=("root-a",)).code == 0
    shown, as_json = desk.show(), desk.show("--json")
    document = json.loads(as_json.out)
    (change,) = document["waiting"]
    assert (shown.code, as_json.code, document["exit_code"], document["version"]) == (12, 12, 12, None)
    assert "nothing is in force" in shown.err
    for person in ("root-a", "root-b"):
        assert f"{person} gets a root key: {desk.keys.public(person).key[:16]}…" in shown.out
    assert change["payload"] in shown.out
    assert desk.run("cosign", "--agree", change["payload"], by=("root-b",)).code == 0
    assert desk.show().code == 0


OTHERS = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    "agree", [(), ("--agree", ""), ("--agree", "yes"), ("--agree", "2"), ("--agree", OTHERS), ("--json",), ("--json", "--agree", OTHERS)]
)
def test_without_a_terminal_nothing_is_cosigned_but_by_its_digest(desk: Desk, agree: tuple[str, ...]) -> None:
    desk.begin()
    desk.add(by=("root-a",))
    (change,) = json.loads(desk.show("--json").out)["waiting"]
    before = Path(change["path"]).read_bytes()
    answer = desk.run("cosign", *agree, by=("root-b",))
    assert answer.code == 2
    told = answer.out if "--json" in agree else answer.err
    for words in ("nothing was signed", "evalharness signers show", "--agree sha256:"):
        assert words in told
    if "--json" not in agree:
        assert all(line in answer.err for line in (*change["changes"], change["payload"]))
    assert Path(change["path"]).read_bytes() == before
    assert not (desk.workspace / "sign-off" / "signers" / "0002.dsse.json").exists()


def test_a_digest_agrees_to_one_version_and_to_no_other(desk: Desk) -> None:
    desk.begin()
    desk.add(by=("root-a",))
    (old,) = json.loads(desk.show("--json").out)["waiting"]
    Path(old["path"]).unlink()
    desk.add("ben", by=("root-a",))
    answer = desk.run("cosign", "--agree", old["payload"], by=("root-b",))
    assert answer.code == 2
    assert "not the digest of version 2 as it waits" in answer.err


@pytest.mark.parametrize(("typed", "code"), [("2\n", 0), (" 2 \n", 0), ("\n", 2), ("y\n", 2), ("3\n", 2), ("", 2)])
def test_at_a_terminal_the_version_number_is_typed_after_all_was_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    desk.begin()
    desk.add(by=("root-a",))
    (change,) = json.loads(desk.show("--json").out)["waiting"]
    monkeypatch.setattr("evalharness.cli.cosign_dialogue.at_a_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    answer = desk.run("cosign", by=("root-b",))
    assert answer.code == code, answer
    shown, asked, _ = answer.err.partition("Type the version number to sign: ")
    assert asked
    assert all(line in shown for line in (*change["changes"], change["payload"]))
    assert (desk.workspace / "sign-off" / "signers" / "0002.dsse.json").exists() == (code == 0)
    if code:
        assert "nothing was signed" in answer.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_real_terminal_is_asked_and_one_that_hides_the_words_is_not(desk: Desk) -> None:
    import pty

    desk.begin()
    desk.add(by=("root-a",))
    program = [sys.executable, "-m", "evalharness", "signers", "cosign", "--key", str(desk.keys.key("root-b")), "--passphrase-env", VAR]
    for hidden, code in ((True, 2), (False, 0)):
        master, slave = pty.openpty()
        os.write(master, b"2\n")
        done = subprocess.run(
            [*program, "--workspace", str(desk.workspace)], stdin=slave, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if hidden else slave, check=False, timeout=60,
        )  # fmt: skip
        os.close(slave)
        os.close(master)
        assert done.returncode == code


@pytest.mark.parametrize(
    ("command", "person"),
    [
        (lambda d: d.add("ben", by=("root-a",)), "ben"),
        (lambda d: d.run("rotate", d.pub("ada-2"), by=("root-a",)), "ada-2"),
        (lambda d: d.run("revoke", "ada", "--why", "lost", by=("root-a",)), "ada"),
        (lambda d: d.run("root", "--root", d.pub("root-a"), "--root", d.pub("root-c"), "--quorum", 2, by=("root-a",)), "root-c"),
    ],
)
def test_who_proposes_reads_the_sentences_that_the_others_will_read(desk: Desk, command, person: str, monkeypatch) -> None:
    desk.begin()
    desk.add("ada")
    monkeypatch.setattr("evalharness.workflows.signers.clock_now", lambda: datetime.now(UTC) + timedelta(minutes=1))
    answer = command(desk)
    assert answer.code == 0, answer.err
    (change,) = json.loads(desk.show("--json").out)["waiting"]
    assert change["changes"]
    assert any(desk.keys.public(person).key[:16] in line for line in change["changes"])
    assert all(f"note: {line}\n" in answer.err for line in change["changes"])
    assert change["payload"] in answer.out


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
