"""From what was found on disk to an opened benchmark."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.beside import Beside
from evalharness.benchmarks.columns import PAIRS
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.inspection import Inspection
from evalharness.benchmarks.manifest import Others, build_manifest, digests_of
from evalharness.benchmarks.pair_checks import inspect_pairs
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.tables import open_table
from evalharness.files.manifest import Manifest
from evalharness.files.unchanged import FileState
from evalharness.records import BenchmarkInfo
from evalharness.records.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What was found on disk."""

    table: Table
    inspection: Inspection
    manifest: Manifest
    features_checked: bool
    states: tuple[FileState, ...]
    """Of the files, before they were inspected."""
    practice: str = ""
    """Why the gate will not accept evidence on this content; empty when it may."""


def manifest_of(declaration: Declaration, inspection: Inspection, others: Others) -> Manifest:
    """The manifest of a supplied table that was inspected with its features, and of what was supplied beside it."""
    splits = {name: facts.rows for name, facts in inspection.splits.items()}
    return build_manifest(declaration, splits=splits, digests=inspection.digests, tables=others)


def supplied_tables(declaration: Declaration, table: Table, progress: Progress) -> Others:
    """What was supplied beside a table: candidate pairs of a linkage task. Raises BadInput with every problem of theirs."""
    if declaration.pairs is None:
        return {}
    return {PAIRS: (declaration.pairs.name, inspect_pairs(declaration, table, open_table(declaration.pairs), progress))}


def benchmark_of(declaration: Declaration, content: Content, beside: Beside) -> Benchmark:
    """The opened benchmark; `beside`: what lies beside its items."""
    manifest, inspection, columns = content.manifest, content.inspection, declaration.columns
    info = BenchmarkInfo(
        name=declaration.name,
        version=declaration.version,
        task=declaration.task,
        digest=manifest.digest,
        rows=manifest.rows,
        synthetic=declaration.synthetic,
        seed=manifest.seed,
        seal=declaration.seal,
        id_column=columns.id,
        label_column=columns.answer,
        features=columns.features,
        attributes=columns.groups,
        clustered=columns.cluster is not None,
        positive=declaration.positive,
        negative=inspection.negative,
        sampling=declaration.sampling,
        title=declaration.title,
        contains_content=declaration.contains_content,
        splits=tuple((name, facts.rows) for name, facts in inspection.splits.items()),
        score_range=declaration.score_range,
        levels=declaration.levels,
        weighted=columns.inclusion is not None,
        copies=() if declaration.family is None else declaration.family.copies(declaration.dials),
    )
    return Benchmark(
        info=info,
        folder=declaration.folder,
        columns=columns,
        table=content.table,
        splits=inspection.splits,
        features={name: found for (role, name), found in digests_of(manifest).items() if role == "feature"},
        features_checked=content.features_checked,
        practice=content.practice,
        states=content.states,
        beside=beside,
    )
