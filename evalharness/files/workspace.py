"""A workspace: the folder that holds policies, model cards, benchmarks and reports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalharness.errors import bad_input, shown
from evalharness.files.names import NAME
from evalharness.records import Policy

POSITIONAL = "NAME|DIR"
"""The benchmark that a command is about, as its help calls it."""


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

    @property
    def sign_off(self) -> Path:
        """Register of signers, locks, status lists."""
        return self.root / "sign-off"

    @property
    def locks(self) -> Path:
        return self.sign_off / "locks"

    def benchmark_names(self) -> tuple[str, ...]:
        """Names of the benchmarks declared here, sorted."""
        return tuple(sorted(path.parent.name for path in self.benchmarks.glob("*/benchmark.yaml")))

    def benchmark_folder(self, reference: str, where: str = "--benchmark") -> Path:
        """The folder of a benchmark given by name or by path. Raises BadInput when there is none.

        A name is looked for in the workspace first, so that no folder of that name elsewhere can take its place.
        where: what it was given as.
        """
        candidates = [self.benchmarks / reference] if NAME.fullmatch(reference) else []
        return self._first([*candidates, Path(reference)] if reference else [], reference, where)

    def _first(self, folders: list[Path], reference: str, where: str) -> Path:
        for folder in folders:
            if (folder / "benchmark.yaml").is_file():
                return folder.resolve()
        raise bad_input(
            "no such benchmark",
            where=where,
            got=shown(reference),
            expected="the name of a folder in datasets_synthetic/, or the path of a folder that holds benchmark.yaml",
            hint=f"known here: {', '.join(self.benchmark_names()) or 'none; `evalharness init` makes a workspace with one'}",
        )

    def benchmark_of(self, policy: Policy, reference: str | None) -> Path:
        """The folder of the benchmark that is asked for: `reference`, or the policy's, which is a name in this workspace."""
        if reference is None:
            return self._first([self.benchmarks / policy.benchmark], policy.benchmark, f"policy {policy.name}: benchmark")
        return self.benchmark_folder(reference)


def find_workspace(start: Path | None = None) -> Workspace:
    """The nearest folder upward that holds `policies/`; without one, the folder itself."""
    here = (start or Path.cwd()).resolve()
    if not here.is_dir():
        raise bad_input("the workspace is not a folder", where="--workspace", got=str(here), hint="make one with `evalharness init DIR`")
    for folder in (here, *here.parents):
        if (folder / "policies").is_dir():
            return Workspace(folder)
    return Workspace(here)
