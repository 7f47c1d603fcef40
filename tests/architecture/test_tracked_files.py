"""What git tracks names no host and no machine, holds no foreign lock file, and installs only what was hashed."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
# Written in pieces, so that this file does not hold what it forbids.
HOSTS = [".".join(parts) for parts in [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("deb.debian", "org")]]
MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_.$}/-])/(?:work|root|home|Users)/[A-Za-z0-9_.]", re.MULTILINE)


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[str, str]:
    found = {}
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data[:8000]:
            found[name] = data.decode("utf-8")
    return found


def pins(lock: str) -> dict[tuple[str, str], tuple[str, frozenset[str]]]:
    """(package, marker) -> (version, hashes) of a lock file."""
    entries = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    found = {}
    for entry in filter(None, map(str.strip, entries)):
        requirement = Requirement(entry.split(" --hash")[0])
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        found[canonicalize_name(requirement.name), str(requirement.marker or "")] = (
            specifier.version,
            frozenset(re.findall(r"--hash=(\S+)", entry)),
        )
    return found


def test_no_tracked_text_names_a_package_registry():
    assert [(name, host) for name, text in texts().items() for host in HOSTS if host in text] == []


def test_no_tracked_text_holds_a_path_of_one_machine():
    assert [(name, found[0]) for name, text in texts().items() if (found := MACHINE_PATH.search(text))] == []


def test_the_search_for_machine_paths_finds_one():
    assert MACHINE_PATH.search("see " + "/".join(["", "home", "somebody", "x"]))
    assert not MACHINE_PATH.search("the browser at /usr/bin/chromium, the pages under docs/root/x")


def test_no_lock_file_of_a_tool_that_records_hosts_is_tracked():
    assert [name for name in tracked() if Path(name).name in {"uv.lock", "poetry.lock", "pdm.lock", "package-lock.json"}] == []


def test_no_tracked_file_is_over_a_megabyte():
    assert [name for name in tracked() if (ROOT / name).stat().st_size > 1_000_000] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_with_hashes_and_comes_from_nowhere_in_particular(lock: str):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|@ |--index|--find-links|--trusted", text)
    assert len(pins(lock)) > 20
    for hashes in (hashes for _, hashes in pins(lock).values()):
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes)


def test_developers_run_what_users_run():
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_the_lock_files_hold_what_pyproject_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = [line for lines in project["project"]["optional-dependencies"].values() for line in lines]
    runtime = [*project["project"]["dependencies"], *extras]
    for lock, lines in zip(LOCKS, (runtime, [*runtime, *project["dependency-groups"]["dev"]]), strict=True):
        locked: dict[str, list[str]] = {}
        for (name, _), (version, _) in pins(lock).items():
            locked.setdefault(name, []).append(version)
        for wanted in map(Requirement, lines):
            versions = locked.get(canonicalize_name(wanted.name), [])
            assert versions, f"{wanted} is not in {lock}: run `make lock`"
            assert all(wanted.specifier.contains(version) for version in versions), f"{lock} pins {versions}, pyproject asks for {wanted}"


def test_hashed_files_are_never_rewritten_by_git():
    names = ["policies/x.yaml", "model_cards/x.md", "datasets_synthetic/x/manifest.json", "reports/examples/x/evidence.json"]
    done = subprocess.run(["git", "check-attr", "text", "--", *names], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.rpartition(": ")[2] for line in done.stdout.splitlines()] == ["unset"] * len(names)


def test_runs_and_generated_data_are_ignored_and_examples_are_not():
    ignored = [
        "reports/20260101T000000Z-m-b-0123456789ab/evidence.json",
        "datasets_synthetic/x/data/1-2/items.parquet",
        ".venv/x",
        ".demo/x",
    ]
    kept = ["reports/README.md", "reports/examples/x/evidence.json", "datasets_synthetic/x/manifest.json", "evalharness/report/x.css"]
    command = ["git", "check-ignore", "--no-index", *ignored, *kept]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ignored


def test_the_ci_script_is_executable_and_the_make_targets_exist():
    mode = subprocess.run(["git", "ls-files", "-s", ".ci/run"], cwd=ROOT, capture_output=True, text=True, check=True).stdout[:6]
    assert mode == "100755"
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"setup", "demo", "test", "check", "bench", "docs", "clean", "help"} <= targets
