"""Sealed test sets: the items follow from a board's secret and from every model that was locked, and everything holds them to it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import signing
from attacker import payload_of
from command import evalharness
from sealed_workspace import HARMS, NAME, POLICY, approved, locked, run_under, sealed_workspace
from signed_workspace import key
from small_workspace import SmallWorkspace

from evalharness.benchmarks import open_benchmark
from evalharness.errors import Altered, BadInput
from evalharness.evidence.store import read_run
from evalharness.files.seal import commitment_of, dials_of, opening_bytes, read_opening, read_seal, seal_bytes, seed_of
from evalharness.files.workspace import Workspace
from evalharness.workflows.benchmarks import generate
from evalharness.workflows.blind import export
from evalharness.workflows.gate import gate
from evalharness.workflows.lock import lock
from evalharness.workflows.sealing import open_seal, seal
from evalharness.workflows.sealing_files import opened_seal
from evalharness.workflows.verify import verify_run

DIGEST = "sha256:" + "1" * 64


@dataclass(frozen=True)
class Sealed:
    """Two models locked, the seal opened, the first one run and approved."""

    root: Path
    office: signing.Office
    run: Path

    @property
    def folder(self) -> Path:
        return self.root / "datasets_synthetic" / NAME

    @property
    def opening(self) -> Path:
        (found,) = (self.root / "sign-off" / "seals").glob("*.opening.json")
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    root = tmp_path_factory.mktemp("sealed") / "w"
    office = sealed_workspace(root, ("one", "two"))
    locks = {model: locked(root, office, model) for model in ("one", "two")}
    with pytest.raises(BadInput, match="has not been opened"):
        run_under(root, office, "one", locks["one"].path)
    open_seal(NAME, workspace=root)
    run = run_under(root, office, "one", locks["one"].path)
    approved(root, office, run)
    return Sealed(root=root, office=office, run=run.folder)


@pytest.fixture
def own(made: Sealed, tmp_path: Path) -> Sealed:
    root = tmp_path / "w"
    shutil.copytree(made.root, root)
    return Sealed(root=root, office=made.office, run=root / "reports" / made.run.name)


def test_the_gate_approves_what_was_sealed_locked_opened_run_and_signed(made: Sealed) -> None:
    decision = gate(POLICY, "one", workspace=made.root)
    assert decision.code == 0, [reason.text for reason in decision.reasons]
    assert gate(POLICY, "two", workspace=made.root).code == 3  # locked with it, and never run


def test_evidence_says_how_to_make_the_items_again_and_so_does_the_test_result(made: Sealed) -> None:
    evidence = read_run(made.run).evidence
    told = evidence.benchmark.seal
    assert told is not None
    assert evidence.benchmark.seed is None
    assert len(told.models) == len(told.locks) == 2
    assert evidence.lock is not None
    assert evidence.lock.digest in told.locks
    assert evidence.model.digest in told.models
    assert set(told.dials) == set(HARMS)
    assert all(low <= told.dials[name] <= high for name, harm in HARMS.items() for low, high in [harm["range"]])
    found = verify_run(made.run, workspace=made.root, replay=True)
    assert (found.code, found.problems) == (0, ())
    public = open_benchmark(made.folder)
    sealed = open_benchmark(made.folder, seal=told.facts)
    assert sealed.info.digest == evidence.benchmark.digest != public.info.digest
    assert next(iter(sealed.batches("test"))).features != next(iter(public.batches("test"))).features


def test_seed_and_dials_follow_from_the_secret_and_from_every_model_and_lock() -> None:
    secret, other = b"a" * 32, b"b" * 32
    second = DIGEST.replace("1", "2")
    mine = seed_of(secret, [DIGEST], [DIGEST], 1)
    assert mine != seed_of(other, [DIGEST], [DIGEST], 1)
    assert mine != seed_of(secret, [DIGEST, second], [DIGEST], 1)
    assert mine != seed_of(secret, [DIGEST], [DIGEST, second], 1)
    assert seed_of(secret, [DIGEST], [second], 1) != seed_of(secret, [second], [DIGEST], 1)
    assert mine != seed_of(secret, [DIGEST], [DIGEST], 2)
    assert 0 <= mine < 2**128
    assert commitment_of(secret) != commitment_of(other)
    many = [dials_of(bytes([k]) * 32, [DIGEST], [DIGEST], 1, HARMS)["drift"] for k in range(200)]
    assert min(many) >= 0
    assert max(many) <= 0.3
    assert sum(many) / 200 == pytest.approx(0.15, abs=4 * 0.3 / (12 * 200) ** 0.5)


def test_a_drawn_size_lies_inside_its_range_however_narrow_and_is_the_same_on_every_machine() -> None:
    harms = {
        "drift": {"range": [0.0002, 0.0004]},
        "missing": {"range": [0.12345678, 0.12345679]},
        "off": {"range": [0, 0]},
        "other_way": {"range": [-0.3, 0.2]},
        "proxy": {"range": [0, 2]},
    }
    for secret in range(200):
        drawn = dials_of(bytes([secret]) * 32, [DIGEST], [DIGEST], 1, harms)
        assert {name: size for name, size in drawn.items() if not harms[name]["range"][0] <= size <= harms[name]["range"][1]} == {}
    assert len({dials_of(bytes([k]) * 32, [DIGEST], [DIGEST], 1, harms)["drift"] for k in range(200)}) > 190
    golden = {"drift": 0.000281068, "missing": 0.12345679, "off": 0.0, "other_way": -0.180484, "proxy": 1.79309}
    assert dials_of(b"a" * 32, [DIGEST], [DIGEST], 1, harms) == golden


def test_a_seal_is_made_once_opened_once_and_only_for_locked_models(own: Sealed, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is a seal already"):
        seal(NAME, workspace=own.root)
    with pytest.raises(BadInput, match="opened already"):
        open_seal(NAME, workspace=own.root)
    with pytest.raises(BadInput, match="the seal has been opened"):
        locked(own.root, own.office, "two")
    fresh = tmp_path / "fresh"
    office = sealed_workspace(fresh)
    with pytest.raises(BadInput, match="no model is locked on this seal"):
        open_seal(NAME, workspace=fresh)
    heard: list[str] = []
    lock(POLICY, "one", key=key(office, "ben"), workspace=fresh, notice=heard.append)
    assert not [text for text in heard if "manifest" in text]
    wrong = fresh / "wrong.secret"
    wrong.write_text("0" * 64)
    with pytest.raises(BadInput, match="not the secret of this seal"):
        open_seal(NAME, secret=wrong, workspace=fresh)
    (kept,) = (fresh / "sign-off" / "seals").glob("*.secret")
    assert kept.stat().st_mode & 0o077 == 0
    assert open_seal(NAME, workspace=fresh).models


def test_sealed_items_are_described_and_verified(own: Sealed) -> None:
    asked = (NAME, "--sealed", "--workspace", own.root)
    for data in (own.folder / "data").glob("sealed-*"):
        shutil.rmtree(data)
    answer = evalharness("benchmark", "verify", *asked)
    assert answer.code == 0, answer.out + answer.err
    described = json.loads(evalharness("benchmark", "describe", *asked, "--json").out)
    told = read_run(own.run).evidence.benchmark
    assert told.seal is not None
    assert (described["digest"], described["seal"]) == (told.digest, told.seal.digest)
    assert {harm["harm"]: harm["size"] for harm in described["harms"] if harm["harm"] in HARMS} == told.seal.dials
    assert list((own.folder / "data").glob("sealed-*")) == [], "they are made for the command alone"
    assert evalharness("benchmark", "verify", NAME, "--workspace", own.root).code == 13  # nobody has committed the public items' manifest


@pytest.mark.parametrize("command", ["verify", "describe"])
def test_items_of_no_opened_seal_are_neither_described_nor_verified(own: Sealed, command: str) -> None:
    asked = ("benchmark", command, NAME, "--sealed", "--workspace", own.root)
    text = own.opening.read_text()
    own.opening.write_text(text.replace(read_opening(own.opening).secret, "0" * 64))
    assert evalharness(*asked).code == 13
    own.opening.unlink()
    answer = evalharness(*asked)
    assert (answer.code, "has not been opened" in answer.err) == (2, True)
    (own.folder / "seal.json").unlink()
    assert evalharness(*asked).code == 2


def test_a_practice_run_uses_the_public_items_and_is_never_admitted(own: Sealed) -> None:
    answer = evalharness("evaluate", "--policy", POLICY, "--model", "two", "--workspace", own.root)
    assert answer.code == 0, answer.err
    assert "these are the public ones" in answer.out
    assert "manifest.json" not in answer.err  # of sealed items nobody needs one
    assert gate(POLICY, "two", workspace=own.root).code == 13


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    "what", ["seal gone", "seal of another secret", "recipe changed", "range changed", "a lock deleted", "policy no longer sealed"]
)
def test_whatever_does_not_follow_from_the_seal_is_refused(own: Sealed, what: str) -> None:
    path = own.folder / "seal.json"
    match what:
        case "seal gone":
            path.unlink()
            with pytest.raises(BadInput, match=r"seal\.json"):
                gate(POLICY, "one", workspace=own.root)
            return
        case "seal of another secret":
            path.write_bytes(seal_bytes(read_seal(path).model_copy(update={"commitment": commitment_of(b"x" * 32)})))
        case "recipe changed":
            _edit(own.folder / "benchmark.yaml", '"prevalence": 0.1', '"prevalence": 0.11')
        case "range changed":
            _edit(own.folder / "benchmark.yaml", "[0, 0.3]", "[0, 0.31]")
        case "a lock deleted":
            _lock_of(own, "two").unlink()
        case "policy no longer sealed":
            _edit(own.root / "policies" / "small.yaml", "sealed: true", "sealed: false")
            generate(NAME, workspace=own.root)  # its manifest is what counts now

    assert gate(POLICY, "one", workspace=own.root).code == 13


def test_an_opening_for_other_models_than_those_locked_makes_no_items(own: Sealed) -> None:
    opening = read_opening(own.opening)
    mine = read_run(own.run).evidence.model.digest
    own.opening.write_bytes(opening_bytes(opening.model_copy(update={"models": (mine,)})))
    shutil.rmtree(own.run)
    with pytest.raises(Altered, match="opened for other models"):
        run_under(own.root, own.office, "one", _lock_of(own, "one"))
    with pytest.raises(Altered, match="opened for other models"):
        export(NAME, own.root / "out", workspace=own.root)


def test_an_opening_of_another_seal_is_altered(own: Sealed) -> None:
    opening = read_opening(own.opening)
    own.opening.write_bytes(opening_bytes(opening.model_copy(update={"secret": "0" * 64})))
    with pytest.raises(Altered, match="not the opening of this seal"):
        opened_seal(Workspace(own.root), own.folder)


def test_a_supplied_table_cannot_be_sealed(tmp_path: Path) -> None:
    SmallWorkspace(tmp_path).write()
    answer = evalharness("benchmark", "seal", "small", "--workspace", tmp_path)
    assert answer.code == 2
    assert "a supplied table cannot be sealed" in answer.err


def _lock_of(own: Sealed, model: str) -> Path:
    (found,) = [
        path for path in own.root.joinpath("sign-off", "locks").iterdir() if payload_of(path)["predicate"]["model"]["name"] == model
    ]
    return found
