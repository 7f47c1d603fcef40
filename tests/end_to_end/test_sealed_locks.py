"""The items of a sealed benchmark follow from the locks themselves, so that none can be added, taken away or changed after the opening."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import signing
from command import evalharness
from sealed_workspace import HARMS, NAME, POLICY, approved, locked, run_under, sealed_workspace
from signed_workspace import key

from evalharness.errors import Altered, BadInput
from evalharness.evidence.store import read_run
from evalharness.files.seal import opening_bytes, read_opening, read_seal
from evalharness.files.workspace import Workspace
from evalharness.files.yaml import read_yaml
from evalharness.workflows import sealing, sealing_files, under_lock
from evalharness.workflows.blind import export
from evalharness.workflows.clock import clock_now
from evalharness.workflows.decisions import Answers, sign_run
from evalharness.workflows.gate import gate
from evalharness.workflows.lock import Locked
from evalharness.workflows.sealing import open_seal
from evalharness.workflows.sealing_files import alone_with, opened_seal, seal_of
from evalharness.workflows.verify import verify_run


@dataclass(frozen=True)
class Sealed:
    """One model locked, run and approved on sealed items."""

    root: Path
    office: signing.Office
    run: Path
    lock: Path

    @property
    def folder(self) -> Path:
        return self.root / "datasets_synthetic" / NAME

    @property
    def opening(self) -> Path:
        (found,) = (self.root / "sign-off" / "seals").glob("*.opening.json")
        return found

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """The opening, out of the way."""
        path, data = self.opening, self.opening.read_bytes()
        path.unlink()
        yield
        path.write_bytes(data)

    def tuned(self) -> Locked:
        """A lock of the same model under a policy whose threshold was tuned on the items that everybody knows by now."""
        path = self.root / "policies" / f"{POLICY}.yaml"
        text = path.read_text()
        assert '"threshold": 0.5' in text
        path.write_text(text.replace('"threshold": 0.5', '"threshold": 0.4'))
        with self.hidden():
            return locked(self.root, self.office, "one", now=clock_now() + timedelta(seconds=2))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    root = tmp_path_factory.mktemp("sealed") / "w"
    office = sealed_workspace(root)
    lock = locked(root, office, "one").path
    open_seal(NAME, workspace=root)
    run = run_under(root, office, "one", lock)
    approved(root, office, run)
    return Sealed(root=root, office=office, run=run.folder, lock=lock)


@pytest.fixture
def own(made: Sealed, tmp_path: Path) -> Sealed:
    root = tmp_path / "w"
    shutil.copytree(made.root, root)
    return Sealed(root=root, office=made.office, run=root / made.run.relative_to(made.root), lock=root / made.lock.relative_to(made.root))


def all_reasons(own: Sealed) -> str:
    decision = gate(POLICY, "one", workspace=own.root)
    assert decision.code == 13
    return " ".join([*(reason.text for reason in decision.reasons), *(run.note for run in decision.runs)])


def test_a_lock_made_after_the_opening_runs_on_nothing(own: Sealed) -> None:
    tuned = own.tuned()
    answer = evalharness(
        "evaluate", "--policy", POLICY, "--model", "one", "--workspace", own.root, "--lock", tuned.path, "--key", own.office.key("ben")
    )
    assert answer.code == 2
    assert "the lock is not among those for which its seal was opened" in answer.err
    with pytest.raises(Altered, match="opened without all of the locks on it"):
        export(NAME, own.root / "out", workspace=own.root)
    assert not (own.root / "out").exists()


def test_a_run_under_a_lock_that_the_opening_does_not_count_is_refused_everywhere(own: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's own version ran it all the same, and somebody who may signed its test result."""
    tuned = own.tuned()
    later = clock_now() + timedelta(seconds=5)
    with monkeypatch.context() as patch:
        for module in (sealing_files, under_lock):
            patch.setattr(module, "clock_now", lambda: later, raising=False)
        patch.setattr(under_lock, "_check_counted", lambda *_: None)
        patch.setattr(sealing_files, "unlike_locks", lambda *_: ())
        run = run_under(own.root, own.office, "one", tuned.path, later)
    told = all_reasons(own)
    assert "its seal was opened without all of the locks on it" in told
    assert "the lock that it names is not among those for which its seal was opened" in told
    found = verify_run(run.folder, workspace=own.root)
    assert found.code == 13
    assert "the lock that it names is not among those" in " ".join(found.problems)
    with pytest.raises(Altered, match="not among those for which its seal was opened"):
        sign_run(run.folder, "advice", Answers(advice="for", why="w"), key=key(own.office, "eve"), workspace=own.root, now=later)


def test_a_younger_lock_takes_nothing_from_a_run_that_was_there_before_it(own: Sealed) -> None:
    own.tuned()
    assert verify_run(own.run, workspace=own.root).problems == ()


@pytest.mark.parametrize("what", ["one more model", "one more lock", "a lock twice"])
def test_an_edited_opening_is_told_before_anything_is_made(own: Sealed, what: str) -> None:
    opening = read_opening(own.opening)
    other = "sha256:" + "f" * 64
    changes: dict[str, dict[str, tuple[str, ...]]] = {
        "one more model": {"models": (*opening.models, other)},
        "one more lock": {"locks": (*opening.locks, other)},
        "a lock twice": {"locks": opening.locks * 2},
    }
    own.opening.write_bytes(opening_bytes(opening.model_copy(update=changes[what])))
    shutil.rmtree(own.run)
    data = sorted((own.folder / "data").iterdir())
    for make in (
        lambda: run_under(own.root, own.office, "one", own.lock),
        lambda: export(NAME, own.root / "out", workspace=own.root),
        lambda: opened_seal(Workspace(own.root), own.folder),
    ):
        with pytest.raises(Altered, match=r"opened for|stand there twice"):
            make()
    assert sorted((own.folder / "data").iterdir()) == data
    assert not list((own.root / "reports").iterdir())
    own.opening.write_bytes(opening_bytes(opening))
    assert run_under(own.root, own.office, "one", own.lock).folder.is_dir()  # the lock was not used up


def test_a_lock_that_is_gone_is_told(own: Sealed) -> None:
    own.lock.rename(own.root / "elsewhere")
    assert "its seal was opened for what is not in sign-off/locks" in all_reasons(own)


def test_nobody_locks_while_somebody_opens_and_the_other_way_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = sealed_workspace(tmp_path, ("one", "two"))
    locked(tmp_path, office, "one")
    with alone_with(Workspace(tmp_path), seal_of(tmp_path / "datasets_synthetic" / NAME)):
        with pytest.raises(BadInput, match="right now"):
            locked(tmp_path, office, "two")
        with pytest.raises(BadInput, match="right now"):
            open_seal(NAME, workspace=tmp_path)
    assert not list((tmp_path / "sign-off" / "seals").glob("*.opening.json"))
    real, tried = sealing._secret, []

    def meanwhile(path: Path, sealed: object) -> str:
        """The locks were read, and the opening is not written yet."""
        with pytest.raises(BadInput, match="right now"):
            locked(tmp_path, office, "two")
        tried.append(path)
        return real(path, sealed)  # type: ignore[arg-type]

    monkeypatch.setattr(sealing, "_secret", meanwhile)
    assert len(open_seal(NAME, workspace=tmp_path).locks) == len(tried) == 1
    assert len(list((tmp_path / "sign-off" / "locks").iterdir())) == 1
    assert not [path for path in (tmp_path / "sign-off" / "seals").iterdir() if path.name.startswith(".")]


def test_dials_that_cannot_be_made_are_found_before_the_secret_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = sealed_workspace(tmp_path)
    locked(tmp_path, office, "one")
    real = sealing.facts_of_opening

    def impossible(*args: object) -> object:
        facts = real(*args)  # type: ignore[arg-type]
        return replace(facts, dials=tuple((name, -1.0) for name, _ in facts.dials))

    monkeypatch.setattr(sealing, "facts_of_opening", impossible)
    with pytest.raises(BadInput, match="nothing was published"):
        open_seal(NAME, workspace=tmp_path)
    assert not list((tmp_path / "sign-off" / "seals").glob("*.opening.json"))


def test_items_follow_from_the_locks_where_the_models_are_the_same(made: Sealed) -> None:
    """A card with another word in it is another lock, and makes other items of the same model."""
    seal, opening = read_seal(made.folder / "seal.json"), read_opening(made.opening)
    told = read_run(made.run).evidence.benchmark.seal
    assert told is not None
    assert told.locks == opening.locks
    harms = read_yaml(made.folder / "benchmark.yaml").data["generate"]["harms"]
    assert set(harms) == set(HARMS)
    other = opening.model_copy(update={"locks": ("sha256:" + "e" * 64,)})
    assert sealing.facts_of_opening(seal, opening, harms).dials == told.facts.dials
    assert sealing.facts_of_opening(seal, other, harms).dials != told.facts.dials


def test_an_opening_that_was_written_anew_for_a_later_lock_is_refused(own: Sealed) -> None:
    """Lock, opening and items fit one another; only the run of the first opening tells of it."""
    tuned = own.tuned()
    opening = read_opening(own.opening)
    own.opening.write_bytes(opening_bytes(opening.model_copy(update={"locks": tuple(sorted((*opening.locks, tuned.digest)))})))
    run = run_under(own.root, own.office, "one", tuned.path, clock_now() + timedelta(seconds=5))
    assert run.folder.is_dir()
    assert "its seal was opened more than once" in all_reasons(own)


def test_a_file_beside_the_opening_blocks_no_honest_lock(own: Sealed) -> None:
    """Whoever does not know the secret cannot write an opening, whatever the file says."""
    (path,) = (own.root / "sign-off" / "seals").glob("*.opening.json")
    forged = read_opening(path).model_copy(update={"secret": "0" * 64, "locks": ("sha256:" + "1" * 64,)})
    path.with_name("zz.opening.json").write_bytes(opening_bytes(forged))
    with pytest.raises(BadInput, match="has been used"):  # what is wrong with it, and nothing about its seal
        run_under(own.root, own.office, "one", own.lock)
