"""Finished scenes on disk, so that a run which was stopped goes on where it was: one JSON file each, named by all that it depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assurance.scene import Cell, Scene

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".assurance"
_CODE = ("evalharness/stats", "evalharness/metrics", "evalharness/catalogue", "evalharness/requirements/judge.py",
         "evalharness/records/attempt.py", "scripts/assurance")  # fmt: skip


def code_digest(root: Path = ROOT) -> str:
    """Of every source file that a rate can depend on: change one of them, and every scene runs again."""
    files = sorted(file for name in _CODE for file in ([root / name] if name.endswith(".py") else sorted((root / name).rglob("*.py"))))
    digest = hashlib.sha256()
    for file in files:
        if file.name not in _ONLY_SHOWN:
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


_ONLY_SHOWN = {
    "page.py",
    "chart.py",
    "store.py",
    "limits.py",
    "opening.py",
    "every.py",
    "intervals.py",
    "words.py",
    "running.py",
    "gains.py",
}


class Store:
    """Results of one code, seed and number of runs."""

    def __init__(self, folder: Path, *, code: str, seed: int, runs: int) -> None:
        self._folder = folder / f"{code[:16]}-{seed}-{runs}"
        self._folder.mkdir(parents=True, exist_ok=True)

    def get(self, scene: Scene) -> list[Cell] | None:
        """The cells of a finished scene."""
        file = self._file(scene)
        if not file.is_file():
            return None
        stored: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["cells"]
        return [Cell(**cell) for cell in stored]

    def put(self, scene: Scene, cells: Iterable[Cell]) -> list[Cell]:
        """Complete or absent. Gives back the cells as they will be read."""
        file = self._file(scene)
        document = {"scene": scene.name, "parameters": dict(scene.parameters), "cells": [cell.document() for cell in cells]}
        beside = file.with_suffix(".tmp")
        beside.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        beside.replace(file)
        return self.get(scene) or []

    def _file(self, scene: Scene) -> Path:
        return self._folder / f"{scene.family}-{scene.digest()[:24]}.json"
