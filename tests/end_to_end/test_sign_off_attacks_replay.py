"""Replay: what was signed for one thing, shown for another: model, threshold, policy, benchmark, stream, run, attempt."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attacker import Scene, edit, later, refused
from signed_workspace import MODEL, POLICY
from small_workspace import SmallWorkspace, table

from evalharness.benchmarks import open_benchmark
from evalharness.digests import sha256_file
from evalharness.errors import BadInput
from evalharness.evidence import evidence_bytes
from evalharness.evidence.document import evidence_as_written
from evalharness.evidence.store import SUMS_FILE
from evalharness.report.faces import faces
from evalharness.signoff.results import result_payload
from evalharness.workflows.clock import time_text
from evalharness.workflows.gate import gate

CARD = {"team": ["dev-1"]}


def another_artefact(scene: Scene) -> None:
    """A new version of the classifier, with a card that is right for it."""
    files = SmallWorkspace(scene.root, table(400, seed=4).drop(columns="race"))
    predictions = scene.root / "model_cards" / "predictions.csv"
    text = predictions.read_text().splitlines()
    first, score = text[1].split(",")
    predictions.write_text("\n".join([text[0], f"{first},{float(score) + 0.001:.6f}", *text[2:]]) + "\n")
    files.write_card(MODEL, **CARD)


def another_card(scene: Scene) -> None:
    edit(scene.card, "# A card", "# A card with other words")


def another_threshold(scene: Scene) -> None:
    scene.edit_policy('{"threshold": 0.5}', '{"threshold": 0.49}')


def another_policy(scene: Scene) -> None:
    scene.edit_policy('"at_least": 0.7', '"at_least": 0.69')


def another_version(scene: Scene) -> None:
    scene.edit_policy("version: 1", "version: 2")


def another_stream(scene: Scene) -> None:
    scene.edit_policy('stream: "synthetic"', 'stream: "live"')


def another_benchmark(scene: Scene) -> None:
    folder = scene.root / "datasets_synthetic" / POLICY
    items = (folder / "items.csv").read_text().splitlines()
    (folder / "items.csv").write_text("\n".join([items[0], *items[2:]]) + "\n")  # an item that was in the way is gone
    predictions = scene.root / "model_cards" / "predictions.csv"
    scores = predictions.read_text().splitlines()
    predictions.write_text("\n".join([scores[0], *scores[2:]]) + "\n")
    SmallWorkspace(scene.root, table(4).drop(columns="race")).write_card(MODEL, **CARD)
    (folder / "manifest.json").unlink()
    open_benchmark(folder)


SWAPS: dict[str, tuple[Callable[[Scene], None], str, str]] = {
    "model": (another_artefact, "another model artefact", "it is about another model"),
    "card": (another_card, "another text of the model card", "it is about another model"),
    "threshold": (another_threshold, "another operating point", "it is about another policy"),
    "policy": (another_policy, "another text of the policy", "it is about another policy"),
    "version of the policy": (another_version, "another text of the policy", "it is about another policy"),
    "stream": (another_stream, "another stream of items", "it is about another operating point"),
    "benchmark": (another_benchmark, "other benchmark items", "it is about another benchmark"),
}


@pytest.mark.parametrize("what", SWAPS)
def test_an_approval_does_not_carry_over(scene: Scene, what: str) -> None:
    swap, said, _ = SWAPS[what]
    swap(scene)
    refused(scene.ask(), 13, "the evidence is for something else", said)


@pytest.mark.parametrize("what", SWAPS)
def test_decisions_copied_into_a_run_of_the_other_thing_are_refused(scene: Scene, what: str) -> None:
    """The other thing was really locked and run; only the signatures are missing, and are taken from where there are some."""
    swap, _, said = SWAPS[what]
    swap(scene)
    new = scene.attempt(45)
    for path in scene.statements.glob("decision-*"):
        shutil.copyfile(path, new.statements / path.name)
    refused(scene.ask(), 13, said, "it is about other evidence", "it is about another lock", "it is about another test result")


@pytest.mark.parametrize("what", SWAPS)
def test_a_test_result_copied_into_a_run_of_the_other_thing_is_refused(scene: Scene, what: str) -> None:
    SWAPS[what][0](scene)
    new = scene.attempt(45)
    shutil.copyfile(scene.result, new.result)
    refused(scene.ask(), 13, "the test result: it is about other evidence", "the test result: it names another lock")


@pytest.mark.parametrize("what", SWAPS)
def test_a_lock_fits_nothing_else(waiting: Scene, what: str, tmp_path: Path) -> None:
    """The command refuses it. So the lock is hidden while the other thing is run as a first attempt; then an insider who may sign results
    writes the old lock into that evidence, draws every page anew and signs it."""
    swap, _, said = SWAPS[what]
    swap(waiting)
    with pytest.raises(BadInput):
        waiting.another_run(waiting.lock, 46)
    shutil.rmtree(waiting.run)
    waiting.lock.rename(tmp_path / "hidden")
    new = waiting.attempt(45)
    new.lock.unlink()
    (tmp_path / "hidden").rename(waiting.lock)
    document = json.loads((new.run / "evidence.json").read_bytes())
    document["lock"]["digest"] = sha256_file(waiting.lock)
    rewrite(new, document)
    refused(waiting.ask(), 13, f"{waiting.lock.name}: the lock is {said.removeprefix('it is ')}")


def rewrite(scene: Scene, document: dict[str, Any]) -> None:
    """Evidence, every page drawn from it, the checksums and the test result made anew."""
    data = evidence_bytes(document)
    evidence = evidence_as_written(data)
    for name, face in {"evidence.json": data, **faces(evidence)}.items():
        (scene.run / name).write_bytes(face)
    scene.reseal()
    author = scene.office.author("ben", created=time_text(later(47)))
    scene.result.write_bytes(scene.office.sign("ben", result_payload(evidence, sha256_file(scene.run / SUMS_FILE), author)))


def test_decisions_of_the_first_attempt_do_not_approve_the_second(scene: Scene) -> None:
    second = scene.attempt(45)
    refused(scene.ask(), 12, "no sign-off")
    for path in scene.statements.glob("decision-*"):
        shutil.copyfile(path, second.statements / path.name)
    refused(scene.ask(), 13, "it is about other evidence", "it is about another lock")


def test_a_run_copied_under_another_name_is_the_same_run(scene: Scene) -> None:
    shutil.copytree(scene.run, scene.run.with_name("again"))
    assert scene.ask() == (0, "")
    (scene.run.with_name("again") / "statements" / scene.statement("ada").name).unlink()
    refused(scene.ask(), (12, 13), "no sign-off")


def test_a_whole_run_replayed_under_another_model_s_name_is_refused(scene: Scene) -> None:
    shutil.copyfile(scene.card, scene.card.with_name("other.md"))
    shutil.move(scene.run, scene.run.with_name(scene.run.name.replace(MODEL, "other")))

    decision = gate(POLICY, "other", workspace=scene.root)
    assert decision.code in (3, 10, 13)


def test_an_approval_signed_with_the_words_of_another_page_is_refused(waiting: Scene) -> None:
    waiting.cast("cy", report="sha256:" + "0" * 64)
    refused(waiting.ask(), 13, "it is about another report")


@pytest.mark.parametrize("name", ["evidence", "test_result", "lock"])
def test_an_approval_of_other_evidence_result_or_lock_is_refused(waiting: Scene, name: str) -> None:
    other: dict[str, Any] = {name: "sha256:" + "0" * 64}
    waiting.cast("cy", **other)
    refused(waiting.ask(), 13, f"it is about {'other' if name == 'evidence' else 'another'} {name.replace('_', ' ')}")


def test_a_workspace_put_back_to_yesterday_still_runs_out(scene: Scene, tmp_path: Path) -> None:
    """A whole copy of an approved workspace, kept and shown again after the approval was revoked: its list is a week old at most."""
    kept = scene.copy(tmp_path / "kept")
    scene.revoke(scene.run)
    refused(scene.ask(), 12, "revoked by ben")
    assert kept.ask() == (0, "")  # nothing in it can know
    refused(kept.ask(status_version=3), 12, "rolled back")
    scene.clock = later(31, days=7)
    refused(kept.ask(), 12, "the status list is out of date")
