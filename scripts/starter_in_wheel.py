"""Build hook: a wheel carries the repository's policies, model cards and benchmark recipes, for `evalharness init`.

An editable install needs none of it: there the repository itself is the starter workspace.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STARTER = "evalharness/workflows/starter"
PATTERNS = (
    "policies/*.yaml",
    "model_cards/*.md",
    "model_cards/*.skops",
    "model_cards/*.parquet",
    "datasets_synthetic/*/benchmark.yaml",
    "datasets_synthetic/*/DATASHEET.md",
    "datasets_synthetic/*/manifest.json",
    "datasets_synthetic/*/croissant.json",
    "datasets_synthetic/*/sample/**/*.*",
    "datasets_synthetic/*/CHECKSUMS",
    "datasets_synthetic/*/reviewers.yaml",
)
NEEDED = ("policies/*.yaml", "model_cards/*.md", "datasets_synthetic/*/benchmark.yaml", "datasets_synthetic/*/manifest.json")


def starter_files(root: Path) -> dict[str, str]:
    """Absolute source path -> path inside the wheel. Raises FileNotFoundError when a needed kind of file is absent."""
    if missing := [pattern for pattern in NEEDED if not any(root.glob(pattern))]:
        raise FileNotFoundError(f"a wheel without {', '.join(missing)} would give `evalharness init` nothing to copy")
    found = sorted(path for pattern in PATTERNS for path in root.glob(pattern))
    return {str(path): f"{STARTER}/{path.relative_to(root).as_posix()}" for path in found}


class StarterHook(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is the builder's configuration, unused here
    """Adds the starter workspace to standard wheels."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds `version` ("standard" or "editable")."""
        if version == "standard":
            build_data["force_include"].update(starter_files(Path(self.root)))
