"""Attacks on runs, locks and files: deleted, mixed, linked, swapped while they are read, counted anew."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attacker import Scene, edit, in_time, later, prepared, refused, resign
from signed_workspace import MODEL, POLICY
from small_workspace import SmallWorkspace, table

from evalharness.errors import BadInput, EvalharnessError, MissingSignOff
from evalharness.workflows import gate as gate_module
from evalharness.workflows.clock import time_text
from evalharness.workflows.evaluate import evaluate


def test_a_deleted_run_leaves_its_lock_and_that_counts_as_failed(scene: Scene) -> None:
    second = scene.attempt(45)
    shutil.rmtree(second.run)
    refused(scene.ask(), 10, "attempt 2 of small/a-supplier was locked", "has no result: that counts as failed")


def test_a_lock_that_was_never_used_counts_as_failed(scene: Scene) -> None:
    scene.another_lock(45)
    refused(scene.ask(), 10, "has no result: that counts as failed")


def test_a_run_renamed_to_another_model_leaves_its_lock(scene: Scene) -> None:
    second = scene.attempt(45)
    shutil.move(second.run, second.run.with_name(second.run.name.replace(MODEL, "other")))
    edit(second.run.with_name(second.run.name.replace(MODEL, "other")) / "evidence.json", f'"name":"{MODEL}"', '"name":"other"')
    refused(scene.ask(), 10, "has no result: that counts as failed")


def test_a_run_hidden_by_a_dot_leaves_its_lock(scene: Scene) -> None:
    second = scene.attempt(45)
    second.run.rename(second.run.with_name(".hidden"))
    refused(scene.ask(), 10, "has no result: that counts as failed")


def test_a_run_hidden_among_the_examples_leaves_its_lock(scene: Scene) -> None:
    second = scene.attempt(45)
    second.run.rename(second.run.parent / "examples")
    refused(scene.ask(), 10, "has no result: that counts as failed")


def test_runs_of_an_attempt_that_two_branches_locked_are_refused_and_the_next_attempt_is_numbered_after_both(
    scene: Scene, tmp_path: Path
) -> None:
    branch = scene.copy(tmp_path / "branch")
    ours, theirs = scene.attempt(45), branch.attempt(48)
    ours.approve(50)
    assert scene.ask() == (0, "")
    shutil.copyfile(theirs.lock, scene.lock.with_name("joined-0002.dsse.json"))
    with pytest.raises(MissingSignOff, match="attempt 2 was locked more than once"):
        ours.sign("cy", "approve", 53)
    shutil.copytree(theirs.run, scene.root / "reports" / theirs.run.name)
    assert (ours.locked().attempt, theirs.locked().attempt) == (2, 2)
    refused(scene.ask(), 12, "attempt 2 was locked more than once", "attempt number 2 is too low")
    following = scene.attempt(54)
    assert following.locked().attempt == 4
    refused(scene.ask(), 12, "approvals that count are missing")
    following.approve(56)
    following.refresh(minutes=58)
    assert scene.ask() == (0, "")


def test_of_two_locks_of_one_attempt_none_can_be_taken_away_after_the_next(scene: Scene, tmp_path: Path) -> None:
    theirs = scene.copy(tmp_path / "branch").attempt(48)
    ours, joined = scene.attempt(45), scene.lock.with_name("joined-0002.dsse.json")
    shutil.copyfile(theirs.lock, joined)
    shutil.copytree(theirs.run, scene.root / "reports" / theirs.run.name)
    following = scene.attempt(54)
    following.approve(56)
    assert scene.ask() == (0, "")
    for lock, run in ((joined, theirs.run), (ours.lock, ours.run)):
        data, aside = lock.read_bytes(), (scene.root / "reports" / run.name).rename(tmp_path / run.name)
        lock.unlink()
        refused(scene.ask(), 12, "a lock of the campaign is missing")
        lock.write_bytes(data)
        aside.rename(scene.root / "reports" / run.name)
    assert scene.ask() == (0, "")


def test_a_damaged_run_counts_against_the_model(scene: Scene) -> None:
    second = scene.attempt(45)
    (second.run / "evidence.json").write_bytes(b"")
    refused(scene.ask(), 13, "evidence.json")


def test_a_run_without_its_lock_is_not_believed(scene: Scene) -> None:
    scene.lock.unlink()
    refused(scene.ask(), (12, 13), "the lock that it names is not in sign-off/locks")


def test_a_lock_under_another_name_counts_all_the_same_and_only_once(scene: Scene) -> None:
    shutil.copyfile(scene.lock, scene.lock.with_name("another-name.dsse.json"))
    refused(scene.ask(), 13, "under another name")


def test_a_lock_that_was_made_after_the_run_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run first, look, and lock what passes: the insider dates the evidence as it was and signs the lock again, with its own later time."""
    scene = Scene.open(tmp_path / "w")
    monkeypatch.setattr(gate_module, "clock_now", lambda: scene.clock)
    assert scene.ask() == (0, "")
    resign(scene.lock, lambda told: told["predicate"]["author"].update(created=time_text(later(5))), "ben")
    refused(scene.ask(), (10, 12, 13), "the lock that it names is not in sign-off/locks")


def test_a_run_that_was_not_locked_can_never_be_approved(scene: Scene) -> None:
    """Everything of the approved run is taken away; a practice run that passes lies there instead."""
    for folder in ("locks", "status"):
        shutil.rmtree(scene.sign_off / folder)
    (scene.sign_off / "status.json").unlink()
    shutil.rmtree(scene.run)
    evaluate(POLICY, MODEL, workspace=scene.root, at=later(45), now=later(45))
    scene.refresh(minutes=50)
    refused(scene.ask(), 12, "there are only practice runs; nothing was locked before them")


def test_a_practice_run_whose_verdict_was_rewritten_is_altered(scene: Scene) -> None:
    folder = evaluate(POLICY, MODEL, workspace=scene.root, at=later(45), now=later(45)).folder
    assert scene.ask() == (0, "")
    (folder / "evidence.json").write_bytes((folder / "evidence.json").read_bytes().replace(b'"met"', b'"not_met"', 1))
    scene.reseal(folder)
    refused(scene.ask(), 13, "outcome is not_met, the estimates give met")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("evidence.json", "it is about other evidence"),
        ("report.html", "it is about another report"),
        ("report.md", "the test result: it is about another report (SHA256SUMS differs)"),
        ("junit.xml", "the test result: it is about another report (SHA256SUMS differs)"),
        ("SHA256SUMS", "evidence.json: changed since it was written"),
    ],
)
def test_files_of_two_runs_make_none(scene: Scene, name: str, words: str) -> None:
    second = scene.attempt(45)
    shutil.copyfile(second.run / name, scene.run / name)
    if name != "SHA256SUMS":
        scene.reseal()
    refused(scene.ask(), 13, words)


@pytest.mark.parametrize("name", ["report.html", "report.md", "junit.xml"])
def test_another_page_with_new_checksums_is_not_the_page_that_was_signed(scene: Scene, name: str) -> None:
    (scene.run / name).write_bytes((scene.run / name).read_bytes() + b"\n")
    scene.reseal()
    refused(scene.ask(), 13, "it is about another report")


def test_a_file_more_with_new_checksums_is_not_what_was_signed(scene: Scene) -> None:
    (scene.run / "annex.pdf").write_bytes(b"%PDF")
    scene.reseal()
    refused(scene.ask(), 13, "SHA256SUMS differs")


def test_two_runs_under_one_lock_are_one_too_many(scene: Scene) -> None:
    shutil.move(scene.run, scene.root / "kept")
    again = scene.another_run(scene.lock, 50)
    shutil.move(scene.root / "kept", scene.run)
    assert again != scene.run
    refused(scene.ask(), 13, "different runs under one lock")


def hidden_campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reset: Callable[[Scene], dict[str, Any]]) -> Scene:
    """The first attempt is hidden while a second is locked, run and approved as if it were the first. Then everything lies there."""
    scene = prepared(tmp_path / "w")
    monkeypatch.setattr(gate_module, "clock_now", lambda: scene.clock)
    away = tmp_path / "away"
    away.mkdir()
    (scene.sign_off / "status.json").unlink()
    shutil.rmtree(scene.sign_off / "status")
    first, run = scene.lock, scene.run
    shutil.move(first, away / "lock")
    shutil.move(run, away / "run")
    options = reset(scene)
    second = scene.another_lock(3, **options)
    assert second.predicate.attempt == 1
    scene.lock, scene.run = second.path, scene.another_run(second.path, 4)
    scene.approve()
    scene.refresh(minutes=30)
    assert scene.ask() == (0, "")  # a deleted attempt leaves no trace in files: SECURITY.md says so
    shutil.move(away / "lock", first.with_name("kept.dsse.json"))
    shutil.move(away / "run", run)
    return scene


def renamed(supplier: str) -> Callable[[Scene], dict[str, Any]]:
    def reset(scene: Scene) -> dict[str, Any]:
        SmallWorkspace(scene.root, table(4)).write_card(MODEL, supplier=supplier)
        return {}

    return reset


@pytest.mark.parametrize(
    "supplier", ["A Supplier", "A. Supplier", "a-supplier", "A Supplier Ltd", "A SUPPLIER, Inc.", "a supp1ier", "\uff41 supplier"]
)
def test_a_renamed_supplier_does_not_begin_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, supplier: str) -> None:
    scene = hidden_campaign(tmp_path, monkeypatch, renamed(supplier))
    refused(scene.ask(), (12, 13), "attempt number 1 is too low: 1 other locks of the campaign are as old or older")


def test_another_campaign_name_does_not_begin_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = hidden_campaign(tmp_path, monkeypatch, lambda _: {"campaign": "spring"})
    refused(scene.ask(), 12, "attempt number 1 is too low: 1 other locks of the campaign are as old or older")


def test_the_command_goes_on_with_the_campaign_whatever_it_is_called(scene: Scene) -> None:
    assert scene.another_lock(45, campaign="spring").predicate.attempt == 2


@pytest.mark.parametrize("supplier", ["a supplіer", "a\u200bsupplier", "\u202esupplier"])
def test_a_supplier_that_nobody_can_tell_from_another_is_not_locked(scene: Scene, supplier: str) -> None:
    SmallWorkspace(scene.root, table(4)).write_card(MODEL, supplier=supplier)
    with pytest.raises(EvalharnessError, match=r"supplier|cannot be seen|hidden|character"):
        scene.another_lock(45)


def test_a_deleted_earlier_lock_is_missed(scene: Scene) -> None:
    second = scene.attempt(45)
    second.approve(50)
    second.refresh(minutes=55)
    assert scene.ask() == (0, "")
    shutil.rmtree(scene.run)
    scene.lock.unlink()
    refused(scene.ask(), (10, 12, 13), "a lock of the campaign is missing", "a lock that was there when the status list was issued is gone")


def test_a_lock_signed_anew_with_a_smaller_number_is_another_lock(scene: Scene) -> None:
    second = scene.attempt(45)
    second.approve(50)
    first = scene.locked()
    change = {"attempt": 1, "level": first.level, "previous": None}
    resign(second.lock, lambda told: told["predicate"].update(change), "ben")
    refused(scene.ask(), (10, 12, 13), "the lock that it names is not in sign-off/locks")


def test_a_level_that_is_not_the_attempt_s_is_refused(scene: Scene) -> None:
    second = scene.another_lock(45)
    resign(second.path, lambda told: told["predicate"].update(level="0.95"), "ben")
    refused(scene.ask(), 13, "its level is 0.95, and attempt 2")


PLACES: dict[str, Callable[[Scene], Path]] = {
    "statements": lambda scene: scene.statements,
    "a decision": lambda scene: scene.statement("ada"),
    "the test result": lambda scene: scene.result,
    "run": lambda scene: scene.run,
    "evidence": lambda scene: scene.run / "evidence.json",
    "sums": lambda scene: scene.run / "SHA256SUMS",
    "report": lambda scene: scene.run / "report.html",
    "sign-off": lambda scene: scene.sign_off,
    "locks": lambda scene: scene.sign_off / "locks",
    "a lock": lambda scene: scene.lock,
    "status": lambda scene: scene.sign_off / "status",
    "status.json": lambda scene: scene.sign_off / "status.json",
    "a status list": lambda scene: scene.sign_off / "status" / "0001.dsse.json",
    "signers": lambda scene: scene.sign_off / "signers",
    "a register": lambda scene: scene.sign_off / "signers" / "0001.dsse.json",
    "signers.yaml": lambda scene: scene.sign_off / "signers.yaml",
    "root.txt": lambda scene: scene.sign_off / "root.txt",
    "card": lambda scene: scene.card,
    "policy": lambda scene: scene.policy,
    "artefact": lambda scene: scene.root / "model_cards" / "predictions.csv",
    "manifest": lambda scene: scene.root / "datasets_synthetic" / POLICY / "manifest.json",
    "declaration": lambda scene: scene.root / "datasets_synthetic" / POLICY / "benchmark.yaml",
}
READ_BY_CONTENT = ("card", "policy", "manifest", "declaration")
"""Read once, wherever they lie, and held to the digests that were signed."""
FILES = [name for name, place in PLACES.items() if name not in ("statements", "run", "sign-off", "locks", "status", "signers")]


def unusable(what: str) -> tuple[int, str]:
    """Exit code and words where something else lies in a file's place: what people name is not there, what was signed is altered."""
    named = {"card": "no such model", "policy": "no such policy", "declaration": "no such benchmark", "manifest": "no manifest"}
    named |= {"artefact": "the model's artefact is not there"}
    return (2, named[what]) if what in named else (13, "link")


@pytest.mark.parametrize("what", [name for name in PLACES if name not in READ_BY_CONTENT])
def test_a_link_is_refused_wherever_signed_things_lie(scene: Scene, tmp_path: Path, what: str) -> None:
    """It leads to exactly what was there: who can plant it can lead it elsewhere a moment later."""
    path = PLACES[what](scene)
    elsewhere = tmp_path / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with in_time():
        refused(scene.ask(), 2 if what == "artefact" else 13, "link")


@pytest.mark.parametrize("what", PLACES)
def test_a_link_that_leads_nowhere_is_refused(scene: Scene, what: str) -> None:
    path = PLACES[what](scene)
    path.rename(scene.root.parent / "elsewhere")
    path.symlink_to(scene.root / "nowhere")
    refused(scene.ask(), *(unusable(what) if what != "artefact" else (2, "the path leads outside its folder")))


@pytest.mark.parametrize("what", FILES)
def test_a_device_is_refused_and_nobody_waits_for_it(scene: Scene, what: str) -> None:
    path = PLACES[what](scene)
    path.unlink()
    os.mkfifo(path)
    with in_time():
        refused(scene.ask(), *unusable(what))


@pytest.mark.parametrize("what", FILES)
def test_a_folder_in_place_of_a_file_is_refused(scene: Scene, what: str) -> None:
    path = PLACES[what](scene)
    path.unlink()
    path.mkdir()
    refused(scene.ask(), *unusable(what))


@pytest.mark.parametrize("where", ["statements", "locks", "status", "signers"])
@pytest.mark.parametrize("thing", ["file", "folder", "link", "device"])
def test_nothing_else_lies_beside_signed_files(scene: Scene, where: str, thing: str) -> None:
    path = PLACES[where](scene) / "0099-extra.json"
    make: dict[str, Callable[[], None]] = {
        "file": path.touch,
        "folder": path.mkdir,
        "link": lambda: path.symlink_to(scene.lock),
        "device": lambda: os.mkfifo(path),
    }
    make[thing]()
    with in_time():
        refused(scene.ask(), 13, "0099-extra.json")


@pytest.mark.parametrize("where", ["statements", "locks", "status", "signers"])
def test_a_link_of_a_right_name_is_refused(scene: Scene, where: str) -> None:
    folder = PLACES[where](scene)
    name = {"statements": "decision-20260601t094000z-cy-data-protection", "locks": "another-0002"}.get(
        where, "0003" if where == "status" else "0002"
    )
    (folder / f"{name}.dsse.json").symlink_to(sorted(folder.iterdir())[0])
    refused(scene.ask(), 13, "link")


WATCHING: list[Callable[[str], None]] = []
"""Who is told of every file that is opened. An audit hook cannot be taken away again, so there is one, and it is idle but here."""


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if WATCHING and event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        WATCHING[-1](os.fspath(arguments[0]) if not isinstance(arguments[0], bytes) else arguments[0].decode())


sys.addaudithook(_heard)


@contextmanager
def watching(listener: Callable[[str], None]) -> Iterator[None]:
    WATCHING.append(listener)
    try:
        yield
    finally:
        WATCHING.pop()


def test_every_file_is_read_once(scene: Scene) -> None:
    """What is checked is what is used: nobody can put other bytes there in between."""
    opened: list[str] = []
    with watching(opened.append):
        assert scene.ask() == (0, "")
    mine = Counter(path for path in opened if path.startswith(str(scene.root)))
    assert set(mine) >= {str(path) for path in scene.space.files.values() if path.is_file()}
    assert {path: count for path, count in mine.items() if count > 1 and Path(path).is_file()} == {}


SWAPPED = [
    *("evidence.json", "SHA256SUMS", "report.html", "ada", "test-result", "lock", "status.json", "signers.yaml"),
    *("policy", "card", "model", "manifest"),
]


@pytest.mark.parametrize("name", SWAPPED)
def test_bytes_that_are_right_only_at_a_second_look_are_refused(scene: Scene, name: str) -> None:
    """Other bytes lie there when the file is opened first, the right ones as soon as it is opened again: what was read first counts."""
    path = scene.space.files[name]
    right = path.read_bytes()
    wrong = right.replace(b"e", b"f", 1)
    looks: list[str] = []

    def swap(opened: str) -> None:
        if opened == str(path):
            looks.append(opened)
            if len(looks) == 2:
                with watching(lambda _: None):
                    path.write_bytes(right)

    path.write_bytes(wrong)
    with watching(swap):
        code, said = scene.ask()
    assert code != 0, said
    assert looks == [str(path)]


def test_a_lock_by_somebody_without_the_authority_is_none(scene: Scene) -> None:
    with pytest.raises(BadInput, match="has no role that may sign this"):
        scene.another_lock(45, person="eve")
    resign(scene.lock, lambda told: told["predicate"]["author"].update(person="eve", role="victims_advocate"), "eve")
    refused(scene.ask(), (10, 12, 13), "the lock that it names is not in sign-off/locks")


def test_a_result_by_somebody_without_the_authority_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statement is right in every word but its author's role."""
    scene = prepared(tmp_path / "w")
    monkeypatch.setattr(gate_module, "clock_now", lambda: scene.clock)

    def by_ada(told: dict[str, Any]) -> None:
        told["predicate"]["evalharness"]["author"].update(person="ada", role="senior_responsible_owner")

    resign(scene.result, by_ada, "ada")
    refused(scene.ask(), 12, "the test result: signed by ada", "the role senior_responsible_owner may not sign this")


def test_a_verdict_that_an_insider_signs_better_than_it_is_is_refused(scene: Scene) -> None:
    resign(scene.result, lambda told: told["predicate"].update(passedTests=["recall"]), "ben")
    refused(scene.ask(), 13, "the test result: its lists of findings are not the evidence's")
