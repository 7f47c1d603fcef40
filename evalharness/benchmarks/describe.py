"""A benchmark in plain values, for people and for JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from evalharness.benchmarks.attainable import best_recall
from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.declaration import Declaration, read_declaration, with_overrides
from evalharness.benchmarks.generating import MANIFEST_FILE, data_folder
from evalharness.benchmarks.opened import open_benchmark
from evalharness.benchmarks.stored_data import missing_files
from evalharness.errors import Altered
from evalharness.files.manifest import read_manifest
from evalharness.files.shape import Shape
from evalharness.records.progress import Notice, Progress, silent, unheard


def describe_benchmark(
    folder: Path,
    *,
    rows: int | None = None,
    seed: int | None = None,
    data_dir: Path | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> dict[str, Any]:
    """What a benchmark is: declaration, and splits, groups, clusters and attainable results where its data is here. Generates nothing.

    Raises BadInput as `open_benchmark` does.
    """
    declaration = with_overrides(read_declaration(folder), rows=rows, seed=seed)
    described = {**_declared(declaration), "committed_digest": _committed_digest(declaration)}
    data = (data_dir or data_folder(declaration)) if declaration.family is not None else None
    if data is not None and missing_files(declaration, data):
        dials = declaration.dials
        assert dials is not None  # noqa: S101 - a recipe has dials
        return {**described, "splits": [{"name": name, "rows": n} for name, n in dials.split_rows().items()], "data": "not generated here"}
    benchmark = open_benchmark(folder, rows=rows, seed=seed, data_dir=data_dir, progress=progress, notice=notice)
    return {**described, **_found(benchmark), "data": "here"}


def _declared(declaration: Declaration) -> dict[str, Any]:
    columns = declaration.columns
    described: dict[str, Any] = {
        "name": declaration.name,
        "version": declaration.version,
        "title": declaration.title,
        "task": declaration.task,
        "kind": "supplied table" if declaration.family is None else "generated",
        "synthetic": declaration.synthetic,
        "columns": {
            "id": columns.id,
            "label": columns.label,
            "features": list(columns.features),
            "groups": list(columns.groups),
            "cluster": columns.cluster,
            "split": columns.split,
        },
        "positive": declaration.positive,
        "declaration_digest": declaration.digest,
    }
    if declaration.family is None or declaration.dials is None:
        table = "" if declaration.table is None else declaration.table.name
        return {**described, "table": table, "sampling": declaration.sampling or "not stated: evidence is a rehearsal"}
    dials = cast(Shape, declaration.dials).model_dump(mode="json")
    return {**described, "dials": dials, "implied_by_dials": declaration.family.facts(declaration.dials)}


def _committed_digest(declaration: Declaration) -> str | None:
    path = declaration.folder / MANIFEST_FILE
    if not path.is_file():
        return None
    try:
        return read_manifest(path).digest
    except Altered:
        return "altered: see `evalharness benchmark verify`"


def _found(benchmark: Benchmark) -> dict[str, Any]:
    info = benchmark.info
    found: dict[str, Any] = {
        "digest": info.digest,
        "rows": info.rows,
        "negative": info.negative,
        "splits": [_split(benchmark, name) for name in benchmark.splits],
        "groups": {name: _levels(benchmark, name) for name in benchmark.splits},
    }
    if benchmark.has_truth:
        found["best_attainable"] = {name: best_recall(benchmark, name) for name in benchmark.splits if name == "test"}
    return found


def _split(benchmark: Benchmark, name: str) -> dict[str, Any]:
    facts = benchmark.facts(name)
    return {
        "name": name,
        "rows": facts.rows,
        "labelled": facts.labelled,
        "positives": facts.positives,
        "prevalence": round(facts.positives / facts.labelled, 6) if facts.labelled else None,
        "clusters": facts.clusters if benchmark.info.clustered else None,
    }


def _levels(benchmark: Benchmark, split: str) -> dict[str, dict[str, int]]:
    """Attribute -> level -> rows."""
    facts = benchmark.facts(split)
    return {attribute: {level: facts.levels[attribute][level] for level in levels} for attribute, levels in benchmark.levels(split).items()}
