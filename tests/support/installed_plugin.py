"""What an installer leaves behind of a package's entry points."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[1] / "plugin_package"


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, groups: Mapping[str, Mapping[str, str]], name: str = "some-plugin") -> None:
    """groups: entry points by group. The package itself is not made."""
    information = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    text = "".join(
        f"[{group}]\n" + "".join(f"{point} = {target}\n" for point, target in points.items()) for group, points in groups.items()
    )
    (information / "entry_points.txt").write_text(text)
    monkeypatch.syspath_prepend(str(folder))


def install_third_party(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plug-in package of the tests."""
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]
    installed(folder, monkeypatch, project["entry-points"], project["name"])
    monkeypatch.syspath_prepend(str(PLUGIN))
