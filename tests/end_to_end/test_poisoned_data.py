"""A supplier who can write to the workspace rewrites the items or the truth, and every digest beside them: no run counts on it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import signing
from command import evalharness
from poisoned import ITEMS, TRUTH, poison, turned_around
from sealed_workspace import NAME, POLICY, locked, run_under, sealed_workspace

from evalharness.benchmarks import opened, stored_data
from evalharness.benchmarks.opened import declared
from evalharness.evidence.store import read_run
from evalharness.files.manifest import read_manifest
from evalharness.files.workspace import Workspace
from evalharness.workflows.sealing import open_seal
from evalharness.workflows.sealing_files import opened_seal
from evalharness.workflows.verify import verify_run

POISON = {ITEMS: {"label": turned_around}, TRUTH: {"posterior": turned_around, "clean": turned_around}}


@dataclass(frozen=True)
class Opened:
    """A model locked and the seal opened; the items of the seal lie in the data folder, rewritten."""

    root: Path
    office: signing.Office
    lock: Path
    poisoned: Path

    @property
    def folder(self) -> Path:
        return self.root / "datasets_synthetic" / NAME


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    root = tmp_path_factory.mktemp("poisoned") / "w"
    office = sealed_workspace(root)
    given = locked(root, office, "one")
    open_seal(NAME, workspace=root)
    folder = root / "datasets_synthetic" / NAME
    data, manifest = stored_data.generated_data(declared(folder, seal=opened_seal(Workspace(root), folder)))
    assert poison(data, POISON).digest != manifest.digest
    return Opened(root=root, office=office, lock=given.path, poisoned=data)


@pytest.fixture
def own(made: Opened, tmp_path: Path) -> Opened:
    root = tmp_path / "w"
    shutil.copytree(made.root, root)
    place = {name: root / getattr(made, name).relative_to(made.root) for name in ("lock", "poisoned")}
    return Opened(root=root, office=made.office, **place)


def test_a_run_under_a_lock_uses_the_items_that_follow_from_the_seal(own: Opened) -> None:
    forged = read_manifest(own.poisoned / "manifest.json").digest
    run = run_under(own.root, own.office, "one", own.lock)
    evidence = read_run(run.folder).evidence
    assert evidence.benchmark.digest != forged
    shutil.rmtree(own.poisoned)
    answer = evalharness("verify", run.folder, "--replay", "--workspace", own.root)
    assert answer.code == 0, answer.out
    assert "made anew" in answer.err
    assert list((own.folder / "data").glob(".*")) == []


def test_replay_does_not_read_what_a_run_was_made_on(own: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as careless:
        manifest = read_manifest(own.poisoned / "manifest.json")
        careless.setattr(opened, "data_made_anew", lambda *_: (own.poisoned, manifest))
        run = run_under(own.root, own.office, "one", own.lock)
    assert read_run(run.folder).evidence.benchmark.digest == manifest.digest
    assert verify_run(run.folder, workspace=own.root).code == 0  # without the items nothing shows it
    answer = evalharness("verify", run.folder, "--replay", "--workspace", own.root)
    assert answer.code == 13
    assert "replay: benchmark differs" in answer.out
    assert "somebody changed it" in answer.err


@pytest.mark.parametrize("column", ["label", "posterior"])
def test_a_replay_on_public_items_makes_them_anew_too(own: Opened, column: str) -> None:
    (data,) = (path for path in (own.folder / "data").iterdir() if path != own.poisoned)
    poison(data, {ITEMS if column == "label" else TRUTH: {column: turned_around}})
    told = evalharness("evaluate", "--policy", POLICY, "--model", "one", "--workspace", own.root, "--json")
    assert told.code == 0, told.err
    answer = evalharness("verify", json.loads(told.out)["run"], "--replay", "--workspace", own.root)
    assert answer.code == 13
    assert ("replay: benchmark differs" if column == "label" else "replay: attainable differs") in answer.out


def test_with_a_committed_manifest_public_items_and_truth_are_made_again_before_a_run(own: Opened) -> None:
    (data,) = (path for path in (own.folder / "data").iterdir() if path != own.poisoned)
    shutil.copyfile(data / "manifest.json", own.folder / "manifest.json")
    asked = ("evaluate", "--policy", POLICY, "--model", "one", "--workspace", own.root, "--json", "--out")
    honest = evalharness(*asked, own.root / "honest")
    poison(data, {TRUTH: {"posterior": turned_around}})
    told = evalharness(*asked, own.root / "told")
    assert (honest.code, told.code) == (0, 0)
    assert "is not what the committed manifest says; it is made again" in told.err
    runs = [read_run(own.root / name).evidence for name in ("honest", "told")]
    assert runs[0].attainable == runs[1].attainable is not None
    assert evalharness("verify", own.root / "told", "--replay", "--workspace", own.root).code == 0
