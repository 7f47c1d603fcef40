"""Tampering through the real command line, without anything kept between calls; whole files taken away, emptied, exchanged.

Here a sample; 20,000 and more changed bytes are in test_tampering_run.py and test_tampering_workspace.py, where the results of pure
functions on bytes that did not change are reused (tampering.py says which, and why that keeps the test honest).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Answer, evalharness
from signed_workspace import MODEL, NAMES, POLICY, SignedWorkspace, signed
from tampering import ALLOWED, MANY, answers, changes, code_of, remembering

SAMPLE = 4
"""Changes of each file that go through the real command line."""


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> SignedWorkspace:
    return signed(tmp_path_factory.mktemp("tampering") / "workspace")


def gate(space: SignedWorkspace, *more: object) -> Answer:
    return evalharness("gate", "--policy", POLICY, "--model", MODEL, "--workspace", space.root, "--json", *more)


def test_what_is_tampered_with_was_approved(space: SignedWorkspace) -> None:
    answer = gate(space)
    assert (answer.code, json.loads(answer.out)["reasons"]) == (0, [])


def test_the_tests_change_at_least_twenty_thousand_bytes(space: SignedWorkspace) -> None:
    assert set(space.files) == set(NAMES)
    assert sum(min(MANY, 3 * path.stat().st_size) for path in space.files.values()) >= 20_000


def test_a_sample_of_changed_bytes_goes_through_the_real_command_line(space: SignedWorkspace) -> None:
    sample = [change for name, path in space.files.items() for change in changes(path.read_bytes(), name, SAMPLE)]
    assert {change.file for change in sample} == set(NAMES)
    for change in sample:
        path = space.files[change.file]
        original = path.read_bytes()
        path.write_bytes(change.of(original))
        answer = gate(space)
        path.write_bytes(original)
        assert answer.code in ALLOWED.get(change.file, {12, 13}), (change, answer.out)
        assert "fault" not in answer.out + answer.err
    assert gate(space).code == 0


def test_keeping_results_changes_no_answer(space: SignedWorkspace) -> None:
    wanted = {name: changes(path.read_bytes(), name, 4, seed=1) for name, path in space.files.items()}
    plain = [(change, code, said) for name in NAMES for change, code, said in answers(space, name, wanted[name])]
    with remembering(space.root) as kept:
        count = len(kept.results)
        fast = [(change, code, said) for name in NAMES for change, code, said in answers(space, name, wanted[name])]
        assert len(kept.results) == count, "nothing is kept of a changed file"
    assert fast == plain


@pytest.fixture
def put_back(space: SignedWorkspace) -> Iterator[None]:
    """Leaves the files as they were."""
    before = {path: path.read_bytes() for path in space.root.rglob("*") if path.is_file()}
    yield
    for path in [path for path in space.root.rglob("*") if path.is_file() and path not in before]:
        path.unlink()
    for path, data in before.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@pytest.mark.usefixtures("put_back")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_taken_away_emptied_halved_or_doubled_is_never_approved(space: SignedWorkspace, name: str) -> None:
    path = space.files[name]
    original = path.read_bytes()
    path.unlink()
    assert code_of(space.root)[0] in ({2} if name in ("policy", "card", "model", "manifest") else {12, 13})
    for data in (b"", original[: len(original) // 2], original + original, original + b"\n", b"{}", b"\xef\xbb\xbf" + original, b"\0" * 64):
        path.write_bytes(data)
        assert code_of(space.root)[0] in ALLOWED.get(name, {12, 13}), data[:20]


@pytest.mark.usefixtures("put_back")
def test_a_file_in_place_of_another_is_never_approved(space: SignedWorkspace) -> None:
    files = {name: path.read_bytes() for name, path in space.files.items()}
    same = {frozenset(("status.json", "status/0002.dsse.json"))}  # these two are equal
    with remembering(space.root):
        for name, path in space.files.items():
            for other, data in files.items():
                if other != name and frozenset((name, other)) not in same:
                    path.write_bytes(data)
                    code, said = code_of(space.root)
                    assert code in ALLOWED.get(name, {12, 13}), (name, other, said)
            path.write_bytes(files[name])
        assert code_of(space.root)[0] == 0


def test_a_run_that_was_taken_away_is_missed_by_the_status_list_and_by_its_lock(space: SignedWorkspace, tmp_path: Path) -> None:
    older = space.files["status/0001.dsse.json"].read_bytes()
    newest = space.files["status/0002.dsse.json"]
    moved, put_aside = space.run.rename(tmp_path / "run"), newest.rename(tmp_path / "0002.dsse.json")
    space.files["status.json"].write_bytes(older)
    code, said = code_of(space.root)
    assert code == 3, "without the newest list nothing but the lock tells of the run"
    assert "has no result" in said
    put_aside.rename(newest)
    space.files["status.json"].write_bytes(newest.read_bytes())
    code, said = code_of(space.root)
    moved.rename(space.run)
    assert code == 13
    assert said.count("is gone") == 5
    assert code_of(space.root)[0] == 0
