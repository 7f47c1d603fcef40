"""Plug-ins through entry points: where they come from, and every way they can be wrong (adapters and metrics test the rest)."""

from __future__ import annotations

from pathlib import Path

import pytest
from installed_plugin import installed

from evalharness.errors import BadInput
from evalharness.files.plugins import load_plugin, plugin_names

GROUP = "evalharness.of_the_tests"


def test_an_object_comes_with_its_place_and_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, {GROUP: {"problems": "evalharness.errors:Problems", "shown": "evalharness.errors:shown"}})
    assert plugin_names(GROUP) == ("problems", "shown")
    made, source = load_plugin(GROUP, "problems", "thing")
    assert type(made).__name__ == "Problems"
    assert source == "evalharness.errors:Problems (some-plugin 1.0)"
    function, _ = load_plugin(GROUP, "shown", "thing")
    assert function.__name__ == "shown"


def test_an_unknown_name_lists_those_that_are_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="none is installed"):
        load_plugin(GROUP, "x", "thing")
    installed(tmp_path, monkeypatch, {GROUP: {"shown": "evalharness.errors:shown"}})
    with pytest.raises(BadInput, match="there is no thing of this name") as caught:
        load_plugin(GROUP, "x", "thing")
    assert "shown" in str(caught.value)
