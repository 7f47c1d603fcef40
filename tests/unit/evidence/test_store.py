"""Runs on disk: whole or not there, and every change noticed."""

import subprocess
from pathlib import Path

import pytest
from evidence_fixture import build

from evalharness.errors import Altered, BadInput, Fault, NoEvidence
from evalharness.evidence import evidence_bytes, store
from evalharness.evidence.store import LARGEST_STATEMENT, PAGES, may_be_of_model, read_run, run_id, runs_in, sums, write_run

DATA = evidence_bytes(build(depth=1))
FILES = {"evidence.json": DATA, "report.html": b"<p>", "report.md": b"#", "junit.xml": b"<x/>"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    write_run(folder, FILES)
    return folder


def test_a_run_is_read_back_without_problems(run: Path) -> None:
    stored = read_run(run)
    assert stored.problems == ()
    assert stored.evidence_bytes == DATA
    assert stored.digest == stored.evidence.digest
    assert set(stored.files) == {*FILES, "SHA256SUMS"}


def test_sha256sum_itself_accepts_the_sums(run: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=run, check=True)


def test_no_temporary_folder_is_left(run: Path) -> None:
    assert [p.name for p in run.parent.iterdir()] == ["run"]


def test_a_folder_with_something_in_it_is_not_overwritten(run: Path) -> None:
    with pytest.raises(BadInput):
        write_run(run, FILES)
    assert read_run(run).problems == ()


@pytest.mark.parametrize("name", ["../x", "a/b", "SHA256SUMS", ".hidden", "", "a\nb"])
def test_names_that_leave_the_folder_are_a_fault(tmp_path: Path, name: str) -> None:
    with pytest.raises(Fault):
        write_run(tmp_path / "run", {**FILES, name: b""})
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "report.html").write_bytes(b"<q>"), "report.html: changed"),
        (lambda f: (f / "report.md").unlink(), "report.md: listed"),
        (lambda f: (f / "more.txt").write_bytes(b""), "more.txt: not listed"),
        (lambda f: (f / "SHA256SUMS").unlink(), "SHA256SUMS is missing"),
        (lambda f: (f / "SHA256SUMS").write_bytes(b"nonsense\n"), "SHA256SUMS:1"),
        (lambda f: (f / "SHA256SUMS").write_bytes(b""), "SHA256SUMS:1"),
        (lambda f: (f / "SHA256SUMS").write_bytes((f / "SHA256SUMS").read_bytes() * 2), "a name repeated"),
        (lambda f: (f / "folder").mkdir(), "folder: it is a link, a folder"),
        (lambda f: (f / "link").symlink_to("report.md"), "link: it is a link"),
    ],
    ids=["changed", "deleted", "added", "no-sums", "bad-sums", "empty-sums", "twice", "folder", "link"],
)
def test_every_disagreement_is_a_problem(run: Path, spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    spoil(run)
    assert any(said in problem for problem in read_run(run).problems)


def statement(run: Path, name: str, data: bytes = b"{}") -> None:
    (run / "statements").mkdir(exist_ok=True)
    (run / "statements" / name).write_bytes(data)


def linked(run: Path) -> None:
    statement(run, "one.dsse.json")
    (run / "statements" / "two.dsse.json").symlink_to("one.dsse.json")


def linked_folder(run: Path) -> None:
    statement(run, "one.dsse.json")
    (run / "statements").rename(run.parent / "elsewhere")
    (run / "statements").symlink_to("../elsewhere")


def test_statements_and_decision_pages_are_read_beside_what_the_sums_list(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    write_run(folder, FILES, {"test-result.dsse.json": b"result"})
    statement(folder, "decision-20261122t090000z-somebody-safeguarding.dsse.json", b"decision")
    for name in PAGES:
        (folder / name).write_bytes(b"page")
    stored = read_run(folder)
    assert stored.problems == ()
    assert dict(stored.statements) == {
        "decision-20261122t090000z-somebody-safeguarding.dsse.json": b"decision", "test-result.dsse.json": b"result",
    }  # fmt: skip
    assert list(stored.statements) == sorted(stored.statements)
    assert dict(stored.pages) == dict.fromkeys(PAGES, b"page")
    assert set(stored.files) == {*FILES, "SHA256SUMS"}


def test_an_empty_folder_of_statements_says_nothing(run: Path) -> None:
    (run / "statements").mkdir()
    assert (read_run(run).problems, read_run(run).statements) == ((), {})


@pytest.mark.parametrize("name", ["statements/.a.dsse.json.tmp-12-0123abcd", ".decision.html.tmp-12-0123abcd"])
def test_what_an_interrupted_write_left_behind_is_nobody_s_concern(run: Path, name: str) -> None:
    (run / "statements").mkdir(exist_ok=True)
    (run / name).write_bytes(b"half of")
    assert read_run(run).problems == ()


def test_an_unfinished_write_of_anything_else_is_a_problem(run: Path) -> None:
    (run / ".evidence.json.tmp-12-0123abcd").write_bytes(b"half of")
    assert any("not listed" in problem for problem in read_run(run).problems)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "statements").write_bytes(b""), "statements: it is a link, a file or a device"),
        (linked_folder, "statements: it is a link, a file or a device"),
        (linked, "statements/two.dsse.json: it is a link"),
        (lambda f: (f / "statements" / "a.dsse.json").mkdir(parents=True), "statements/a.dsse.json: it is a link, a folder"),
        (lambda f: statement(f, "note.txt"), "statements/note.txt: not the name of a statement"),
        (lambda f: statement(f, "Decision.dsse.json"), "not the name of a statement"),
        (lambda f: statement(f, ".hidden.dsse.json"), "not the name of a statement"),
        (lambda f: statement(f, "a_b.dsse.json"), "not the name of a statement"),
        (lambda f: statement(f, "a\nb.dsse.json"), "statements/a\\nb.dsse.json: not the name of a statement"),
        (lambda f: statement(f, "a.dsse.json", b"x" * (LARGEST_STATEMENT + 1)), "longer than 1048576 bytes"),
        (lambda f: [statement(f, f"a{i}.dsse.json") for i in range(201)], "statements: 201 files; at most 200 are read"),
        (lambda f: (f / "decision.html").symlink_to("report.html"), "decision.html: it is a link"),
        (lambda f: (f / "decision.pdf").write_bytes(b""), "decision.pdf: not listed"),
    ],
)
def test_anything_else_beside_the_statements_is_a_problem(run: Path, spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    spoil(run)
    assert [problem for problem in read_run(run).problems if said in problem]


@pytest.mark.parametrize("name", ["decision.html", "decision.json", "decision.md"])
def test_a_page_that_the_sums_list_is_a_problem(run: Path, name: str) -> None:
    """A decision page is drawn anew: a run that lists one was made by something else."""
    (run / name).write_bytes(b"page")
    (run / "SHA256SUMS").write_bytes(sums({**FILES, name: b"page"}))
    assert read_run(run).problems == (f"{name}: listed in SHA256SUMS and missing",)


@pytest.mark.parametrize("name", ["note.txt", "../x.dsse.json", "Big.dsse.json", "a/b.dsse.json", ".dsse.json"])
def test_a_statement_with_another_name_is_a_fault(tmp_path: Path, name: str) -> None:
    with pytest.raises(Fault):
        write_run(tmp_path / "run", FILES, {name: b"{}"})
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", PAGES)
def test_a_decision_page_is_no_file_of_a_new_run(tmp_path: Path, name: str) -> None:
    with pytest.raises(Fault):
        write_run(tmp_path / "run", {**FILES, name: b""})


def test_statements_without_evidence_are_altered_and_not_nothing(tmp_path: Path) -> None:
    statement(tmp_path, "one.dsse.json")
    with pytest.raises(Altered, match=r"evidence\.json is missing"):
        read_run(tmp_path)


def test_changed_evidence_that_can_still_be_read_is_a_problem(run: Path) -> None:
    (run / "evidence.json").write_bytes(evidence_bytes(build(depth=1, kind="met")))
    assert read_run(run).problems == ("evidence.json: changed since it was written",)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda f: (f / "evidence.json").write_bytes(b"{}"),
        lambda f: (f / "evidence.json").unlink(),
        lambda f: ((f / "evidence.json").unlink(), (f / "evidence.json").symlink_to("report.md")),
    ],
    ids=["spoiled", "deleted", "a link"],
)
def test_unreadable_evidence_is_altered(run: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    spoil(run)
    with pytest.raises(Altered, match=r"evidence\.json|schema"):
        read_run(run)


def test_a_link_to_a_run_is_refused(run: Path) -> None:
    link = run.parent / "link"
    link.symlink_to(run)
    with pytest.raises(Altered, match="is a link"):
        read_run(link)


def test_nothing_there_is_no_evidence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("absent", "empty"):
        with pytest.raises(NoEvidence):
            read_run(tmp_path / name)


def test_runs_are_listed_by_name_without_examples_and_unfinished_ones(tmp_path: Path) -> None:
    for name in ("b", "a", "examples", ".a.tmp-1-x"):
        (tmp_path / name).mkdir()
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "absent")
    assert [p.name for p in runs_in(tmp_path)] == ["a", "b", "link"]
    assert runs_in(tmp_path / "absent") == ()


def test_the_name_of_a_run_says_when_which_model_which_benchmark_and_which_evidence() -> None:
    name = run_id("2026-11-22T13:00:05Z", "reference-linear", "message-triage", "sha256:" + "0123456789abcdef" * 4)
    assert name == "20261122T130005Z-reference-linear-message-triage-0123456789ab"
    assert may_be_of_model(name, "reference-linear")
    assert may_be_of_model(name, "reference")
    assert not may_be_of_model(name, "other")
    assert may_be_of_model("my-run", "other")


def test_a_folder_is_read_up_to_a_total_and_no_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_BYTES", 100)
    for name in "abc":
        (tmp_path / name).write_bytes(b"x" * 45)
    found = store.read_files(tmp_path)
    assert sorted(found.files) == ["a", "b"]
    assert found.problems == ("c: it is longer than 10 bytes",)


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "evidence.json").open("wb") as stream:
        stream.truncate(store.LARGEST + 1)
    monkeypatch.setattr("os.open", lambda *_: pytest.fail("it was opened"))
    assert "longer than" in store.read_files(tmp_path).problems[0]
