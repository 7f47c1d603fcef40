"""Look at an installation and a workspace."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from evalharness.files.workspace import Workspace, find_workspace
from evalharness.workflows.environment import OPTIONAL_PACKAGES, PACKAGES, package_version

_OLDEST = (3, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    needed: bool
    """Whether the harness cannot work without it."""
    found: str


def examine(workspace: Path | None = None) -> tuple[Check, ...]:
    """Everything that a bug report should start with. Reads only."""
    return (*_installation(), *_workspace(find_workspace(workspace)))


def _installation() -> Iterator[Check]:
    yield Check(name="python", ok=sys.version_info >= _OLDEST, needed=True, found=f"{platform.python_version()} (3.11 or later is needed)")
    for name in PACKAGES:
        version = package_version(name)
        yield Check(name=name, ok=version is not None, needed=True, found=version or "absent: run `make setup` or reinstall")
    for name in OPTIONAL_PACKAGES:
        version = package_version(name)
        yield Check(
            name=name, ok=version is not None, needed=False, found=version or f"absent (optional: pip install 'evalharness[{name}]')"
        )
    adapters = sorted(point.name for point in entry_points(group="evalharness.adapters"))
    yield Check(name="adapters", ok=bool(adapters), needed=True, found=", ".join(adapters) or "none: the installation is broken")


def _workspace(place: Workspace) -> Iterator[Check]:
    has = place.policies.is_dir()
    yield Check(name="workspace", ok=has, needed=False, found=str(place.root) if has else "none here: `evalharness init DIR` makes one")
    if not has:
        return
    names = sorted(path.stem for path in place.policies.glob("*.yaml"))
    yield Check(name="policies", ok=bool(names), needed=False, found=", ".join(names) or "none")
    cards = sorted(path.stem for path in place.model_cards.glob("*.md") if path.stem != "README")
    yield Check(name="model cards", ok=bool(cards), needed=False, found=", ".join(cards) or "none")
    benchmarks = place.benchmark_names()
    yield Check(name="benchmarks", ok=bool(benchmarks), needed=False, found=", ".join(benchmarks) or "none")
    target = place.reports if place.reports.is_dir() else place.root
    writable = os.access(target, os.W_OK)
    yield Check(name="reports", ok=writable, needed=True, found="writable" if writable else f"{target} is not writable")
