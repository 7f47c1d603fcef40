"""A workspace that was really signed and approved, for the tests of attacks: made once, copied for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from attacker import Scene, refused

from evalharness.workflows import gate as gate_module


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene.open(tmp_path_factory.mktemp("approved") / "w", people={"hal": ("data_protection",), "gil": ("safeguarding",)})


@pytest.fixture(scope="session")
def nearly(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene.waiting(tmp_path_factory.mktemp("waiting") / "w", people={"hal": ("data_protection",), "gil": ("safeguarding",)})


@pytest.fixture
def scene(approved: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A copy of it, for which the gate answers 0 before anything is done to it."""
    copy = _watched(approved.copy(tmp_path / "w"), monkeypatch)
    assert copy.ask() == (0, "")
    return copy


@pytest.fixture
def waiting(nearly: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Only cy's approval is missing. With one that was forged as carefully as those of the tests, and is in order, the gate answers 0."""
    copy = _watched(nearly.copy(tmp_path / "w"), monkeypatch)
    honest = copy.cast("cy")
    assert copy.ask() == (0, "")
    honest.unlink()
    refused(copy.ask(), 12, "missing: 1 x data protection")
    return copy


def _watched(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.delenv(gate_module.ROOT_VARIABLE, raising=False)
    monkeypatch.setattr(gate_module, "clock_now", lambda: scene.clock)
    return scene
