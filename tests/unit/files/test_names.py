"""Names, paths that stay inside, and data held to the rules of our YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evalharness.errors import BadInput, Problems
from evalharness.files.names import check_name, resolve_inside
from evalharness.files.plain import check_plain


@pytest.mark.parametrize("name", ["a", "0", "message-triage", "a" * 64])
def test_a_name_is_accepted(name: str) -> None:
    assert check_name(name, "f", "name") == name


@pytest.mark.parametrize("name", ["", "-a", "A", "a_b", "a/b", "..", "a.b", "a" * 65, "a\n", "é", "a b", "<b>"])
def test_anything_else_is_not_a_name(name: str) -> None:
    with pytest.raises(BadInput, match="the policy name is not a name"):
        check_name(name, "f", "policy name")


@pytest.mark.parametrize(
    "path", ["", " ", ".", "/etc/x", "../x", "a/../../x", "a/..", "C:\\x", "C:x", "\\x", "a\\..\\..\\x", "x\0y", "a" * 5000]
)
def test_a_path_that_leaves_its_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(BadInput):
        resolve_inside(tmp_path, path, "f:1:1")


def test_links_are_followed_inside_and_refused_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / "inside").symlink_to("a")
    (root / "outside").symlink_to(tmp_path)
    assert resolve_inside(root, "inside/x", "f") == root.resolve() / "a" / "x"
    assert resolve_inside(root, "a/absent.bin", "f") == root.resolve() / "a" / "absent.bin"
    with pytest.raises(BadInput, match="outside"):
        resolve_inside(root, "outside/x", "f")


@pytest.mark.parametrize("data", [{"a": float("nan")}, {"a": 2**60}, {"a": "\x1b"}, {"\x00": 1}, {"a": [("x",)]}, {1: "a"}, {"a": b"x"}])
def test_values_that_our_yaml_cannot_give_are_refused(data: dict[Any, Any]) -> None:
    problems = Problems()
    check_plain(data, "policy", problems)
    assert problems


def test_nesting_is_bounded() -> None:
    data: Any = 1
    for _ in range(1000):
        data = [data]
    problems = Problems()
    check_plain({"a": data}, "policy", problems)
    with pytest.raises(BadInput, match="nested deeper"):
        problems.raise_if_any()
