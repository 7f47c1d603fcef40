"""`evalharness key …`: clear answers, no traceback, and never a passphrase or a private key in what is printed."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import signing
from command import Answer, evalharness

VAR = signing.PASSPHRASE_ENV


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VAR, signing.PASSPHRASE)


def new(folder: Path, person: str = "ada", *more: object) -> Answer:
    return evalharness("key", "new", person, "--out", folder, "--passphrase-env", VAR, *more)


def refused(answer: Answer, *words: str) -> None:
    assert answer.code == 2, answer
    assert "Traceback" not in answer.err
    assert signing.PASSPHRASE not in answer.err + answer.out
    for word in words:
        assert word in answer.err, answer.err


def test_a_key_is_made_and_shown(tmp_path: Path) -> None:
    made = new(tmp_path, "ada", "--rehearsal")
    assert made.code == 0, made.err
    assert "REHEARSAL" in made.out
    assert "ada.pub.json" in made.out
    public = evalharness("key", "show", tmp_path / "ada.pub.json", "--json")
    private = evalharness("key", "show", tmp_path / "ada.key.pem", "--json", "--passphrase-env", VAR)
    one, other = json.loads(public.out), json.loads(private.out)
    assert one["key"] == one["spki_sha256"] == other["key"]
    assert (one["person"], one["rehearsal"], one["private_file"]) == ("ada", True, None)
    assert other["private_file"].endswith("ada.key.pem")
    secret = (tmp_path / "ada.key.pem").read_text().splitlines()[1]
    for answer in (made, public, private):
        assert secret not in answer.out + answer.err
        assert signing.PASSPHRASE not in answer.out + answer.err
    shown = evalharness("key", "show", tmp_path / "ada.pub.json")
    assert one["key"] in shown.out
    assert one["public"] in shown.out


def test_with_json_the_new_key_is_one_document(tmp_path: Path) -> None:
    document = json.loads(new(tmp_path, "ada", "--json").out)
    assert (document["person"], document["rehearsal"]) == ("ada", False)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    assert new(tmp_path).code == 0
    before = (tmp_path / "ada.key.pem").read_bytes()
    refused(new(tmp_path), "exists already", "ada.key.pem")
    assert (tmp_path / "ada.key.pem").read_bytes() == before


@pytest.mark.parametrize(("value", "word"), [("", "too short"), ("seven77", "too short")])
def test_a_short_passphrase_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, word: str) -> None:
    monkeypatch.setenv(VAR, value)
    refused(new(tmp_path), word)
    assert list(tmp_path.iterdir()) == []


def test_a_variable_that_is_not_set_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VAR)
    refused(new(tmp_path), VAR, "not set")


def test_a_wrong_passphrase_an_unknown_file_and_a_bad_name_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new(tmp_path)
    monkeypatch.setenv(VAR, "another passphrase")
    refused(evalharness("key", "show", tmp_path / "ada.key.pem", "--passphrase-env", VAR), "passphrase is wrong")
    refused(evalharness("key", "show", tmp_path / "absent"), "no such file")
    refused(new(tmp_path, "Ada Lovelace"), "not a name")
    (tmp_path / "text").write_text("hello")
    refused(evalharness("key", "show", tmp_path / "text"), "not a public key file")


def test_one_of_two_options_for_a_vault_is_refused(tmp_path: Path) -> None:
    refused(new(tmp_path, "ada", "--uri", "hv:x/1"), "--public")
    (tmp_path / "p.pem").write_text("x")
    refused(new(tmp_path, "ada", "--uri", "hv:x/1", "--public", tmp_path / "p.pem"), "public key")


class Terminal:
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    asked: list[str] = []
    given: Iterator[str] = iter(answers)

    def answer(prompt: str) -> str:
        asked.append(prompt)
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", answer)
    return asked


def test_at_a_terminal_a_new_passphrase_is_asked_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = typed(monkeypatch, "long enough", "long enough", "long enough")
    assert evalharness("key", "new", "ada", "--out", tmp_path).code == 0
    assert len(asked) == 2
    assert evalharness("key", "show", tmp_path / "ada.key.pem").code == 0
    assert "ada.key.pem" in asked[2]


def test_two_different_answers_or_none_make_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "long enough", "long enougn")
    refused(evalharness("key", "new", "ada", "--out", tmp_path), "differ")
    typed(monkeypatch)
    refused(evalharness("key", "new", "ada", "--out", tmp_path), "no passphrase")
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_the_variable_is_named_as_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    refused(evalharness("key", "new", "ada", "--out", tmp_path), "--passphrase-env")
