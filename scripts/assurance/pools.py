"""What the shipped recipes generate and the shipped models answer, cluster by cluster: runs draw whole clusters from it.

The recipe's rows go through the harness's own counting; only where `Counter` adds them up, they are kept instead.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assurance.drawing import Floats
from evalharness.catalogue import TaskMetrics
from evalharness.files.workspace import find_workspace
from evalharness.records import OVERALL
from evalharness.records.progress import silent, unheard
from evalharness.tally import Counter
from evalharness.workflows import counting_items, counting_links, counting_queues
from evalharness.workflows.counting import count
from evalharness.workflows.inputs import Request, read_inputs

ROOT = Path(__file__).resolve().parents[2]
ATTRIBUTE = "ethnicity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """P patterns: clusters that look alike to the tally. G groups, O outcomes."""

    of: TaskMetrics
    levels: tuple[str, ...]
    """The groups of ATTRIBUTE."""
    chance: Floats
    """[P] share of the clusters that look so."""
    cells: NDArray[np.int64]
    """[P, G, O] items of such a cluster."""
    spanned: bool
    """Whether some cluster has items of several groups."""
    clusters: int
    rows: int

    def shares(self, group: int | None) -> Floats:
        """[O] expected items of a cluster, of everybody or of a group."""
        inside = self.cells.sum(axis=1) if group is None else self.cells[:, group]
        return np.asarray(self.chance @ inside, dtype=np.float64)


_KEPT: list[tuple[Any, ...]] = []
"""Outcomes, group codes and cluster names of the rows, batch by batch, while one pool is made."""


class _Kept(Counter):
    """A counter that also keeps what it is given."""

    def add(self, labels: Any, decisions: Any, groups: Mapping[str, Any], clusters: Any) -> None:
        if ATTRIBUTE in groups:
            of, seen = self._of, labels >= 0
            highest = len(of.levels) - 1 if of.ordinal else 1
            outcomes = self._outcome_of[(highest + 2) * labels + decisions + 1]
            names = (
                None if clusters is None else np.asarray(pa.chunked_array([clusters]) if isinstance(clusters, pa.Array) else clusters)[seen]
            )
            _KEPT.append((outcomes[seen], np.asarray(groups[ATTRIBUTE])[seen], names))
        super().add(labels, decisions, groups, clusters)


def pool_of(policy: str, model: str, *, split: str, seed: int | None, rows: int | None) -> Pool:
    """Generates the recipe in a folder of its own and counts the model's answers. seed, rows: null for the shipped ones."""
    with TemporaryDirectory() as folder:
        place = _workspace(Path(folder), policy, model)
        request = Request(policy=policy, model=model, benchmark=None, rows=rows, seed=seed, split=split)
        _KEPT.clear()
        with ExitStack() as patched:
            for module in (counting_items, counting_links, counting_queues):
                patched.enter_context(mock.patch.object(module, "Counter", _Kept))
            inputs = read_inputs(place, request, datetime(2026, 11, 22, tzinfo=UTC), silent, unheard)
            tally = count(inputs, silent).tally
        levels = inputs.benchmark.levels(split)[ATTRIBUTE]
    outcomes, groups, names = (np.concatenate(column) for column in zip(*_KEPT, strict=True))
    _KEPT.clear()
    pool = _patterns(tally.of, levels, outcomes.astype(np.int64), groups.astype(np.int64), names)
    if (np.rint(pool.shares(None) * pool.clusters) != tally.counts[tally.slices.position(OVERALL)]).any():
        raise AssertionError(f"{policy}, {model}: the rows kept are not those that were counted")
    return pool


def _workspace(folder: Path, policy: str, model: str) -> Any:
    for part in ("policies", "model_cards", "reports", f"datasets_synthetic/{policy}"):
        (folder / part).mkdir(parents=True)
    shutil.copy(ROOT / "policies" / f"{policy}.yaml", folder / "policies")
    for file in (ROOT / "model_cards").glob(f"{model}.*"):
        shutil.copy(file, folder / "model_cards")
    for name in ("benchmark.yaml", "manifest.json"):
        shutil.copy(ROOT / "datasets_synthetic" / policy / name, folder / "datasets_synthetic" / policy)
    return find_workspace(folder)


def _patterns(of: TaskMetrics, levels: tuple[str, ...], outcomes: NDArray[np.int64], groups: NDArray[np.int64], names: Any) -> Pool:
    clusters = np.unique(names, return_inverse=True)[1]
    many = len(of.outcomes)
    width = len(levels) * many
    flat = np.bincount(clusters * width + groups * many + outcomes, minlength=width * (clusters.max() + 1)).reshape(-1, width)
    alike, frequency = np.unique(flat, axis=0, return_counts=True)
    cells = alike.reshape(len(alike), len(levels), many)
    return Pool(
        of=of,
        levels=levels,
        chance=frequency / frequency.sum(),
        cells=cells,
        spanned=bool(((cells.sum(axis=2) > 0).sum(axis=1) > 1).any()),
        clusters=len(flat),
        rows=len(outcomes),
    )


def slices(pool: Pool) -> Iterator[tuple[str, int | None]]:
    """Everybody, then each group."""
    yield "everybody", None
    for place, level in enumerate(pool.levels):
        yield f"{ATTRIBUTE} {level}", place


__all__ = ["ATTRIBUTE", "Pool", "pool_of", "slices"]
