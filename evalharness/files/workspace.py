"""A workspace: the folder that holds policies, model cards, benchmarks and reports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalharness.errors import bad_input, shown


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where things lie. `root` is absolute."""

    root: Path

    @property
    def policies(self) -> Path:
        return self.root / "policies"

    @property
    def model_cards(self) -> Path:
        return self.root / "model_cards"

    @property
    def benchmarks(self) -> Path:
        return self.root / "datasets_synthetic"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    def benchmark_names(self) -> tuple[str, ...]:
        """Names of the benchmarks declared here, sorted."""
        return tuple(sorted(path.parent.name for path in self.benchmarks.glob("*/benchmark.yaml")))

    def benchmark_folder(self, reference: str) -> Path:
        """The folder of a benchmark given by name or by path. Raises BadInput when there is none."""
        if not reference:
            raise bad_input("no benchmark is named", hint="give --benchmark NAME, or a folder that holds benchmark.yaml")
        for folder in (Path(reference), self.benchmarks / reference):
            if (folder / "benchmark.yaml").is_file():
                return folder.resolve()
        raise bad_input(
            "no such benchmark",
            where="--benchmark",
            got=shown(reference),
            expected="the name of a folder in datasets_synthetic/, or the path of a folder that holds benchmark.yaml",
            hint=f"known here: {', '.join(self.benchmark_names()) or 'none; `evalharness init` makes a workspace with one'}",
        )


def find_workspace(start: Path | None = None) -> Workspace:
    """The nearest folder upward that holds `policies/`; without one, the folder itself."""
    here = (start or Path.cwd()).resolve()
    if not here.is_dir():
        raise bad_input("the workspace is not a folder", where="--workspace", got=str(here), hint="make one with `evalharness init DIR`")
    for folder in (here, *here.parents):
        if (folder / "policies").is_dir():
            return Workspace(folder)
    return Workspace(here)
