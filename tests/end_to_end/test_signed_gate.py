"""The gate on a signed workspace: what each of its options does, and what it says."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command import Answer, evalharness
from signed_workspace import MODEL, POLICY, SignedWorkspace, signed

from evalharness.digests import sha256_file
from evalharness.signoff.register import read_register


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SignedWorkspace:
    return signed(tmp_path_factory.mktemp("signed") / "w")


@pytest.fixture
def space(made: SignedWorkspace, tmp_path: Path) -> SignedWorkspace:
    """A copy that a test may damage."""
    root = tmp_path / "w"
    shutil.copytree(made.root, root)
    return SignedWorkspace(
        root=root, run=root / made.run.relative_to(made.root), lock=root / made.lock.relative_to(made.root), office=made.office
    )


@pytest.fixture(autouse=True)
def unpinned() -> Iterator[None]:
    """No root is pinned from outside."""
    before = os.environ.pop("EVALHARNESS_ROOT", None)
    yield
    os.environ.pop("EVALHARNESS_ROOT", None)
    if before is not None:
        os.environ["EVALHARNESS_ROOT"] = before


def gate(space: SignedWorkspace, *more: object) -> Answer:
    return evalharness("gate", "--policy", POLICY, "--model", MODEL, "--workspace", space.root, *more)


def texts(space: SignedWorkspace, *more: object) -> tuple[int, str]:
    answer = gate(space, *more, "--json")
    return answer.code, "\n".join(reason["text"] for reason in json.loads(answer.out)["reasons"])


def test_an_approval_says_for_what_by_whom_until_when_and_under_which_root(made: SignedWorkspace) -> None:
    answer = gate(made)
    assert answer.code == 0, answer.out
    assert answer.out.startswith("✓ approved for: rehearsal.")
    assert "permits no use on live cases" in answer.out
    assert "REHEARSAL keys" in answer.out
    for words in ("ada as senior responsible owner (Example Force) approves", "cy as data protection", "eve as victims advocate"):
        assert words in answer.out
    assert "holds until" in answer.out
    assert "the status list must be issued anew" in answer.out
    assert read_register(made.root / "sign-off").root in answer.out


def test_the_whole_answer_as_json(made: SignedWorkspace) -> None:
    found = json.loads(gate(made, "--json").out)
    assert found["approved"] is True
    assert found["reasons"] == []
    assert found["holds_until"] == sorted(found["holds_until"], key=lambda limit: (limit["until"], limit["what"]))
    assert {(d["person"], d["counts"]) for d in found["runs"][0]["decisions"]} == {
        ("ada", True),
        ("ben", True),
        ("cy", True),
        ("eve", True),
    }


def test_the_root_that_is_pinned_must_be_the_registers(made: SignedWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    root = read_register(made.root / "sign-off").root
    other = "sha256:" + "0" * 64
    assert gate(made, "--root", root).code == 0
    code, text = texts(made, "--root", other)
    assert code == 12
    assert "not the register that was agreed on" in text
    monkeypatch.setenv("EVALHARNESS_ROOT", other)
    assert gate(made).code == 12
    assert gate(made, "--root", root).code == 0


@pytest.mark.parametrize("given", ["", "abc", "sha256:" + "A" * 64])
def test_a_root_that_is_none_is_never_taken_for_no_root(made: SignedWorkspace, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    assert gate(made, "--root", given).code == 2
    monkeypatch.setenv("EVALHARNESS_ROOT", given)
    assert gate(made).code == 2


def test_a_status_list_that_was_seen_before_may_not_be_newer(made: SignedWorkspace) -> None:
    assert gate(made, "--status-version", "2").code == 0
    code, text = texts(made, "--status-version", "3")
    assert code == 12
    assert "rolled back" in text
    kept = f"2@{sha256_file(made.root / 'sign-off' / 'status' / '0002.dsse.json')}"
    assert gate(made, "--status-version", kept).code == 0
    code, text = texts(made, "--status-version", "2@sha256:" + "0" * 64)
    assert code == 12
    assert "rolled back or rewritten" in text


_DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    "given", ["-1", "", " 2", "2 ", "+2", "2.0", "two", "٢", "2@", f"@{_DIGEST}", f"0@{_DIGEST}", f"2@{_DIGEST}a", f"2@{_DIGEST.upper()}",
              f"2@{_DIGEST[7:]}", f"2@{_DIGEST}\n", f"2 @{_DIGEST}", "9" * 10],
)  # fmt: skip
def test_a_status_version_that_is_none_is_an_error(made: SignedWorkspace, given: str) -> None:
    done = gate(made, f"--status-version={given}")
    assert done.code == 2
    assert "not a version of the status list" in done.err + done.out


def test_an_approval_ends_and_so_does_the_status_list(made: SignedWorkspace) -> None:
    code, text = texts(made, "--at", "2999-01-01T00:00:00Z")
    assert code == 12
    assert "the status list is out of date" in text
    assert "it ended at" in text


def test_a_higher_claim_than_was_approved_is_blocked(made: SignedWorkspace) -> None:
    code, text = texts(made, "--for", "pilot")
    assert code == 11
    assert "rehearsal keys" in text


def test_the_deployment_is_held_against_the_policy(made: SignedWorkspace, tmp_path: Path) -> None:
    use = tmp_path / "deployment.yaml"
    use.write_text("claim: rehearsal\nstream: synthetic\nthreshold: 0.5\n")
    assert gate(made, "--deployment", use).code == 0
    use.write_text("claim: pilot\n")
    assert gate(made, "--deployment", use).code == 11
    use.write_text("threshold: 0.4\n")
    assert gate(made, "--deployment", use).code == 12
    use.write_text("treshold: 0.4\n")
    assert gate(made, "--deployment", use).code == 2
    assert gate(made, "--deployment", tmp_path / "none.yaml").code == 2


def test_the_answer_is_written_for_other_programs(made: SignedWorkspace, tmp_path: Path) -> None:
    sarif, junit = tmp_path / "gate.sarif", tmp_path / "gate.xml"
    for more, code, failures in (((), 0, 0), (("--for", "local"), 11, 3)):
        assert gate(made, "--sarif", sarif, "--junit", junit, *more).code == code
        run = json.loads(sarif.read_text())["runs"][0]
        assert run["invocations"][0]["exitCode"] == code
        assert bool(run["results"]) == bool(code)
        assert int(ElementTree.fromstring(junit.read_text()).attrib["failures"]) == failures  # noqa: S314


def test_no_old_answer_stays_where_none_can_be_given(made: SignedWorkspace, tmp_path: Path) -> None:
    sarif, junit = tmp_path / "gate.sarif", tmp_path / "gate.xml"
    assert gate(made, "--sarif", sarif, "--junit", junit).code == 0
    assert gate(made, "--sarif", sarif, "--junit", junit, "--for", "everything").code == 2
    assert not sarif.exists()
    assert not junit.exists()


@pytest.mark.parametrize("name", ["signers.yaml", "root.txt", "signers", "status.json", "status", "locks"])
def test_every_part_of_the_sign_off_must_be_there(space: SignedWorkspace, name: str) -> None:
    path = space.root / "sign-off" / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert gate(space).code in (12, 13)


def test_without_any_sign_off_everything_is_told_and_nothing_is_believed(space: SignedWorkspace) -> None:
    shutil.rmtree(space.root / "sign-off")
    code, text = texts(space)
    assert code == 12
    assert "there is no register of signers" in text
    assert "status.json is absent" in text
    assert "is not in sign-off/locks" in text


@pytest.mark.parametrize("what", ["a folder", "a link", "a file of another kind", "a name of another kind"])
def test_strange_things_among_the_statements_block(space: SignedWorkspace, what: str) -> None:
    path = space.statements / "decision-x.dsse.json"
    if what == "a folder":
        path.mkdir()
    elif what == "a link":
        path.symlink_to(space.files["ada"])
    elif what == "a file of another kind":
        path.write_bytes(space.lock.read_bytes())
    else:
        (space.statements / "README").write_text("x")
    assert gate(space).code == 13


def test_the_gate_writes_nothing(space: SignedWorkspace) -> None:
    before = {path: path.stat().st_mtime_ns for path in space.root.rglob("*")}
    assert gate(space).code == 0
    assert {path: path.stat().st_mtime_ns for path in space.root.rglob("*")} == before
